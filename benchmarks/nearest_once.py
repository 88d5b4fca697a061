"""One step of ``benchmarks/nearest.py`` in a process of its own, so that its memory and its warmth are its own.

``write FOLDER EXACT_UP_TO`` writes FOLDER/source.npy as a build does, 4,096 vectors at a time, to FOLDER/vectors;
``search FOLDER COUNT`` opens that and asks it all questions. Figures go to standard output as JSON.
"""

import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.nearest import DEPTH, recall
from retrieval.encoder import Float32
from retrieval.vectors import Vectors, Writer

CHUNK = 4096  # as retrieval/filling.py
SHARES = (0.01, 0.1, 0.5)
FEW = 30
LONG = 300_000_000  # bytes; scoring more than so many exactly is timed with few questions


def main() -> None:
    what, folder, number = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    print(json.dumps(write(folder, number) if what == "write" else search(folder, number)))


def write(folder: Path, exact_up_to: int) -> dict[str, Any]:
    with (folder / "source.npy").open("rb") as stream:  # read, as mapped memory would count for this process
        np.lib.format.read_magic(stream)
        (count, dimension), _, _ = np.lib.format.read_array_header_1_0(stream)
        before = peak()
        reading, begun, busy = 0.0, time.perf_counter(), time.process_time()
        writer = Writer(folder / "vectors", dimension, exact_up_to=exact_up_to)
        for at in range(0, count, CHUNK):
            began = time.perf_counter()
            rows = np.fromfile(stream, np.float32, min(CHUNK, count - at) * dimension)
            reading += time.perf_counter() - began
            writer.add(rows.reshape(-1, dimension))
        closing = time.perf_counter()
        writer.close()
    ended = time.perf_counter()
    return {
        "write_s": round(ended - begun - reading, 2),
        "of_which_codes_s": round(ended - closing, 2),
        "write_cpu_s": round(time.process_time() - busy, 2),
        "write_peak_mb": round(peak(), 1),
        "of_which_before_mb": round(before, 1),
        "bytes_per_vector": round(sum(path.stat().st_size for path in folder.glob("vectors*")) / count, 1),
    }


def search(folder: Path, count: int) -> dict[str, Any]:
    asked, truth = np.load(folder / "asked.npy"), np.load(folder / "truth.npy")
    path, dimension = folder / "vectors", asked.shape[1]
    Vectors(path, dimension=dimension, count=count)  # loads FAISS
    held, begun = resident(), time.perf_counter()
    vectors = Vectors(path, dimension=dimension, count=count)
    opened, grown = time.perf_counter() - begun, resident() - held
    if vectors._codes is None and 4 * dimension * count > LONG:  # noqa: SLF001
        asked, truth = asked[:FEW], truth[:FEW]
    for question in asked:
        vectors.search(question, DEPTH)
    found, wall, busy = timed(lambda question: vectors.search(question, DEPTH), asked)
    return {
        "open_ms": round(opened * 1000, 2),
        "open_rss_mb": round(max(grown, 0.0), 1),
        "p50_ms": quantile(wall, 0.5),
        "p95_ms": quantile(wall, 0.95),
        "p50_cpu_ms": quantile(busy, 0.5),
        "per_second": {threads: per_second(vectors, asked, threads) for threads in (1, 2, 4)},
        "recall@10": recall(found, truth, 10),
        "recall@100": recall(found, truth, 100),
        "filtered": {str(share): filtered(vectors, asked[:FEW], count, share) for share in SHARES},
    }


def timed(
    ask: Callable[[Float32], list[tuple[int, float]]], asked: Float32
) -> tuple[list[list[int]], list[float], list[float]]:
    """What each finds, and its seconds: by the clock, and of this thread."""
    found, wall, busy = [], [], []
    for question in asked:
        begun, work = time.perf_counter(), time.thread_time()
        pairs = ask(question)
        wall.append(time.perf_counter() - begun)
        busy.append(time.thread_time() - work)
        found.append([row for row, _ in pairs])
    return found, wall, busy


def filtered(vectors: Vectors, asked: Float32, count: int, share: float) -> dict[str, float]:
    """Among rows drawn at random; what is right comes from scoring all of them."""
    rows = np.sort(np.random.default_rng(3).choice(count, int(count * share), replace=False))
    vectors.search(asked[0], DEPTH, rows)
    found, wall, busy = timed(lambda question: vectors.search(question, DEPTH, rows), asked)
    right = []
    for question in asked:
        scored, cosines = vectors._scored(rows, question)  # noqa: SLF001
        right.append(scored[np.argsort(-cosines)[:10]])
    return {
        "recall@10": recall(found, np.array(right), 10),
        "p50_ms": quantile(wall, 0.5),
        "p50_cpu_ms": quantile(busy, 0.5),
    }


def per_second(vectors: Vectors, asked: Float32, threads: int) -> float:
    begun = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda question: vectors.search(question, DEPTH), asked))
    return round(len(asked) / (time.perf_counter() - begun), 1)


def quantile(seconds: list[float], at: float) -> float:
    return round(float(np.quantile(seconds, at)) * 1000, 3)


def peak() -> float:
    """MB at the most; unlike ``getrusage`` it leaves out what the parent held before this program began."""
    return status("VmHWM")


def resident() -> float:
    """MB of this process now."""
    return status("VmRSS")


def status(name: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) * 1024 / 1e6


if __name__ == "__main__":
    main()
