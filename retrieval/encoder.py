"""Texts to unit vectors with onnxruntime and tokenizers alone: nothing here imports torch.

The model is exported once by a child process (``retrieval.export``) into a folder of three files:
``model.onnx``, ``tokenizer.json`` and ``encoder.json``, which names the model and the hash of both.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, Protocol

from corpus.errors import ModelError
from retrieval.onnx_files import Float32, OnnxModel, sha256

__all__ = ["Encoder", "Float32", "Kind", "OnnxEncoder", "Progress", "load"]

Kind = Literal["query", "passage"]
Progress = Callable[[str, int, int], None]
"""Told ``(stage, done, total)``; a total of 0 means that it is not known yet."""


class Encoder(Protocol):
    """Whatever turns texts into vectors; two encoders with one fingerprint give the same vectors."""

    @property
    def name(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def dimension(self) -> int: ...

    def encode(
        self, texts: Sequence[str], *, kind: Kind = "passage", progress: Callable[[int], None] | None = None
    ) -> Float32:
        """Float32 ``(len(texts), dimension)``, unit rows; ``progress`` is told how many are done."""
        ...


def load(model: str, folder: Path, progress: Progress | None = None) -> "OnnxEncoder":
    """The encoder of a sentence-transformers name or folder, exported into ``folder`` on first use.

    An exported copy that is incomplete or changed is made anew. Raises ModelError.
    """
    home = folder / _slug(model)
    try:
        return OnnxEncoder(home)
    except ModelError:
        _export(model, home, progress or (lambda _stage, _done, _total: None))
        return OnnxEncoder(home)


class OnnxEncoder:
    """An exported model. Threads may share it."""

    def __init__(self, home: Path) -> None:
        """Raises ModelError when a file is missing or is not what ``encoder.json`` says."""
        self._model = OnnxModel(home, "encoder.json", "dimension", "prefixes")
        card = self._model.card
        self.name: str = card["name"]
        self.fingerprint: str = card["fingerprint"]
        self.dimension: int = card["dimension"]
        self._prefixes: dict[str, str] = card["prefixes"]

    def encode(
        self, texts: Sequence[str], *, kind: Kind = "passage", progress: Callable[[int], None] | None = None
    ) -> Float32:
        """As Encoder.encode; texts longer than the model's limit (256 tokens for MiniLM) are cut."""
        prefix = self._prefixes.get(kind, "")
        return self._model.run([prefix + text for text in texts], width=self.dimension, progress=progress)


def _slug(model: str) -> str:
    """A folder name: readable, and unlike that of any other model or of the same folder retrained."""
    source = Path(model).expanduser()
    weights = sorted(source.glob("*.safetensors"))
    stamps = [f"{file.stat().st_size} {file.stat().st_mtime_ns}" for file in weights]
    readable = "".join(c if c.isalnum() or c in "-_" else "-" for c in source.name)[:60]
    return f"{readable}-{sha256(chr(10).join([model, *stamps]).encode())[:8]}"


def _export(model: str, home: Path, progress: Progress) -> None:
    """Run ``retrieval.export`` in a child, so that torch's memory, settings and warnings stay there."""
    command = [sys.executable, "-P", "-m", "retrieval.export", model, str(home)]
    paths = [str(Path(__file__).resolve().parents[1]), os.environ.get("PYTHONPATH", "")]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
    failure = "it ended without a word"
    with subprocess.Popen(  # noqa: S603  our own interpreter and module, the model as one argument
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8", env=env
    ) as child:
        for line in child.stdout or ():
            message = json.loads(line)
            failure = message.get("error", failure)
            if "stage" in message:
                progress(message["stage"], message["done"], message["total"])
    if child.returncode:
        raise ModelError(f"cannot use the model {model}: {failure}")
