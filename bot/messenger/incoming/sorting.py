"""Whom an update is from, and whether it is for the bot at all. Pure."""

from telegram import Message, MessageEntity, Update, User
from telegram.constants import ChatType
from telegram.ext import filters

from bot.messenger.incoming.lanes import Lane
from bot.messenger.mentions import asked_in

_GROUPS = {ChatType.GROUP, ChatType.SUPERGROUP}
_SERVICE = filters.StatusUpdate.ALL
"""Someone came, a group moved: Telegram's own words."""


def lane(update: Update) -> Lane:
    """A person's messages in a chat share one; their presses and inline queries have their own."""
    user = update.effective_user
    person = user.id if user else 0
    if update.callback_query:
        return Lane("press", person)
    if update.inline_query:
        return Lane("inline", person)
    if update.guest_message:
        return Lane("guest", person)
    chat = update.effective_chat
    if chat is None:
        return Lane("other", person)
    return Lane("chat", chat.id, person if chat.type in _GROUPS else 0)


def is_question(update: Update, me: User) -> bool:
    """Whether it asks for an answer or a reply, so that it counts for the limits."""
    return update.guest_message is not None or _is_meant(update, me)


def is_chatter(update: Update, me: User) -> bool:
    """What people of a group say to each other: nothing of it goes any further."""
    message = update.message or update.edited_message
    if message is None or message.chat.type not in _GROUPS or _SERVICE.check_update(update):
        return False
    return not _is_meant(update, me)


def _is_meant(update: Update, me: User) -> bool:
    message = update.message or update.edited_message
    if message is None or _SERVICE.check_update(update):
        return False
    if message.chat.type == ChatType.PRIVATE:
        return True
    return asked_in(message, me) is not None or _is_command(message, me)


def _is_command(message: Message, me: User) -> bool:
    """``/help`` or ``/help@me``; those of other bots are none of ours."""
    first = message.entities[0] if message.entities else None
    if not first or first.type != MessageEntity.BOT_COMMAND or first.offset:
        return False
    _, at, name = message.parse_entity(first).partition("@")
    return not at or name.lower() == str(me.username).lower()
