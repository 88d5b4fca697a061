"""Lines that a site's pages share leave the body; the text, the offsets and the articles stay."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Article
from corpus.cleaning import template_lines as module
from corpus.cleaning.template_lines import LineCount, page, template_lines, without
from corpus.reading import read

BOX = "Free  weather widget"
PROSE = "Readers can have the evening edition brought to their door for four crowns a week."


def article(number: int, *lines: str, site: str | None = "https://www.daily.example/news") -> Article:
    own = [
        f"Headline number {number}",
        f"On day {number} the council met and decided on item {number} of its list.",
    ]
    spans, text = [], ""
    for line in [*own, *lines]:
        spans.append((len(text), len(text) + len(line)))
        text += f"{line}\n\n"
    return Article(str(number), text, tuple(spans), "", title_span=spans[0], outlet="Daily", url=site)


def templates_of(articles: list[Article]) -> dict[str, frozenset[str]]:
    return template_lines(found for found in map(page, articles) if found)


def body(article: Article) -> list[str]:
    return [article.text[start:end] for start, end in article.body]


def test_a_line_on_three_pages_and_a_fifth_of_them_is_furniture() -> None:
    pages = [article(number, BOX) if number < 3 else article(number) for number in range(15)]
    templates = templates_of(pages)
    assert templates == {"daily.example": frozenset({"Free weather widget"})}
    assert templates_of([*pages, article(15)]) == {}
    assert templates_of(pages[1:]) == {}
    bare = without(pages[0], templates)
    assert body(bare) == body(pages[0])[:2]
    assert replace(bare, body=pages[0].body) == pages[0]


def test_prose_has_to_stand_on_ten_pages() -> None:
    pages = [article(number, PROSE) for number in range(10)]
    assert templates_of(pages) == {"daily.example": frozenset({PROSE})}
    assert templates_of(pages[:9]) == {}


def test_sites_are_counted_apart_and_the_domain_goes_before_the_outlet() -> None:
    sites = ["https://www.daily.example/a", "http://daily.example/b", "https://other.example/", None]
    pages = [article(number, BOX, site=site) for number, site in enumerate(sites)]
    assert [found[0] for found in map(page, pages) if found] == [
        "daily.example",
        "daily.example",
        "other.example",
        "Daily",
    ]
    assert templates_of(pages) == {}
    assert page(replace(pages[3], outlet=None)) is None


def test_the_same_page_counts_once() -> None:
    assert templates_of([article(1, BOX)] * 5) == {}


def test_the_headline_and_an_article_of_shared_lines_stay() -> None:
    states = [
        article(1, BOX, f"{number} more words that the third state of the article has", PROSE)
        for number in range(10)
    ]
    templates = templates_of(states)
    assert "Headline number 1" in templates["daily.example"]
    assert without(states[0], templates) == states[0]
    longer = article(1, BOX, " ".join(f"word{number}" for number in range(90)))
    assert body(without(longer, templates)) == [body(longer)[0], body(longer)[-1]]


def test_rare_lines_are_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 40)
    count = LineCount()
    for number in range(200):
        site, text = page(article(number, BOX)) or ("", "")
        count.add(site, text)
        assert sum(map(len, count._lines.values())) <= 40
    assert set(count.found()["daily.example"]) == {"Free weather widget"}


def test_no_starter_article_loses_a_line(starter: Path) -> None:
    articles = [found for found in read([starter]) if isinstance(found, Article)]
    assert templates_of(articles) == {}


LINES = st.lists(
    st.sampled_from([BOX, PROSE, "Weather", "More", "A line of its own, here and there."]), max_size=4
)


@given(st.lists(LINES, max_size=12))
@settings(deadline=None)
def test_bodies_only_lose_whole_blocks_and_never_most_of_them(pages: list[list[str]]) -> None:
    articles = [article(number, *lines) for number, lines in enumerate(pages)]
    templates = templates_of(articles)
    for before in articles:
        after = without(before, templates)
        assert after.text == before.text
        assert set(after.body) <= set(before.body)
        assert 2 * sum(map(len, body(after))) >= sum(map(len, body(before)))
        assert without(after, templates) == after
