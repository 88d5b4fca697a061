"""Who decides for a group."""

from telegram import Bot, Chat, ChatMember, User
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.messenger.options import Options

_ADMINS = {ChatMember.ADMINISTRATOR, ChatMember.OWNER}


async def may_decide(bot: Bot, options: Options, chat: Chat, user: User | None, sender: Chat | None) -> bool:
    """In private everyone; in a group its administrators, also those who write as the group, and the bot's own."""
    if chat.type == ChatType.PRIVATE or (sender is not None and sender.id == chat.id):
        return True
    if user is None or sender is not None:
        return False
    if user.id in options.admins:
        return True
    try:
        member = await bot.get_chat_member(chat.id, user.id)
    except TelegramError:
        return False
    return member.status in _ADMINS
