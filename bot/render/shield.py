"""What Telegram would make of a text by itself, and how to keep it from doing so. Pure.

Telegram finds @mentions, #hashtags, $CASHTAGS, /commands, addresses, telephone and card numbers and times in any
text, also where entities are given, and drops those that meet a given ``code`` or ``text_link`` (TDLib,
``merge_new_entities``). So every such place is covered with ``code``, which may not stand within bold.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from bot.render.message import ENTITIES, Entity, Message, units

SPARE = 40
"""Entities that a message should leave free for covers."""

_FOUND = re.compile(r"\S*(?:[@#$/]\w|\w\.[^\W\d_]|\d:\d)\S*|\d[\d \-()]{6,}\d")
_UNSHOWN = re.compile("[\x00-\x09\x0b-\x1f\u2028-\u202e\u030a\u0333\u033f]|[\u200e\u200f](?=[\u200e\u200f])")


def unshown(text: str) -> int:
    """How many characters Telegram drops or changes (TDLib, ``clean_input_string``)."""
    return len(_UNSHOWN.findall(text))


def runs(text: str) -> Iterator[tuple[int, int]]:
    """Where Telegram might find something: ranges of characters, in order, apart from each other."""
    for found in _FOUND.finditer(text):
        yield found.span()


def shielded(message: Message) -> Message:
    """The message with covers; bold text is parted around them."""
    covers = [e for span in runs(message.text) for e in _covers(message, span)]
    kept = [part for e in message.entities for part in (_around(e, covers) if e.kind == "bold" else (e,))]
    entities = sorted((*kept, *covers), key=lambda e: (e.offset, -e.length))
    return replace(message, entities=tuple(entities[:ENTITIES]))


def _covers(message: Message, span: tuple[int, int]) -> Iterator[Entity]:
    start, end = units(message.text[: span[0]]), units(message.text[: span[1]])
    quotations = [e for e in message.entities if e.kind in {"blockquote", "expandable_blockquote"}]
    taken = [e for e in message.entities if e.kind in {"text_link", "date_time"}]
    edges = {
        edge for e in (*quotations, *taken) for edge in (e.offset, e.offset + e.length) if start < edge < end
    }
    places = sorted({start, end, *edges})
    for a, b in pairwise(places):
        if not any(e.offset < b and a < e.offset + e.length for e in taken):
            yield Entity("code", a, b - a)


def _around(bold: Entity, covers: list[Entity]) -> Iterator[Entity]:
    start, end = bold.offset, bold.offset + bold.length
    for cover in covers:
        if cover.offset < end and start < cover.offset + cover.length:
            if start < cover.offset:
                yield replace(bold, offset=start, length=cover.offset - start)
            start = cover.offset + cover.length
    if start < end:
        yield replace(bold, offset=start, length=end - start)
