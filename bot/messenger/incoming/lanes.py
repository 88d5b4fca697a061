"""Works of one lane in order, many lanes at once; a lane is a person in a chat.

Each lane has one work in hand, so someone who floods the bot waits for himself alone.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Lane(NamedTuple):
    kind: str
    number: int
    """Of the person or the chat."""
    person: int = 0
    """In a group: who floods it fills no place of the others."""


class FullError(Exception):
    """There is no room for another work, in the lane or at all."""


class Lanes(Generic[T]):
    """Bounded twice; all on the event loop. ``do`` must not raise."""

    def __init__(self, do: Callable[[T], Awaitable[None]], *, most: int, most_each: int) -> None:
        """``most`` works under way and waiting together, ``most_each`` waiting in one lane."""
        self._do, self._most, self._most_each = do, most, most_each
        self._waiting: dict[Lane, deque[T]] = {}
        self._tasks: dict[Lane, asyncio.Task[None]] = {}
        self._closing = False
        self.held = 0
        """Works under way and waiting."""

    def put(self, lane: Lane, work: T, *, bounded: bool = True, pause: float = 0.0) -> None:
        """Raises FullError, unless it is to be taken whatever the bounds; ``pause`` as in ``replace``."""
        waiting = self._waiting.get(lane, ())
        if bounded and (self.held >= self._most or len(waiting) >= self._most_each):
            raise FullError
        self.held += 1
        if lane in self._tasks:
            self._waiting[lane].append(work)
        else:
            self._waiting[lane] = deque([work])
            self._tasks[lane] = asyncio.create_task(self._run(lane, pause))

    def replace(self, lane: Lane, work: T, *, pause: float = 0.0) -> list[T]:
        """The newest alone waits, at least ``pause`` seconds: those that it takes the place of. Raises FullError."""
        waiting = self._waiting.get(lane)
        if not waiting:
            self.put(lane, work, pause=pause)
            return []
        passed = list(waiting)
        waiting.clear()
        waiting.append(work)
        self.held -= len(passed) - 1
        return passed

    def __len__(self) -> int:
        """Lanes with works."""
        return len(self._tasks)

    async def close(self, seconds: float) -> None:
        """Begin no other work; let those in hand end, and break off those that take longer."""
        self._closing = True
        tasks = list(self._tasks.values())
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, lane: Lane, pause: float) -> None:
        waiting = self._waiting[lane]
        try:
            while waiting and not self._closing:
                await asyncio.sleep(pause)
                if not waiting or self._closing:  # both may have changed meanwhile
                    continue
                work = waiting.popleft()
                try:
                    await self._do(work)
                finally:
                    self.held -= 1
        finally:
            del self._waiting[lane], self._tasks[lane]
