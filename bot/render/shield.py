"""What Telegram would make of a text by itself, and how to keep it from doing so. Pure.

Telegram finds @mentions, #hashtags, $CASHTAGS, /commands, addresses, card and telephone numbers and times in any
text, and pings or links there, also where entities are given. It leaves out those that meet a given ``code`` or
``text_link`` (TDLib, ``merge_new_entities``). So each such place is covered with ``code``. That may stand in a
quotation, whole, but neither within bold nor across a link.

The patterns find more than TDLib does, never less: they do without its lists of top-level domains and its
tables of letters, which change. Tests hold them against TDLib itself.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from bot.render.message import ENTITIES, UNITS, Entity, Message, units

SPARE = 40
"""Entities to leave for covers when a message is filled; where they do not do, near covers become one."""
_BEYOND = "\u00c0-\U0010ffff"  # TDLib takes almost all of these for a part of a domain
_FOUND = re.compile(
    rf"""
      [@][A-Za-z0-9_]{{2}}                                       # a mention
    | [@][\w-]+[.]\w                                             # an e-mail address, with any top-level domain
    | [#][0-9_]*[A-Za-z\u00aa-\U0010ffff]
    | [$](?:[A-Z]|1INCH)
    | (?<![A-Za-z0-9_/<>À-ÖØ-öø-ÿА-яЁё])/[A-Za-z0-9_]            # a command
    | ://\S                                                      # an address with its scheme
    | [A-Za-z0-9_~\-{_BEYOND}][.]
      (?: xn-- | (?![A-ZА-ЯЁ][a-zа-яё]+(?![\w{_BEYOND}]))        # "imports.The" is no address
          [A-Za-z\u00c0-\u1fff\u2070-\U0010ffff]{{2}} )
    | (?:[0-9]{{1,3}}[.]){{3}}[0-9]                              # an IPv4 address
    | [0-9]:[0-9]{{2}}(?![0-9A-Za-z_:])                     # a moment of a film: 10:35
    | [0-9](?:[ -]{{0,4}}[0-9]){{12}}                            # a card
    | [+](?:[ ().-]{{0,2}}[0-9]){{7}} | [0-9](?:[ ().-]{{0,2}}[0-9]){{9}}  # a telephone
    """,
    re.VERBOSE,
)
_AROUND = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:/+@%~$#=&?·-")
"""What is covered along, so that an address is covered whole; letters too, but for scripts without spaces."""
_WHOLE = {"code", "text_link", "date_time"}
"""What keeps Telegram from finding anything in it, and cannot hold a cover."""
_DROPPED = re.compile("[\r\u2028-\u202e\u030a\u0333\u033f]")
_CHANGED = re.compile("[\x00-\x09\x0b-\x0c\x0e-\x1f]|[\u200e\u200f](?=[\u200e\u200f])")


def unshown(text: str) -> int:
    r"""How many characters Telegram drops, or puts others in place of (TDLib, ``clean_input_string``).

    A line's end without its ``\r`` and a space for a tab look as they did, and do not count.
    """
    seen = text.replace("\r\n", "\n").replace("\t", " ")
    return len(_DROPPED.findall(seen)) + len(_CHANGED.findall(seen))


def runs(text: str) -> Iterator[tuple[int, int]]:
    """Where Telegram might find something: ranges of characters, in order and apart from each other.

    Telegram looks at what is left after characters have been dropped and changed, and so does this.
    """
    places = [place for place, character in enumerate(text) if not _DROPPED.match(character)]
    left = _CHANGED.sub(lambda found: "\u200c" if found[0] in "\u200e\u200f" else " ", _DROPPED.sub("", text))
    start = end = 0
    found = _FOUND.search(left)
    while found:
        first, last = _widened(left, found)
        if first > end:
            if end:
                yield places[start], places[end - 1] + 1
            start = first
        end = max(end, last)
        found = _FOUND.search(left, found.start() + 1)
    if end:
        yield places[start], places[end - 1] + 1


def shielded(message: Message) -> Message:
    """The message with covers, bold parted around them; where they are too many, near ones become one."""
    covers = _covers(message)
    shown = _with(message, covers)
    over = len(shown.entities) - ENTITIES
    return shown if over <= 0 else _with(message, _fewer(message, covers, over))


def _widened(text: str, found: re.Match[str]) -> tuple[int, int]:
    start, end = found.span()
    while start and _belongs(text[start - 1]):
        start -= 1
    while end < len(text) and _belongs(text[end]):
        end += 1
    while end > found.end() and text[end - 1] in ".:?":
        end -= 1
    return start, end


def _belongs(character: str) -> bool:
    return character in _AROUND or ("\u00c0" <= character < "\u2e80" and character.isalnum())


def _covers(message: Message) -> list[Entity]:
    """Covers lie each within one quotation or outside of all, and beside links and dates."""
    others = [e for e in message.entities if e.kind != "bold"]
    edges = {edge for e in others for edge in (e.offset, e.offset + e.length)}
    covers = []
    for first, last in runs(message.text):
        start, end = units(message.text[:first]), units(message.text[:last])
        for a, b in pairwise(sorted({start, end, *(edge for edge in edges if start < edge < end)})):
            if not any(e.kind in _WHOLE and e.offset < b and a < e.offset + e.length for e in others):
                covers.append(Entity("code", a, b - a))
    return covers


def _with(message: Message, covers: Sequence[Entity]) -> Message:
    kept = [part for e in message.entities for part in (_around(e, covers) if e.kind == "bold" else (e,))]
    return replace(message, entities=tuple(sorted((*kept, *covers), key=lambda e: (e.offset, -e.length))))


def _around(bold: Entity, covers: Sequence[Entity]) -> Iterator[Entity]:
    start, end = bold.offset, bold.offset + bold.length
    for cover in covers:
        if start < cover.offset + cover.length and cover.offset < end:
            if start < cover.offset:
                yield replace(bold, offset=start, length=cover.offset - start)
            start = cover.offset + cover.length
    if start < end:
        yield replace(bold, offset=start, length=end - start)


def _fewer(message: Message, covers: Sequence[Entity], over: int) -> list[Entity]:
    """``over`` covers fewer: those with the least text between them are joined, never across another's edge."""
    edges = [e.offset for e in message.entities if e.kind != "bold"]
    edges += [e.offset + e.length for e in message.entities if e.kind != "bold"]

    def gap(number: int) -> int:
        before, after = covers[number - 1], covers[number]
        parted = any(before.offset + before.length <= edge <= after.offset for edge in edges)
        return UNITS if parted else after.offset - before.offset - before.length

    joined = set(sorted((n for n in range(1, len(covers)) if gap(n) < UNITS), key=gap)[:over])
    fewer: list[Entity] = []
    for number, cover in enumerate(covers):
        if number in joined:
            fewer[-1] = replace(fewer[-1], length=cover.offset + cover.length - fewer[-1].offset)
        else:
            fewer.append(cover)
    return fewer
