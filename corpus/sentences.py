"""Sentences by nupunkt, inside one block at a time, mended where it parts what belongs together.

The only importer of nupunkt. What it knows well is English; a few rules keep Russian abbreviations and
initials whole. A sentence above ``LONGEST`` characters is cut at a space, so that any quote can be shown.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from corpus.article import Span
from corpus.layout import trim

LONGEST = 1500
"""Characters of one sentence; a chat message holds 4,096 of them, with what stands around a quote."""
_PORTION = 100_000
"""Characters given to nupunkt at once, which bounds its memory."""

_CLOSING = re.compile(r"[”’»\"')\]]+(?=\s|$)|[“‘](?=\s|$)")
_GOES_ON = re.compile(r"[\W\d_]{0,3}[a-zа-яёәғқңөұүһі]")
_ABBREVIATED = re.compile(
    r"(?:\b(?:Lt|Gen|Col|Maj|Sgt|Capt|Adm|Cmdr|Sen|Rep|Gov|Mr|Mrs|Ms|Dr|Prof|Rev|Fr|St))\.$|"
    r"(?:\b[А-ЯЁ]|\b(?:ул|им|проф|акад|ген|гр|тов|св|янв|февр?|мар|апр|июн|июл|авг|сент?|окт|нояб?|дек|№))\.$"
)


def split(text: str, body: Sequence[Span]) -> list[Span]:
    """The sentences of ``body``: trimmed, disjoint, in order; none crosses a block or has no word in it."""
    return [sentence for start, end in body for sentence in _of_block(text, start, end)]


def _of_block(text: str, start: int, end: int) -> Iterator[Span]:
    whole = _mended(text, _pieces(text, start, end))
    for left, right in whole:
        for piece in _cut(text, left, right, LONGEST):
            if re.search(r"\w", text[slice(*piece)]):
                yield piece


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    from nupunkt import sent_spans  # noqa: PLC0415  only needed while reading articles

    for left, right in _cut(text, start, end, _PORTION):
        for piece_start, piece_end in sent_spans(text[left:right]):
            piece = trim(text, left + piece_start, left + piece_end)
            if piece[0] < piece[1]:
                yield piece


def _mended(text: str, pieces: Iterable[Span]) -> list[Span]:
    """Pieces with closing marks given back to the sentence they close, and false starts joined to it."""
    mended: list[Span] = []
    for start, end in pieces:
        if not mended:
            mended.append((start, end))
            continue
        closing = _CLOSING.match(text, start, end)
        if closing:
            mended[-1] = (mended[-1][0], closing.end())
            start, end = trim(text, closing.end(), end)  # noqa: PLW2901  what is left of the piece
        if start < end and _goes_on(text, mended[-1], (start, end)):
            mended[-1] = (mended[-1][0], end)
        elif start < end:
            mended.append((start, end))
    return mended


def _goes_on(text: str, before: Span, piece: Span) -> bool:
    start, end = piece
    return (
        not re.search(r"\w", text[start:end])
        or bool(_GOES_ON.match(text, start, end))
        or bool(_ABBREVIATED.search(text, max(before[0], before[1] - 10), before[1]))
    )


def _cut(text: str, start: int, end: int, longest: int) -> Iterator[Span]:
    """``start, end`` in pieces of at most ``longest`` characters, cut at the last space if there is one."""
    while end - start > longest:
        space = max(
            text.rfind(" ", start + longest // 2, start + longest),
            text.rfind("\n", start + longest // 2, start + longest),
        )
        right = space if space > 0 else start + longest
        yield trim(text, start, right)
        start, _ = trim(text, right, end)
    if start < end:
        yield start, end
