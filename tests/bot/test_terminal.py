import io
from dataclasses import replace
from datetime import date
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.answer import Answer, Quote, RankedPassage, Statement
from bot.render.terminal import render, visible

WIRE = Quote(
    text="“Our country does not take part in the scheme.",
    article_id="wire.txt",
    title="No part in the scheme",
    outlet="Sample Wire",
    author="Helen Marsh",
    published=date(2023, 9, 29),
    url="https://wire.example/2023/09/29/no-part-in-the-scheme-the-president-says.html",
    path="articles/wire.txt",
    start=100,
    end=146,
    highlights=((113, 121),),
)
DAILY = Quote(
    text="He told the agency that his country had\nno part in the scheme and sold none of the goods.",
    article_id="daily.txt",
    title=None,
    outlet="Sample Daily",
    author=None,
    published=None,
    url=None,
    path="articles/daily.txt",
    start=7,
    end=96,
)
COURIER = replace(DAILY, text="Everybody knows that it does.", article_id="courier.txt", outlet=None, end=36)
DENIED = Answer(
    question="did the country say it takes part in the scheme?",
    answered=True,
    reason=None,
    verdict="no",
    confidence=0.934,
    statements=(
        Statement("no", "Aidar Bek", "direct", (WIRE, DAILY)),
        Statement("yes", None, "narrator", (COURIER,)),
    ),
    passages=(),
    build="7f3a",
    model="all-MiniLM-L6-v2",
    took_ms=12.5,
    said=True,
    opposite=True,
)
SILENT = replace(
    DENIED,
    answered=False,
    reason="not_in_corpus",
    verdict=None,
    statements=(),
    passages=(
        RankedPassage(
            "wire.txt", 100, 146, 0.03, "“Our country\n\ndoes not [b]take[/b] part.", outlet="Sample Wire"
        ),
    ),
)


def shown(answer: Answer, *, colour: bool = False) -> str:
    written = io.StringIO()
    system: Literal["standard"] | None = "standard" if colour else None
    Console(file=written, width=60, force_terminal=colour, color_system=system).print(
        render(answer), crop=False
    )
    return written.getvalue()


def test_an_answer_as_a_whole() -> None:
    assert (
        shown(DENIED)
        == """\
No. It said the opposite.
1 statement, 2 reports · 1 outlet disputes · answered: 93 % sure

1. Aidar Bek, direct speech
   │ “Our country does not take part in the scheme.
   Sample Wire · Helen Marsh · 29 September 2023
   https://wire.example/2023/09/29/no-part-in-the-scheme-the-president-says.html [100–146]
   Other wordings
      │ He told the agency that his country had no part in
      │ the scheme and sold none of the goods.
      Sample Daily · undated
      articles/daily.txt [7–96]

2. Disputed by courier.txt: the outlet's own words
   │ Everybody knows that it does.
   courier.txt · undated
   articles/daily.txt [7–36]
"""
    )


def test_copies_are_named_as_such_and_count_for_nobody() -> None:
    copy = replace(COURIER, article_id="copy.txt", outlet="Copy Post")
    statements = (
        Statement("no", "Aidar Bek", "direct", (WIRE, DAILY), copies=1),
        Statement("yes", None, "narrator", (COURIER, copy), copies=1),
    )
    lines = shown(replace(DENIED, statements=statements)).splitlines()
    assert lines[1] == "1 statement, 2 reports, 1 of them a copy · 1 outlet disputes · answered: 93 % sure"
    assert "   Copies of the same text" in lines
    assert "   Other wordings" not in lines
    assert "2. Disputed by courier.txt: the outlet's own words" in lines


def test_no_answer_shows_the_closest_passages_as_not_an_answer() -> None:
    assert (
        shown(SILENT)
        == """\
No answer: nothing in these articles answers this question.

Closest passages, not an answer:

   │ “Our country does not [b]take[/b] part.
   Sample Wire · undated
   wire.txt [100–146]
"""
    )


def test_highlights_are_bold() -> None:
    assert "\x1b[1mdoes not\x1b[0m" in shown(DENIED, colour=True)


def test_what_steers_a_terminal_is_escaped() -> None:
    assert visible("a\x1b[2Jb\r\n\u202ec\u200fd\ud800\x9b") == r"a\x1b[2Jb  \u202ec\u200fd\ud800\x9b"
    assert visible("👩\u200d🚀 می\u200cخواهم co\u00adop\ttab") == "👩\u200d🚀 می\u200cخواهم co\u00adop tab"


def test_hostile_text_stays_text() -> None:
    hostile = "[red]not markup[/red] \x1b]8;;https://evil.example\x07click\x1b]8;;\x07 \u202egnp.exe \ud83d"
    quote = replace(
        WIRE,
        text=hostile,
        outlet=hostile,
        author=hostile,
        url=hostile,
        end=100 + len(hostile),
        highlights=((0, 5), (90, 103), (101, 999)),
    )
    answer = replace(DENIED, statements=(Statement("no", hostile, "direct", (quote,)),))
    written = shown(answer)
    assert "[red]not markup[/red]" in written
    assert written.isascii() or not any(c in written for c in "\x1b\x07\u202e\ud83d")


@given(st.text(), st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50)), max_size=4))
def test_any_quote_and_any_highlights_are_shown_whole(text: str, highlights: list[tuple[int, int]]) -> None:
    quote = replace(WIRE, text=text, start=0, end=len(text), highlights=tuple(highlights))
    written = shown(replace(DENIED, statements=(Statement("no", "A", "direct", (quote,)),)))
    assert all(c.isprintable() or c in "\n\u200c\u200d\u00ad" for c in written)
    bars = "".join(line.partition("│")[2] for line in written.split("\n"))
    assert "".join(visible(text).split()) in "".join(bars.split()) or "│" in text
