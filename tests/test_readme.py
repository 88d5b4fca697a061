"""README.md says what is so: its commands run, its captures are what the commands print."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.encoder import Encoder

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FOUNDING = "did Kazakhstan say it joins parallel imports?"


@pytest.fixture(scope="module")
def place(encoder: Encoder, models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a data folder (model ready) and ``onrecord`` of this checkout."""
    assert encoder.dimension == 384
    folder = tmp_path_factory.mktemp("readme")
    (folder / "data").mkdir()
    (folder / "data" / "models").symlink_to(models)
    program = folder / "bin" / "onrecord"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bot "$@"\n', encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return folder


def sh(script: str, place: Path, cwd: Path) -> str:
    names = {name for name in os.environ if name.startswith("ONRECORD_")}
    environment = {name: value for name, value in os.environ.items() if name not in names} | {
        "ONRECORD_DATA": str(place / "data"),
        "PATH": f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "80",
    }
    command = ["bash", "-euo", "pipefail", "-c", script]
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"
    return done.stdout


def capture(name: str) -> str:
    """The text block after ``<!-- name -->``."""
    found = re.search(rf"<!-- {name} -->\n```text\n(.*?)```", README, re.DOTALL)
    assert found
    return found[1]


def test_the_commands_run(place: Path) -> None:
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    assert len(blocks) == 5
    for block in blocks:
        assert sh(block, place, place)


def test_the_answer_is_what_is_answered(place: Path) -> None:
    printed = sh(
        f'onrecord ask --corpus corpus/articles --index "$ONRECORD_DATA/own" "{FOUNDING}"', place, ROOT
    )
    assert _without_confidence(capture("answer")) == _without_confidence(printed)


def test_what_it_links_to_is_there() -> None:
    linked = re.findall(r"\]\((?!https?:)([^)#]+)", README)
    assert "benchmarks/results/screen-verdict.png" in linked
    assert [path for path in linked if not (ROOT / path).exists()] == []


def test_the_help_is_the_help(place: Path) -> None:
    assert capture("help") == sh("onrecord --help", place, place)


def test_every_command_is_in_the_table(place: Path) -> None:
    for group in ("", "index", "corpus"):
        listed = sh(f"onrecord {group} --help", place, place).partition("Commands:\n")[2]
        for command in re.findall(r"^  (\w+)", listed, re.MULTILINE):
            assert re.search(rf"^\| `onrecord {group} ?{command}\b", README, re.MULTILINE) or command in {
                "index",
                "corpus",
            }


def _without_confidence(text: str) -> str:
    return re.sub(r"\d+ % sure", "N % sure", text)
