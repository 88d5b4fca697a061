"""The bot put into a chat, or out of it: what is to be sent there later goes by that."""

from typing import Any

from telegram import ChatMember, Update
from telegram.ext import Application, ChatMemberHandler, ContextTypes

from bot.messenger.services import Services

_AWAY = {ChatMember.LEFT, ChatMember.BANNED}


class Membership:
    """In private, being blocked is being put out."""

    def __init__(self, services: Services) -> None:
        self._people = services.memory.people

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        application.add_handler(ChatMemberHandler(self.changed, ChatMemberHandler.MY_CHAT_MEMBER))

    async def changed(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        change = update.my_chat_member
        if change is None:
            return
        if change.new_chat_member.status in _AWAY:
            self._people.gone(change.chat.id)
        else:
            self._people.back(change.chat.id)
