"""The five scraped pages that started the project: what is read of each, and what is left as furniture."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from corpus.article import Article, Document
from corpus.reading import digest, read

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the seeds are not beside this checkout")


@dataclass(frozen=True)
class Expected:
    title: str | None
    outlet: str | None
    author: str | None
    published: date | None
    updated: date | None
    first: str
    last: str
    furniture: tuple[str, ...]


TABLE = {
    "000": Expected(
        title="Tokayev: Kazakhstan is not “anti-Russia”",
        outlet=None,
        author=None,
        published=None,
        updated=None,
        first="Tokayev: Kazakhstan is not “anti-Russia”",
        last="thereby destabilize society from within.",
        furniture=("Leave a Reply", "Your email address", "Back to top"),
    ),
    "001": Expected(
        title=None,
        outlet="Kazinform",
        author=None,
        published=date(2023, 9, 29),
        updated=None,
        first="Sanction confrontation is absolutely counterproductive.",
        last="majority of the mankind,” he stressed.",
        furniture=("date 2023-09-29",),
    ),
    "002": Expected(
        title="Kazakh President Pledges Adherence to Sanctions Against Russia",
        outlet=None,
        author="Nigar Bayramli",
        published=date(2023, 9, 30),
        updated=date(2024, 5, 16),
        first="Kazakh President Pledges Adherence to Sanctions Against Russia",
        last="supporting territorial claims on social media.",
        furniture=(
            "Last update",
            "Newsroom logo",
            "By Nigar",
            "\nNone\n",
            "where he had arrived for a summit",
        ),
    ),
    "003": Expected(
        title="Kazakhstan Complies With Sanctions Against Russia",
        outlet="Prague Monitor",
        author=None,
        published=None,
        updated=None,
        first="Kazakhstan Complies With Sanctions Against Russia",
        last="heads of state from Central Asia and Germany.",
        furniture=("Home »", "Asia Central Asia Featured", "Source: Prague Monitor"),
    ),
    "004": Expected(
        title="Tokayev said that Kazakhstan does not consider itself indebted to Russia",
        outlet="Azerbaijan news",
        author=None,
        published=None,
        updated=None,
        first="Tokayev said that Kazakhstan does not consider itself indebted to Russia",
        last="strongly condemned domestically and internationally.",
        furniture=(
            "Azerbaijan news",
            "\nPresident of Kazakhstan Kasym",
            "Leave a Reply",
            "Newsletter",
            "Subscribe",
        ),
    ),
}


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    return {found.id[:3]: digest(found) for found in read([SEEDS]) if isinstance(found, Article)}


@pytest.mark.parametrize("seed", TABLE)
def test_metadata(documents: dict[str, Document], seed: str) -> None:
    article, expected = documents[seed].article, TABLE[seed]
    found = (article.title, article.outlet, article.author, article.published, article.updated)
    assert found == (expected.title, expected.outlet, expected.author, expected.published, expected.updated)
    assert article.id == Path(article.path).name
    assert article.text == (SEEDS / article.id).read_text(encoding="utf-8")


ORIGINS = {
    "000": {"title": "line 1"},
    "001": {"outlet": "line 1", "published": "line 1"},
    "002": {"title": "line 5", "author": "line 7", "published": "line 7", "updated": "line 1"},
    "003": {"title": "line 4", "outlet": "line 22"},
    "004": {"title": "line 3", "outlet": "line 1"},
}


@pytest.mark.parametrize("seed", TABLE)
def test_where_it_was_read_from(documents: dict[str, Document], seed: str) -> None:
    article = documents[seed].article
    assert article.language == "en"
    assert dict(article.origins) == ORIGINS[seed] | {"language": "the text"}


WHEN: dict[str, dict[str, str | None]] = {
    "000": {},
    "001": {"and last year the volume": "2022-01-01 2022-12-31"},
    "002": {
        "said on September 28": "2023-09-28 2023-09-28",
        "On September 29, referring": "2023-09-29 2023-09-29",
        "dates back to the early 1990s": None,
    },
    "003": {"the 2013 interstate treaty": None},
    "004": {"summit in Moscow on May 16": None},
}


@pytest.mark.parametrize("seed", TABLE)
def test_days_told_of(documents: dict[str, Document], seed: str) -> None:
    document = documents[seed]
    for words, days in WHEN[seed].items():
        at = document.article.text.index(words)
        (when,) = (s.when for s in document.sentences if s.start <= at < s.end)
        assert (when and " ".join(map(str, when))) == days


@pytest.mark.parametrize("seed", TABLE)
def test_body(documents: dict[str, Document], seed: str) -> None:
    document, expected = documents[seed], TABLE[seed]
    text = document.article.text
    said = [text[sentence.start : sentence.end] for sentence in document.sentences]
    assert said[0] == expected.first
    assert said[-1].endswith(expected.last)
    for line in expected.furniture:
        at = text.index(line)
        assert not any(start <= at + 1 < end for start, end in document.article.body), line


def test_every_other_line_is_kept(documents: dict[str, Document]) -> None:
    lines = {seed: len(document.article.body) for seed, document in documents.items()}
    assert lines == {"000": 7, "001": 6, "002": 13, "003": 9, "004": 19}


def test_headlines_and_subheads(documents: dict[str, Document]) -> None:
    def headings(seed: str) -> list[str]:
        document = documents[seed]
        return [document.article.text[s.start : s.end] for s in document.sentences if s.heading]

    assert headings("001") == []
    assert headings("003") == [TABLE["003"].title]
    assert headings("004") == [TABLE["004"].title, "The CSTO has not fired a single bullet in Kazakhstan"]
