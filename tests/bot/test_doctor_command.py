"""``onrecord corpus doctor`` as a process: text, JSON lines, exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def doctor(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return corpus("doctor", *arguments, cwd=cwd)


def corpus(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
    return subprocess.run(
        [sys.executable, "-m", "bot", "corpus", *arguments],
        cwd=cwd,
        env=kept | {"ONRECORD_DATA": str(cwd / "data"), "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    news = tmp_path / "news"
    news.mkdir()
    for number in range(12):
        (news / f"{number:02}.txt").write_text(f"Flash {number} for today came in.\n", encoding="utf-8")
    (news / "empty.txt").touch()
    (news / "odd\x1b[31m.txt").write_text("Flash with a name came in.\n", encoding="utf-8")
    return news


def test_text_says_what_and_what_to_do(folder: Path, tmp_path: Path) -> None:
    done = doctor("news", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[:4] == [
        "13 articles looked at, 40 findings",
        "",
        "not read: 1; what to do: mend, convert or remove each, as its reason says",
        "  news/empty.txt: the file is empty",
    ]
    at = next(
        at for at, line in enumerate(lines) if line.startswith("no date of publication: 13; what to do:")
    )
    assert lines[at + 1] == "  00.txt"
    assert lines[at + 11] == "  and 3 more, which --json lists"
    assert "\x1b" not in done.stdout


def test_json_has_one_finding_a_line_and_the_counts_last(folder: Path, tmp_path: Path) -> None:
    done = doctor("news", "--json", cwd=tmp_path)
    *found, counts = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 0
    assert counts == {"articles": 13, "findings": 40}
    assert len(found) == 40
    assert found[0] == {
        "kind": "unreadable",
        "articles": [],
        "detail": "news/empty.txt: the file is empty",
        "do": "mend, convert or remove each, as its reason says",
    }
    assert {one["kind"] for one in found} == {"unreadable", "undated", "outlet", "short"}


def test_without_a_path_it_looks_at_the_corpus(tmp_path: Path) -> None:
    assert doctor(cwd=tmp_path).stdout == "18 articles looked at, 0 findings\n"
    assert doctor("none", cwd=tmp_path).returncode == 2


def test_what_was_added_is_looked_at_as_it_was_read(folder: Path, tmp_path: Path) -> None:
    added = corpus("add", "news", cwd=tmp_path)
    assert added.returncode == 0, added.stderr
    (folder / "00.txt").unlink()
    done = doctor(cwd=tmp_path)
    assert done.stdout.startswith("13 articles looked at, 40 findings\n")
    assert "empty.txt: the file is empty" in done.stdout
