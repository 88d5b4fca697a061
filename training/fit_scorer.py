"""Fit the sentence scorer and the sufficiency models on labelled sets and write ``bot/answering/scorer.json``.

    python -m training.fit_scorer EVAL_FOLDER INDEX_FOLDER DATA_FOLDER

EVAL_FOLDER has one folder a set (questions.jsonl, articles.jsonl); INDEX_FOLDER an index of the same name for each.
Questions whose id hashes even fit; the others measure. Sentences are labelled right when they stand in a gold
article and hold a gold answer (of an unanswerable question none is right); questions by whether they are answerable.
"""

import json
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from bot.answering.answerer import Answerer
from bot.answering.evidence import FEATURES, Evidence, Weights
from bot.answering.question import Claim, read
from bot.answering.sufficiency import MEASURES, measures
from retrieval import encoder
from retrieval.search import Index

SENTENCE_SETS = ("xquad-en", "multihop-rag", "rgb-conflict")
SUFFICIENCY_SETS = {"open": ("xquad-en",), "yesno": ("boolq",)}
OUT = Path(__file__).parent.parent / "bot" / "answering" / "scorer.json"


def fits(question: dict[str, Any]) -> bool:
    """Whether a question belongs to the fitting half."""
    return zlib.crc32(question["id"].encode()) % 2 == 0


def questions(folder: Path) -> Iterator[dict[str, Any]]:
    """The labelled questions of a set, each with its article's identity as ``id`` for the split."""
    for line in (folder / "questions.jsonl").read_text("utf-8").splitlines():
        yield json.loads(line)


class Recorder:
    """A Sufficiency that keeps the rows it is asked about."""

    def __init__(self) -> None:
        self.row: tuple[float, ...] | None = None

    def confidence(self, claim: Claim, evidence: Sequence[Evidence], *, sided: float) -> float:
        """Keeps the row; answers nothing."""
        del claim
        self.row = measures(evidence, sided=sided) if evidence else None
        return 0.0


def sentence_rows(answerer: Answerer, asked: dict[str, Any]) -> Iterator[tuple[tuple[float, ...], int]]:
    """Features and label of each candidate sentence of one question."""
    gold = {g.casefold() for g in asked.get("answers", [])}
    for found in answerer.finder.find(
        read(asked["question"]), answerer.index.search(asked["question"], k=20)
    ):
        right = found.article.id in asked["articles"] and any(g in found.text.casefold() for g in gold)
        yield found.features, int(right)


def fit(
    rows: list[tuple[float, ...]], labels: list[int], columns: Sequence[str], strength: float
) -> dict[str, Any]:
    """A logistic model; ``strength`` is the inverse of the L2 penalty."""
    model = LogisticRegression(C=strength, max_iter=2000).fit(np.array(rows), np.array(labels))
    weights = {c: round(float(w), 4) for c, w in zip(columns, model.coef_[0], strict=True)}
    return {"bias": round(float(model.intercept_[0]), 4), "weights": weights}


def weights(model: dict[str, Any], columns: Sequence[str]) -> Weights:
    """The same as the product reads it."""
    return Weights(model["bias"], tuple(model["weights"][c] for c in columns))


def main(eval_folder: Path, index_folder: Path) -> None:
    """Fit, report on the held-out halves, write."""
    encode = encoder.load("all-MiniLM-L6-v2", Path(sys.argv[3]) / "models")
    answerers = {
        name: Answerer(Index.open(index_folder / name, encode), sufficiency=Recorder())
        for name in {*SENTENCE_SETS, *SUFFICIENCY_SETS["open"], *SUFFICIENCY_SETS["yesno"]}
    }
    halves: dict[bool, tuple[list[tuple[float, ...]], list[int]]] = {True: ([], []), False: ([], [])}
    for name in SENTENCE_SETS:
        for asked in questions(eval_folder / name):
            if asked["kind"] != "open":
                continue
            for row, label in sentence_rows(answerers[name], asked):
                halves[fits(asked)][0].append(row)
                halves[fits(asked)][1].append(label)
    sentence = fit(*halves[True], FEATURES, 1.0)
    scorer = weights(sentence, FEATURES)
    auc = roc_auc_score(halves[False][1], [scorer.probability(r) for r in halves[False][0]])
    print(f"sentences: {len(halves[True][1])} fitted, AUROC on the rest {auc:.3f}")
    sufficiency = {}
    for kind, names in SUFFICIENCY_SETS.items():
        sufficiency[kind] = _fit_sufficiency(kind, names, answerers, scorer, eval_folder)
    stored = {"sentence": {"yesno": sentence, "open": sentence}, "sufficiency": sufficiency}
    OUT.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")


def _fit_sufficiency(
    kind: str, names: Sequence[str], answerers: dict[str, Answerer], scorer: Weights, eval_folder: Path
) -> dict[str, Any]:
    rows: dict[bool, tuple[list[tuple[float, ...]], list[int]]] = {True: ([], []), False: ([], [])}
    for name in names:
        answerer = answerers[name]
        answerer.finder.scorers = {"yesno": scorer, "open": scorer}
        recorder = answerer.sufficiency
        assert isinstance(recorder, Recorder)  # noqa: S101  made by main
        for asked in questions(eval_folder / name):
            if asked["kind"] != kind:
                continue
            answerer.answer(asked["question"])
            if recorder.row is not None:
                rows[fits(asked)][0].append(recorder.row)
                rows[fits(asked)][1].append(int(asked["answerable"]))
    model = fit(*rows[True], MEASURES, 0.3)
    fitted = weights(model, MEASURES)
    probabilities = [fitted.probability(r) for r in rows[False][0]]
    auc = roc_auc_score(rows[False][1], probabilities)
    brier = float(np.mean((np.array(probabilities) - np.array(rows[False][1])) ** 2))
    print(f"{kind}: {len(rows[True][1])} questions fitted, on the rest AUROC {auc:.3f}, Brier {brier:.3f}")
    return model


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
