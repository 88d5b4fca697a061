"""``render.Message`` as Telegram's entities; never a parse mode, so nothing in a text can be markup."""

from collections.abc import Sequence
from datetime import UTC, datetime

from telegram import MessageEntity

from bot.render.message import ENTITIES, UNITS, Entity, Message, units

_SIMPLE = {"blockquote", "bold", "code", "expandable_blockquote"}


def entities(message: Message) -> tuple[MessageEntity, ...]:
    """Raises ValueError for what Telegram would refuse or cut: that is a mistake of whoever made the message."""
    length = units(message.text)
    if not message.text.strip() or length > UNITS:
        raise ValueError(f"a message of {length} UTF-16 units; Telegram takes 1 to {UNITS}")
    if len(message.entities) > ENTITIES:
        raise ValueError(f"a message of {len(message.entities)} entities; Telegram takes {ENTITIES}")
    if any(e.offset < 0 or e.length < 1 or e.offset + e.length > length for e in message.entities):
        raise ValueError(f"an entity beyond the {length} UTF-16 units of its text")
    return tuple(_entity(entity) for entity in message.entities)


def simple(given: Sequence[MessageEntity]) -> tuple[MessageEntity, ...]:
    """Only formatting that has nothing but a place; a link becomes ``code``, in which Telegram finds no address."""
    plain = [MessageEntity("code", e.offset, e.length) if e.type == "text_link" else e for e in given]
    return tuple(e for e in plain if e.type in _SIMPLE)


def unformatted(text: str, given: Sequence[MessageEntity]) -> str:
    """The text with quotations marked by “ ” instead, where these fit in."""
    wide = text.encode("utf-16-le")
    quoted = [e for e in given if e.type == "blockquote" and e.length]
    for entity in sorted(quoted, key=lambda e: -e.offset):
        start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
        wide = wide[:start] + "“".encode("utf-16-le") + wide[start:end] + "”".encode("utf-16-le") + wide[end:]
    return wide.decode("utf-16-le") if len(wide) <= 2 * UNITS else text


def _entity(entity: Entity) -> MessageEntity:
    moment = None if entity.unix_time is None else datetime.fromtimestamp(entity.unix_time, UTC)
    return MessageEntity(
        entity.kind,
        entity.offset,
        entity.length,
        url=entity.url,
        unix_time=moment,
        date_time_format=entity.date_time_format,
    )
