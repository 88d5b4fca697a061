"""Calls in threads."""

import asyncio
import threading
from functools import partial

import pytest

from bot.messenger.workers import Workers


def test_no_error_of_a_call_keeps_anybody_waiting() -> None:
    async def main() -> None:
        with Workers(1) as work:
            for error, told in ((ValueError, ValueError), (StopIteration, RuntimeError)):
                with pytest.raises(told):
                    await asyncio.wait_for(work(partial(_raise, error)), 10)
            assert work.longest == 0

    asyncio.run(main())


def test_what_is_waited_for_at_the_end_is_told(caplog: pytest.LogCaptureFixture) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def call() -> None:
        begun.set()
        go_on.wait(10)

    async def main() -> None:
        with Workers(1) as work:
            waiting = asyncio.ensure_future(work(call))
            await asyncio.to_thread(begun.wait, 10)
            waiting.cancel()
            threading.Timer(0.2, go_on.set).start()

    asyncio.run(main())
    assert "a second signal ends the process" in caplog.text


def _raise(error: type[Exception]) -> None:
    raise error
