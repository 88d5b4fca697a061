"""Links that open a page at the quote: spelled as the specification has it, and only where nothing else matches."""

import re
import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answer import Quote
from bot.render.fragments import source_link, web_address
from bot.render.message import run
from tests.bot.tdlib import arrived

PAGE = (
    "Orlan stays out\n"
    "“Orlan does not join parallel imports,” Aida Serik said - twice. The ministry agreed.\n"
    "Grain rose 3.5 percent & rye fell, the ministry said. It was Monday.\n"
    "It was Monday. Nobody came. Orlan does not export rye, the ministry agreed, and neither does Baku.\n"
)
SITE = "https://steppe.example/news?id=1"


def link(part: str, page: str = PAGE, url: str | None = SITE, nth: int = 0) -> str | None:
    start = -1
    for _ in range(nth + 1):
        start = page.index(part, start + 1)
    quote = Quote(part, "a", None, None, None, None, url, "a", start, start + len(part))
    return source_link(quote, page)


def test_a_short_quote_is_named_whole() -> None:
    assert link("Nobody came.") == f"{SITE}#:~:text=Nobody%20came."


def test_what_parts_terms_is_escaped() -> None:
    assert link("Serik said - twice.") == f"{SITE}#:~:text=Serik%20said%20%2D%20twice."
    assert link("3.5 percent & rye fell, the") == f"{SITE}#:~:text=3.5%20percent%20%26%20rye%20fell%2C%20the"


def test_a_quote_that_stands_twice_is_told_by_what_is_around_it() -> None:
    assert link("It was Monday.") == f"{SITE}#:~:text=ministry%20said.-,It%20was%20Monday."
    assert link("It was Monday.", nth=1) == f"{SITE}#:~:text=was%20Monday.-,It%20was%20Monday."


def test_case_accents_and_white_space_do_not_tell_places_apart() -> None:
    assert (
        link("rye was sown", "rye was sown\nRyé  was\u00a0sown\n")
        == f"{SITE}#:~:text=rye%20was%20sown,-Ry%C3%A9%20was"
    )
    assert link("Sown.", "sown. Sown. sown.") == f"{SITE}#:~:text=sown.-,Sown.,-sown."
    quoted = '"Rye grew." It rained. “Rye grew.”'
    assert link("“Rye grew.”", quoted) == f"{SITE}#:~:text=It%20rained.-,%E2%80%9CRye%20grew.%E2%80%9D"
    assert link("sow", "sowing\nsow\n", nth=1) == f"{SITE}#:~:text=sow"


def test_a_long_quote_is_named_by_its_ends() -> None:
    part = PAGE.split("\n")[3].removeprefix("It was Monday. ") + " " + "x" * 60
    page = PAGE.replace("neither does Baku.", "neither does Baku. " + "x" * 60)
    assert (
        link(part, page)
        == f"{SITE}#:~:text=Nobody%20came.%20Orlan%20does,neither%20does%20Baku.%20{'x' * 60}"
    )


def test_a_quote_over_lines_begins_in_one_and_ends_in_another() -> None:
    part = PAGE[PAGE.index("Grain") : PAGE.index("Nobody came.") + 12]
    assert link(part) == f"{SITE}#:~:text=Grain%20rose%203.5%20percent,was%20Monday.%20Nobody%20came."


def test_the_plain_address_where_no_place_can_be_named() -> None:
    twice = "Rain fell.\n" * 4
    assert link("Rain fell.", twice, nth=1) == SITE
    assert link("rain", "We saw a train here") == SITE
    assert link("t go", "We can't go") == SITE
    moved = Quote("Nobody came.", "a", None, None, None, None, SITE, "a", 3, 15)
    assert source_link(moved, PAGE) == SITE
    assert link("word " * 3 + "я" * 900, "word " * 3 + "я" * 900) == SITE


def test_a_place_the_address_names_already_is_kept() -> None:
    assert link("Nobody came.", url=f"{SITE}#top") == f"{SITE}#top:~:text=Nobody%20came."
    assert link("Nobody came.", url=f"{SITE}#:~:text=Grain") == f"{SITE}#:~:text=Grain"


@pytest.mark.parametrize(
    "url", [None, "", "articles/1.txt", "ftp://a.example/x", "javascript:alert(1)", "https://a/"]
)
def test_no_address_no_link(url: str | None) -> None:
    assert web_address(url) is None
    assert link("Nobody came.", url=url) is None


words = st.sampled_from(
    [
        *"Rye rye grain, grain-rye 3.5 “fell” & the minister said Déjà deja было было. 中文 can't".split(" "),
        "\n",
    ]
)
EDGE = r"(?!(?<=\w)\w)"  # not within a word
pages = st.lists(words, min_size=1, max_size=40).map(" ".join)


@settings(max_examples=400, deadline=None)
@given(pages, st.data())
def test_a_link_leads_to_the_quote_and_nowhere_else(page: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(page) - 1))
    end = data.draw(st.integers(start + 1, len(page)))
    found = source_link(Quote(page[start:end], "a", None, None, None, None, SITE, "a", start, end), page)
    assert found is not None
    if found == SITE:
        return
    assert re.fullmatch(r"[\w.~%/:?=#,-]+", found, re.ASCII)
    places = matches(page, found.partition("#:~:text=")[2])
    assert [plain(page[a:b]).strip() for a, b in places] == [plain(page[start:end]).strip()]
    (place,) = places
    assert page[start : place[0]].strip() == page[place[1] : end].strip() == ""


pieces = st.sampled_from(
    "http https :// : / . - _ ~ @ ? # & % 80 0 99999 a b.c news пример рф 中国 [ ] :: 1.2.3.4 🙂 xn-- $ , ; ( | ' é \u0301 \u200d".split()
)
hosts = st.lists(pieces, min_size=1, max_size=8).map("".join)


@settings(max_examples=1000, deadline=None)
@given(st.sampled_from(["https://", "http://", "HTTPS://", ""]), hosts)
def test_telegram_takes_every_address_that_is_linked(scheme: str, rest: str) -> None:
    """Its library refuses a whole message for one link that it cannot read."""
    url = web_address(scheme + rest)
    if url is not None:
        assert arrived(run("Outlet", "text_link", url)) == ("Outlet", [("text_link", 0, 6)])


def matches(page: str, directive: str) -> list[tuple[int, int]]:
    """Every place that a browser might take, read from the specification once more: one regular expression."""
    terms = directive.split(",")
    prefix = unquote(terms.pop(0)[:-1]) if terms[0].endswith("-") else ""
    suffix = unquote(terms.pop()[1:]) if terms[-1].startswith("-") else ""
    written = [r"\s+".join(map(loosely, unquote(term).split())) for term in terms]
    before = r"\s+".join(map(loosely, prefix.split())) + r"\s*" if prefix else ""
    after = r"(?=\s*" + r"\s+".join(map(loosely, suffix.split())) + ")" if suffix else ""
    core = r"(?s:.*?)".join(written)
    pattern = re.compile(rf"(?={before}({EDGE}{core}{EDGE}){after})", re.IGNORECASE)
    return sorted({found.span(1) for found in pattern.finditer(page)})


def loosely(word: str) -> str:
    return "".join("[eé]" if c in "eé" else "[aà]" if c in "aà" else re.escape(c) for c in word.lower())


def plain(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(bare.casefold().split())
