"""Answers from the build that is current: the question after a switch is the first for the new build.

For processes that outlive a build, as the bot and the chat do. What else reads an index opens one build and
keeps it. Models are opened once, by whoever gives ``opened``; a switch opens files of the index alone.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock

from bot.answer import Answer, Quote
from bot.answering.answerer import Answerer, Topic
from corpus.article import Sentence
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


class Live:
    """Answers like an Answerer, from any thread, each answer from one whole build.

    Before each answer it reads CURRENT, some 10 µs. Where that names another build, one thread opens it and
    answers from it, while others go on with the last one; that is closed when its last answer is done. A
    build that cannot be opened is told of once, and tried again when CURRENT is written anew.
    """

    def __init__(
        self,
        folder: Path,
        opened: Callable[[], Answerer],
        told: Callable[[str], None],
        quotes: int = 5,
    ) -> None:
        """``opened`` opens the build that is current in ``folder``, and may raise at once, as it may later on.

        ``told`` hears one line about each build that cannot be opened while another answers. ``quotes`` are
        shown on a side, where a question does not say how many.
        """
        self.quotes = quotes
        self._current, self._opened, self._told = folder / "CURRENT", opened, told
        self._moving, self._counting = Lock(), Lock()
        self._mark = self._read_mark()
        self._held = _Held(opened())

    def answer(
        self,
        question: str,
        *,
        k: int | None = None,
        filters: Filters | None = None,
        topic: Topic | None = None,
    ) -> Answer:
        """As Answerer.answer."""
        with self._open() as held:
            return held.answerer.answer(question, k=k or self.quotes, filters=filters, topic=topic)

    def on_topic(self, topic: str) -> Answer:
        """As Answerer.on_topic."""
        with self._open() as held:
            return held.answerer.on_topic(topic)

    @property
    def build(self) -> str:
        """Of the index that would answer now. It takes some 10 µs, but for the first time after a switch."""
        with self._open() as held:
            return held.answerer.index.build

    def text(self, article_id: str) -> str | None:
        """The whole source text of an article; None where there is none of that id. Raises IndexDamaged."""
        with self._open() as held:
            index = held.answerer.index
            row = index.row_of(article_id)
            return None if row is None else index.article(row).text

    def around(self, quote: Quote, sentences: int = 2) -> tuple[str, str] | None:
        """What stands before and after the quote, exact slices: whole sentences, at most so many on either side.

        Empty where the article begins or ends; None where the quote no longer stands there. Raises IndexDamaged.
        """
        with self._open() as held:
            index = held.answerer.index
            row = index.row_of(quote.article_id)
            if row is None:
                return None
            text = index.article(row).text
            if not quote.text or text[quote.start : quote.end] != quote.text:
                return None
            return _neighbours(text, index.sentences(row), quote, sentences)

    def outlets(self) -> tuple[tuple[str, int], ...]:
        """With their number of articles, largest first. Raises IndexDamaged."""
        return self.contents().outlets

    @property
    def model(self) -> str:
        """Which made the vectors of the build that would answer now."""
        return self.contents().model

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


def _neighbours(text: str, sentences: Sequence[Sentence], quote: Quote, most: int) -> tuple[str, str]:
    """The sentences beside the quote; one that the quote holds only a part of comes first among them."""
    before = [s for s in sentences if s.start < quote.start][-most:] if most else []
    after = [s for s in sentences if s.end > quote.end][:most]
    start = before[0].start if before else quote.start
    end = after[-1].end if after else quote.end
    return text[start : quote.start], text[quote.end : end]
