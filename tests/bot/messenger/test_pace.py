"""How often the bot speaks: measured in order and never in less time than Telegram allows."""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from telegram.error import NetworkError, RetryAfter

from bot.messenger.outgoing.pace import Pace

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")  # in RetryAfter


async def ask(
    pace: Pace,
    answer: Callable[[], Any],
    endpoint: str,
    chat: int | None,
    note: Callable[[], None] | None = None,
) -> Any:
    async def callback() -> Any:
        return answer()

    return await pace.process_request(callback, (), {}, endpoint, {"chat_id": chat} if chat else {}, note)


def test_messages_are_evenly_spaced_and_what_is_no_message_does_not_wait() -> None:
    times: list[float] = []

    async def main() -> None:
        pace = Pace(a_second=10)
        await ask(pace, list, "sendMessage", 1)
        waiting = [
            asyncio.create_task(ask(pace, lambda: times.append(time.monotonic()), "sendMessage", chat))
            for chat in range(1, 6)
        ]
        free = ("sendChatAction", "answerCallbackQuery", "answerInlineQuery", "answerGuestQuery")
        await asyncio.gather(*(ask(pace, list, endpoint, 1) for endpoint in free for _ in range(50)))
        assert times == []
        await asyncio.gather(*waiting)

    asyncio.run(main())
    assert times[-1] - times[0] >= 4 / 10 - 0.01


@pytest.mark.parametrize(("chat", "at_once"), [(7, 5), (-7, 20)])
def test_bursts_are_let_pass_and_then_the_chat_waits(chat: int, at_once: int) -> None:
    async def main() -> None:
        pace = Pace(a_second=10_000)
        tasks = [asyncio.create_task(ask(pace, list, "sendMessage", chat)) for _ in range(at_once + 1)]
        *first, last = tasks
        await asyncio.wait_for(asyncio.gather(*first), 10)
        assert not last.done()
        await ask(pace, list, "sendMessage", 2 * chat)
        assert not last.done()
        last.cancel()

    asyncio.run(main())


def test_a_flood_is_waited_out_to_the_fraction_and_noted_each_time() -> None:
    said = iter([RetryAfter(timedelta(seconds=0.25)), RetryAfter(timedelta(seconds=0.15))])
    times: list[float] = []

    def answer() -> str:
        if error := next(said, None):
            raise error
        return "done"

    async def main() -> None:
        note = lambda: times.append(time.monotonic())  # noqa: E731
        assert await ask(Pace(), answer, "sendMessage", 7, note) == "done"

    asyncio.run(main())
    assert len(times) == 3
    assert times[1] - times[0] >= 0.25
    assert times[2] - times[1] >= 0.15


@pytest.mark.parametrize(
    ("endpoint", "chat", "seconds"),
    [("sendMessage", 7, 901), ("sendChatAction", 7, 1), ("answerInlineQuery", None, 11)],
)
def test_what_nobody_would_wait_for(endpoint: str, chat: int | None, seconds: int) -> None:
    def answer() -> None:
        raise RetryAfter(seconds)

    with pytest.raises(RetryAfter):
        asyncio.run(ask(Pace(), answer, endpoint, chat))


def test_a_chat_that_is_closed_for_longer_than_anybody_waits_is_not_asked_again() -> None:
    asked = list[int]()

    def answer(chat: int) -> Callable[[], None]:
        def refuse() -> None:
            asked.append(chat)
            raise RetryAfter(86_400)

        return refuse

    async def main() -> None:
        pace = Pace()
        for chat in (7, 7, 8, 7):
            with pytest.raises(RetryAfter):
                await ask(pace, answer(chat), "editMessageText", chat)

    asyncio.run(main())
    assert asked == [7, 8]


def test_chats_that_rest_are_forgotten() -> None:
    async def main() -> Pace:
        pace = Pace(a_second=1_000_000)
        for chat in range(1, 2049):
            pace._place(chat)
        await ask(pace, list, "sendMessage", 3000)
        assert len(pace._chats) == 1
        return pace

    asyncio.run(main())


def test_json_that_is_no_answer_is_a_fault_of_the_network() -> None:
    with pytest.raises(NetworkError):
        asyncio.run(ask(Pace(), lambda: dict[str, str]()["result"], "sendMessage", 7))
