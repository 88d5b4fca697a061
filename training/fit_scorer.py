"""Fit what turns measures into probabilities on labelled sets and write ``bot/answering/scorer.json``.

    python -m training.fit_scorer EVAL_FOLDER INDEX_FOLDER DATA_FOLDER [--fit-only]

EVAL_FOLDER has one folder a set (questions.jsonl, articles.jsonl); INDEX_FOLDER an index of the same name for each. Questions whose id hashes even fit; the
others measure, unless ``--fit-only`` leaves them out to save half the time. Logistic models for each way of working, with the
evidence model and without it:

* sentences: right when they stand in a gold article and hold a gold answer (of an unanswerable question none is);
* sufficiency: whether a question is answerable.
"""

import json
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score

from bot.answering.answerer import Answerer
from bot.answering.evidence import FEATURES, Evidence
from bot.answering.pair_reader import PairReader, Reader, WordsAlone
from bot.answering.question import Claim, read
from bot.answering.stance import RULES_ALONE, TOGETHER, RuleJudge, Witnesses
from bot.answering.sufficiency import MEASURES, measures, scorer
from retrieval import encoder
from retrieval.search import Index
from training.remembered import Remembered

SENTENCE_SETS = ("xquad-en", "multihop-rag", "realtimeqa")
SUFFICIENCY_SETS = {"open": ("xquad-en", "multihop-rag"), "yesno": ("boolq", "multihop-rag")}
OUT = Path(__file__).parent.parent / "bot" / "answering" / "scorer.json"
_FLAT: dict[str, Any] = {"bias": 0.0, "weights": {}}
_ROUGH: dict[str, Any] = {"bias": 0.0, "weights": {"coverage": 1.0, "read_relevance": 3.0}}
_START: dict[str, Any] = {
    "sentence": {"yesno": _ROUGH, "open": _ROUGH},
    "sufficiency": {"yesno": _FLAT, "open": _FLAT},
}
"""What works before anything is fitted."""
_FIT_ONLY = "--fit-only" in sys.argv


@dataclass
class Rows:
    """Rows and labels of the half that fits and the half that measures."""

    halves: dict[bool, tuple[list[tuple[float, ...]], list[int]]] = field(
        default_factory=lambda: {True: ([], []), False: ([], [])}
    )

    def add(self, asked: dict[str, Any], row: tuple[float, ...], *, label: bool) -> None:
        rows, labels = self.halves[fits(asked)]
        rows.append(row)
        labels.append(int(label))

    def fit(
        self, name: str, columns: Sequence[str], strength: float, *, biased: bool = True
    ) -> dict[str, Any]:
        """A logistic model, reported on the other half; ``strength`` is the inverse of the L2 penalty."""
        (rows, labels), (others, truth) = self.halves[True], self.halves[False]
        model = LogisticRegression(C=strength, max_iter=3000, fit_intercept=biased).fit(
            np.array(rows), labels
        )
        print(f"{name}: {len(labels)} fitted")
        if truth:
            given = model.predict_proba(np.array(others))[:, 1]
            area, brier = roc_auc_score(truth, given), brier_score_loss(truth, given)
            print(f"  on the {len(truth)} others AUROC {area:.3f}, Brier {brier:.3f}")
        weights = {c: round(float(w), 4) for c, w in zip(columns, model.coef_[0], strict=True) if w}
        return {"bias": round(float(np.ravel(model.intercept_)[0]) if biased else 0.0, 4), "weights": weights}


class Recorder:
    """A Sufficiency that keeps the row it is asked about."""

    def __init__(self) -> None:
        self.row: tuple[float, ...] | None = None

    def confidence(
        self, claim: Claim, evidence: Sequence[Evidence], *, sided: float, lacking: float
    ) -> float:
        """Keeps the row; answers nothing."""
        self.row = measures(claim, evidence, sided=sided, lacking=lacking) if evidence else None
        return 0.0


def fits(question: dict[str, Any]) -> bool:
    """Whether a question belongs to the fitting half."""
    return zlib.crc32(question["id"].encode()) % 2 == 0


def questions(folder: Path) -> Iterator[dict[str, Any]]:
    """The labelled questions of a set."""
    for line in (folder / "questions.jsonl").read_text("utf-8").splitlines():
        yield json.loads(line)


def fit(eval_folder: Path, answerers: dict[str, Answerer], reader: Reader) -> dict[str, Any]:
    """All models for one way of working, in the form of ``scorer.json``."""
    stored: dict[str, Any] = json.loads(json.dumps(_START))
    _equip(answerers, reader, stored)
    sentences = Rows()
    for name, asked in _asked(eval_folder, SENTENCE_SETS, "open"):
        _add_sentences(answerers[name], asked, sentences)
    stored["sentence"]["open"] = sentences.fit("sentences", FEATURES, 1.0)
    stored["sentence"]["yesno"] = stored["sentence"]["open"]
    _equip(answerers, reader, stored)
    for kind, names in SUFFICIENCY_SETS.items():
        rows = Rows()
        for name, asked in _asked(eval_folder, names, kind):
            _add_measures(answerers[name], asked, rows)
        stored["sufficiency"][kind] = rows.fit(f"sufficiency {kind}", MEASURES, 0.3)
    return stored


def _equip(answerers: dict[str, Answerer], reader: Reader, stored: dict[str, Any]) -> None:
    """Give every answerer the reader and what is fitted so far; its sentence vectors stay."""
    fitted = scorer(stored)
    for answerer in answerers.values():
        answerer.finder.reader, answerer.finder.scorers = reader, fitted.sentence
        rules = RuleJudge(answerer.finder.lexicon, answerer.index.terms)
        answerer.judge = Witnesses(rules, RULES_ALONE if isinstance(reader, WordsAlone) else TOGETHER)


def _asked(eval_folder: Path, names: Sequence[str], kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each set's name with each of its questions of one kind."""
    for name in names:
        for asked in questions(eval_folder / name):
            if asked["kind"] == kind and (fits(asked) or not _FIT_ONLY):
                yield name, asked


def _add_measures(answerer: Answerer, asked: dict[str, Any], rows: Rows) -> None:
    recorder = Recorder()
    answerer.sufficiency = recorder
    answerer.answer(asked["question"])
    if recorder.row is not None:
        rows.add(asked, recorder.row, label=asked["answerable"])


def _find(answerer: Answerer, asked: dict[str, Any]) -> tuple[Claim, list[Evidence]]:
    claim = read(asked["question"])
    return claim, answerer.finder.find(claim, answerer.index.search(asked["question"], k=20))


def _add_sentences(answerer: Answerer, asked: dict[str, Any], rows: Rows) -> None:
    gold = {g.casefold() for g in asked.get("answers", [])}
    for found in _find(answerer, asked)[1]:
        right = found.article.id in asked["articles"] and any(g in found.text.casefold() for g in gold)
        rows.add(asked, found.features, label=right)


def main(eval_folder: Path, index_folder: Path, data: Path) -> None:
    """Fit both ways of working, report on the held-out halves, write."""
    encode = encoder.load("all-MiniLM-L6-v2", data / "models")
    names = {*SENTENCE_SETS, *(n for sets in SUFFICIENCY_SETS.values() for n in sets)}
    answerers = {name: Answerer(Index.open(index_folder / name, encode)) for name in sorted(names)}
    stored = {
        "with model": fit(eval_folder, answerers, Remembered(PairReader.shipped())),
        "without model": fit(eval_folder, answerers, WordsAlone()),
    }
    OUT.write_text(json.dumps(stored, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
