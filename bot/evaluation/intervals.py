"""Figures with their number of cases and a 95 % interval."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_Z = 1.959964
"""Normal quantile of a two-sided 95 % interval."""
_DRAWS = 1000
_SEED = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its interval; all None where there was no case to count."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    """Cases it was counted over."""


def share(hits: int, n: int) -> Figure:
    """A proportion with its Wilson score interval (Wilson 1927), which stays within 0..1 at every n."""
    if not n:
        return Figure(None, None, None, 0)
    p, z2 = hits / n, _Z**2
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z * math.sqrt(p * (1 - p) / n + z2 / (4 * n**2)) / (1 + z2 / n)
    return Figure(p, min(p, centre - half), max(p, centre + half), n)


def bootstrapped(statistic: Callable[..., float], *samples: npt.ArrayLike) -> Figure:
    """A statistic of one or more samples with its percentile bootstrap interval (Efron 1979), seeded.

    Each sample is resampled on its own, so that classes keep their sizes; rows of one sample stay together.
    ``statistic`` takes them as arrays of the samples' shapes.
    """
    given = [np.asarray(sample, dtype=np.float64) for sample in samples]
    n = sum(map(len, given))
    if not all(map(len, given)):
        return Figure(None, None, None, n)
    random = np.random.default_rng(_SEED)
    drawn = [
        statistic(*(sample[random.integers(0, len(sample), len(sample))] for sample in given))
        for _ in range(_DRAWS)
    ]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Figure(float(statistic(*given)), float(low), float(high), n)
