"""An outbox over HTTP: the bot's own client, the server for tests, a file of state."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from telegram import Message
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.messenger.memory.state import Memory
from bot.messenger.outgoing.outbox import Outbox
from bot.messenger.outgoing.pace import Pace
from bot.render import message as render
from bot.render.buttons import Button, Rows
from tests.bot_api import TOKEN, BotApi
from tests.bot_api.faults import Json

PRIVATE, GROUP, SUPERGROUP = 7, -7, -1_000_000_000_007
FIRST_WAIT = 0.01


class Post(Outbox):
    """With what a test looks into afterwards."""

    memory: Memory

    def hear(self, api: BotApi, chat: int = PRIVATE, text: str = "What did they say?") -> int:
        """Somebody writes and the bot is told; returns the message's id."""
        number = api.say(text, chat)
        self.told(api.shown(chat, number))
        return number

    def told(self, message: Json) -> None:
        self.seen(Message.de_json(message, self.bot))


@asynccontextmanager
async def post(
    api: BotApi,
    folder: Path,
    *,
    a_second: float = 1000,
    read_timeout: float = 10.0,
    patience: float = 30.0,
    **options: Any,
) -> AsyncIterator[Post]:
    """As after each start of the process; waits are short."""
    memory = Memory(folder / "state.sqlite3")
    bot = ExtBot(
        TOKEN,
        base_url=f"{api.url}/bot",
        request=HTTPXRequest(connection_pool_size=64, read_timeout=read_timeout),
        rate_limiter=Pace(a_second),
    )
    try:
        async with bot:
            outbox = Post(
                bot, memory.ledger, memory.people, first_wait=FIRST_WAIT, patience=patience, **options
            )
            outbox.memory = memory
            yield outbox
    finally:
        memory.close()


def text(words: str = "They said no.") -> render.Message:
    return render.Message(words)


def rows(short_id: str = "q1") -> Rows:
    return ((Button("‹", f"{short_id}:p0"), Button("Source", url="https://a.example/x")),)


def standing(api: BotApi, chat: int) -> list[str]:
    """Texts of the bot's messages in a chat as they are now."""
    return [str(m["text"]) for m in api.chats.in_chat(chat) if m.get("from", {}).get("is_bot")]
