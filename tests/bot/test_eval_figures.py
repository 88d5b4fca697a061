"""Intervals and curves against values worked out by hand, and against scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score

from bot.evaluation import curves
from bot.evaluation.intervals import Figure, bootstrapped, share

PAIRS = np.array([(0.95, 0), (0.85, 1), (0.75, 0), (0.65, 1)])
"""Confidence and wrongness: surest first, every other answer is wrong."""


def test_wilson_intervals() -> None:
    eight = share(8, 10)
    assert (eight.value, eight.n) == (0.8, 10)
    assert (eight.low, eight.high) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    none, every = share(0, 5), share(5, 5)
    assert (none.low, none.high) == pytest.approx((0, 0.4345), abs=1e-4)
    assert (every.low, every.high) == pytest.approx((0.5655, 1), abs=1e-4)
    assert share(0, 0) == Figure(None, None, None, 0)


def test_the_bootstrap_is_seeded_and_finds_the_interval_of_a_mean() -> None:
    sample = np.arange(400) % 10
    found = bootstrapped(np.mean, sample)
    assert found == bootstrapped(np.mean, sample)
    half = 1.96 * sample.std() / 20  # of a mean of 400
    assert (found.value, found.n) == (4.5, 400)
    assert found.low == pytest.approx(4.5 - half, abs=0.03)
    assert found.high == pytest.approx(4.5 + half, abs=0.03)
    assert bootstrapped(np.mean, []) == Figure(None, None, None, 0)
    assert bootstrapped(curves.auroc, [0.5, 0.6], []) == Figure(None, None, None, 2)


def test_auroc() -> None:
    assert curves.auroc(np.array([0.9, 0.4]), np.array([0.5, 0.4])) == (1 + 1 + 0 + 0.5) / 4
    random = np.random.default_rng(1)
    scores, labels = random.integers(0, 20, 300) / 20, random.random(300) < 0.4
    ours = curves.auroc(scores[labels], scores[~labels])
    assert ours == pytest.approx(roc_auc_score(labels, scores))


def test_brier_and_calibration_error() -> None:
    pairs = np.array([(0.95, 1), (0.93, 0), (0.25, 0), (0.3, 0), (1.0, 1)])
    assert curves.brier(pairs) == pytest.approx((0.0025 + 0.8649 + 0.0625 + 0.09 + 0) / 5)
    assert curves.brier(pairs) == pytest.approx(brier_score_loss(pairs[:, 1], pairs[:, 0]))
    bins = curves.reliability(pairs)
    assert [(b.low, b.high, b.observed.n) for b in bins] == [(0.2, 0.3, 1), (0.3, 0.4, 1), (0.9, 1.0, 3)]
    assert bins[2].confidence == pytest.approx(0.96)
    assert bins[2].observed == share(2, 3)
    assert curves.expected_calibration_error(pairs) == pytest.approx((0.25 + 0.3 + abs(2.88 - 2)) / 5)


def test_risk_coverage() -> None:
    points = curves.risk_coverage(PAIRS)
    assert [(p.threshold, p.coverage, p.risk) for p in points] == [
        (0.95, 0.25, 0),
        (0.85, 0.5, 0.5),
        (0.75, 0.75, pytest.approx(1 / 3)),
        (0.65, 1.0, 0.5),
    ]
    assert curves.area_under_risk_coverage(PAIRS) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)


def test_questions_that_tie_count_in_no_order() -> None:
    tied = np.array([(0.9, 0), (0.9, 1), (0.5, 1)])
    for rows in (tied, tied[[1, 0, 2]]):
        assert curves.area_under_risk_coverage(rows) == pytest.approx((0.5 + 0.5 + 2 / 3) / 3)
        first, last = curves.risk_coverage(rows)
        assert (first.threshold, first.coverage, first.risk) == pytest.approx((0.9, 2 / 3, 0.5))
        assert (last.threshold, last.coverage, last.risk) == pytest.approx((0.5, 1, 2 / 3))
