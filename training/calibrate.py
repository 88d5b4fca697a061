"""Temper the stance head, so that its probabilities mean what they say (temperature scaling, Guo et al. 2017).

    python -m training.calibrate [--model FOLDER]

The temperature is fitted on half of the kept-aside families (every second one by name) and stored in the model's
card; ``training.measure_evidence`` reports on the other half.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.pairs import STANCES, OnnxPairs
from training import bank, written
from training.bank import Family
from training.store import WEIGHTS

_EACH = 40
_SEED = 9
_TRIED = np.arange(0.6, 4.01, 0.05)


def halves() -> tuple[list[Family], list[Family]]:
    """The kept-aside families that calibrate and those that measure."""
    kept = sorted(bank.split(bank.families())[1], key=lambda family: family.name)
    return kept[::2], kept[1::2]


def temperature(home: Path) -> float:
    """The one with the least log loss, among 0.6 to 4.0."""
    pairs = [p for p in written.pairs(halves()[0], _EACH, _SEED, real=()) if p.stances]
    model = OnnxPairs(home)
    columns = [model.heads.index(stance) for stance in STANCES]
    logits = model.logits([(p.claim, p.evidence) for p in pairs])[:, columns]
    right = np.array([[stance in p.stances for stance in STANCES] for p in pairs])
    return float(round(min(_TRIED, key=lambda t: _loss(logits / t, right)), 2))


def _loss(logits: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return float(-np.log((powers * right).sum(axis=1) / powers.sum(axis=1)).mean())


def main() -> None:
    """Write the temperature into the card."""
    parser = argparse.ArgumentParser(description="Temper the stance head.")
    parser.add_argument("--model", type=Path, default=WEIGHTS)
    card = parser.parse_args().model / "pairs.json"
    stored = json.loads(card.read_text("utf-8"))
    stored["temperature"] = 1.0
    card.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")
    stored["temperature"] = temperature(card.parent)
    card.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")
    print(f"temperature {stored['temperature']}")


if __name__ == "__main__":
    main()
