"""The two curves of a run as PNG files. matplotlib is an extra, loaded when they are drawn."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.evaluation import curves, scores
from bot.evaluation.outcomes import Outcome

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MISSING = "no pictures: matplotlib is not installed: pip install 'onrecord[eval]'"
_INCHES = (5.0, 4.5)


def can_draw() -> bool:
    try:
        import matplotlib.figure  # noqa: F401, PLC0415  heavy, and not everywhere
    except ImportError:
        return False
    return True


def draw(outcomes: Sequence[Outcome], threshold: float, title: str, folder: Path) -> list[Path]:
    """Write ``reliability.png`` and ``risk-coverage.png``; returns where."""
    from matplotlib.figure import Figure  # noqa: PLC0415  as above

    files = []
    for name, drawn in (("reliability", _reliability), ("risk-coverage", _risk_coverage)):
        figure = Figure(figsize=_INCHES, layout="constrained")
        axes = figure.add_subplot()
        drawn(axes, outcomes, threshold)
        axes.set_title(title, parse_math=False)
        axes.grid(alpha=0.3)
        figure.legend(loc="outside lower center", ncols=3, fontsize="small", frameon=False)
        files.append(folder / f"{name}.png")
        figure.savefig(files[-1], dpi=150)
    return files


def _reliability(axes: "Axes", outcomes: Sequence[Outcome], threshold: float) -> None:
    """Where points lie below the diagonal the program is surer than it should be."""
    bins = curves.reliability(scores.truth(outcomes))
    seen = [(b, b.observed.value or 0.0, b.observed.low or 0.0, b.observed.high or 0.0) for b in bins]
    axes.plot([0, 1], [0, 1], "--", color="grey", label="calibrated")
    axes.errorbar(
        [b.confidence for b in bins],
        [value for _, value, _, _ in seen],
        yerr=([value - low for _, value, low, _ in seen], [high - value for _, value, _, high in seen]),
        fmt="o",
        capsize=3,
        label="questions, 95 %",
    )
    for b, value, _, _ in seen:
        axes.annotate(str(b.observed.n), (b.confidence, value), textcoords="offset points", xytext=(5, 5))
    axes.axvline(threshold, color="tab:red", lw=1, label=f"threshold {threshold:g}")
    axes.set(xlim=(0, 1.04), ylim=(-0.05, 1.08), xlabel="confidence", ylabel="share that the articles answer")


def _risk_coverage(axes: "Axes", outcomes: Sequence[Outcome], threshold: float) -> None:
    points = curves.risk_coverage(scores.wrongness(outcomes))
    axes.plot([p.coverage for p in points], [p.risk for p in points], label="surest first")
    served = [p for p in points if p.threshold >= threshold]
    if served:
        axes.plot(
            served[-1].coverage, served[-1].risk, "o", color="tab:red", label=f"threshold {threshold:g}"
        )
    axes.set(
        xlim=(0, 1.02), ylim=(0, 1.02), xlabel="coverage: share answered", ylabel="risk: share of these wrong"
    )
