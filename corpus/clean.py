"""Tells an article from the page it stands on: its body, its headline, and what the page says of it.

A page is read as head (site name, breadcrumbs, headline, byline), middle (paragraphs, subheads between
them) and tail (sources, comment form, links). A block is a paragraph when it ends like a sentence or is as
long as one; a short line counts by where it stands.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus import furniture, imprint
from corpus.article import Span
from corpus.furniture import Kind
from corpus.imprint import Imprint
from corpus.layout import Block, line_numbers

_SENTENCE_END = re.compile(r"[.!?…:;][\s)\]”“»\"'’*_]*$")
_SMALL_WORD = re.compile(r"[a-zа-яё]{4}")
_LABELLED = re.compile(r"publish|posted|updat|modif|опублик|обновл", re.IGNORECASE)
_SITE_SUFFIX = re.compile(r"\s\|\s[^|\n]{2,40}$")
_FEWEST, _MANY = 4, 20
"""Words: a page's first paragraph has at least so few; so many are a paragraph even without a full stop."""
_TITLE_WORDS = range(3, 31)
_SUBHEAD_WORDS = 14
_MENU, _MENU_WORDS = 8, 3
"""So many lines in a row, of so few words each, are a menu, unless a colon introduces them."""
_SAME_START = 20
"""Characters that a headline and a cut or lengthened copy of it share."""
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
    cut: int
    """The block that opens what follows the article; the number of blocks when none does."""
    site: str | None
    """The site's name: a short line that stands above the article and again below it."""
    numbers: tuple[int, ...]
    """The line of the text that each block begins on, from 1."""

    def told(self, i: int, found: Imprint) -> Imprint:
        """What block ``i`` tells, and that it is told there."""
        return found.read_from(f"line {self.numbers[i]}")


def clean(text: str, blocks: Sequence[Block], title: str | None = None) -> Cleaned:
    """The body, headline and imprint of a page; ``title`` is the headline where metadata gives it."""
    page = _survey(text, blocks)
    if page is None:
        left = tuple(
            (block.start, block.end) for block in blocks if not furniture.kind(text[block.start : block.end])
        )
        return Cleaned(left, title, None, Imprint())
    headline = _given_headline(page, title) if title else _headline(page)
    spans = {i: (page.blocks[i].start, page.blocks[i].end) for i in _kept(page, headline, titled=bool(title))}
    stamp, stamped = imprint.of_stamp(page.lines[page.first])
    spans[page.first] = (page.blocks[page.first].start + stamp, page.blocks[page.first].end)
    found = _imprint(page).otherwise(page.told(page.first, stamped))
    if page.site:
        found = found.otherwise(page.told(page.lines.index(page.site), Imprint(outlet=page.site)))
    if headline is not None:
        site = "" if title else _site_suffix(page.lines[headline])
        spans[headline] = (page.blocks[headline].start, page.blocks[headline].end - len(site))
        title = title or text[slice(*spans[headline])]
        found = found.otherwise(page.told(headline, Imprint(outlet=site.strip(" |") or None)))
    for i, line in enumerate(page.lines[page.first : page.first + _NEAR], start=page.first):
        found = found.otherwise(page.told(i, imprint.of_opening(line)))
    return Cleaned(
        tuple(spans[i] for i in sorted(spans)), title, None if headline is None else spans[headline], found
    )


def headings(text: str, body: Sequence[Span], title_span: Span | None) -> list[bool]:
    """For each block of ``body``: is it a headline or a subhead (short, unpunctuated, above a paragraph)?"""
    lines = [text[start:end] for start, end in body]
    subheads = [not _is_paragraph(line) and len(line.split()) <= _SUBHEAD_WORDS for line in lines]
    below = [*subheads[1:], True]
    return [
        span == title_span or (subhead and not under)
        for span, subhead, under in zip(body, subheads, below, strict=False)
    ]


def _survey(text: str, blocks: Sequence[Block]) -> _Page | None:
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
    cut = _cut(lines, kinds, paragraphs)
    paragraphs = [i for i in paragraphs if i < cut]
    if len(paragraphs) > 1 and _asks(lines[paragraphs[0]]) and blocks[paragraphs[0]].alone:
        paragraphs = paragraphs[1:]
    first = next((i for i in paragraphs if len(lines[i].split()) >= _FEWEST), None)
    if first is None:
        return None
    site = _repeated(lines[:first], lines[paragraphs[-1] + 1 :])
    numbers = tuple(line_numbers(text, (block.start for block in blocks)))
    return _Page(tuple(blocks), lines, kinds, first, paragraphs[-1], cut, site, numbers)


def _repeated(head: Sequence[str], tail: Sequence[str]) -> str | None:
    short = {line for line in head if len(line) <= _LONGEST_SITE}
    return next((line for line in tail if line in short and furniture.kind(line) is None), None)


def _site_suffix(headline: str) -> str:
    """The site's name with the bar before it, where a headline ends with them."""
    found = _SITE_SUFFIX.search(headline[-60:])
    return found[0] if found else ""


def _cut(lines: Sequence[str], kinds: Sequence[Kind | None], paragraphs: Sequence[int]) -> int:
    """The first block that opens a tail with at least half of the prose above it."""
    prose = set(paragraphs)
    left = sum(len(lines[i]) for i in prose)
    above = 0
    for i, kind in enumerate(kinds):
        if i in prose:
            above += len(lines[i])
        elif kind == "tail" and 2 * above >= left:
            return i
    return len(lines)


def _is_paragraph(line: str) -> bool:
    return bool(_SENTENCE_END.search(line[-20:])) or len(line.split(maxsplit=_MANY)) >= _MANY


def _asks(line: str) -> bool:
    return line.endswith(("?", "!")) and len(line.split()) < _MANY


def _given_headline(page: _Page, title: str) -> int | None:
    near = range(min(len(page.lines), page.first + 2))
    return next(
        (i for i in near if _same(page.lines[i], title) and not furniture.is_breadcrumbs(page.lines[i])), None
    )


def _same(line: str, title: str) -> bool:
    left, right = (" ".join(re.findall(r"\w+", part.casefold())) for part in (line[:400], title[:400]))
    shorter, longer = sorted((left, right), key=len)
    return bool(shorter) and (left == right or (len(shorter) >= _SAME_START and longer.startswith(shorter)))


def _headline(page: _Page) -> int | None:
    """The best of the lines above the first paragraph: marked as a heading, repeated, or standing alone."""
    lines, blocks = page.lines, page.blocks
    candidates = [
        i
        for i in range(page.first)
        if page.kinds[i] is None and len(lines[i].split()) in _TITLE_WORDS and lines[i] != page.site
    ]
    crumbs = " ".join(line for line in lines[: page.first] if furniture.is_breadcrumbs(line))
    often = Counter(lines[: page.first])
    tests = (
        [i for i in candidates if blocks[i].mark == "head"],
        [i for i in candidates if lines[i] in crumbs],
        [i for i in reversed(candidates) if often[lines[i]] > 1],
        [i for i in candidates if blocks[i].alone],
        candidates,
    )
    return next((found[0] for found in tests if found), None)


def _kept(page: _Page, headline: int | None, *, titled: bool) -> list[int]:
    """The blocks of the article, by their place: head, middle or tail."""
    menus = _menus(page)
    kept = [headline] if headline is not None else []
    below_title = headline + 1 if headline is not None else 0 if titled else page.first
    kept += [
        i
        for i in range(below_title, page.first)
        if page.kinds[i] is None and _is_deck(page.lines[i], page.site)
    ]
    kept += [
        i
        for i in range(page.first, page.last + 1)
        if i not in menus and i != headline and _in_middle(page, i)
    ]
    listed = page.lines[page.last].endswith(":")
    below = (i for i in range(page.last + 1, page.cut) if page.kinds[i] is None)
    return kept + [i for i in below if listed or any(block.mark for block in page.blocks[i : i + 2])]


def _in_middle(page: _Page, i: int) -> bool:
    """A date or "By …" alone is a subhead there, unless it is the byline below a first sentence."""
    kind = page.kinds[i]
    return kind is None or kind == "dated" or (kind == "byline" and i > page.first + _NEAR)


def _is_deck(line: str, site: str | None) -> bool:
    """A line between headline and first paragraph that says something: not a name, a place or a category."""
    words = line.split()
    return line != site and len(words) >= _FEWEST and any(_SMALL_WORD.match(word) for word in words)


def _menus(page: _Page) -> set[int]:
    found: set[int] = set()
    run: list[int] = []
    for i, line in enumerate((*page.lines, "The end.")):
        if not _SENTENCE_END.search(line[-20:]) and len(line.split(maxsplit=_MENU_WORDS)) <= _MENU_WORDS:
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
