"""Search among ten thousand to three million vectors: ``python -m benchmarks.nearest VECTORS.sqlite --sizes …``.

VECTORS.sqlite is a cache of real vectors, as every data folder has one. Beyond what it holds, vectors are made of
real ones (``benchmarks/many_vectors.py``), which the figures say. Questions are real, from ``../shared/eval``, and
in no index. For each size, exact search and the scan of codes: time and peak memory of writing (in a process of its
own), bytes, time and memory of opening, p50 and p95 of one search for the hundred nearest, in a warm process, and
recall against exact search (memory as Linux tells it). Up to ``--others``, what FAISS has besides: clustered lists and a graph, each with the
least effort that reaches a recall of .98. Time by the clock and, as it says more on a busy machine, of the
processor. Writes ``results/nearest.json`` and ``nearest.png``; sizes measured before stay in both.
"""

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from benchmarks import many_vectors
from retrieval.encoder import Encoder, Float32, load
from retrieval.vectors import EXACT_UP_TO

RESULT = Path(__file__).parent / "results" / "nearest.json"
SIZES = (3_000, 10_000, 20_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000)
QUESTIONS, DEPTH = 300, 100
ENOUGH = 0.98
Rows = NDArray[np.int64]


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("vectors", type=Path, help="a cache of vectors")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--others", type=int, default=300_000, metavar="SIZE")
    parser.add_argument("--eval", type=Path, default=Path(__file__).parents[2] / "shared" / "eval")
    parser.add_argument("--models", type=Path, required=True, help="the folder of exported encoders")
    chosen = parser.parse_args(None if arguments is None else list(arguments))
    encoder = load("all-MiniLM-L6-v2", chosen.models)
    real = many_vectors.real(chosen.vectors, encoder.dimension)
    asked = questions(chosen.eval, encoder)
    for size in chosen.sizes:
        with tempfile.TemporaryDirectory(dir=chosen.models.parent) as folder:
            figures = measure(real, asked, size, Path(folder), others=size <= chosen.others)
        print(json.dumps(figures, indent=1), flush=True)
        keep(figures, len(real))


def questions(folder: Path, encoder: Encoder) -> Float32:
    texts = {
        json.loads(line)["question"]
        for path in sorted(folder.glob("*/questions.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    if not texts:
        raise SystemExit(f"{folder} has no questions: name the folder of labelled sets with --eval")
    some = random.Random(many_vectors.SEED).sample(sorted(texts), QUESTIONS)  # noqa: S311  no secret
    return encoder.encode(some, kind="query")


def measure(real: Float32, asked: Float32, size: int, folder: Path, *, others: bool) -> dict[str, Any]:
    """All figures of one size."""
    source = folder / "source.npy"
    begun = time.perf_counter()
    vectors = np.lib.format.open_memmap(source, "w+", np.float32, (size, real.shape[1]))
    at = 0
    for block in many_vectors.blocks(real, size):
        vectors[at : at + len(block)] = block
        at += len(block)
    vectors.flush()
    sample = vectors[np.sort(np.random.default_rng(1).choice(size, 300, replace=False))]
    scores, truth = nearest(asked, vectors, DEPTH)
    np.save(folder / "asked.npy", asked)
    np.save(folder / "truth.npy", truth)
    figures: dict[str, Any] = {
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "vectors": size,
        "real": min(size, len(real)),
        "load": round(os.getloadavg()[0], 1),
        "cosine_of_nearest_other_vector": many_vectors.quantiles(nearest(sample, vectors, 2)[0][:, 1]),
        "cosine_of_nearest_to_a_question": many_vectors.quantiles(scores[:, 0]),
        "preparing_s": round(time.perf_counter() - begun, 1),
    }
    del vectors
    for way, exact_up_to in (("exact", size), ("quantized", 0)):
        wrote = child("write", folder, exact_up_to)
        figures[way] = wrote | child("search", folder, size)
        (folder / "vectors").unlink()
    if others:
        vectors = np.load(source, mmap_mode="r")
        figures["others"] = {name: other(make, vectors, asked, truth) for name, make in OTHERS.items()}
    return figures


def nearest(asked: Float32, vectors: Float32, k: int) -> tuple[Float32, Rows]:
    """By exact search, block by block."""
    best = faiss.ResultHeap(len(asked), k, keep_max=True)
    for begin in range(0, len(vectors), many_vectors.BLOCK):
        block = np.ascontiguousarray(vectors[begin : begin + many_vectors.BLOCK])
        scores, rows = faiss.knn(asked, block, min(k, len(block)), metric=faiss.METRIC_INNER_PRODUCT)
        best.add_result(scores, rows + begin)
    best.finalize()
    return best.D, best.I


def recall(found: Sequence[Sequence[int]], truth: Rows, k: int) -> float:
    """The share of the ``k`` nearest that are among the first ``k`` found."""
    pairs = zip(found, truth[:, :k].tolist(), strict=True)
    return round(float(np.mean([len(set(rows[:k]) & set(right)) / k for rows, right in pairs])), 4)


def child(what: str, folder: Path, number: int) -> dict[str, Any]:
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "benchmarks.nearest_once",
        what,
        str(folder),
        str(number),
    ]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def other(
    make: Callable[[Float32], tuple[Any, str, Sequence[int]]], vectors: Float32, asked: Float32, truth: Rows
) -> dict[str, Any]:
    """Without quantization but for the lists, which are scored again: the best that they can do."""
    begun = time.perf_counter()
    index, effort, steps = make(vectors)
    built = time.perf_counter() - begun
    figures: dict[str, Any] = {}
    for step in steps:
        setattr(index.hnsw if effort == "efSearch" else index, effort, step)
        found, times = [], []
        for question in asked:
            at = time.thread_time()
            found.append(index.search(question[None], DEPTH)[1][0].tolist())
            times.append(time.thread_time() - at)
        right = [
            len(set(one) & set(best)) / 10 for one, best in zip(found, truth[:, :10].tolist(), strict=True)
        ]
        figures = {
            "built_s": round(built, 1),
            effort: step,
            "recall@10_rescored": round(float(np.mean(right)), 4),
            "p50_cpu_ms": round(float(np.median(times)) * 1000, 2),
        }
        if figures["recall@10_rescored"] >= ENOUGH:
            break
    return figures


def _lists(vectors: Float32) -> tuple[Any, str, Sequence[int]]:
    count = 2 ** round(np.log2(4 * np.sqrt(len(vectors))))
    index: Any = faiss.index_factory(vectors.shape[1], f"IVF{count},SQ8", faiss.METRIC_INNER_PRODUCT)
    index.cp.niter = 8
    chosen = np.random.default_rng(2).choice(len(vectors), min(len(vectors), 40 * count), replace=False)
    index.train(vectors[np.sort(chosen)])
    _add(index, vectors)
    return index, "nprobe", [count * share // 64 for share in (2, 4, 6, 8, 12, 16, 24, 32)]


def _graph(vectors: Float32) -> tuple[Any, str, Sequence[int]]:
    index: Any = faiss.IndexHNSWFlat(vectors.shape[1], 32)  # by distance: the same order, and a better graph
    index.hnsw.efConstruction = 64
    _add(index, vectors)
    return index, "efSearch", (100, 150, 200, 300, 400, 600)


def _add(index: Any, vectors: Float32) -> None:
    for begin in range(0, len(vectors), many_vectors.BLOCK):
        index.add(np.ascontiguousarray(vectors[begin : begin + many_vectors.BLOCK]))


OTHERS = {"lists": _lists, "graph": _graph}


def keep(figures: dict[str, Any], real: int) -> None:
    """Put them among those of other sizes, and draw all."""
    sizes = json.loads(RESULT.read_text(encoding="utf-8"))["sizes"] if RESULT.exists() else []
    sizes = [one for one in sizes if one["vectors"] != figures["vectors"]] + [figures]
    sizes.sort(key=lambda one: one["vectors"])
    report = {
        "what": f"the {DEPTH} nearest of so many vectors of 384 dimensions to {QUESTIONS} real questions, one by one",
        "vectors": f"{real} are real; the others are real ones turned along differences of real ones, "
        "as far as real ones are from their nearest neighbours",
        "faiss": faiss.__version__,
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "exact_up_to": EXACT_UP_TO,
        "sizes": sizes,
    }
    RESULT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    draw(sizes)


def draw(sizes: Sequence[dict[str, Any]]) -> None:
    import matplotlib as mpl  # noqa: PLC0415  slow to load, and only needed here

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, axes = plt.subplots(1, 3, figsize=(13, 4), layout="constrained")
    counts = [one["vectors"] for one in sizes]
    for way, style, color in (("exact", "o--", "tab:blue"), ("quantized", "s-", "tab:orange")):
        for axis, name, what in (
            (axes[0], "p50_ms", "p50"),
            (axes[0], "p95_ms", "p95"),
            (axes[1], "write_s", "seconds to write"),
            (axes[2], "recall@10", "recall@10"),
        ):
            faint = 0.35 if name == "p95_ms" else 1
            values = [one[way][name] for one in sizes]
            axis.plot(counts, values, style, color=color, alpha=faint, label=f"{way}, {what}")
    axes[1].plot(
        counts,
        [one["quantized"]["open_rss_mb"] for one in sizes],
        "^:",
        label="quantized, MB held when opened",
    )
    axes[2].plot(
        counts, [one["quantized"]["recall@100"] for one in sizes], "s:", label="quantized, recall@100"
    )
    axes[0].axvline(EXACT_UP_TO, color="grey", lw=0.8)
    for axis, title in zip(
        axes, ("one search, ms", "writing and opening", "recall of questions"), strict=True
    ):
        axis.set(xscale="log", xlabel="vectors", title=title)
        axis.grid(alpha=0.3)
        axis.legend(fontsize=8)
    axes[0].set_yscale("log")
    axes[1].set_yscale("log")
    axes[2].set_ylim(0.9, 1.005)
    figure.savefig(RESULT.with_suffix(".png"), dpi=110)
    plt.close(figure)


if __name__ == "__main__":
    main()
