"""``render.Message`` as Telegram's entities; never a parse mode, so nothing in a text can be markup."""

from datetime import UTC, datetime

from telegram import MessageEntity

from bot.render.message import ENTITIES, UNITS, Entity, Message, units


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
