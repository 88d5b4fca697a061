"""The picture of ``benchmarks.scale``: what a search and a build take, against the number of passages."""

from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt


def draw(sizes: dict[int, dict[str, Any]], path: Path) -> None:
    """Latency, building and memory, beside one another."""
    order = sorted(sizes)
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(13, 4), layout="constrained")
    for name in ("whole", "encode", "vectors", "words"):
        found = [sizes[size]["searching"][name] for size in order]
        (line,) = left.plot(order, [one["p50"] for one in found], marker="o", label=name)
        left.plot(order, [one["p95"] for one in found], linestyle=":", color=line.get_color())
    left.set(title="a search (dotted: p95)", ylabel="ms", yscale="log")
    built = [sizes[size]["building"] for size in order]
    middle.plot(order, [one["seconds"] for one in built], marker="o", label="seconds")
    middle.plot(order, [sum(one["bytes"].values()) / 1e6 for one in built], marker="o", label="MB on disk")
    middle.set(title="building, without embedding", yscale="log")
    right.plot(
        order, [one["peak_mb"] - one["peak_mb_before"] for one in built], marker="o", label="while building"
    )
    for name, label in (("own", "searching: own"), ("files", "searching: mapped files")):
        memory = [max(1, sizes[size]["searching"]["memory_mb"][name]) for size in order]
        right.plot(order, memory, marker="o", label=label)
    right.set(title="memory", ylabel="MB", yscale="log")
    for axes in (left, middle, right):
        axes.set(xscale="log", xlabel="passages")
        axes.grid(alpha=0.3)
        axes.legend()
    figure.savefig(path, dpi=110)
