"""Any sequence of faults, restarts and other people's messages: each key arrives once, or the ledger says why not."""

import asyncio
import itertools
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram.error import BadRequest

from bot.messenger.memory.state import Memory
from bot.messenger.outgoing.outbox import Place
from tests.bot.messenger.posting import GROUP, PRIVATE, SUPERGROUP, Post, post, rows, standing, text
from tests.bot_api import (
    BLOCKED,
    LATE_MALFORMED,
    LATE_RESET,
    LATE_SERVER_ERROR,
    LATE_TIMEOUT,
    MALFORMED,
    RESET,
    SERVER_ERROR,
    TIMEOUT,
    BotApi,
    Fault,
)

LOST = st.sampled_from(
    [RESET, MALFORMED, SERVER_ERROR, TIMEOUT, Fault(429, "Too Many Requests: retry later")]
)
LATE = st.sampled_from([LATE_RESET, LATE_MALFORMED, LATE_SERVER_ERROR, LATE_TIMEOUT])
FINAL = st.sampled_from([BLOCKED, Fault(400, "Bad Request: SOMETHING_NEW")])
PEOPLE = itertools.count(1)


@dataclass(frozen=True)
class Step:
    """One message to be sent."""

    sends: list[Fault]
    probes: list[Fault]
    buttons: bool
    others: int
    """Messages that the bot is not told of, just before."""
    restart: bool
    """After it, the process starts again."""


STEPS = st.lists(
    st.builds(
        Step,
        st.lists(st.one_of(LOST, LATE, LOST, LATE, FINAL), max_size=3),
        st.lists(LOST | LATE, max_size=2),
        st.booleans(),
        st.integers(0, 3),
        st.booleans(),
    ),
    min_size=1,
    max_size=3,
)


@pytest.fixture(scope="module")
def api() -> Iterator[BotApi]:
    with BotApi(hang=1.0) as server:
        yield server


@settings(max_examples=25, deadline=None)
@given(st.sampled_from([PRIVATE, GROUP, SUPERGROUP]), STEPS)
def test_once_or_the_ledger_says_why_not(api: BotApi, kind: int, steps: list[Step]) -> None:
    chat = kind * 1000 + (next(PEOPLE) if kind > 0 else -next(PEOPLE))
    with TemporaryDirectory() as folder:
        asyncio.run(_run(api, Path(folder), chat, steps))
        memory = Memory(Path(folder) / "state.sqlite3")
        arrived = Counter(standing(api, chat))
        for number in range(len(steps)):
            entry = memory.ledger.find(f"{chat}/{number}")
            assert entry
            assert arrived[f"{chat}/{number}"] == (entry.state == "sent")
            assert entry.state == "sent" or (entry.state in {"failed", "gone"} and entry.why)
        memory.close()


async def _run(api: BotApi, folder: Path, chat: int, steps: list[Step]) -> None:
    left = list(enumerate(steps))
    while left:
        async with post(api, folder, read_timeout=0.2) as outbox:
            while left:
                number, step = left.pop(0)
                await _step(api, outbox, chat, f"{chat}/{number}", step)
                if step.restart:
                    break


async def _step(api: BotApi, outbox: Post, chat: int, key: str, step: Step) -> None:
    asked = outbox.hear(api, chat)
    api.chats.skip(chat, step.others)
    api.faults["sendMessage", chat] = deque(step.sends)
    api.faults["editMessageReplyMarkup", chat] = deque(step.probes)
    with suppress(BadRequest):
        await outbox.say(key, Place(chat, reply_to=asked), text(key), rows(key) if step.buttons else ())
