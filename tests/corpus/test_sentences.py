"""Sentences: what stays whole, where quotations close, and runs of them as passages."""

import pytest

from corpus.article import Sentence
from corpus.passages import passages
from corpus.sentences import split


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text, [(0, len(text))])]


@pytest.mark.parametrize(
    "text",
    [
        "Gen. Smith met U.S. officials.|He left.",
        "He was quoted by the website Tengrinews.kz.|“We stay.|We will not go.”|He left.",
        "“Stay!” he said.|Nobody did.",
        "We will not go. “|“Nobody will,” she said.",
        "Lt. Ann Lee spoke to Sen. Moss.|Both agreed.",
        "Он жил на ул. Мира с 29 сент. 2023 г. в доме А.С. Пушкина.|Потом уехал.",
        "The fee is $2.5 million.|It was 1.5 in May.",
        "“I think this is wrong.”|It was.",
    ],
)
def test_boundaries(text: str) -> None:
    assert sentences(text.replace("|", " ")) == text.split("|")


def test_none_crosses_a_block() -> None:
    text = "No full stop here\nNor here"
    assert [text[slice(*span)] for span in split(text, [(0, 17), (18, 26)])] == [
        "No full stop here",
        "Nor here",
    ]


def run(*items: str, furniture_after: int = -1) -> tuple[str, list[Sentence]]:
    """A text of sentences; those that begin with # are headings."""
    text, found = "", []
    for i, item in enumerate(items):
        found.append(Sentence(len(text), len(text) + len(item), heading=item.startswith("#")))
        text += item + (" Advertisement " if i == furniture_after else " ")
    return text, found


def spans(text: str, found: list[Sentence], **options: int) -> list[tuple[int, int]]:
    return [(passage.first, passage.last) for passage in passages(text, found, **options)]


FIVE = "One two three four five."


def test_whole_sentences_overlapping_by_one() -> None:
    assert spans(*run(*[FIVE] * 5), words=10) == [(0, 2), (1, 3), (2, 4), (3, 5)]
    assert spans(*run(*[FIVE] * 5), words=10, overlap=0) == [(0, 2), (2, 4), (4, 5)]
    assert spans(*run(*[FIVE] * 5), words=110) == [(0, 5)]


def test_a_long_sentence_is_alone() -> None:
    assert spans(*run(FIVE, "long " * 20, FIVE), words=10) == [(0, 1), (1, 2), (2, 3)]


def test_a_heading_goes_with_what_follows() -> None:
    assert spans(*run("# A", FIVE, "# B", FIVE), words=9, overlap=0) == [(0, 2), (2, 4)]
    assert spans(*run("# A", "long " * 20), words=9) == [(0, 2)]
    assert spans(*run("# A", "# B")) == [(0, 2)]


def test_furniture_breaks_a_passage() -> None:
    assert spans(*run("# A", FIVE, FIVE, FIVE, furniture_after=1)) == [(0, 2), (2, 4)]
    assert spans(*run("# A", FIVE, FIVE, furniture_after=0)) == [(1, 3)]


def test_nothing_gives_nothing() -> None:
    assert passages("", []) == []
