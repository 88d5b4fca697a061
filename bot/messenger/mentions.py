"""What a Telegram message asks of the bot, if anything. Only messages are looked at, never other updates."""

from telegram import Message, MessageEntity, User
from telegram.constants import ChatType

_AROUND = " \t\n,:;"  # what people leave between the bot's name and the question


def question_in(message: Message, me: User) -> str | None:
    """The question put to the bot: "" when it is called without one, None when it is not meant.

    In a private chat every text is for the bot; in a group one that mentions it or replies to it.
    """
    text = message.text
    if text is None or _from_a_bot(message):
        return None
    if message.chat.type == ChatType.PRIVATE:
        return text.strip()
    mentions = [entity for entity in message.entities if _is_me(message, entity, me)]
    if mentions:
        return _without(text, mentions).strip(_AROUND)
    replied = message.reply_to_message
    return text.strip() if replied and replied.from_user and replied.from_user.id == me.id else None


def _from_a_bot(message: Message) -> bool:
    """Anonymous administrators write as a bot of Telegram's own, with ``sender_chat`` set."""
    return bool(message.from_user and message.from_user.is_bot and not message.sender_chat)


def _is_me(message: Message, entity: MessageEntity, me: User) -> bool:
    if entity.type == MessageEntity.TEXT_MENTION:
        return bool(entity.user and entity.user.id == me.id)
    name = message.parse_entity(entity).lower() if entity.type == MessageEntity.MENTION else ""
    return bool(name) and name == f"@{me.username}".lower()


def _without(text: str, entities: list[MessageEntity]) -> str:
    """Cut the entities out; their offsets count UTF-16 code units."""
    wide = text.encode("utf-16-le", "surrogatepass")
    for entity in reversed(entities):
        wide = wide[: 2 * entity.offset] + wide[2 * (entity.offset + entity.length) :]
    return wide.decode("utf-16-le", "surrogatepass")
