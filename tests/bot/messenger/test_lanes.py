"""Order within a lane, fairness among lanes, bounds."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from bot.messenger.incoming.lanes import FullError, Lane, Lanes

ANNA, BORIS = Lane("chat", 1), Lane("chat", 2)


class Bench:
    """Works are names; each waits until it is let go."""

    def __init__(self, *, most: int = 100, most_each: int = 10) -> None:
        self.begun: list[str] = []
        self.done: list[str] = []
        self._gates: dict[str, asyncio.Event] = {}
        self.lanes = Lanes[str](self._work, most=most, most_each=most_each)

    def let_go(self, *names: str) -> None:
        for name in names:
            self._gates.setdefault(name, asyncio.Event()).set()

    async def _work(self, name: str) -> None:
        self.begun.append(name)
        await self._gates.setdefault(name, asyncio.Event()).wait()
        self.done.append(name)


def on_a_loop(test: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    def run() -> None:
        asyncio.run(test())

    return run


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


@on_a_loop
async def test_one_lane_keeps_its_order() -> None:
    bench = Bench()
    for name in ("a1", "a2", "a3"):
        bench.lanes.put(ANNA, name)
    bench.let_go("a3", "a2")
    await settle()
    assert bench.begun == ["a1"]
    bench.let_go("a1")
    await settle()
    assert bench.done == ["a1", "a2", "a3"]
    assert (len(bench.lanes), bench.lanes.held) == (0, 0)


@on_a_loop
async def test_another_lane_does_not_wait() -> None:
    bench = Bench()
    for name in ("a1", "a2", "a3"):
        bench.lanes.put(ANNA, name)
    bench.lanes.put(BORIS, "b1")
    bench.let_go("b1")
    await settle()
    assert bench.done == ["b1"]
    assert bench.begun == ["a1", "b1"]
    assert (len(bench.lanes), bench.lanes.held) == (1, 3)
    bench.let_go("a1", "a2", "a3")
    await settle()


@on_a_loop
async def test_a_lane_is_bounded() -> None:
    bench = Bench(most_each=2)
    bench.lanes.put(ANNA, "a1")
    await settle()
    bench.lanes.put(ANNA, "a2")
    bench.lanes.put(ANNA, "a3")
    with pytest.raises(FullError):
        bench.lanes.put(ANNA, "a4")
    bench.lanes.put(ANNA, "a5", bounded=False)
    bench.lanes.put(BORIS, "b1")
    bench.let_go("a1", "a2", "a3", "a5", "b1")
    await settle()
    assert sorted(bench.done) == ["a1", "a2", "a3", "a5", "b1"]


@on_a_loop
async def test_all_lanes_together_are_bounded() -> None:
    bench = Bench(most=2)
    bench.lanes.put(ANNA, "a1")
    bench.lanes.put(BORIS, "b1")
    with pytest.raises(FullError):
        bench.lanes.put(Lane("chat", 3), "c1")
    bench.let_go("a1", "b1")
    await settle()
    bench.lanes.put(Lane("chat", 3), "c1")
    bench.let_go("c1")
    await settle()
    assert bench.done == ["a1", "b1", "c1"]


@on_a_loop
async def test_the_newest_alone_waits() -> None:
    bench = Bench()
    assert bench.lanes.replace(ANNA, "a") == []
    await settle()
    assert bench.lanes.replace(ANNA, "an") == []
    assert bench.lanes.replace(ANNA, "ann") == ["an"]
    assert bench.lanes.held == 2  # one in hand, one waiting
    bench.let_go("a", "ann")
    await settle()
    assert bench.done == ["a", "ann"]
    assert bench.lanes.held == 0


@on_a_loop
async def test_the_end_waits_for_what_is_in_hand_alone() -> None:
    bench = Bench()
    for lane, name in ((ANNA, "a1"), (ANNA, "a2"), (BORIS, "b1")):
        bench.lanes.put(lane, name)
    await settle()
    closing = asyncio.create_task(bench.lanes.close(0.2))
    await settle()
    bench.let_go("a1", "a2")
    await closing
    assert bench.done == ["a1"]
    assert bench.begun == ["a1", "b1"]
