"""The chats of one bot and the messages in them, numbered as Telegram does."""

import itertools
import time
from collections import defaultdict

from tests.bot_api.faults import Fault, Json

ME = {"id": 4242424242, "is_bot": True, "first_name": "Onrecord", "username": "onrecord_test_bot"}
SUPERGROUPS = -1_000_000_000_000
"""Ids of supergroups and channels lie below."""


class Chats:
    """Every message, by chat and id.

    Private chats and basic groups of the bot share one counter, people's messages included; every supergroup
    and channel counts its own (core.telegram.org/api/updates: message boxes).
    """

    def __init__(self) -> None:
        self.refusals: dict[int, Fault] = {}
        """Chats that take nothing any more: blocked, left, moved."""
        self.places: dict[int, Json] = {}
        """Chats that are not what their id says by itself: channels, forums."""
        self.topics: defaultdict[int, set[int]] = defaultdict(set)
        self.members: dict[tuple[int, int], str] = {}
        """Statuses of people in groups, where not "member"."""
        self._messages: dict[tuple[int, int], Json] = {}
        self._counters: defaultdict[int, itertools.count[int]] = defaultdict(lambda: itertools.count(1))

    def place(self, chat: int) -> Json:
        if chat in self.places:
            return self.places[chat]
        if chat > 0:
            return {"id": chat, "type": "private", "first_name": f"Person {chat}"}
        kind = "supergroup" if chat <= SUPERGROUPS else "group"
        forum = {"is_forum": True} if self.topics[chat] else {}
        return {"id": chat, "type": kind, "title": "G"} | forum

    def add(self, chat: int, sender: Json | None, **fields: object) -> Json:
        """A new message, as the bot is shown it."""
        number = next(self._counters[chat if chat <= SUPERGROUPS else 0])
        who = {"from": sender} if sender else {}
        message = {"message_id": number, "date": int(time.time()), "chat": self.place(chat)} | who | fields
        self._messages[chat, number] = message
        return message

    def skip(self, chat: int, number: int = 1) -> None:
        """Others write messages that the bot is not shown."""
        for _ in range(number):
            next(self._counters[chat if chat <= SUPERGROUPS else 0])

    def find(self, chat: int, number: int) -> Json | None:
        return self._messages.get((chat, number))

    def replace(self, message: Json) -> Json:
        self._messages[message["chat"]["id"], message["message_id"]] = message
        return message

    def delete(self, chat: int, number: int) -> None:
        self._messages.pop((chat, number), None)

    def in_chat(self, chat: int) -> list[Json]:
        """Its messages as they are now, the oldest first."""
        return [message for (place, _), message in sorted(self._messages.items()) if place == chat]


def quoted(message: Json) -> Json:
    """A message as it hangs below the one that replies to it."""
    return {name: value for name, value in message.items() if name != "reply_to_message"}
