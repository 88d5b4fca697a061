"""How long whole processes take: ``onrecord ask`` on a built index, and ``onrecord --help``.

Each runs eleven times; the first warms the disk cache and is not counted. Times in seconds: by the wall clock, and
of the processors, which says more on a busy machine. Memory is the process's largest resident size in MB. Phases are
milliseconds by the wall clock, of the same process told to say when it passed from one to the next.
"""

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULT = Path(__file__).parent / "results" / "cold_start.json"
ONRECORD = (sys.executable, "-m", "bot")
QUESTION = "did Kazakhstan say it joins parallel imports?"
RUNS = 10
HEAVY = {"torch", "sentence_transformers", "transformers", "onnxruntime", "faiss", "asyncio", "rich"}
PHASES = ("interpreter", "command line", "settings", "models and index", "answer", "print", "exit")
TOLD = f"""
import gc, sys, time
gc.set_threshold(50_000)  # as main does, before anything is imported
marks = [time.perf_counter()]
def before(owner, name):
    run = getattr(owner, name)
    def told(*given, **named):
        marks.append(time.perf_counter())
        return run(*given, **named)
    setattr(owner, name, told)
sys.argv = ["onrecord", "ask", {QUESTION!r}, "--json"]
from bot.__main__ import main
import bot.cli.main
marks.append(time.perf_counter())
from bot.cli import asking
ready = asking.ready
def readied(*given, **named):
    marks.append(time.perf_counter())
    answerer = ready(*given, **named)
    marks.append(time.perf_counter())
    return answerer
asking.ready = readied
before(asking, "show")
try:
    main()
except SystemExit:
    marks.append(time.perf_counter())
    sys.stderr.write("\\n" + repr(marks))
"""


def main() -> None:
    subprocess.run([*ONRECORD, "ask", QUESTION], check=False, stdout=subprocess.DEVNULL)  # builds if need be
    figures = {
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "load": os.getloadavg()[0],
        "ask": measured([*ONRECORD, "ask", QUESTION]),
        "ask_json": measured([*ONRECORD, "ask", QUESTION, "--json"]),
        "help": measured([*ONRECORD, "--help"]),
        "phases_ms": phases(),
        "loaded_by_ask": sorted(loaded() & HEAVY),
    }
    RESULT.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1))


def measured(command: list[str]) -> dict[str, Any]:
    runs = [once(command) for _ in range(RUNS + 1)][1:]
    seconds = [second for second, _ in runs]
    work = [usage.ru_utime + usage.ru_stime for _, usage in runs]
    return {
        "median_s": round(statistics.median(seconds), 3),
        "runs_s": [round(second, 3) for second in seconds],
        "median_cpu_s": round(statistics.median(work), 3),
        "peak_mb": round(max(megabytes(usage) for _, usage in runs), 1),
    }


def once(command: list[str]) -> tuple[float, resource.struct_rusage]:
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return seconds, usage


def phases() -> dict[str, float]:
    """The median of each phase in milliseconds. Processes share the clock on Linux and macOS."""
    runs = [_phases() for _ in range(RUNS + 1)][1:]
    return {name: round(statistics.median(run[name] for run in runs), 1) for name in PHASES}


def _phases() -> dict[str, float]:
    begun = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", TOLD], check=True, text=True, capture_output=True)
    ended = time.perf_counter()
    marks = [begun, *json.loads(done.stderr.splitlines()[-1]), ended]
    return {name: (marks[at + 1] - marks[at]) * 1000 for at, name in enumerate(PHASES)}


def megabytes(usage: resource.struct_rusage) -> float:
    """The kernel counts in kilobytes, that of macOS in bytes."""
    return usage.ru_maxrss / (1_000_000 if sys.platform == "darwin" else 1000)


def loaded() -> set[str]:
    """The top-level modules that answering a question imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", "ask", QUESTION],
        check=False,
        text=True,
        capture_output=True,
    )
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}


if __name__ == "__main__":
    main()
