"""Two runs side by side, over the questions that both asked."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.evaluation.intervals import Figure
from bot.evaluation.outcomes import Outcome
from bot.evaluation.scores import figures


@dataclass(frozen=True, slots=True)
class Change:
    """One figure in both runs."""

    before: Figure
    after: Figure

    @property
    def difference(self) -> float | None:
        if self.before.value is None or self.after.value is None:
            return None
        return self.after.value - self.before.value


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed; a question counts as the same when id and wording are."""

    shared: int
    left_out: int
    """Questions that only one of the runs asked."""
    figures: dict[str, Change]
    lost: tuple[Outcome, ...]
    """Right before, wrong now; as they are now."""
    won: tuple[Outcome, ...]
    """Wrong before, right now; as they are now."""


def compare(before: Sequence[Outcome], after: Sequence[Outcome]) -> Comparison:
    """Figures are computed anew from the shared questions, so that both stand on the same cases."""
    earlier = {(o.id, o.question): o for o in before}
    pairs = [(earlier[o.id, o.question], o) for o in after if (o.id, o.question) in earlier]
    then, now = figures([b for b, _ in pairs]), figures([a for _, a in pairs])
    return Comparison(
        shared=len(pairs),
        left_out=len(before) + len(after) - 2 * len(pairs),
        figures={name: Change(then[name], now[name]) for name in now},
        lost=tuple(a for b, a in pairs if b.right and not a.right),
        won=tuple(a for b, a in pairs if a.right and not b.right),
    )


def to_dict(comparison: Comparison) -> dict[str, Any]:
    """For JSON: the questions by their ids."""
    return {
        "shared": comparison.shared,
        "left_out": comparison.left_out,
        "figures": {
            name: {"before": asdict(c.before), "after": asdict(c.after), "difference": c.difference}
            for name, c in comparison.figures.items()
        },
        "right_to_wrong": [o.id for o in comparison.lost],
        "wrong_to_right": [o.id for o in comparison.won],
    }
