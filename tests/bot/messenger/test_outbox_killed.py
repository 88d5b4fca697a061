"""kill -9 while messages are on their way, of a real process: none is lost, none stands there twice."""

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.messenger.posting import GROUP, PRIVATE, SUPERGROUP, standing
from tests.bot_api import LATE_TIMEOUT, TIMEOUT, BotApi, Fault, wait_for

ROOT = Path(__file__).resolve().parents[3]
CHATS = [PRIVATE, PRIVATE + 1, GROUP, SUPERGROUP, SUPERGROUP - 1]
EACH = 5


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as server:
        yield server


def start(api: BotApi, folder: Path, *tasks: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.bot.messenger.sending", api.url, str(folder), *tasks]
    return subprocess.Popen(command, cwd=ROOT)


@pytest.mark.parametrize("fault", [TIMEOUT, LATE_TIMEOUT], ids=["before", "after"])
def test_killed_while_telegram_has_the_request(api: BotApi, tmp_path: Path, fault: Fault) -> None:
    chats = (PRIVATE, SUPERGROUP)
    tasks = [f"{chat}:{api.say('What did they say?', chat)}:1" for chat in chats]
    for chat in chats:
        api.faults["sendMessage", chat].append(fault)
    process = start(api, tmp_path, *tasks)
    wait_for(lambda: not any(api.faults["sendMessage", chat] for chat in chats), 20, lambda: "no request")
    wait_for(lambda: fault is TIMEOUT or len(api.sent()) == 2, 5, lambda: "no effect")
    process.kill()
    process.wait()
    assert start(api, tmp_path, *tasks).wait(20) == 0
    assert [standing(api, chat) for chat in chats] == [[f"{chat}/0"] for chat in chats]


def test_killed_again_and_again(api: BotApi, tmp_path: Path) -> None:
    tasks = [f"{chat}:{api.say('What did they say?', chat)}:{EACH}" for chat in CHATS]
    api.faults.at_random(7, {"sendMessage": [(LATE_TIMEOUT, 0.1), (TIMEOUT, 0.1)]})
    when = random.Random(7)  # noqa: S311  no secret
    for _ in range(4):
        before = len(api.calls)
        process = start(api, tmp_path, *tasks)
        wait_for(lambda n=before: len(api.calls) > n, 20, lambda: "it does not start")  # type: ignore[misc]
        time.sleep(when.uniform(0, 0.2))
        process.kill()
        process.wait()
    api.faults.at_random(7, {})
    assert start(api, tmp_path, *tasks).wait(60) == 0
    arrived = Counter(words for chat in CHATS for words in standing(api, chat))
    assert arrived == Counter(f"{chat}/{n}" for chat in CHATS for n in range(EACH))
