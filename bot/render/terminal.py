"""An Answer as rich renderables. Pure; article text is never markup, never sent to the terminal raw."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.text import Text

from bot.answer import Answer, Quote, RankedPassage, Statement
from bot.render.wording import (
    counts_line,
    date_text,
    glimpse,
    is_dispute,
    label,
    later_reports,
    manner_text,
    name_text,
    no_answer_line,
    outlet_text,
    verdict_line,
    voice_text,
)
from corpus.article import Span

_INDENT = 3  # columns that the number of a statement takes
_CLOSEST = 3  # passages shown when there is no answer
_JOINERS = "\u200c\u200d\u00ad"  # format characters that spelling and emoji need, and that reorder nothing


def render(answer: Answer) -> RenderableType:
    """The whole answer: verdict, counts, statements with their sources; or why there is none.

    Print it with ``crop=False``: addresses and paths stay on one line, however long, to be copied.
    """
    return Group(*(_statements(answer) if answer.answered else _no_answer(answer)))


def _named(text: str) -> str:
    """Visible, without the isolates of names: a terminal has no use for them."""
    return visible(text.replace("\u2068", "").replace("\u2069", ""))


def visible(text: str) -> str:
    r"""``text`` on one line; characters that steer a terminal or reorder text are escaped, as ``\x1b``."""
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character.isprintable() or character in _JOINERS:
        return character
    if character.isspace():
        return " "
    return character.encode("unicode_escape").decode("ascii")


def _statements(answer: Answer) -> Iterator[RenderableType]:
    if verdict := verdict_line(answer):
        yield Text(_named(verdict), style="bold")
    yield Text(counts_line(answer), style="dim", no_wrap=True, overflow="ignore")
    for number, statement in enumerate(answer.statements, start=1):
        yield Text()
        yield _heading(answer, number, statement)
        yield from _reports(statement)


def _heading(answer: Answer, number: int, statement: Statement) -> Text:
    """``1. NAME, direct speech``, ``2. Disputed by Outlet: the outlet's own words``."""
    mark = (f"{number}.".ljust(_INDENT), "bold")
    if is_dispute(answer, statement):
        return Text.assemble(mark, (_named(label(answer, statement)), "bold red"))
    parts = (label(answer, statement), voice_text(statement))
    return Text.assemble(mark, (_named(" ".join(part for part in parts if part)), "bold cyan"))


def _reports(statement: Statement) -> Iterator[RenderableType]:
    yield from _quote(statement.quotes[0], statement, _INDENT)
    for heading, quotes in later_reports(statement):
        yield _Block(Text(heading, style="dim"), " " * _INDENT)
        for quote in quotes:
            yield from _quote(quote, statement, 2 * _INDENT)


def _quote(quote: Quote, statement: Statement, indent: int) -> Iterator[RenderableType]:
    text = Text()
    for part, bold in _cut(quote.text, [(a - quote.start, b - quote.start) for a, b in quote.highlights]):
        text.append(visible(part), style="bold" if bold else "")
    yield _Block(text, " " * indent + "│ ")
    how = manner_text(quote, statement)
    source = (outlet_text(quote), name_text(quote.author or ""), date_text(quote.published), how)
    yield from _source(source, quote.url or quote.path, (quote.start, quote.end), indent)


def _cut(text: str, spans: Sequence[Span]) -> Iterator[tuple[str, bool]]:
    """``text`` cut at the spans' edges, each piece with whether a span covers it."""
    edges = sorted({0, len(text), *(min(max(edge, 0), len(text)) for span in spans for edge in span)})
    for start, end in pairwise(edges):
        yield text[start:end], any(a <= start and end <= b for a, b in spans)


def _source(fields: Sequence[str], place: str, span: Span, indent: int) -> Iterator[RenderableType]:
    """``Outlet · Author · 17 June 2024``, and below it where exactly the text stands."""
    margin = " " * indent
    yield _Block(Text(" · ".join(_named(field) for field in fields if field), style="dim"), margin)
    exact = f"{margin}{visible(place)} [{span[0]}–{span[1]}]"
    yield Text(exact, style="dim", no_wrap=True, overflow="ignore")


def _no_answer(answer: Answer) -> Iterator[RenderableType]:
    yield Text(no_answer_line(answer), style="bold")
    if answer.passages:
        yield Text("\nClosest passages, not an answer:", style="dim")
    for passage in answer.passages[:_CLOSEST]:
        yield from _passage(passage)


def _passage(passage: RankedPassage) -> Iterator[RenderableType]:
    yield Text()
    yield _Block(Text(visible(" ".join(glimpse(passage).split())), style="dim"), " " * _INDENT + "│ ")
    fields = (outlet_text(passage), date_text(passage.published))
    yield from _source(fields, passage.article_id, (passage.start, passage.end), _INDENT)


@dataclass(frozen=True, slots=True)
class _Block:
    """Text wrapped to what a margin leaves, the margin before every line."""

    text: Text
    margin: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in self.text.wrap(console, max(options.max_width - len(self.margin), 10)):
            line.rstrip()
            yield Text.assemble((self.margin, "dim"), line)
