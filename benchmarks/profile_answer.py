"""Where each millisecond of a warm answer goes.

    python -m benchmarks.profile_answer QUESTIONS.jsonl [--corpus DIR]… [--index DIR] [--most N]

The index must be built. The first questions warm everything up and are not counted. Every part is timed as the
product runs it, by wrapping its methods here; a millisecond counts once, for the innermost part it was spent in, so
that the parts sum to the whole. Milliseconds by the wall clock, with the mean of all processors' work beside them,
which says more on a busy machine, go to benchmarks/results/profile_answer.json.
"""

import argparse
import json
import os
import platform
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.answering import answerer as answering
from bot.answering.answerer import Answerer
from bot.answering.evidence import EvidenceFinder
from bot.answering.pair_reader import PairReader
from bot.answering.sufficiency import Logistic
from bot.app import App
from retrieval.encoder import OnnxEncoder
from retrieval.search import Index
from retrieval.store import Store
from retrieval.vectors import Vectors
from retrieval.words import Words

RESULT = Path(__file__).parent / "results" / "profile_answer.json"
WARMING = 5
OTHER, EVIDENCE = "the rest", "evidence model"
RETRIEVAL = ("encode the question", "vectors", "words", "fusion")
ROWS = ("article", "sentences", "places", "passages_of", "originals", "matching", "distinct")
PARTS: tuple[tuple[object, str, str], ...] = (
    (answering, "read", "read the question"),
    (answering, "with_names", "read the question"),
    (Index, "search", "fusion"),
    (Vectors, "search", "vectors"),
    (Vectors, "of", "vectors"),
    (Words, "search", "words"),
    *((Store, method, "rows") for method in ROWS),
    (EvidenceFinder, "find", "candidates"),
    (EvidenceFinder, "_measure", "measure candidates"),
    (EvidenceFinder, "vectors", "embed sentences"),
    (PairReader, "read", EVIDENCE),
    (Answerer, "_verdict", "judge and group"),
    (Answerer, "_quotes", "judge and group"),
    (Logistic, "confidence", "confidence"),
    (Answerer, "_statements", "quote"),
)
"""What is watched, and as which part."""


class Clock:
    """Milliseconds by part, each counted once: by the wall clock, and of the processors."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self.worked: dict[str, float] = defaultdict(float)
        self._within = [OTHER]
        self._since = time.perf_counter(), time.process_time()

    def stop(self) -> tuple[dict[str, float], dict[str, float]]:
        self._count()
        return self.spent, self.worked

    def watch(self, owner: object, method: str, part: str) -> None:
        """From now on ``owner.method`` counts for ``part``."""
        setattr(owner, method, self._watched(getattr(owner, method), lambda _named: part))

    def watch_encoding(self) -> None:
        """By what is encoded."""
        of_kind = {"query": "encode the question", "passage": "embed sentences"}
        encode = self._watched(OnnxEncoder.encode, lambda named: of_kind[named.get("kind", "passage")])
        OnnxEncoder.encode = encode  # type: ignore[method-assign]

    def _watched(self, run: Callable[..., Any], part: Callable[[dict[str, Any]], str]) -> Callable[..., Any]:
        def watched(*given: Any, **named: Any) -> Any:
            self._count()
            self._within.append(part(named))
            try:
                return run(*given, **named)
            finally:
                self._count()
                self._within.pop()

        return watched

    def _count(self) -> None:
        now = time.perf_counter(), time.process_time()
        for counted, before, after in zip((self.spent, self.worked), self._since, now, strict=True):
            counted[self._within[-1]] += (after - before) * 1000
        self._since = now


def main() -> None:
    options = _options()
    answerer = App.of(options.corpus, options.index, None).answerer(lambda _stage, _done, _total: None)
    lines = options.questions.read_text("utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines][: WARMING + options.most]
    figures = {
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "passages": answerer.index.passages,
        **profile(answerer, questions),
    }
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(table(figures))


def profile(answerer: Answerer, questions: Sequence[str]) -> dict[str, Any]:
    """Median, 95th percentile and mean of every part over the questions, and of sums of parts."""
    clock = Clock()
    clock.watch_encoding()
    for part in PARTS:
        clock.watch(*part)
    runs = []
    for question in questions:
        clock.start()
        answerer.answer(question)
        runs.append(clock.stop())
    runs = runs[WARMING:]
    parts = sorted(
        {part for spent, _ in runs for part in spent}, key=lambda p: -sum(s.get(p, 0.0) for s, _ in runs)
    )
    return {
        "questions": len(runs),
        "parts_ms": {part: _summary(runs, [part]) for part in parts},
        "sums_ms": {
            "retrieval": _summary(runs, RETRIEVAL),
            "whole but the evidence model": _summary(runs, [part for part in parts if part != EVIDENCE]),
            "whole": _summary(runs, parts),
        },
    }


def table(figures: dict[str, Any]) -> str:
    lines = [f"{'milliseconds':30}" + "".join(f"{key:>9}" for key in ("p50", "p95", "mean", "work"))]
    for part, row in (figures["parts_ms"] | figures["sums_ms"]).items():
        lines.append(f"{part:30}" + "".join(f"{value:9.1f}" for value in row.values()))
    return "\n".join(lines)


def _summary(
    runs: Sequence[tuple[dict[str, float], dict[str, float]]], parts: Sequence[str]
) -> dict[str, float]:
    spent = sorted(sum(run.get(part, 0.0) for part in parts) for run, _ in runs)
    worked = [sum(run.get(part, 0.0) for part in parts) for _, run in runs]
    return {
        "p50": round(statistics.median(spent), 2),
        "p95": round(spent[int(0.95 * (len(spent) - 1))], 2),
        "mean": round(statistics.mean(spent), 2),
        "mean_work": round(statistics.mean(worked), 2),
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("questions", type=Path, metavar="QUESTIONS.jsonl")
    parser.add_argument("--corpus", type=Path, action="append", default=[])
    parser.add_argument("--index", type=Path)
    parser.add_argument("--most", type=int, default=100, help="questions that are counted")
    return parser.parse_args()


if __name__ == "__main__":
    main()
