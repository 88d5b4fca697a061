"""A process that sends: ``python -m tests.bot.messenger.sending URL FOLDER CHAT:ASKED:NUMBER...``, NUMBER messages each.

Keys and texts are "CHAT/0", "CHAT/1", ...; it ends when all have arrived.
"""

import asyncio
import sys
from pathlib import Path

from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.messenger.memory.state import Memory
from bot.messenger.outgoing.outbox import Outbox, Place
from bot.messenger.outgoing.pace import Pace
from bot.render.buttons import Button
from bot.render.message import Message
from tests.bot_api import TOKEN


async def main(url: str, folder: Path, tasks: list[str]) -> None:
    memory = Memory(folder / "state.sqlite3")
    bot = ExtBot(
        TOKEN, base_url=f"{url}/bot", request=HTTPXRequest(connection_pool_size=64), rate_limiter=Pace(1000)
    )
    async with bot:
        outbox = Outbox(bot, memory.ledger, memory.people, first_wait=0.01)
        await asyncio.gather(*(_say(outbox, *map(int, task.split(":"))) for task in tasks))


async def _say(outbox: Outbox, chat: int, asked: int, number: int) -> None:
    for n in range(number):
        key = f"{chat}/{n}"
        await outbox.say(key, Place(chat, reply_to=asked), Message(key), ((Button("‹", f"{key}:p0"),),))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:]))
