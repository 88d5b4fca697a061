"""Our own labelled set, asked over the real model and index: nothing that was right may turn.

``tests/labelled/README.md`` tells what the questions and their keys mean.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from bot.answering.answerer import Answerer
from bot.evaluation.dataset import load
from bot.evaluation.outcomes import Outcome
from bot.evaluation.run import evaluate, source_texts
from bot.evaluation.scores import figures
from corpus.article import Article
from corpus.reading import digest, read
from retrieval.build import build
from retrieval.encoder import Encoder
from retrieval.search import Index

FOLDER = Path(__file__).parents[1] / "labelled"
LINES: list[dict[str, Any]] = [
    json.loads(line) for line in (FOLDER / "questions.jsonl").read_text("utf-8").splitlines()
]
FLOORS: dict[str, float] = json.loads((FOLDER / "floors.json").read_text("utf-8"))
KNOWN = {line["id"] for line in LINES if line.get("known")}
SIDES = {"yes", "no"}


@pytest.fixture(scope="module")
def folders(starter: Path) -> list[Path]:
    return [starter, FOLDER / "articles"]


@pytest.fixture(scope="module")
def index(
    folders: list[Path], encoder: Encoder, models: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("labelled")
    documents = (digest(found) if isinstance(found, Article) else found for found in read(folders))
    build(documents, folder, encoder, sources=list(map(str, folders)), cache=models.parent / "cache")
    opened = Index.open(folder, encoder)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def outcomes(index: Index, folders: list[Path]) -> dict[str, Outcome]:
    forced = Answerer(index, threshold=0)
    threshold = Answerer(index).threshold
    found = evaluate(load(FOLDER), forced.answer, threshold, source_texts(folders), lambda *_: None)
    return {o.id: o for o in found}


def test_the_labels_fit_the_articles(folders: list[Path]) -> None:
    texts = source_texts(folders)
    assert 80 <= len(LINES) <= 120
    for line in LINES:
        assert line["answerable"] == bool(line["articles"]), line["id"]
        held = [texts[name] for name in line["articles"]]
        for wording in (*line["quotes"], *line["answers"]):
            assert any(wording in text for text in held), (line["id"], wording)
        for wording in line["disputed_by"]:
            assert any(wording in text for text in texts.values()), (line["id"], wording)


def test_every_set_can_tell_a_pair_apart() -> None:
    """A set holds two questions of unlike labels: one that answers all alike gets none of the sets right."""
    labels = defaultdict(set)
    for line in LINES:
        labels[line["pair"]].add((line["verdict"], line["answerable"]))
    assert [name for name, seen in labels.items() if len(seen) < 2] == []


def test_every_quote_is_exact(outcomes: dict[str, Outcome]) -> None:
    assert [o.id for o in outcomes.values() if o.exact != o.quotes] == []
    assert sum(o.quotes for o in outcomes.values()) > len(LINES) // 2


def test_no_verdict_is_the_opposite_but_for_known_failures(outcomes: dict[str, Outcome]) -> None:
    flipped = {o.id for o in outcomes.values() if {o.verdict, o.gold} == SIDES and o.verdict not in o.also}
    assert flipped <= KNOWN


@pytest.mark.parametrize("name", sorted({line["pair"] for line in LINES}))
def test_minimal_pairs_flip_or_abstain(outcomes: dict[str, Outcome], name: str) -> None:
    """Of two opposite questions never both get one side; what nothing answers gets none."""
    mine = [outcomes[line["id"]] for line in LINES if line["pair"] == name and line["id"] not in KNOWN]
    for one, other in combinations(mine, 2):
        if {one.gold, other.gold} == SIDES and one.verdict in SIDES:
            assert one.verdict != other.verdict, (one.question, other.question)
    assert [o.question for o in mine if not o.answerable and o.verdict in SIDES] == []


@pytest.mark.parametrize("name", FLOORS)
def test_no_figure_is_worse_than_its_floor(outcomes: dict[str, Outcome], name: str) -> None:
    measured = figures(list(outcomes.values()))[name].value
    assert measured is not None
    if name in {"flipped", "false_abstain"}:
        assert measured <= FLOORS[name]
    else:
        assert measured >= FLOORS[name]
