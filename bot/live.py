"""Answers from the build that is current: the question after a switch is the first for the new build.

For processes that outlive a build, as the bot and the chat do. What else reads an index opens one build and
keeps it. Models are opened once, by whoever gives ``opened``; a switch opens files of the index alone.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock

from bot.answer import Answer
from bot.answering.answerer import Answerer, Topic
from corpus.errors import OnrecordError
from retrieval.search import Filters

UNNAMED = "unnamed outlet"

Mark = tuple[bytes, int] | None
"""What CURRENT says and when that was written, in ns; None where it cannot be read."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What one build holds."""

    build: str
    model: str
    outlets: tuple[tuple[str, int], ...]
    """With their number of articles, largest first."""

    @property
    def articles(self) -> int:
        return sum(count for _, count in self.outlets)

    @property
    def about(self) -> str:
        """In a sentence, as the bot says it."""
        read = f"I have read {self.articles} articles"
        return f"I am Onrecord. {read}; build {self.build}, model {self.model}."


class Live:
    """Answers like an Answerer, from any thread, each answer from one whole build.

    Before each answer it reads CURRENT, some 10 µs. Where that names another build, one thread opens it and
    answers from it, while others go on with the last one; that is closed when its last answer is done. A
    build that cannot be opened is told of once, and tried again when CURRENT is written anew.
    """

    def __init__(self, folder: Path, opened: Callable[[], Answerer], told: Callable[[str], None]) -> None:
        """``opened`` opens the build that is current in ``folder``, and may raise at once, as it may later on.

        ``told`` hears one line about each build that cannot be opened while another answers.
        """
        self._current, self._opened, self._told = folder / "CURRENT", opened, told
        self._moving, self._counting = Lock(), Lock()
        self._mark = self._read_mark()
        self._held = _Held(opened())

    def answer(
        self, question: str, *, k: int = 5, filters: Filters | None = None, topic: Topic | None = None
    ) -> Answer:
        """As Answerer.answer."""
        with self._open() as held:
            return held.answerer.answer(question, k=k, filters=filters, topic=topic)

    def contents(self) -> Contents:
        """Of the build that would answer now. Raises IndexDamaged."""
        with self._open() as held:
            return held.contents

    def close(self) -> None:
        """Answers under way come to their end; no other may be asked for."""
        self._release(self._held)

    @contextmanager
    def _open(self) -> Iterator["_Held"]:
        """The build that answers now, open for as long as the block takes."""
        self._follow()
        with self._counting:
            held = self._held
            held.users += 1
        try:
            yield held
        finally:
            self._release(held)

    def _follow(self) -> None:
        """Move to the build that is current, unless another thread is at it."""
        if self._read_mark() == self._mark or not self._moving.acquire(blocking=False):
            return
        try:
            mark = self._read_mark()  # again: another thread may have moved since
            if mark != self._mark:
                self._move(mark)
        finally:
            self._moving.release()

    def _move(self, mark: Mark) -> None:
        try:
            fresh = _Held(self._opened())
        except Exception as exc:  # noqa: BLE001  whatever it is, a question can be answered without
            if self._read_mark() == mark:  # else it was replaced meanwhile, and the next question tries again
                self._mark = mark
                reason = exc if isinstance(exc, OnrecordError) else f"{type(exc).__name__}: {exc}"
                self._told(f"build {self._held.answerer.index.build} goes on answering: {reason}")
            return
        with self._counting:
            last, self._held = self._held, fresh
        self._mark = mark
        self._release(last)

    def _release(self, held: "_Held") -> None:
        with self._counting:
            held.users -= 1
            unused = not held.users
        if unused:
            held.answerer.index.close()

    def _read_mark(self) -> Mark:
        try:
            with self._current.open("rb", buffering=0) as stream:
                return stream.read(), os.fstat(stream.fileno()).st_mtime_ns
        except OSError:
            return None


class _Held:
    """An open build and how many use it; that it is the one for the next question counts as a use."""

    def __init__(self, answerer: Answerer) -> None:
        self.answerer, self.users = answerer, 1

    @cached_property
    def contents(self) -> Contents:
        index = self.answerer.index
        counts = Counter[str]()
        for outlet, count in index.outlet_counts():
            counts[outlet or UNNAMED] += count
        return Contents(index.build, index.model, tuple(counts.most_common()))
