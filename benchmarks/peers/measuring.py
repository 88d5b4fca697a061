"""One system over one corpus: whole processes by the clock, their memory, and how often the right article is found."""

import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.peers.corpora import Corpus
from benchmarks.peers.protocol import TOP
from benchmarks.peers.systems import ONRECORD, System

ROOT = Path(__file__).resolve().parents[2]
FIRST_RUNS = 3
ALONE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
}
"""Nobody asks a network."""


@dataclass(frozen=True, slots=True)
class Run:
    """A process that ended: seconds until its first line and until its end, and its largest resident size."""

    line: str
    first_s: float
    seconds: float
    cpu_s: float
    peak_mb: float


def measure(system: System, corpus: Corpus, environments: Path, work: Path, model: Path) -> dict[str, Any]:
    """All figures of ``system``. Raises SystemExit when one of its processes fails."""
    store = work / corpus.name / system.name
    shutil.rmtree(store, ignore_errors=True)
    store.mkdir(parents=True)
    env = _environment(system, environments, store)
    log = store.with_suffix(".log")

    def run(*given: object, command: Sequence[str] | None = None, passes: Sequence[int] = (0,)) -> Run:
        return timed(command or system.command(environments, *given), env, log, passes)

    built = run("index", corpus.articles, store, model)
    disk = sizes(store)
    firsts = [run("first", store, model, question) for question in corpus.asked[:FIRST_RUNS]]
    out = store.with_suffix(".answers.jsonl")
    asked = run("ask", store, model, corpus.questions, out)
    answers = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    figures: dict[str, Any] = {
        "index_s": round(built.seconds, 1),
        "index_cpu_s": round(built.cpu_s, 1),
        "index_peak_mb": round(built.peak_mb),
        "disk_bytes": sum(disk.values()),
        "disk": disk,
        "first_s": round(statistics.median(one.first_s for one in firsts), 3),
        "first_runs_s": [round(one.first_s, 3) for one in firsts],
        "ask_peak_mb": round(asked.peak_mb),
        **latencies([answer["seconds"] for answer in answers]),
        **found([answer["articles"] for answer in answers], corpus.right),
    }
    if system is not ONRECORD:
        return {"passages": int(built.line), **figures}
    onrecord = [sys.executable, "-m", "bot"]
    index = ["--index", str(store / "index")]
    info = json.loads(run(command=[*onrecord, "index", "info", "--json", *index]).line)
    whole = [
        run(command=[*onrecord, "ask", question, *index], passes=(0, 1))
        for question in corpus.asked[:FIRST_RUNS]
    ]
    return {
        "passages": info["passages"],
        **figures,
        "whole_answer_s": round(statistics.median(one.seconds for one in whole), 3),
        "whole_answer_runs_s": [round(one.seconds, 3) for one in whole],
        "whole_answer_peak_mb": round(max(one.peak_mb for one in whole)),
    }


def make_ready(environments: Path) -> float:
    """Seconds that Onrecord takes to export its encoder: once for an installation, in none of the figures."""
    data = environments / ONRECORD.name
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    env = os.environ | ALONE | {"PYTHONPATH": str(ROOT)}
    return round(timed(ONRECORD.command(environments, "prepare", data), env, data / "prepare.log").seconds, 1)


def timed(command: Sequence[str], env: dict[str, str], log: Path, passes: Sequence[int] = (0,)) -> Run:
    """Run it to its end; what it says besides its first line goes to ``log``."""
    with log.open("a", encoding="utf-8") as said:
        begun = time.perf_counter()
        process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=said, text=True)
        assert process.stdout is not None  # noqa: S101  a pipe was asked for
        line = process.stdout.readline()
        first = time.perf_counter() - begun
        said.write(process.stdout.read())
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in passes:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}: see {log}")
    return Run(
        line,
        first,
        seconds,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss
        / (1_000_000 if sys.platform == "darwin" else 1000),  # bytes there, kilobytes on Linux
    )


def sizes(store: Path) -> dict[str, int]:
    """Bytes of the files in ``store``, by the first two parts of their path; links count for nothing."""
    found: dict[str, int] = {}
    for folder, _, files in os.walk(store):
        for file in (Path(folder) / name for name in files):
            if not file.is_symlink():
                place = "/".join(file.relative_to(store).parts[:2])
                found[place] = found.get(place, 0) + file.stat().st_size
    return found


def latencies(seconds: Sequence[float]) -> dict[str, float]:
    """Milliseconds that half, and 19 in 20, of the questions take at most."""
    ordered = sorted(seconds)
    return {
        f"p{share}_ms": round(1000 * ordered[math.ceil(share / 100 * len(ordered)) - 1], 2)
        for share in (50, 95)
    }


def found(rankings: Sequence[Sequence[str]], right: Sequence[frozenset[str]]) -> dict[str, float]:
    """Share of questions with a right article among the first ten, and the mean reciprocal rank of the first."""
    ranks = [
        next((rank for rank, one in enumerate(ranking, start=1) if one in wanted), math.inf)
        for ranking, wanted in zip(rankings, right, strict=True)
    ]
    return {
        f"hits@{TOP}": round(sum(rank <= TOP for rank in ranks) / len(ranks), 4),
        f"mrr@{TOP}": round(sum(1 / rank for rank in ranks) / len(ranks), 4),
    }


def _environment(system: System, environments: Path, store: Path) -> dict[str, str]:
    """Onrecord finds its packages and its prepared encoder; no other system sees them, nor anyone's settings."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("ONRECORD_") and k != "PYTHONPATH"}
    if system is ONRECORD:
        data = store / "data"
        data.mkdir()
        (data / "models").symlink_to((environments / ONRECORD.name / "models").resolve())
        env |= {"ONRECORD_DATA": str(data), "PYTHONPATH": str(ROOT)}
    return env | ALONE
