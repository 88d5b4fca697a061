"""Long text in parts that fit a message: no character lost, none that a reader sees as one cut in two. Pure."""

from collections.abc import Iterator

import regex

from bot.render.message import units

_CLUSTER = regex.compile(r"\X")
"""What a reader sees as one character, as an emoji of many parts or a letter with its marks (UAX 29)."""


def parts(text: str, room: int) -> Iterator[str]:
    """Parts of at most ``room`` UTF-16 units that join to ``text``; cut after a space where there is one.

    Raises ValueError for a room in which no character fits.
    """
    if room < 2:
        raise ValueError(f"no room: {room} UTF-16 units")
    while units(text) > room:
        cut = _cut(text, room)
        yield text[:cut]
        text = text[cut:]
    yield text


def beginning(text: str, room: int) -> str:
    """As much of the text as fits."""
    return next(parts(text, room)) if room >= 2 else ""


def ending(text: str, room: int) -> str:
    """As much of the end of the text as fits, in whole clusters."""
    start = len(text)
    for cluster in reversed(_CLUSTER.findall(text[-2 * room :] if room > 0 else "")):
        room -= units(cluster)
        if room < 0:
            break
        start -= len(cluster)
    return text[start:]


def _cut(text: str, room: int) -> int:
    """The last good place in what fits, in characters: after a space in its second half, else where it fills."""
    filled, spaced, size = 0, 0, 0
    for cluster in _CLUSTER.finditer(text):
        size += units(cluster[0])
        if size > room:
            break
        filled = cluster.end()
        if cluster[0].isspace():
            spaced = filled
    if spaced > filled // 2:
        return spaced
    return filled or _fitting(text, room)  # one cluster that fills a whole message, as made with many marks


def _fitting(text: str, room: int) -> int:
    """How many leading characters take at most ``room`` units."""
    end = min(room, len(text))
    while units(text[:end]) > room:
        end -= max(1, (units(text[:end]) - room) // 2)
    return end
