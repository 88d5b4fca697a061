"""The threads that answer, so that the event loop stays free."""

import asyncio
import contextvars
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self, TypeVar

T = TypeVar("T")

_LOG = logging.getLogger(__name__)


class Workers:
    """As ``services.Work``. Calls wait for a free thread in the order they came."""

    def __init__(self, number: int) -> None:
        self._threads = ThreadPoolExecutor(number, thread_name_prefix="answer")
        self._since: dict[object, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        """Calls under way come to their end; others are dropped."""
        if self._since:
            _LOG.warning("an answer under way is waited for; a second signal ends the process")
        self._threads.shutdown(cancel_futures=True)

    async def __call__(self, call: Callable[[], T], /) -> T:
        told = contextvars.copy_context()  # what log records say of the update
        return await asyncio.get_running_loop().run_in_executor(self._threads, told.run, self._timed, call)

    @property
    def longest(self) -> float:
        """Seconds that the oldest of the calls under way has taken so far."""
        now = time.monotonic()
        return now - min(list(self._since.values()), default=now)

    def _timed(self, call: Callable[[], T]) -> T:
        mark = object()
        self._since[mark] = time.monotonic()
        try:
            return call()
        except StopIteration as error:  # a future cannot hold it: whoever waits would wait for ever
            raise RuntimeError("the call ended by StopIteration") from error
        finally:
            del self._since[mark]
