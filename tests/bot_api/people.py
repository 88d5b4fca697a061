"""What people do in Telegram, as far as the bot hears of it."""

import re
import time
from collections.abc import Callable
from typing import Any

from tests.bot_api.chats import ME, Chats, quoted
from tests.bot_api.faults import BLOCKED, KICKED, Json, migrated
from tests.bot_api.limits import buttons_of
from tests.bot_api.methods import Methods
from tests.bot_api.queries import Queries
from tests.bot_api.updates import Updates

_ENTITIES = (
    ("mention", re.compile(r"(?<!\w)@\w{3,32}")),
    ("bot_command", re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?")),
    ("url", re.compile(r"https?://\S+")),
)
_CHANNEL = {"id": -1_000_000_099_999, "type": "channel", "title": "A channel"}


def person(number: int, language: str | None = None) -> Json:
    spoken = {"language_code": language} if language else {}
    return {"id": number, "is_bot": False, "first_name": f"Person {number}"} | spoken


def wait_for(ready: Callable[[], bool], seconds: float, otherwise: Callable[[], str]) -> None:
    """Return as soon as it is ready; raise TimeoutError after that many seconds."""
    until = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > until:
            raise TimeoutError(otherwise())
        time.sleep(0.02)


class People:
    """Chats above zero are private, below zero groups, below -10^12 supergroups."""

    def __init__(self) -> None:
        self.chats, self.queries, self.updates = Chats(), Queries(), Updates()
        self.methods = Methods(self.chats, self.queries, self.updates)
        self.languages: dict[int, str] = {}
        """What Telegram tells of people's languages."""
        self.heard: dict[tuple[int, int], int] = {}
        """Which update told of a message, by chat and message id."""

    # Messages

    def say(
        self,
        text: str | None,
        chat: int = 7,
        *,
        by: int | None = None,
        reply_to: int | None = None,
        thread: int | None = None,
        **fields: Any,
    ) -> int:
        """A person writes a message; returns its id. ``fields`` go before what is made up here."""
        written = {"text": text, "entities": _entities(text)} if text is not None else {}
        replied = self.chats.find(chat, reply_to) if reply_to else None
        below = {"reply_to_message": quoted(replied)} if replied else {}
        if thread:
            self.chats.topics[chat].add(thread)
        topic = {"message_thread_id": thread, "is_topic_message": True} if thread else {}
        content = {name: value for name, value in (written | below | topic | fields).items() if value != []}
        sender = content.pop("from", self._person(by or abs(chat)))
        message = self.chats.add(chat, sender, **content)
        self.heard[chat, message["message_id"]] = self.updates.tell("message", message)
        return int(message["message_id"])

    def edit(self, chat: int, message_id: int, text: str) -> None:
        """The writer changes a message."""
        message = self._message(chat, message_id)
        changed = {"text": text, "entities": _entities(text), "edit_date": int(time.time())}
        self.updates.tell("edited_message", self.chats.replace(message | changed))

    def forward(self, text: str, chat: int = 7, origin: Json | None = None, **fields: Any) -> int:
        """Somebody forwards a post, of a channel unless ``origin`` says otherwise."""
        told = {"type": "channel", "chat": _CHANNEL, "message_id": 5, "date": int(time.time())}
        return self.say(text, chat, forward_origin=origin or told, **fields)

    def document(
        self, name: str, content: bytes, chat: int = 7, mime: str = "text/html", **fields: Any
    ) -> int:
        """Somebody sends a file, which the bot may fetch."""
        number = f"file-{len(self.methods.files)}"
        self.methods.files[number] = (name, content)
        shown = {
            "file_id": number,
            "file_unique_id": number,
            "file_name": name,
            "mime_type": mime,
            "file_size": len(content),
        }
        return self.say(None, chat, document=shown, **fields)

    # Buttons, inline queries, guest messages: each returns the id of a query

    def press(self, chat: int, message_id: int, button: str, by: int | None = None) -> str:
        """Press the button of a message with that label, callback data, or verb after the colon.

        Raises LookupError when the message has none such, or is gone.
        """
        message = self._message(chat, message_id)
        data = _data(message, button)
        number = self.queries.new("press", by or abs(chat))
        content = {
            "id": number,
            "from": self._person(by or abs(chat)),
            "message": message,
            "chat_instance": str(chat),
            "data": data,
        }
        self.queries.known[number].update_id = self.updates.tell("callback_query", content)
        return number

    def inline(self, text: str, by: int = 7, offset: str = "") -> str:
        number = self.queries.new("inline", by)
        content = {
            "id": number,
            "from": self._person(by),
            "query": text,
            "offset": offset,
            "chat_type": "sender",
        }
        self.queries.known[number].update_id = self.updates.tell("inline_query", content)
        return number

    def choose(self, query: str, result_id: str) -> None:
        """Somebody sends one of the results."""
        by = self.queries.known[query].by
        content = {"result_id": result_id, "from": self._person(by), "query": ""}
        self.updates.tell("chosen_inline_result", content)

    def guest(self, text: str, by: int = 7, chat: int = -55, under: str | None = None) -> str:
        """The bot is mentioned in a chat it does not belong to, under a message ``under`` where one is given."""
        number = self.queries.new("guest", by)
        message = {
            "message_id": 1000,
            "date": int(time.time()),
            "chat": self.chats.place(chat),
            "from": self._person(by),
            "text": text,
            "entities": _entities(text),
            "guest_query_id": number,
        }
        if under is not None:
            claim = {"message_id": 999, "from": person(abs(chat) + 1), "text": under}
            message["reply_to_message"] = {"date": message["date"], "chat": message["chat"]} | claim
        self.queries.known[number].update_id = self.updates.tell("guest_message", message)
        return number

    # Chats

    def join(self, chat: int, by: int = 7) -> None:
        """Somebody adds the bot to a group, or unblocks it."""
        self.chats.refusals.pop(chat, None)
        self._membership(chat, by, "left" if chat < 0 else "kicked", "member")

    def leave(self, chat: int, by: int = 7) -> None:
        """Somebody puts the bot out of a group, or blocks it."""
        self.chats.refusals[chat] = KICKED if chat < 0 else BLOCKED
        self._membership(chat, by, "member", "kicked")

    def migrate(self, chat: int) -> int:
        """A group becomes a supergroup; returns its new id, under which it goes on."""
        new = -1_000_000_000_000 + chat
        self.chats.refusals[chat] = migrated(new)
        moved = self.chats.add(chat, self._person(abs(chat)), migrate_to_chat_id=new)
        arrived = self.chats.add(new, self._person(abs(chat)), migrate_from_chat_id=chat)
        self.updates.tell("message", moved)
        self.updates.tell("message", arrived)
        return new

    def _membership(self, chat: int, by: int, before: str, after: str) -> None:
        content = {
            "chat": self.chats.place(chat),
            "from": self._person(by),
            "date": int(time.time()),
            "old_chat_member": _member(before),
            "new_chat_member": _member(after),
        }
        self.updates.tell("my_chat_member", content)

    def _person(self, number: int) -> Json:
        return person(number, self.languages.get(number))

    def _message(self, chat: int, message_id: int) -> Json:
        message = self.chats.find(chat, message_id)
        if message is None:
            raise LookupError(f"no message {message_id} in {chat}")
        return message


def _member(status: str) -> Json:
    until = {"until_date": 0} if status == "kicked" else {}
    return {"user": ME, "status": status} | until


def _data(message: Json, button: str) -> str:
    for shown in buttons_of(message):
        data = shown.get("callback_data")
        if data is not None and button in {shown["text"], data, data.partition(":")[2]}:
            return str(data)
    raise LookupError(f'no button "{button}" among {list(buttons_of(message))}')


def _entities(text: str | None) -> list[Json]:
    """What Telegram finds in a text by itself; offsets in UTF-16 code units."""
    found = [
        {"type": kind, "offset": _units(text[: m.start()]), "length": _units(m.group())}
        for kind, pattern in _ENTITIES
        for m in pattern.finditer(text or "")
        if text
    ]
    return sorted(found, key=lambda entity: entity["offset"])


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
