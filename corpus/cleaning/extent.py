"""Which blocks of a page are its article: the run of blocks that holds the most prose and the least furniture.

Every block weighs for the article or against it, and the article is the run with the highest sum (the maximum
subsequence of Pasternack and Roth, "Extracting article text from the web with maximum subsequence
segmentation", WWW 2009, with lengths and ends of lines in the place of their classifier). Menus above, and
teasers and comments below, are left out though they hold sentences of their own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.cleaning.furniture import Kind
from corpus.layout import Block

SENTENCE_END = re.compile(r"[.!?…。！？][\s)\]”“»\"'’*_]*$")
_COLON = re.compile(r"[:;：][\s)\]”“»\"'’*_]*$")
_WORD = re.compile(r"\w")
_TELLTALE = frozenset({"furniture", "tail", "comments"})
_MENU, _FEWEST, _PAGE = 10, 3, 0.15
"""By which a page is told from an article alone: blocks above the first paragraph, or so many blocks of furniture that
are so large a share (0..1) of all."""
_UNIT, _MOST = 50, 600
"""Characters of prose that weigh 1; characters of one paragraph that count."""
_LONG = 100
"""Characters; a longer line weighs for the article without a full stop too, half as much."""
_SHORT = ((15, -1.5), (60, -1.0), (_LONG, -0.5))
"""Lines of fewer characters that end like no sentence weigh so much."""
_FURNITURE, _NAMED = -2.0, -3.0
"""A line of furniture; one that tells when or by whom something was written, or opens a tail."""
_ENOUGH, _SHARE = 100, 0.1
"""Characters of prose, and share (0..1) of the page's, above what opens the comments."""
_HALF = 0.6
"""Share of the page's prose above what opens any other tail: links to stories stand within articles too."""


@dataclass(frozen=True, slots=True)
class Extent:
    """Blocks ``begin`` to ``end`` (half-open) are the article; a tail opens at ``cut``."""

    begin: int
    end: int
    cut: int


def of(blocks: Sequence[Block], lines: Sequence[str], kinds: Sequence[Kind | None]) -> Extent:
    """The extent of the article among the blocks of a page, given with their text and kinds.

    A text with hardly any furniture is no page, and all of it is the article, lists and tables too.
    """
    if not _is_page(lines, kinds):
        return whole(lines, kinds)
    cut = _cut(lines, kinds)
    begin, end = _heaviest(_weights(blocks[:cut], lines, kinds))
    listed = bool(_COLON.search(lines[end - 1][-20:]))
    while end < cut and kinds[end] is None and (listed or SENTENCE_END.search(lines[end][-20:])):
        end += 1
    while begin and kinds[begin - 1] is None and SENTENCE_END.search(lines[begin - 1][-20:]):
        begin -= 1
    return Extent(begin, end, cut)


def _is_page(lines: Sequence[str], kinds: Sequence[Kind | None]) -> bool:
    """Does it open with a menu, or have much furniture? An article of long lists does not."""
    above = next(
        (i for i, line in enumerate(lines) if len(line) >= _LONG and SENTENCE_END.search(line[-20:])), 0
    )
    furniture = sum(kind in _TELLTALE for kind in kinds)
    return above >= _MENU or furniture >= max(_FEWEST, _PAGE * len(lines))


def whole(lines: Sequence[str], kinds: Sequence[Kind | None]) -> Extent:
    """All blocks above the tail."""
    cut = _cut(lines, kinds)
    return Extent(0, cut, cut)


def _cut(lines: Sequence[str], kinds: Sequence[Kind | None]) -> int:
    prose = [
        len(line) if kind is None and (SENTENCE_END.search(line[-20:]) or len(line) >= _LONG) else 0
        for line, kind in zip(lines, kinds, strict=True)
    ]
    left, above = sum(prose), 0
    for i, kind in enumerate(kinds):
        above += prose[i]
        if (kind == "tail" and above and above >= _HALF * left) or (
            kind == "comments" and above >= max(_ENOUGH, _SHARE * left)
        ):
            return i
    return len(lines)


def _weights(blocks: Sequence[Block], lines: Sequence[str], kinds: Sequence[Kind | None]) -> list[float]:
    weights: list[float] = []
    listed = False
    for block, line, kind in zip(blocks, lines, kinds, strict=False):
        end = line[-20:]
        prose = kind is None and bool(SENTENCE_END.search(end))
        opens = kind is None and bool(_COLON.search(end))
        if prose or opens:
            weights.append(min(len(line), _MOST) / _UNIT)
        elif kind is None:
            weights.append(0.0 if (listed or block.mark) and len(line) < _LONG else _of_line(line))
        elif not _WORD.search(line) or (kind == "dated" and is_between(lines, kinds, len(weights))):
            weights.append(0.0)
            continue
        else:
            weights.append(_FURNITURE if kind == "furniture" else _NAMED)
        listed = opens or (listed and not prose and kind is None)
    return weights


def is_between(lines: Sequence[str], kinds: Sequence[Kind | None], i: int) -> bool:
    """Does block ``i`` stand between paragraphs, as a date in a chronicle does?"""
    return 0 < i < len(lines) - 1 and all(
        kinds[j] is None and SENTENCE_END.search(lines[j][-20:]) for j in (i - 1, i + 1)
    )


def _of_line(line: str) -> float:
    return next((weight for width, weight in _SHORT if len(line) < width), len(line) / _UNIT / 2)


def _heaviest(weights: Sequence[float]) -> tuple[int, int]:
    """The half-open run with the highest sum, the first of several; all of them when nothing weighs."""
    found, best = (0, len(weights)), 0.0
    start, total = 0, 0.0
    for i, weight in enumerate(weights):
        if total <= 0:
            start, total = i, 0.0
        total += weight
        if total > best:
            found, best = (start, i + 1), total
    return found
