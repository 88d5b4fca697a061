"""What may be wrong with a corpus: copies, missing or odd dates, garbled text, furniture left in, odd lengths.

Nothing is changed. Articles are taken one after the other and none is kept.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from corpus.article import Article, Unreadable
from corpus.cleaning import furniture, mojibake
from corpus.cleaning.template_lines import LineCount, page
from corpus.duplicates import Finder

Kind = Literal[
    "unreadable", "copies", "undated", "date", "outlet", "garbled", "template", "furniture", "short", "long"
]
ADVICE: dict[Kind, tuple[str, str]] = {
    "unreadable": ("not read", "mend, convert or remove each, as its reason says"),
    "copies": (
        "copies of one text, the primary first",
        "none if they are one report: they count once; remove pages whose article was not found",
    ),
    "undated": (
        "no date of publication",
        "give it as published: in front matter, JSONL or the page's markup",
    ),
    "date": ("a doubtful date", "compare with the page, and give the right one as published:"),
    "outlet": ("no outlet", "give it as outlet: in front matter or JSONL, or a url"),
    "garbled": ("text decoded wrongly", "fetch it again, or save it as UTF-8 from the source"),
    "template": ("lines that a site's pages share", "take them for furniture, and quote nothing from them"),
    "furniture": (
        "lines that look like furniture",
        "remove them from the file if they are no part of the article",
    ),
    "short": ("hardly any text", "look whether the article was cut off or not found, and fetch it again"),
    "long": ("very much text", "split it where it holds several articles"),
}
"""For each kind, in the order of a report: what it is, and what to do."""

SHORTEST, LONGEST = 40, 10_000
"""Words of a body: of 2,616 news pages 19 are shorter, most of them failed extractions, and 17 are longer."""
FIRST_YEAR = 1990
"""Of pages on the web: the first was put up in December 1990."""

_PIECE = re.compile(r"(?<=[.!?])\s+|\n")
_PIECE_WORDS = 12
"""Longer sentences are prose: judging them costs most of the time and finds next to nothing."""
_SHOWN = 120
"""Characters of a line that a finding shows."""


@dataclass(frozen=True, slots=True)
class Finding:
    kind: Kind
    articles: tuple[str, ...] = ()
    """Ids; none where it concerns a file or a site."""
    detail: str | None = None
    """What was found, on one line."""


@dataclass(frozen=True, slots=True)
class Report:
    articles: int
    """Read, and looked at."""
    findings: tuple[Finding, ...]
    """In the order of ``ADVICE``, and within a kind of the corpus."""


def examine(corpus: Iterable[Article | Unreadable], today: date) -> Report:
    """Everything doubtful in ``corpus``; a date after ``today`` is, but for a day's difference in time zones."""
    lines = LineCount()
    articles = 0
    findings: list[Finding] = []
    with Finder() as finder:
        for found in corpus:
            if isinstance(found, Unreadable):
                findings.append(Finding("unreadable", detail=f"{found.path}: {found.reason}"))
                continue
            articles += 1
            finder.add(found)
            if printed := page(found):
                lines.add(*printed)
            findings += [Finding(kind, (found.id,), detail) for kind, detail in _doubts(found, today)]
        findings += [Finding("copies", group) for group in finder.groups()]
    findings += [
        Finding("template", detail=f"{site}, {pages} pages: {line[:_SHOWN]}")
        for site, found_lines in lines.found().items()
        for line, pages in found_lines.items()
    ]
    kinds = list(ADVICE)
    return Report(articles, tuple(sorted(findings, key=lambda finding: kinds.index(finding.kind))))


def _doubts(article: Article, today: date) -> Iterator[tuple[Kind, str | None]]:
    """What is doubtful about the article alone."""
    if article.published is None:
        yield "undated", None
    for doubt in _dates(article, today):
        yield "date", doubt
    if article.outlet is None:
        yield "outlet", None
    if garbled := mojibake.garbled(article.text):
        yield "garbled", " ".join(garbled.split())
    for line in _furniture(article):
        yield "furniture", " ".join(line.split())[:_SHOWN]
    words = sum(len(article.text[start:end].split()) for start, end in article.body)
    if words < SHORTEST:
        yield "short", f"{words} words"
    if words > LONGEST:
        yield "long", f"{words} words"


def _dates(article: Article, today: date) -> Iterator[str]:
    published, updated = article.published, article.updated
    for name, day in (("published", published), ("updated", updated)):
        if day and day > today + timedelta(days=1):
            yield f"{name} {day}, which is to come"
        if day and article.url and day.year < FIRST_YEAR:
            yield f"{name} {day}, before there were web pages"
    if published and updated and updated < published:
        yield f"updated {updated}, before it was published on {published}"


def _furniture(article: Article) -> Iterator[str]:
    for start, end in article.body:
        for piece in _PIECE.split(article.text[start:end]):
            if (
                len(piece.split(maxsplit=_PIECE_WORDS)) <= _PIECE_WORDS
                and any(map(str.isalpha, piece))
                and furniture.kind(piece) == "furniture"
            ):
                yield piece
