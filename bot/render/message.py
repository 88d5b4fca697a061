"""Telegram messages as text and entities, and how they are put together. Pure, and without any parse mode.

Nothing here is markup, so nothing can fail to parse. What Telegram would find in the text by itself is for
``shield``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

UNITS = 4096
"""Most UTF-16 code units in one message (Bot API, sendMessage)."""
ENTITIES = 100
"""Most entities in one message; Telegram drops those beyond."""

Kind = Literal["bold", "blockquote", "expandable_blockquote", "text_link", "code", "date_time"]


@dataclass(frozen=True, slots=True)
class Entity:
    """Formatting of ``length`` UTF-16 code units from ``offset``."""

    kind: Kind
    offset: int
    length: int
    url: str | None = None
    unix_time: int | None = None
    """Of a ``date_time``, in seconds; Telegram takes none before 1970 and none beyond three years from now."""
    date_time_format: str | None = None
    """Of a ``date_time``: ``D`` shows the day alone, in the reader's language (Bot API, date-time entities)."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message, or a piece on its way to one."""

    text: str
    entities: tuple[Entity, ...] = ()


def units(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def join(pieces: Iterable[Message]) -> Message:
    """One after the other."""
    texts, offset, entities = [], 0, []
    for piece in pieces:
        entities += [replace(e, offset=e.offset + offset) if offset else e for e in piece.entities]
        texts.append(piece.text)
        offset += units(piece.text)
    return Message("".join(texts), tuple(entities))


def run(text: str, kind: Kind, url: str | None = None) -> Message:
    """All of the text formatted; nothing for an empty text."""
    return Message(text, (Entity(kind, 0, units(text), url),) if text else ())


def within(kind: Kind, piece: Message) -> Message:
    """The piece in a quotation."""
    return Message(piece.text, (Entity(kind, 0, units(piece.text)), *piece.entities))
