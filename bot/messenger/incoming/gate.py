"""Who may use the bot: everyone, or those that the owner lists."""

from collections.abc import Callable

from telegram import Update
from telegram.constants import ChatType

from bot.messenger.options import Options

_GROUPS = {ChatType.GROUP, ChatType.SUPERGROUP, ChatType.CHANNEL}


def is_group(update: Update) -> bool:
    chat = update.effective_chat
    return chat is not None and chat.type in _GROUPS and update.guest_message is None


def admits(update: Update, options: Options, place: Callable[[int], int | None]) -> bool:
    """Administrators anywhere; in a listed group everyone; where no groups are listed, listed people in any.

    ``place`` tells what a group has become since it was listed.
    """
    user, chat = update.effective_user, update.effective_chat
    if user and user.id in options.admins:
        return True
    if is_group(update) and options.groups:
        return chat is not None and any(chat.id in {group, place(group)} for group in options.groups)
    return not options.users or (user is not None and user.id in options.users)
