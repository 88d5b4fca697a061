"""Labelled sets: what is read, and what is said of one that cannot be."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.evaluation.dataset import load
from bot.evaluation.run import source_texts
from corpus.article import Article
from corpus.errors import UsageError
from corpus.reading import read

QUESTION = {"id": "q1", "question": "Did it?", "kind": "yesno", "verdict": "no", "answerable": True}


def written(folder: Path, *lines: str | dict[str, Any]) -> Path:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    (folder / "questions.jsonl").write_text(text, encoding="utf-8")
    return folder


def test_questions_in_order_and_the_articles_beside_them(tmp_path: Path) -> None:
    open_question = QUESTION | {
        "id": "q2",
        "kind": "open",
        "verdict": None,
        "answers": ["4 km"],
        "asked": "x",
    }
    written(tmp_path, QUESTION | {"articles": ["a"]}, "", open_question)
    found = load(tmp_path)
    assert [(q.id, q.articles, q.answers) for q in found.questions] == [
        ("q1", ("a",), ()),
        ("q2", (), ("4 km",)),
    ]
    assert found.articles is None
    (tmp_path / "articles.jsonl.gz").touch()
    assert load(tmp_path).articles == tmp_path / "articles.jsonl.gz"
    assert [q.id for q in load(tmp_path, limit=1).questions] == ["q1"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["", "{"], "line 2: Invalid JSON"),
        (
            [QUESTION, QUESTION | {"id": "q2", "kind": "maybe"}],
            "line 2: kind: Input should be 'yesno' or 'open'",
        ),
        ([{"id": "q1", "question": "Did it?"}], "line 1: kind: Field required"),
        ([QUESTION | {"answerable": "yes"}], "line 1: answerable: Input should be a valid boolean"),
        ([QUESTION | {"question": " ?"}], "line 1: question: String should match"),
        ([QUESTION | {"articles": [7]}], "line 1: articles.0: Input should be a valid string"),
        (["[1]"], "line 1: "),
        ([QUESTION, "", QUESTION], "line 3: the id 'q1' is taken"),
        (["", " "], "no question in it"),
    ],
)
def test_one_line_names_file_and_line(tmp_path: Path, lines: list[Any], said: str) -> None:
    file = written(tmp_path, *lines) / "questions.jsonl"
    with pytest.raises(UsageError, match="^" + re.escape(f"{file}: {said}")) as raised:
        load(tmp_path)
    assert "\n" not in str(raised.value)


def test_a_folder_without_questions_and_one_in_another_encoding(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"questions\.jsonl: No such file"):
        load(tmp_path)
    (tmp_path / "questions.jsonl").write_bytes(b'{"id": "\xff"}')
    with pytest.raises(UsageError, match="not UTF-8"):
        load(tmp_path)


def test_source_texts_are_those_that_reading_gives(starter: Path, tmp_path: Path) -> None:
    page = next(starter.glob("*.md"))
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "same.md").write_bytes(page.read_bytes())
    paths = [starter, tmp_path]
    articles = [found for found in read(paths) if isinstance(found, Article)]
    texts = source_texts(paths)
    assert texts == {article.id: article.text for article in articles}
    assert len(texts) == len(articles) == 20
    assert texts["two/same.md"] == texts["same.md"]
