"""``onrecord index build`` told to end, by the system or from the keyboard: quietly, at once, and nothing is lost."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from retrieval.encoder import Encoder
from tests.conftest import KEPT
from tests.retrieval.faults.builder import ROOT
from tests.retrieval.faults.site import builds, flaw

ASKED = "did Kazakhstan say it joins parallel imports?"


@dataclass(frozen=True)
class Commands:
    """``onrecord`` over one corpus or the other, with one index."""

    both: Path
    data: Path

    @property
    def index(self) -> Path:
        return self.data / "index"

    def start(self, *words: str, corpus: str = "old") -> "subprocess.Popen[str]":
        places = ("--corpus", str(self.both / corpus), "--index", str(self.index))
        return subprocess.Popen(
            [sys.executable, "-m", "bot", *words, *places],
            env=os.environ | {"ONRECORD_DATA": str(self.data), "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def answer(self) -> dict[str, Any]:
        """A whole answer, but for the time it took."""
        asked = self.start("ask", ASKED, "--json")
        out, err = asked.communicate()
        assert asked.returncode == 0, err
        given: dict[str, Any] = json.loads(out)
        del given["took_ms"]
        return given


@pytest.fixture(scope="module")
def commands(
    both: Path, encoder: Encoder, models: Path, tmp_path_factory: pytest.TempPathFactory
) -> Commands:
    """With a build of the old corpus; vectors are kept where other tests keep theirs."""
    assert encoder.dimension == 384  # ready to be opened
    data = tmp_path_factory.mktemp("signals")
    (KEPT / "cache").mkdir(parents=True, exist_ok=True)
    (data / "models").symlink_to(models)
    (data / "cache").symlink_to(KEPT / "cache")
    made = Commands(both, data)
    begun = made.start("index", "build")
    _, told = begun.communicate()
    assert begun.returncode == 0, told
    return made


@pytest.fixture(scope="module")
def before(commands: Commands) -> dict[str, Any]:
    return commands.answer()


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("stage", ["reading", "embedding", "learning words", "checking"])
def test_a_build_told_to_end(
    commands: Commands, before: dict[str, Any], sent: signal.Signals, stage: str
) -> None:
    building = commands.start("index", "build", corpus="new")
    assert building.stderr
    said = []
    for line in building.stderr:
        said.append(line)
        if line.startswith(stage):
            building.send_signal(sent)
            break
    said += building.communicate()[1].splitlines(keepends=True)
    text = "".join(said)
    assert building.returncode == 128 + sent, text
    assert "Traceback" not in text
    assert len([line for line in said if line.startswith("onrecord")]) <= 1
    there = [*commands.index.iterdir(), *(commands.index / "builds").iterdir()]
    assert [p.name for p in there if p.name.startswith((".aside", ".gone")) or p.suffix == ".new"] == []
    assert {flaw(build) for build in builds(commands.index)} == {""}
    if stage == "reading":
        assert commands.answer() == before
