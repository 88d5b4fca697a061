"""The blocks of a text: paragraphs, headlines and list items, each a trimmed span. Nothing is judged here.

Scraped pages write a paragraph a line, so consecutive lines are blocks of their own unless they look
hard-wrapped. Markdown joins consecutive lines into a paragraph. Not handled: Markdown tables, nested
quotations, HTML in Markdown.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from corpus.article import Span

_NEWLINE = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_WIDEST_WRAP = 120
"""Characters; longer lines were not wrapped by hand or by an editor."""
_MARKER = re.compile(r"(?P<head>\#{1,6}[ \t]+)|(?P<item>(?:[-*+]|\d{1,3}[.)])[ \t]+)|(?P<quote>>[ \t]*)")
_FENCE = re.compile(r"```|~~~")
_NOT_PROSE = re.compile(r"!\[[^\]]*\]\([^)]*\)$|\|.*\|$|<!--.*-->$|\[[^\]]+\]:\s|=+$|-{3,}$")


Mark = Literal["head", "item", "quote"]


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, headline or item: ``text[start:end]``, trimmed of whitespace."""

    start: int
    end: int
    alone: bool = True
    """No other block touches it: blank lines (or the ends of the text) stand around it."""
    mark: Mark | None = None
    """How Markdown marks it up."""


def plain(text: str) -> list[Block]:
    """The blocks of a scraped page or of text extracted from one."""
    blocks: list[Block] = []
    for group in _groups(text, 0):
        if _is_wrapped(text, group):
            blocks.append(Block(group[0][0], group[-1][1]))
        else:
            blocks += [Block(start, end, alone=len(group) == 1) for start, end in group]
    return blocks


def markdown(text: str, start: int) -> list[Block]:
    """The blocks of Markdown from character ``start`` on, without their markers (``#``, ``-``, ``>``)."""
    blocks: list[Block] = []
    fenced = False
    for group in _groups(text, start):
        open_paragraph = False
        for left, right in group:
            fence = bool(_FENCE.match(text, left, right))
            fenced ^= fence
            marker = _MARKER.match(text, left, right)
            if fence or fenced or _NOT_PROSE.match(text, left, right):
                open_paragraph = False
            elif open_paragraph and not marker:
                blocks[-1] = Block(blocks[-1].start, right)
            else:
                blocks.append(_marked(text, left, right, marker))
                open_paragraph = blocks[-1].mark != "head"
    return [block for block in blocks if block.start < block.end]


def _marked(text: str, start: int, end: int, marker: re.Match[str] | None) -> Block:
    if marker is None:
        return Block(start, end)
    marks: tuple[Mark, ...] = ("head", "item", "quote")
    return Block(
        *trim(text, marker.end(), end), mark=next(mark for mark in marks if marker[mark] is not None)
    )


def trim(text: str, start: int, end: int) -> Span:
    """``start, end`` moved inwards past whitespace."""
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), max(start, end - len(part) + len(part.rstrip()))


def _lines(text: str, start: int) -> Iterator[Span]:
    for newline in _NEWLINE.finditer(text, start):
        yield start, newline.start()
        start = newline.end()
    yield start, len(text)


def _groups(text: str, start: int) -> Iterator[list[Span]]:
    """Runs of lines without a blank line between them."""
    group: list[Span] = []
    for left, right in _lines(text, start):
        span = trim(text, left, right)
        if span[0] < span[1]:
            group.append(span)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _is_wrapped(text: str, group: list[Span]) -> bool:
    """Lines of like width, one of which breaks off before a small letter: one paragraph, wrapped."""
    widths = [end - start for start, end in group]
    widest = max(widths)
    if len(group) == 1 or widest > _WIDEST_WRAP or min(widths[:-1]) < widest / 2:
        return False
    return any(text[left[1] - 1].isalnum() and text[right[0]].islower() for left, right in pairwise(group))


def line_numbers(text: str, places: Iterable[int]) -> Iterator[int]:
    """The line, from 1, that each of ``places`` (ascending) stands on."""
    line, at = 1, 0
    for place in places:
        line, at = line + text.count("\n", at, place), place
        yield line
