"""How sure we are that the articles answer this very question: a calibrated probability.

``Sufficiency`` is the one interface. ``Logistic`` is fitted by ``training/fit_scorer.py``; its weights and those
of the sentence scorer are in ``bot/answering/scorer.json``.
"""

import json
import math
from collections.abc import Sequence
from importlib import resources
from typing import Any, Protocol

from bot.answering.evidence import FEATURES, Evidence, Weights
from bot.answering.question import Claim

MEASURES = (
    "relevance",
    "second",
    "sided",
    "passage_cosine",
    "top_passage",
    "cosine",
    "coverage_in_context",
    "missing",
    "name_nowhere",
    "wanting",
)
"""Columns of a sufficiency row, in order: the whole of the evidence, then features of its best sentence."""


class Sufficiency(Protocol):
    """Anything that can tell how likely the evidence answers the question."""

    def confidence(self, claim: Claim, evidence: Sequence[Evidence], *, sided: float) -> float:
        """Probability 0..1; ``sided`` is the strength of the verdict's best statement (0 for an open question)."""
        ...


def measures(evidence: Sequence[Evidence], *, sided: float) -> tuple[float, ...]:
    """The row of ``MEASURES`` for evidence that comes best first and is not empty."""
    best = evidence[0]
    whole = {
        "relevance": _log_odds(best.relevance),
        "second": _log_odds(evidence[1].relevance if len(evidence) > 1 else 0.0),
        "sided": sided,
        "passage_cosine": max(e.feature("passage_cosine") for e in evidence),
        "top_passage": float(best.rank == 0),
    }
    return tuple(whole[name] if name in whole else best.feature(name) for name in MEASURES)


def _log_odds(probability: float) -> float:
    """Within -1..1, for probabilities of 0.0025 to 0.9975."""
    clipped = min(max(probability, 0.0025), 0.9975)
    return math.log(clipped / (1 - clipped)) / 6


class Logistic:
    """One logistic model for each kind of question."""

    def __init__(self, models: dict[str, Weights]) -> None:
        """``models`` has weights over ``MEASURES`` for ``yesno`` and ``open``."""
        self.models = models

    def confidence(self, claim: Claim, evidence: Sequence[Evidence], *, sided: float) -> float:
        """See Sufficiency."""
        if not evidence:
            return 0.0
        return self.models[claim.kind].probability(measures(evidence, sided=sided))


def load_scorer() -> tuple[dict[str, Weights], dict[str, Weights]]:
    """The sentence scorers and the sufficiency models that ship with the package."""
    stored: dict[str, Any] = json.loads(
        resources.files("bot.answering").joinpath("scorer.json").read_text("utf-8")
    )
    return _models(stored["sentence"], FEATURES), _models(stored["sufficiency"], MEASURES)


def _models(stored: dict[str, Any], columns: tuple[str, ...]) -> dict[str, Weights]:
    return {
        kind: Weights(model["bias"], tuple(model["weights"].get(name, 0.0) for name in columns))
        for kind, model in stored.items()
    }
