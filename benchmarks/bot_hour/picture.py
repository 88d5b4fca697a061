"""The hour as a picture: how long answers took, and the memory of the bot."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from benchmarks.bot_hour.books import quantiles

_INCHES = (8.0, 6.5)
_KINDS = {
    "question": "tab:blue",
    "inline": "tab:orange",
    "guest": "tab:purple",
    "press": "tab:green",
    "command": "tab:grey",
}


def draw(
    turns: Sequence[tuple[float, float, str]], memory: Sequence[tuple[float, float]], title: str, file: Path
) -> None:
    """``turns`` are (seconds since the start, seconds to the answer, kind); ``memory`` (seconds, MB)."""
    figure = Figure(figsize=_INCHES, layout="constrained")
    above, below = figure.subplots(2, sharex=True, height_ratios=(2, 1))
    for what, colour in _KINDS.items():
        points = [(at / 60, turn) for at, turn, kind in turns if kind == what]
        if points:
            label = f"{what}: {len(points):,}"
            above.scatter(*zip(*points, strict=True), s=4, alpha=0.5, color=colour, label=label)
    for name, value in quantiles([turn for _, turn, kind in turns if kind == "question"]).items():
        above.axhline(value, lw=0.7, color="tab:blue")
        above.annotate(f"{name} of questions: {value:g} s", (0, value), fontsize="x-small", va="bottom")
    above.set(yscale="log", ylabel="seconds to the answer", title=title)
    above.legend(loc="upper right", fontsize="small")
    below.plot([at / 60 for at, _ in memory], [size for _, size in memory], lw=1)
    below.set(xlabel="minutes", ylabel="MB resident", ylim=(0, None))
    for axes in (above, below):
        axes.grid(alpha=0.3)
    figure.savefig(file, dpi=130)
