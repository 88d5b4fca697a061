"""The systems that are compared, and the environment of each: made once, outside the repository."""

import ast
import json
import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

from bot import __version__

HERE = Path(__file__).parent
TORCH = "torch>=2.4,<2.14"
"""As in pyproject.toml: later releases bring gigabytes of drivers along."""
TOLD = ("torch", "transformers", "sentence-transformers", "onnxruntime", "faiss-cpu", "tantivy", "numpy")


@dataclass(frozen=True, slots=True)
class System:
    """A program that speaks ``protocol``, and what it needs; Onrecord needs this interpreter alone."""

    name: str
    script: Path
    requirements: tuple[str, ...] = ()

    def python(self, environments: Path) -> Path:
        """The interpreter that runs it."""
        if not self.requirements:
            return Path(sys.executable)
        return environments / self.name / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def settings(self) -> str:
        """How it is set up and why, as its program says."""
        return " ".join((ast.get_docstring(ast.parse(self.script.read_text(encoding="utf-8"))) or "").split())

    def command(self, environments: Path, *given: object) -> list[str]:
        return [str(self.python(environments)), str(self.script), *map(str, given)]


ONRECORD = System("onrecord", HERE / "with_onrecord.py")
PEERS = (
    System(
        "txtai",
        HERE / "with_txtai.py",
        (TORCH, "txtai>=9,<10", "chonkie>=1.6,<2"),  # of the extra pipeline-data, what cuts texts
    ),
    System(
        "llamaindex",
        HERE / "with_llamaindex.py",
        (
            TORCH,
            "llama-index-core>=0.14,<0.15",
            "llama-index-vector-stores-faiss>=0.7,<0.8",
            "llama-index-embeddings-huggingface>=0.8,<0.9",
            "llama-index-retrievers-bm25>=0.8,<0.9",
            "faiss-cpu>=1.12,<2",
        ),
    ),
    System(
        "haystack",
        HERE / "with_haystack.py",
        (TORCH, "haystack-ai>=3,<4", "sentence-transformers-haystack>=2,<3"),
    ),
    System(
        "bare",
        HERE / "with_bare.py",
        (TORCH, "sentence-transformers>=5,<7", "faiss-cpu>=1.12,<2"),
    ),
)
SYSTEMS = (ONRECORD, *PEERS)


def prepare(system: System, environments: Path) -> None:
    """Make its environment, unless it is there with all that is required."""
    if not system.requirements:
        return
    home = environments / system.name
    installed, wanted = home / "installed.txt", "\n".join(system.requirements)
    if installed.is_file() and installed.read_text(encoding="utf-8") == wanted:
        return
    print(f"{system.name}: making {home}", flush=True)
    venv.create(home, clear=True, symlinks=os.name != "nt", with_pip=True)
    pip = [str(system.python(environments)), "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "--cache-dir", str(environments / "pip-cache"), *system.requirements], check=True)
    installed.write_text(wanted, encoding="utf-8")


def versions(system: System, environments: Path) -> dict[str, str]:
    """Of Python, of what was required, and of what does the work below it."""
    names = [one.partition("[")[0].partition(">")[0] for one in system.requirements]
    asked = (
        "import importlib.metadata as m, json, platform, sys\n"
        "there = {d.metadata['Name'].lower(): d.version for d in m.distributions()}\n"
        "found = {n: there[n] for n in sys.argv[1:] if n in there}\n"
        "print(json.dumps({'python': platform.python_version(), **found}))"
    )
    wanted = dict.fromkeys([*names, *TOLD])
    told = subprocess.run(
        [str(system.python(environments)), "-c", asked, *wanted], check=True, capture_output=True, text=True
    )
    ours = {} if system.requirements else {"onrecord": __version__}
    return ours | dict(json.loads(told.stdout))
