"""Calls in threads."""

import asyncio
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


def _raise(error: type[Exception]) -> None:
    raise error
