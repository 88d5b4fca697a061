"""One wire text in four outlets, a report of its own and a contradiction: from files to what a reader sees."""

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from bot.answer import Answer, Statement
from bot.answering.answerer import Answerer
from bot.render import as_json, terminal
from bot.render.card import card
from corpus.article import Article
from corpus.reading import digest, read
from retrieval.build import build
from retrieval.encoder import Encoder
from retrieval.search import Index

WIRE = """The Orlan government closed the Tarim power plant on Monday after an inspection that took three weeks.

Inspectors found cracks in two of the four turbines, and a pump that had not been serviced since 2019. The plant
supplied a fifth of the electricity of the capital. Hospitals and the water works are on the grid of the neighbouring
province since Monday evening, and no household was cut off, the operator's log shows.

"The Tarim power plant is closed and will not open again this year," energy minister Aida Serik told reporters.

Repairs are put at 40 million crowns. Some 600 people work at the plant, and most of them are to help with the
repairs. The plant was built in 1974 and had been due for a general overhaul two years ago, which was put off twice."""
SHORT = "\n\n".join(WIRE.split("\n\n")[:3])
OWN = """Engineers who left the site in the morning described empty halls and cold boilers to this newspaper.

Energy minister Aida Serik said at a meeting with mayors that the Tarim power plant was closed for the rest of the
year. She thanked the crews for their patience and promised every worker full pay until spring."""
AGAINST = """The bus drivers of the region had a long day, as the snow came early and the depot was short of tyres.

The Orlan government did not close the Tarim power plant, its trade union leader Marat Doszhan said. He called the
reports of a closure invented, and asked those who printed them to come and see for themselves."""
PRINTED = {
    "a-evening": ("Evening Post", "2024-02-07", WIRE),
    "b-herald": ("Orlan Herald", "2024-02-06", f"{WIRE}\n\nMore on this in our weekend issue."),
    "c-wire": ("Steppe Wire", "2024-02-05", WIRE),
    "d-brief": ("City Brief", "2024-02-06", SHORT),
    "e-own": ("Daily Line", "2024-02-08", OWN),
    "f-union": ("Union Voice", "2024-02-08", AGAINST),
}
COPIES = ["c-wire.md", "b-herald.md", "d-brief.md", "a-evening.md"]
"""The earliest first."""


@pytest.fixture(scope="module")
def index(encoder: Encoder, models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    source, folder = tmp_path_factory.mktemp("articles"), tmp_path_factory.mktemp("index")
    for name, (outlet, day, text) in PRINTED.items():
        head = f"---\noutlet: {outlet}\npublished: {day}\n---\n"
        (source / f"{name}.md").write_text(f"{head}{text}\n", encoding="utf-8")
    documents = (digest(found) if isinstance(found, Article) else found for found in read([source]))
    build(documents, folder, encoder, sources=[str(source)], cache=models.parent / "cache")
    opened = Index.open(folder, encoder)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def answerer(index: Index) -> Answerer:
    return Answerer(index, threshold=0)


def side(answer: Answer, stance: str) -> Statement:
    (found,) = (s for s in answer.statements if s.stance == stance)
    return found


def on_terminal(answer: Answer) -> list[str]:
    written = io.StringIO()
    Console(file=written, width=200).print(terminal.render(answer), crop=False)
    return written.getvalue().splitlines()


def test_the_index_knows_the_copies(index: Index) -> None:
    rows = range(len(PRINTED))
    assert [index.article(row).id for row in rows] == [f"{name}.md" for name in PRINTED]
    assert index.originals(rows) == {0: 2, 1: 2, 2: 2, 3: 2}


def test_four_outlets_with_one_text_are_one_voice_against_one(answerer: Answerer) -> None:
    answer = answerer.answer("Did the Orlan government close the Tarim power plant?", k=10)
    assert answer.verdict == "disputed"
    assert sorted((s.stance, len(s.quotes), s.copies) for s in answer.statements) == [
        ("no", 1, 0),
        ("yes", 4, 3),
    ]
    wire = side(answer, "yes")
    assert (wire.speaker, wire.voice) == (None, "narrator")
    assert wire.quotes[0].article_id == COPIES[0]
    assert {q.article_id for q in wire.quotes} == set(COPIES)
    assert wire.quotes[-1].published == date(2024, 2, 7)
    assert on_terminal(answer)[1].startswith("2 statements, 5 reports, 3 of them copies · answered: ")


def test_a_report_of_its_own_comes_before_the_copies(answerer: Answerer) -> None:
    answer = answerer.answer("Did Aida Serik say the Tarim power plant is closed?", k=10)
    assert answer.verdict == "yes"
    said = side(answer, "yes")
    assert (said.speaker, said.voice, said.copies) == ("Aida Serik", "direct", 3)
    assert [q.outlet for q in said.independent] == ["Steppe Wire", "Daily Line"]
    assert {q.article_id for q in said.quotes[2:]} == set(COPIES[1:])
    assert side(answer, "no").speaker == "Marat Doszhan"
    lines = on_terminal(answer)
    assert lines[1].startswith("1 statement, 5 reports, 3 of them copies · 1 statement disputes · answered: ")
    assert [
        line.strip() for line in lines if line.strip() in {"Other wordings", "Copies of the same text"}
    ] == [
        "Other wordings",
        "Copies of the same text",
    ]
    own, copied = card(answer).pages[0].message.text.split("Copies of the same text:\n")
    assert "Daily Line" in own
    assert "Evening Post" not in own
    assert "Evening Post" in copied
    assert [set(s) for s in as_json.to_dict(answer)["statements"]] == [
        {"stance", "speaker", "voice", "quotes"}
    ] * 2


def test_few_quotes_are_those_that_count(answerer: Answerer) -> None:
    said = side(answerer.answer("Did Aida Serik say the Tarim power plant is closed?", k=2), "yes")
    assert ([q.outlet for q in said.quotes], said.copies) == (["Steppe Wire", "Daily Line"], 0)


def test_a_copy_is_not_shown_without_its_original(answerer: Answerer) -> None:
    """Whatever is asked: of copies that are quoted the wire is the first, and it alone counts."""
    for question in (
        "Will the Tarim power plant open again this year?",
        "Who closed the Tarim power plant?",
        "How many people work at the plant?",
        "Is the Tarim power plant closed?",
    ):
        answer = answerer.answer(question, k=20)
        quoting = [s for s in answer.statements if {q.article_id for q in s.quotes} & set(COPIES)]
        assert quoting, question
        for statement in quoting:
            assert statement.quotes[0].article_id == COPIES[0], question
            assert not {q.article_id for q in statement.independent} & set(COPIES[1:]), question
