"""``onrecord eval`` as a process, over a small set made here."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from retrieval.encoder import Encoder

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]

ARTICLES = [
    (
        "bridge",
        "The bridge over the Sarn opens on Friday. “Lorries may cross the bridge from Monday,” mayor Dana Ohl said.",
    ),
    (
        "harbour",
        "The harbour of Lund is 12 metres deep. The port authority denied that the harbour is closed to tankers.",
    ),
]
QUESTIONS = [
    ("q1", "Did Ohl say that lorries may cross the bridge?", "yesno", "yes", ["bridge"], []),
    ("q2", "How deep is the harbour of Lund?", "open", None, ["harbour"], ["12 metres"]),
    ("q3", "Who won the 2022 football World Cup?", "open", None, [], []),
    # Wrongly labelled: its answer counts as a miss.
    (
        "q4",
        "Did Dana Ohl say lorries may cross the bridge from Monday?",
        "yesno",
        "no",
        ["bridge", "gone"],
        [],
    ),
]


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("set")
    articles = [{"id": name, "text": text, "outlet": "Sample Post"} for name, text in ARTICLES]
    keys = ("id", "question", "kind", "verdict", "articles", "answers")
    questions = [dict(zip(keys, q, strict=True)) | {"answerable": bool(q[4])} for q in QUESTIONS]
    for name, rows in (("articles", articles), ("questions", questions)):
        lines: list[Any] = [json.dumps(row) + "\n" for row in rows]
        (folder / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def data(encoder: Encoder, models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert encoder.dimension == 384
    folder = tmp_path_factory.mktemp("data")
    (folder / "models").symlink_to(models)
    return folder


@pytest.fixture(scope="module")
def evaluate(data: Path) -> Run:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}

    def run(*arguments: object, path: str = "") -> subprocess.CompletedProcess[str]:
        search = os.pathsep.join(part for part in (path, str(ROOT)) if part)
        return subprocess.run(
            [sys.executable, "-m", "bot", "eval", *map(str, arguments)],
            cwd=data,
            env=kept | {"ONRECORD_DATA": str(data), "PYTHONPATH": search},
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )

    return run


@pytest.fixture(scope="module")
def saved(evaluate: Run, labelled: Path, data: Path) -> Path:
    """The folder of a first run, which builds the index."""
    done = evaluate(labelled, "--save", data / "first", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found == json.loads((data / "first" / "evaluation.json").read_text("utf-8"))
    figures = {name: (f["value"], f["n"]) for name, f in found["figures"].items()}
    expected = {
        "hits@1": (1, 3),
        "quote@3": (1, 3),
        "verdict": (0.5, 2),
        "flipped": (0.5, 2),
        "rejected": (1, 1),
        "false_abstain": (0, 3),
        "auroc": (1, 4),
        "right": (0.75, 4),
    }
    assert figures | expected == figures
    assert figures["exact"][0] == 1
    assert found["worst"] == ["q4"]
    assert "index " in done.stderr
    assert "2 articles" in done.stderr
    assert "asking: 0 of 4\nasking: 1 of 4\nasking: 2 of 4\nasking: 3 of 4\nasking: 4 of 4\n" in done.stderr
    assert "1 of 3 articles that the questions name are not in the corpus\n" in done.stderr
    return data / "first"


def test_pictures_are_drawn(saved: Path) -> None:
    for name in ("reliability.png", "risk-coverage.png"):
        assert (saved / name).read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


def test_the_report_and_the_comparison(evaluate: Run, labelled: Path, saved: Path) -> None:
    done = evaluate(labelled, "--limit", 2, "--against", saved / "evaluation.json")
    assert done.returncode == 0, done.stderr
    assert "index " not in done.stderr  # built by the first run
    lines = [line.split() for line in done.stdout.splitlines()]
    assert done.stdout.startswith(f"{labelled.name}: 2 questions, 0 of them without an answer\n")
    assert ["verdict", "1.000", "0.207", "to", "1.000", "1"] in lines
    assert ["verdict", "1.000", "1.000", "+0.000", "1"] in lines
    assert ["auroc", "-", "-", "2"] in lines
    assert "compared over 2 questions that both runs asked (2 left out)" in done.stdout
    assert done.stdout.endswith("\nright → wrong: 0\n\nwrong → right: 0\n")


def test_a_corpus_may_be_named_and_matplotlib_may_be_missing(
    evaluate: Run, labelled: Path, tmp_path: Path
) -> None:
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "matplotlib.py").write_text("raise ImportError", encoding="utf-8")
    moved = tmp_path / "moved"
    moved.mkdir()
    (moved / "questions.jsonl").write_bytes((labelled / "questions.jsonl").read_bytes())
    done = evaluate(
        moved, "--limit", 1, "--save", tmp_path / "out", "--corpus", labelled, path=str(tmp_path / "path")
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("no pictures: matplotlib is not installed: pip install 'onrecord[eval]'\n") == 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["evaluation.json"]


def test_what_cannot_be_used_is_said_in_one_line(
    evaluate: Run, labelled: Path, saved: Path, tmp_path: Path
) -> None:
    missing = evaluate(tmp_path)
    file = tmp_path / "questions.jsonl"
    assert (missing.returncode, missing.stdout) == (2, "")
    assert missing.stderr == (
        f"onrecord: {file}: No such file or directory: name a folder that holds questions.jsonl\n"
    )
    file.write_text((labelled / "questions.jsonl").read_text("utf-8") + '{"id": "q5"\n', encoding="utf-8")
    malformed = evaluate(tmp_path)
    assert (malformed.returncode, malformed.stderr.count("\n")) == (2, 1)
    assert f"onrecord: {file}: line 5: Invalid JSON: " in malformed.stderr
    file.write_bytes((labelled / "questions.jsonl").read_bytes())
    alone = evaluate(tmp_path)
    assert alone.returncode == 2
    assert alone.stderr == (
        f"onrecord: {tmp_path}: no articles.jsonl beside the questions: name the articles with --corpus\n"
    )
    other = evaluate(labelled, "--against", saved / "reliability.png")
    assert (other.returncode, other.stderr.count("\n")) == (2, 1)
    assert "reliability.png: the file: Invalid JSON" in other.stderr


def test_a_damaged_index_is_code_3(evaluate: Run, labelled: Path, tmp_path: Path) -> None:
    (tmp_path / "CURRENT").write_text("nowhere", encoding="utf-8")
    done = evaluate(labelled, "--index", tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
