"""Tells an article from the page it stands on: its body, its headline, and what the page says of it.

A page is read as head (site name, breadcrumbs, headline, byline), middle (paragraphs, subheads between
them) and tail (sources, comment form, links). A block is a paragraph when it ends like a sentence or is as
long as one; a short line counts by where it stands.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.article import Span
from corpus.cleaning import extent, furniture, headline
from corpus.cleaning.furniture import Kind
from corpus.credits import imprint
from corpus.credits.imprint import Imprint
from corpus.layout import Block, line_numbers

_SENTENCE_END = re.compile(r"[.!?…:;。！？：][\s)\]”“»\"'’*_]*$")
_SMALL_WORD = re.compile(r"[a-zа-яё]{4}")
_LABELLED = re.compile(r"publish|posted|updat|modif|опублик|обновл", re.IGNORECASE)
_FEWEST, _MANY = 4, 20
"""Words: a page's first paragraph has at least so few; so many are a paragraph even without a full stop."""
_UNSPACED = 25
"""Characters of a first paragraph in a script without spaces."""
_SUBHEAD_WORDS = 14
_MENU, _MENU_WORDS = 8, 3
"""So many lines in a row, of so few words each, are a menu, unless a colon introduces them."""
_LONGEST_SITE = 40
"""Characters of a site's name."""
_NEAR = 3
"""Blocks below the first paragraph among which a byline may still stand."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What ``clean`` found; ``body`` is empty when the page holds no article."""

    body: tuple[Span, ...]
    title: str | None
    title_span: Span | None
    imprint: Imprint


@dataclass(frozen=True, slots=True)
class _Page:
    """The blocks of a page, judged; ``first`` and ``last`` are its outermost paragraphs."""

    blocks: tuple[Block, ...]
    lines: tuple[str, ...]
    kinds: tuple[Kind | None, ...]
    first: int
    last: int
    begin: int
    end: int
    """The article's outermost blocks, half-open."""
    cut: int
    """The block that opens what follows the article; the number of blocks when none does."""
    chosen: bool
    site: str | None
    """The site's name: a short line that stands above the article and again below it."""
    numbers: tuple[int, ...]
    """The line of the text that each block begins on, from 1."""

    def told(self, i: int, found: Imprint) -> Imprint:
        """What block ``i`` tells, and that it is told there."""
        return found.read_from(f"line {self.numbers[i]}")


def clean(text: str, blocks: Sequence[Block], title: str | None = None, *, chosen: bool = False) -> Cleaned:
    """The body, headline and imprint of a page; ``title`` is the headline where metadata gives it.

    ``chosen`` text is an article alone, taken from its page by what read it: only furniture is left out.
    """
    page = _survey(text, blocks, chosen=chosen)
    if page is None:
        left = tuple(
            (block.start, block.end) for block in blocks if not furniture.kind(text[block.start : block.end])
        )
        return Cleaned(left, title, None, Imprint())
    at = headline.given(page.lines, page.first, title) if title else _headline(page)
    spans = {i: (page.blocks[i].start, page.blocks[i].end) for i in _kept(page, at, titled=bool(title))}
    stamp, stamped = imprint.of_stamp(page.lines[page.first])
    spans[page.first] = (page.blocks[page.first].start + stamp, page.blocks[page.first].end)
    found = _imprint(page).otherwise(page.told(page.first, stamped))
    if page.site:
        found = found.otherwise(page.told(page.lines.index(page.site), Imprint(outlet=page.site)))
    if at is not None:
        site = "" if title else headline.site_suffix(page.lines[at])
        spans[at] = (page.blocks[at].start, page.blocks[at].end - len(site))
        title = title or text[slice(*spans[at])]
        found = found.otherwise(page.told(at, Imprint(outlet=site.strip(" |") or None)))
    for i, line in enumerate(page.lines[page.first : page.first + _NEAR], start=page.first):
        found = found.otherwise(page.told(i, imprint.of_opening(line)))
    return Cleaned(tuple(spans[i] for i in sorted(spans)), title, None if at is None else spans[at], found)


def headings(text: str, body: Sequence[Span], title_span: Span | None) -> list[bool]:
    """For each block of ``body``: is it a headline or a subhead (short, unpunctuated, above a paragraph)?"""
    lines = [text[start:end] for start, end in body]
    subheads = [not _is_paragraph(line) and len(line.split()) <= _SUBHEAD_WORDS for line in lines]
    below = [*subheads[1:], True]
    return [
        span == title_span or (subhead and not under)
        for span, subhead, under in zip(body, subheads, below, strict=False)
    ]


def _survey(text: str, blocks: Sequence[Block], *, chosen: bool) -> _Page | None:
    """The page's blocks judged; None when no paragraph is among them."""
    blocks = [
        replace(block, end=block.end - furniture.trailer(text[block.start : block.end])) for block in blocks
    ]
    lines = tuple(text[block.start : block.end] for block in blocks)
    kinds = tuple(
        None if block.mark == "head" else furniture.kind(line)
        for block, line in zip(blocks, lines, strict=True)
    )
    paragraphs = [i for i, line in enumerate(lines) if kinds[i] is None and _is_paragraph(line)]
    found = extent.whole(lines, kinds) if chosen else extent.of(blocks, lines, kinds)
    paragraphs = [i for i in paragraphs if found.begin <= i < found.end]
    if len(paragraphs) > 1 and _asks(lines[paragraphs[0]]) and blocks[paragraphs[0]].alone:
        paragraphs = paragraphs[1:]
    first = next(
        (i for i in paragraphs if len(lines[i].split()) >= _FEWEST or len(lines[i]) >= _UNSPACED), None
    )
    if first is None:
        return None
    site = _repeated(lines[:first], lines[paragraphs[-1] + 1 :])
    numbers = tuple(line_numbers(text, (block.start for block in blocks)))
    return _Page(
        tuple(blocks),
        lines,
        kinds,
        first,
        paragraphs[-1],
        found.begin,
        found.end,
        found.cut,
        chosen,
        site,
        numbers,
    )


def _repeated(head: Sequence[str], tail: Sequence[str]) -> str | None:
    short = {line for line in head if len(line) <= _LONGEST_SITE}
    return next((line for line in tail if line in short and furniture.kind(line) is None), None)


def _is_paragraph(line: str) -> bool:
    return bool(_SENTENCE_END.search(line[-20:])) or len(line.split(maxsplit=_MANY)) >= _MANY


def _asks(line: str) -> bool:
    return line.endswith(("?", "!")) and len(line.split()) < _MANY


def _headline(page: _Page) -> int | None:
    return headline.best(page.blocks, page.lines, page.kinds, range(page.first, page.last + 1), page.site)


def _kept(page: _Page, title: int | None, *, titled: bool) -> list[int]:
    """The blocks of the article, by their place: head, middle or tail."""
    menus = _menus(page)
    kept = [title] if title is not None else []
    below_title = title + 1 if title is not None else 0 if titled else page.first
    kept += [
        i
        for i in range(max(below_title, min(page.begin, page.first - _NEAR)), page.first)
        if page.kinds[i] is None and _is_deck(page.lines[i], page.site)
    ]
    kept += [
        i for i in range(page.first, page.last + 1) if i not in menus and i != title and _in_middle(page, i)
    ]
    listed = page.lines[page.last].endswith(":")
    below = (i for i in range(page.last + 1, page.end) if page.kinds[i] is None)
    return kept + [
        i for i in below if listed or page.chosen or any(block.mark for block in page.blocks[i : i + 2])
    ]


def _in_middle(page: _Page, i: int) -> bool:
    """A date or "By …" alone is a subhead there, unless it is the byline below a first sentence."""
    kind = page.kinds[i]
    subhead = kind == "dated" or (kind == "byline" and i > page.first + _NEAR)
    return kind is None or (subhead and extent.is_between(page.lines, page.kinds, i))


def _is_deck(line: str, site: str | None) -> bool:
    """A line between headline and first paragraph that says something: not a name, a place or a category."""
    words = line.split()
    return line != site and len(words) >= _FEWEST and any(_SMALL_WORD.match(word) for word in words)


def _menus(page: _Page) -> set[int]:
    """Blocks of lists of links: many short lines in a row, and whatever is no sentence below "Related articles"."""
    found: set[int] = set()
    run: list[int] = []
    linked = False
    for i, line in enumerate((*page.lines, "The end.")):
        prose = bool(_SENTENCE_END.search(line[-20:]))
        linked = i < len(page.lines) and (page.kinds[i] == "tail" or (linked and not prose))
        if linked:
            found.add(i)
        if not prose and len(line.split(maxsplit=_MENU_WORDS)) <= _MENU_WORDS:
            run.append(i)
            continue
        if len(run) >= _MENU and not page.lines[max(0, run[0] - 1)].endswith(":"):
            found.update(run)
        run = []
    return found


def _imprint(page: _Page) -> Imprint:
    found = Imprint()
    for i, line in enumerate(page.lines[: page.cut]):
        if _tells(page, i):
            found = found.otherwise(page.told(i, imprint.of_line(line)))
    return found


def _tells(page: _Page, i: int) -> bool:
    """Does block ``i`` tell about this article, and not about another one the page links to?"""
    kind = page.kinds[i]
    if kind == "dated":
        return i < page.first or (i > page.last and bool(_LABELLED.search(page.lines[i])))
    return kind == "source" or (kind == "byline" and (i <= page.first + _NEAR or i > page.last))
