"""What becomes of updates where nothing can be written down, or nobody be reached, for a while."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from telegram import Update

from bot.messenger.incoming import inbox
from bot.messenger.incoming.inbox import Inbox
from bot.messenger.incoming.refusals import Refusals
from bot.messenger.options import Options
from bot.render.phrases import ENGLISH
from tests.bot.messenger.posting import Post, post, standing
from tests.bot_api import BotApi, person, wait_for
from tests.bot_api.faults import Json

_FULL = """CREATE TRIGGER full BEFORE UPDATE ON journal WHEN NEW.update_id = 1
    BEGIN SELECT RAISE(ABORT, 'no room'); END"""
Process = Callable[[Update], Awaitable[bool]]


def written(number: int, chat: int, text: str) -> Json:
    place = {"id": chat, "type": "private" if chat > 0 else "group"}
    message = {"message_id": number, "date": 1, "chat": place, "from": person(abs(chat)), "text": text}
    return {"update_id": number, "message": message}


def opened(outbox: Post, process: Process) -> Inbox:
    refusals = Refusals(outbox, lambda _: ENGLISH, outbox.memory.journal.done)
    made = Inbox(outbox.memory, outbox, refusals, Options(), process)
    made.begin()
    return made


async def until(ready: Callable[[], bool]) -> None:
    await asyncio.to_thread(wait_for, ready, 20, lambda: "it does not come to that")


async def emptied(outbox: Post) -> None:
    await until(lambda: not outbox.memory.journal.waiting())


def run(folder: Path, test: Callable[[Post, BotApi], Awaitable[None]]) -> None:
    async def main() -> None:
        with BotApi() as api:
            async with post(api, folder) as outbox:
                await test(outbox, api)

    asyncio.run(main())


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "_PAUSES", [0.01] * len(inbox._PAUSES))


def noting(done: list[int]) -> Process:
    """Does every update, and notes which."""

    async def process(update: Update) -> bool:
        done.append(update.update_id)
        return True

    return process


def test_an_outage_is_outlived_however_often_it_is_tried(tmp_path: Path) -> None:
    tries = list[int]()

    async def process(update: Update) -> bool:
        tries.append(update.update_id)
        return len(tries) == 8

    async def test(outbox: Post, api: BotApi) -> None:
        opened(outbox, process).take([written(1, 7, "Did rain fall?")])
        await emptied(outbox)
        assert standing(api, 7) == []

    run(tmp_path, test)
    assert tries == [1] * 8


def test_what_is_given_up_is_told(tmp_path: Path) -> None:
    async def process(_: Update) -> bool:
        return False

    async def test(outbox: Post, api: BotApi) -> None:
        opened(outbox, process).take([written(1, 7, "Did rain fall?")])
        await emptied(outbox)
        assert standing(api, 7) == [
            "Something went wrong here and your question was not answered. Please ask again."
        ]

    run(tmp_path, test)


def test_one_that_cannot_be_crossed_out_keeps_no_other_waiting(tmp_path: Path) -> None:
    done = list[int]()
    process = noting(done)

    async def test(outbox: Post, _: BotApi) -> None:
        outbox.memory.database.put(_FULL)
        opened(outbox, process).take([written(1, -7, "chatter"), written(2, 7, "Did rain fall?")])
        await until(lambda: done == [2])
        assert [number for number, _ in outbox.memory.journal.waiting()] == [1]

    run(tmp_path, test)


def test_what_could_not_be_begun_is_begun_later(tmp_path: Path) -> None:
    done = list[int]()
    process = noting(done)

    async def test(outbox: Post, _: BotApi) -> None:
        outbox.memory.database.put(_FULL)
        opened(outbox, process).take([written(1, 7, "Did rain fall?")])
        await asyncio.sleep(0.03)
        assert done == []
        outbox.memory.database.put("DROP TRIGGER full")
        await emptied(outbox)

    run(tmp_path, test)
    assert done == [1]
