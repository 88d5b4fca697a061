"""Figures of the evidence model as it ships, on sets it never met.

    python -m training.measure_evidence EVAL_FOLDER [--model FOLDER] [--save FILE] [--card]

* ``fever-symmetric``: supports or refutes, forced; all pairs, and the surest half.
* ``kept-aside families``: pairs written from predicate families that training leaves out (the half of them that the
  temperature is not fitted on), three stances; how
  many of those judged with p >= .8 are flipped. Where a label leaves two stances open, either is right.
* ``relevance``: for each answerable question of xquad-en, the sentences of its own paragraph: AUROC of those that
  hold the answer, and the share of questions whose best sentence does.

``--card`` writes the model card beside the model. Each figure comes with n and a 95 % interval (Wilson for shares).
"""

import argparse
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from corpus.sentences import split as sentences
from retrieval.pairs import STANCES, OnnxPairs, PairModel, relevances, stances
from training import bank, card, written
from training.calibrate import calibrates, halves, symmetric
from training.store import WEIGHTS

SURE = 0.8
_EACH = 40
_SEED = 8
"""Unlike the one trained with: other objects, frames and adjuncts."""


def share(right: int, n: int) -> dict[str, float]:
    """A share with n and its Wilson 95 % interval (Wilson 1927)."""
    if not n:
        return {"value": 0.0, "n": 0, "low": 0.0, "high": 1.0}
    z, p = 1.96, right / n
    middle, spread = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = (middle - spread) / (1 + z * z / n), (middle + spread) / (1 + z * z / n)
    return {"value": round(p, 4), "n": n, "low": round(low, 4), "high": round(high, 4)}


def fever_symmetric(model: PairModel, folder: Path) -> dict[str, Any]:
    """Two-way, forced."""
    rows = symmetric(folder)
    p = stances(model, [(r["claim"], r["evidence"]) for r in rows])
    margin = p[:, 0] - p[:, 1]
    right = (margin > 0) == np.array([r["label"] == "supports" for r in rows])
    surest = np.argsort(-np.abs(margin))[: len(rows) // 2]
    other = np.array([not calibrates(row) for row in rows])
    return {
        "accuracy": share(int(right.sum()), len(rows)),
        "accuracy on the half that does not calibrate": share(int(right[other].sum()), int(other.sum())),
        "surest half": share(int(right[surest].sum()), len(surest)),
    }


def kept_aside(model: PairModel) -> dict[str, Any]:
    """Three stances on the families left out of training."""
    _, kept = halves()
    pairs = [p for p in written.pairs(kept, _EACH, _SEED, real=()) if p.stances]
    p = stances(model, [(pair.claim, pair.evidence) for pair in pairs])
    given = p.argmax(axis=1)
    right = np.array([STANCES[g] in pair.stances for g, pair in zip(given, pairs, strict=True)])
    gold = np.array([STANCES.index(max(pair.stances)) for pair in pairs])
    sure = p.max(axis=1) >= SURE
    flipped = sure & ~right & (gold + given == 1)
    figures = {
        "families": len(kept),
        "accuracy": share(int(right.sum()), len(pairs)),
        "flipped when sure": share(int(flipped.sum()), int(sure.sum())),
        "sure": share(int(sure.sum()), len(pairs)),
        "confusion": [[int(((gold == g) & (given == s)).sum()) for s in range(3)] for g in range(3)],
    }
    wrong = sorted(np.flatnonzero(~right), key=lambda i: -float(p[i].max()))[:20]
    figures["worst"] = [
        [" or ".join(sorted(pairs[i].stances)), STANCES[given[i]], pairs[i].claim, pairs[i].evidence]
        for i in wrong
    ]
    return figures


def relevance(model: PairModel, folder: Path) -> dict[str, Any]:
    """Which sentence of the right paragraph answers."""
    home = folder / "xquad-en"
    texts = {
        r["id"]: r["text"] for r in map(json.loads, (home / "articles.jsonl").read_text("utf-8").splitlines())
    }
    labels: list[int] = []
    scores: list[float] = []
    first = asked = 0
    for row in map(json.loads, (home / "questions.jsonl").read_text("utf-8").splitlines()):
        if not row["answerable"]:
            continue
        text = texts[row["articles"][0]]
        found = [text[a:b] for a, b in sentences(text, [(0, len(text))])]
        holds = [any(answer in sentence for answer in row["answers"]) for sentence in found]
        given = relevances(model, [(row["question"], sentence) for sentence in found])
        labels += map(int, holds)
        scores += map(float, given)
        asked += 1
        first += holds[int(given.argmax())]
    return {"AUROC": round(float(roc_auc_score(labels, scores)), 4), "hit@1": share(first, asked)}


def measure(home: Path, folder: Path) -> dict[str, Any]:
    """All figures of the model in ``home``."""
    model = OnnxPairs(home)
    return {
        "model": model.fingerprint,
        "bytes": (home / "model.onnx").stat().st_size,
        "fever-symmetric": fever_symmetric(model, folder),
        "kept-aside families": kept_aside(model),
        "relevance in the right paragraph": relevance(model, folder),
    }


def main() -> None:
    """Print the figures; with --save write them as JSON too."""
    parser = argparse.ArgumentParser(description="Measure the evidence model.")
    parser.add_argument("eval", type=Path)
    parser.add_argument("--model", type=Path, default=WEIGHTS)
    parser.add_argument("--save", type=Path)
    parser.add_argument("--card", action="store_true")
    given = parser.parse_args()
    figures = measure(given.model, given.eval)
    print(json.dumps(figures, indent=1))
    if given.save:
        given.save.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    if given.card:
        every = bank.families()
        used, kept = bank.split(every)
        dropped = len(every) - len(used) - len(kept)
        text = card.write(figures, families=len(used), kept=len(kept), dropped=dropped)
        (given.model / "MODEL_CARD.md").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
