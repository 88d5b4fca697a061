"""How the confidence behaves: calibration against what is so, and risk against coverage."""

from dataclasses import dataclass

import numpy as np

from bot.evaluation.intervals import Figure, Floats, share

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """The questions whose confidence lies in ``low <= c < high`` (the last bin holds 1 too)."""

    low: float
    high: float
    confidence: float
    """Their mean confidence."""
    observed: Figure
    """The share of them that the articles do answer, with its interval."""


@dataclass(frozen=True, slots=True)
class Point:
    """What answering every question of at least this confidence comes to."""

    threshold: float
    coverage: float
    """Share of the questions that are answered."""
    risk: float
    """Share of the answers that are wrong."""


def auroc(positive: Floats, negative: Floats) -> float:
    """Probability that a positive score is above a negative one, ties counted as half (Mann and Whitney 1947)."""
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, "left") + np.searchsorted(ordered, positive, "right")
    return float(below.mean() / 2 / len(negative))


def brier(pairs: Floats) -> float:
    """Mean squared difference between confidence and truth (Brier 1950); ``(n, 2)`` rows of both."""
    return float(np.mean((pairs[:, 0] - pairs[:, 1]) ** 2))


def expected_calibration_error(pairs: Floats) -> float:
    """Mean gap between confidence and truth over equal-width bins, weighted by their size (Naeini et al. 2015)."""
    bins = _bins(pairs[:, 0])
    gaps = np.bincount(bins, weights=pairs[:, 0] - pairs[:, 1], minlength=BINS)
    return float(np.abs(gaps).sum() / len(pairs))


def reliability(pairs: Floats) -> list[Bin]:
    """The bins that hold a question, lowest first; ``(n, 2)`` rows of confidence and truth."""
    bins = _bins(pairs[:, 0])
    found = []
    for number in np.unique(bins):
        held = pairs[bins == number]
        observed = share(int(held[:, 1].sum()), len(held))
        found.append(
            Bin(float(number / BINS), float((number + 1) / BINS), float(held[:, 0].mean()), observed)
        )
    return found


def risk_coverage(pairs: Floats) -> list[Point]:
    """The curve from the surest question to all of them, a point for each confidence that occurs.

    ``pairs``: ``(n, 2)`` rows of confidence and whether the answer is wrong (El-Yaniv and Wiener 2010).
    """
    confidence, wrong = _surest_first(pairs)
    answered = np.arange(1, len(pairs) + 1)
    risk = np.cumsum(wrong) / answered
    last = np.flatnonzero(np.append(confidence[1:] != confidence[:-1], True))
    return [Point(float(confidence[i]), float(answered[i] / len(pairs)), float(risk[i])) for i in last]


def area_under_risk_coverage(pairs: Floats) -> float:
    """The mean risk over all coverages (Geifman et al. 2019); questions that tie count in no order."""
    _, wrong = _surest_first(pairs)
    return float(np.mean(np.cumsum(wrong) / np.arange(1, len(pairs) + 1)))


def _surest_first(pairs: Floats) -> tuple[Floats, Floats]:
    """Confidence, falling, and wrongness, which questions of one confidence share evenly."""
    _, group = np.unique(-pairs[:, 0], return_inverse=True)
    mean = np.bincount(group, weights=pairs[:, 1]) / np.bincount(group)
    order = np.argsort(group, kind="stable")
    return pairs[order, 0], mean[group[order]]


def _bins(confidence: Floats) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
