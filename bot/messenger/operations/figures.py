"""Figures for Prometheus: counts, no person, no chat, no word of a question.

One ``FIGURES`` for the process: what it counts is of the process, as its memory and its start are.
"""

import time
from collections.abc import Callable, Iterable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from bot import __version__

KINDS = ("message", "edited_message", "callback_query", "inline_query", "guest_message", "my_chat_member")
OUTCOMES = ("yes", "no", "disputed", "unclear", "open", "no_answer", "busy", "limited", "failed")
RESULTS = ("sent", "edited", "retried", "doubtful", "found", "resent", "unproven", "failed", "gone")
VERBS = {
    "p": "page",
    "c": "context",
    "b": "back",
    "n": "newest",
    "o": "best",
    "u": "up",
    "d": "down",
    "x": "again",
}
"""First letters of callback data's verbs."""

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second line for each count, of no use here
_SECONDS = (0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 6, 12, 25, 60)


class Figures:
    """Each method counts one thing; any thread may call. A name that is not known counts as ``other``."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._started = time.time()
        self._waiting: Callable[[], int] = int
        self._lanes: Callable[[], int] = int
        self._build: Callable[[], str] = str
        ProcessCollector(registry=self.registry)  # memory, start, processor time, open files; Linux alone
        self._updates = self._counter("updates", "Updates taken from Telegram, each once.", "kind", KINDS)
        self._questions = self._counter(
            "questions", "Questions, by what became of them.", "outcome", OUTCOMES
        )
        self._sends = self._counter("sends", "Messages, edits and other calls to send.", "result", RESULTS)
        self._presses = self._counter("presses", "Buttons pressed.", "verb", VERBS.values())
        self._votes = self._counter("votes", "Votes on answers.", "vote", ("up", "down"))
        self._floods = self._counter("flood_waits", "Times Telegram told a chat to wait.")
        self._told = self._counter("watches_told", "Messages about what is new on a watched topic.")
        self._seconds = Histogram(
            "onrecord_answer_seconds",
            "From a question's turn to its answer, the wait for a free thread included.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.registry.register(self)

    def observe(
        self, *, waiting: Callable[[], int], lanes: Callable[[], int], build: Callable[[], str]
    ) -> None:
        """What is asked at each reading: questions under way and waiting, lanes with work, the build that answers."""
        self._waiting, self._lanes, self._build = waiting, lanes, build

    def update(self, kind: str) -> None:
        _count(self._updates, kind, KINDS)

    def question(self, outcome: str, seconds: float | None = None) -> None:
        """``outcome``: the verdict, "open" for an answer without one, or as OUTCOMES; with the time to an answer."""
        _count(self._questions, outcome, OUTCOMES)
        if seconds is not None:
            self._seconds.observe(seconds)

    def send(self, result: str) -> None:
        _count(self._sends, result, RESULTS)

    def flood(self) -> None:
        self._floods.inc()

    def press(self, verb: str) -> None:
        """The verb as in callback data: ``p3``."""
        _count(self._presses, VERBS.get(verb[:1], ""), VERBS.values())

    def vote(self, value: int) -> None:
        """1 is up, -1 is down; 0, a vote taken back, is not counted."""
        if value:
            self._votes.labels("up" if value > 0 else "down").inc()

    def told(self) -> None:
        self._told.inc()

    def questions(self) -> int:
        """All so far, those refused included."""
        samples = (sample for metric in self._questions.collect() for sample in metric.samples)
        return int(sum(sample.value for sample in samples))

    @property
    def uptime(self) -> float:
        """Seconds since the start."""
        return time.time() - self._started

    @property
    def waiting(self) -> int:
        return self._waiting()

    def collect(self) -> Iterable[Metric]:
        """Of the Prometheus client: what is only known when asked."""
        yield _gauge("queue_length", "Questions under way and waiting.", self._waiting())
        yield _gauge("lanes", "People with something under way, once for each chat.", self._lanes())
        yield _gauge("start_time_seconds", "Unix time of the start.", self._started)
        info = GaugeMetricFamily(
            "onrecord_build_info", "Version, and the build that answers.", labels=("version", "build")
        )
        info.add_metric([__version__, self._build()], 1)
        yield info

    def exposition(self) -> tuple[bytes, str]:
        """In the text format of Prometheus, and its content type."""
        return generate_latest(self.registry), CONTENT_TYPE_LATEST

    def _counter(self, name: str, tells: str, label: str = "", values: Iterable[str] = ()) -> Counter:
        counter = Counter(f"onrecord_{name}", tells, [label] if label else [], registry=self.registry)
        for value in values:
            counter.labels(value)  # shown as 0 from the start: a rate needs the value before the first
        return counter


FIGURES = Figures()


def _count(counter: Counter, value: str, known: Iterable[str]) -> None:
    counter.labels(value if value in known else "other").inc()


def _gauge(name: str, tells: str, value: float) -> Metric:
    return GaugeMetricFamily(f"onrecord_{name}", tells, value=value)
