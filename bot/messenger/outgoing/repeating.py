"""Requests that may be made again, and what ends the process."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram.error import InvalidToken, TelegramError

from bot.messenger.outgoing.faults import FINAL, token_refused
from bot.messenger.outgoing.tally import Tally

T = TypeVar("T")
_LONGEST = 30.0  # seconds


class Waits:
    """Doubling, with jitter so that those who failed together do not come back together; bounded in all."""

    def __init__(self, first: float, patience: float) -> None:
        """Seconds: the first wait, and all of them together."""
        self._until = asyncio.get_running_loop().time() + patience
        self._next = first

    async def after(self, error: TelegramError) -> None:
        """Wait; raise ``error`` when the patience is at its end."""
        seconds = self._next * random.uniform(0.5, 1.0)  # noqa: S311  no secret
        if asyncio.get_running_loop().time() + seconds > self._until:
            raise error
        self._next = min(2 * self._next, _LONGEST)
        await asyncio.sleep(seconds)


class Requests:
    def __init__(self, tally: Tally, refused: Callable[[], None], first_wait: float, patience: float) -> None:
        """``refused`` is called when Telegram does not take the token any more; times are in seconds."""
        self._tally, self._refused = tally, refused
        self._first_wait, self._patience = first_wait, patience

    def waits(self, patience: float | None = None) -> Waits:
        return Waits(self._first_wait, self._patience if patience is None else patience)

    async def once(self, call: Callable[[], Awaitable[T]]) -> T:
        """Raises TelegramError."""
        try:
            return await call()
        except InvalidToken as error:
            if token_refused(error):
                self._refused()
            raise

    async def again(self, call: Callable[[], Awaitable[T]], patience: float | None = None) -> T:
        """For what may take effect more than once. Raises one of FINAL at once, any other TelegramError after ``patience`` seconds."""
        waits = self.waits(patience)
        while True:
            try:
                return await self.once(call)
            except FINAL:
                raise
            except TelegramError as error:
                await waits.after(error)
                self._tally.add("retried")
