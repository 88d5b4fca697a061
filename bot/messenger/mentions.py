"""What a Telegram message asks of the bot, if anything. Only messages are looked at, never other updates."""

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import Message, MessageEntity, User
from telegram.constants import ChatType

_AROUND = " \t\n,:;"  # what people leave between the bot's name and the question


@dataclass(frozen=True, slots=True)
class Asked:
    """A question put to the bot."""

    question: str
    """Empty when the bot is called without one."""
    is_claim: bool = False
    """Whether it is what somebody else said, for the bot to check: the message replied to, a post forwarded."""


def asked_in(message: Message, me: User) -> Asked | None:
    """What the message asks; None when it is not meant for the bot.

    In a private chat every text is for the bot; in a group one that mentions it, replies to it or begins with
    /ask. A bare call that replies to somebody's message asks about that message.
    """
    text = message.text or message.caption
    if text is None or _from_a_bot(message, me):
        return None
    calls = [e for e in _entities(message) if _is_me(text, e, me) or _is_ask(text, e, me)]
    replied = replied_to(message)
    if not (calls or message.chat.type == ChatType.PRIVATE or is_mine(replied, me)):
        return None
    question = _tidy(_without(text, calls)) if calls else _tidy(text, " \t\n")
    if question or not calls:
        return Asked(question, is_claim=message.forward_origin is not None and not calls)
    return Asked(claim_in(message, me), is_claim=True)


def claim_in(message: Message, me: User) -> str:
    """The words that the message replies to: those it quotes, else all; empty where there are none to check."""
    replied = replied_to(message)
    if message.quote and (message.quote.is_manual or replied is None):  # else Telegram itself added it
        return _tidy(message.quote.text, " \t\n")
    if replied is None or is_mine(replied, me):
        return ""
    text = replied.text or replied.caption or ""
    return _tidy(_without(text, [e for e in _entities(replied) if _is_me(text, e, me)]))


def replied_to(message: Message) -> Message | None:
    """The message that its writer replied to; in a forum every message replies to the one that opened its topic."""
    replied = message.reply_to_message
    is_opening = replied is not None and (
        replied.forum_topic_created is not None
        or (bool(message.is_topic_message) and replied.message_id == message.message_thread_id)
    )
    return None if is_opening else replied


def is_mine(message: Message | None, me: User) -> bool:
    """Whether the bot wrote it, itself or through somebody's inline query."""
    writers = (message.from_user, message.via_bot) if message else ()
    return any(writer is not None and writer.id == me.id for writer in writers)


def person_in(message: Message) -> int | None:
    """Who writes; None for an anonymous administrator or a channel, behind which anyone may be."""
    return message.from_user.id if message.from_user and not message.sender_chat else None


def thread_in(message: Message) -> int | None:
    """The topic of a forum that it stands in. Other groups number threads of replies too, which are none."""
    return message.message_thread_id if message.is_topic_message else None


def _from_a_bot(message: Message, me: User) -> bool:
    """Anonymous administrators write as a bot of Telegram's own, with ``sender_chat`` set."""
    others = bool(message.from_user and message.from_user.is_bot and not message.sender_chat)
    return others or is_mine(message, me)


def _entities(message: Message) -> Sequence[MessageEntity]:
    return message.entities or message.caption_entities


def _is_me(text: str, entity: MessageEntity, me: User) -> bool:
    if entity.type == MessageEntity.TEXT_MENTION:
        return bool(entity.user and entity.user.id == me.id)
    return entity.type == MessageEntity.MENTION and _part(text, entity).lower() == f"@{me.username}".lower()


def _is_ask(text: str, entity: MessageEntity, me: User) -> bool:
    called = _part(text, entity).lower() if entity.type == MessageEntity.BOT_COMMAND else ""
    return entity.offset == 0 and called in {"/ask", f"/ask@{me.username}".lower()}


def _part(text: str, entity: MessageEntity) -> str:
    """Offsets of entities count UTF-16 code units."""
    wide = text.encode("utf-16-le", "surrogatepass")
    return wide[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le", "replace")


def _without(text: str, entities: Sequence[MessageEntity]) -> str:
    wide = text.encode("utf-16-le", "surrogatepass")
    for entity in reversed(entities):
        wide = wide[: 2 * entity.offset] + wide[2 * (entity.offset + entity.length) :]
    return wide.decode("utf-16-le", "surrogatepass")


def _tidy(text: str, around: str = _AROUND) -> str:
    """Half a character of UTF-16, which JSON can hold, could neither be stored nor sent."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").strip(around)
