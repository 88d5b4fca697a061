"""How sure we are that the articles answer this very question: a calibrated probability.

``Sufficiency`` is the one interface. ``Logistic`` is fitted by ``training/fit_scorer.py``; its weights and those
of the sentence scorer are in ``bot/answering/scorer.json``.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, Protocol

from bot.answering.evidence import FEATURES, Evidence, Weights, log_odds
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
    "read_relevance",
    "best_read",
    "read_supports",
    "read_refutes",
    "together",
    "sources_held",
    "sources_lacking",
)
"""Columns of a sufficiency row, in order: the whole of the evidence, then features of its best sentence."""

_TOGETHER = 6
"""Sentences whose union of words is weighed against the question's."""


class Sufficiency(Protocol):
    """Anything that can tell how likely the evidence answers the question."""

    def confidence(
        self, claim: Claim, evidence: Sequence[Evidence], *, sided: float, lacking: float
    ) -> float:
        """Probability 0..1.

        ``sided`` is the strength of the verdict's best statement (0 for an open question), ``lacking`` the share of
        the sources named in the question that are neither outlets here nor named in what was found.
        """
        ...


def measures(
    claim: Claim, evidence: Sequence[Evidence], *, sided: float, lacking: float
) -> tuple[float, ...]:
    """The row of ``MEASURES`` for evidence that comes best first and is not empty."""
    best = evidence[0]
    whole = {
        "relevance": log_odds(best.relevance),
        "second": log_odds(evidence[1].relevance if len(evidence) > 1 else 0.0),
        "sided": sided,
        "passage_cosine": max(e.feature("passage_cosine") for e in evidence),
        "top_passage": float(best.rank == 0),
        "best_read": max(e.feature("read_relevance") for e in evidence),
        "together": sum(map(max, zip(*(e.covers for e in evidence[:_TOGETHER]), strict=True))),
        "sources_held": float(bool(claim.sources)) * (1 - lacking),
        "sources_lacking": lacking,
    }
    return tuple(whole[name] if name in whole else best.feature(name) for name in MEASURES)


class Logistic:
    """One logistic model for each kind of question."""

    def __init__(self, models: dict[str, Weights]) -> None:
        """``models`` has weights over ``MEASURES`` for ``yesno`` and ``open``."""
        self.models = models

    def confidence(
        self, claim: Claim, evidence: Sequence[Evidence], *, sided: float, lacking: float
    ) -> float:
        """See Sufficiency."""
        if not evidence:
            return 0.0
        return self.models[claim.kind].probability(measures(claim, evidence, sided=sided, lacking=lacking))


@dataclass(frozen=True, slots=True)
class Scorer:
    """All fitted weights, of sentences and of sufficiency, by kind of question."""

    sentence: dict[str, Weights]
    sufficiency: dict[str, Weights]


def load_scorer(*, model: bool = True) -> Scorer:
    """The weights that ship with the package: those fitted with the evidence model's readings, or those without."""
    stored: dict[str, Any] = json.loads(
        resources.files("bot.answering").joinpath("scorer.json").read_text("utf-8")
    )
    return scorer(stored["with model" if model else "without model"])


def scorer(stored: dict[str, Any]) -> Scorer:
    """From the form of ``scorer.json``; a column that it does not name weighs nothing."""
    return Scorer(_models(stored["sentence"], FEATURES), _models(stored["sufficiency"], MEASURES))


def _models(stored: dict[str, Any], columns: tuple[str, ...]) -> dict[str, Weights]:
    return {
        kind: Weights(model["bias"], tuple(model["weights"].get(name, 0.0) for name in columns))
        for kind, model in stored.items()
    }
