"""Temper the stance head, so that its probabilities mean what they say (temperature scaling, Guo et al. 2017).

    python -m training.calibrate EVAL_FOLDER [--model FOLDER]

The temperature is fitted on half of the kept-aside families (every second one by name) and, for the same weight, on half of
fever-symmetric (the claims that hash even): on either alone the model would be too sure of the other. It is stored in the
model's card; ``training.measure_evidence`` reports on the other halves too.
"""

import argparse
import json
import zlib
from pathlib import Path
from typing import Any

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


def symmetric(folder: Path) -> list[dict[str, Any]]:
    """The rows of fever-symmetric."""
    lines = (folder / "fever-symmetric" / "pairs.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def calibrates(row: dict[str, Any]) -> bool:
    """Whether a row of fever-symmetric is in the half that calibrates."""
    return zlib.crc32(row["claim"].encode()) % 2 == 0


def temperature(home: Path, folder: Path) -> float:
    """The one with the least mean log loss over the two halves, among 0.6 to 4.0."""
    written_pairs = [p for p in written.pairs(halves()[0], _EACH, _SEED, real=()) if p.stances]
    sided = [row for row in symmetric(folder) if calibrates(row)]
    model = OnnxPairs(home)
    columns = [model.heads.index(stance) for stance in STANCES]
    ours = model.logits([(p.claim, p.evidence) for p in written_pairs])[:, columns]
    theirs = model.logits([(row["claim"], row["evidence"]) for row in sided])[:, columns[:2]]
    right = np.array([[stance in p.stances for stance in STANCES] for p in written_pairs])
    true = np.array([[row["label"] == stance for stance in STANCES[:2]] for row in sided])
    return float(round(min(_TRIED, key=lambda t: _loss(ours / t, right) + _loss(theirs / t, true)), 2))


def _loss(logits: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return float(-np.log((powers * right).sum(axis=1) / powers.sum(axis=1)).mean())


def main() -> None:
    """Write the temperature into the card."""
    parser = argparse.ArgumentParser(description="Temper the stance head.")
    parser.add_argument("eval", type=Path)
    parser.add_argument("--model", type=Path, default=WEIGHTS)
    given = parser.parse_args()
    card = given.model / "pairs.json"
    stored = json.loads(card.read_text("utf-8"))
    stored["temperature"] = 1.0
    card.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")
    stored["temperature"] = temperature(card.parent, given.eval)
    card.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")
    print(f"temperature {stored['temperature']}")


if __name__ == "__main__":
    main()
