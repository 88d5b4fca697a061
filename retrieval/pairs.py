"""Pair models: what a sentence means for a claim, read by both together (cross-encoders).

A stored pair model is a folder as ``retrieval.onnx_files`` reads it. Its card, ``pairs.json``, adds ``heads``, the
meaning of each column of the graph's ``logits`` in order, and may add ``sentence_first``: models of natural language
inference read the premise, here the sentence, before the hypothesis; and ``temperature``, by which stance logits are
divided (Guo et al. 2017).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Protocol

import numpy as np

from corpus.errors import ModelError
from retrieval import exported
from retrieval.exported import Progress
from retrieval.onnx_files import Float32, OnnxModel

Pair = tuple[str, str]
"""A claim or question, and a sentence that may bear on it."""

STANCES = ("supports", "refutes", "neither")
HEADS = (*STANCES, "relevance")


class PairModel(Protocol):
    """Whatever scores pairs; two models with one fingerprint give the same logits."""

    @property
    def name(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def heads(self) -> tuple[str, ...]:
        """The meaning of each column of ``logits``: some of HEADS, each once."""
        ...

    def logits(self, pairs: Sequence[Pair]) -> Float32:
        """Float32 ``(len(pairs), len(heads))``, unbounded."""
        ...


def load(
    model: str, folder: Path, *, task: Literal["stance", "relevance"], progress: Progress | None = None
) -> "OnnxPairs":
    """The pair model of a sentence-transformers CrossEncoder's name or folder, exported into ``folder`` once.

    For stance it must be a model of natural language inference with its three labels, for relevance a reranker.
    An exported copy that is incomplete or changed is made anew. Raises ModelError.
    """
    return exported.opened(OnnxPairs, "retrieval.export_pairs", model, folder, task, progress=progress)


class OnnxPairs:
    """A stored pair model. Threads may share it."""

    def __init__(self, home: Path) -> None:
        """Raises ModelError when a file is missing, or is not what ``pairs.json`` says, or a head is unknown."""
        self._model = OnnxModel(home, "pairs.json", "heads")
        card = self._model.card
        self.name: str = card["name"]
        self.fingerprint: str = card["fingerprint"]
        self.heads: tuple[str, ...] = tuple(card["heads"])
        self.sentence_first: bool = card.get("sentence_first", False)
        tempered = 1 / card.get("temperature", 1.0)
        self._scale = np.array([tempered if head in STANCES else 1.0 for head in self.heads], np.float32)
        if not set(self.heads) <= set(HEADS) or len(set(self.heads)) != len(self.heads) or not self.heads:
            raise ModelError(f"{home}: heads are {_listed(self.heads)}, not some of {_listed(HEADS)}")

    def logits(self, pairs: Sequence[Pair]) -> Float32:
        """As PairModel.logits; of a pair longer than the model's limit the longer text is cut first."""
        ordered = [(sentence, claim) for claim, sentence in pairs] if self.sentence_first else list(pairs)
        scaled: Float32 = self._model.run(ordered, width=len(self.heads)) * self._scale
        return scaled


def stances(model: PairModel, pairs: Sequence[Pair]) -> Float32:
    """Probabilities float32 ``(len(pairs), 3)`` of supports, refutes and neither; each row sums to 1.

    Raises:
        ModelError: the model has no head for one of them.
    """
    return _softmax(model.logits(pairs)[:, _columns(model, STANCES)])


def relevances(model: PairModel, pairs: Sequence[Pair]) -> Float32:
    """Float32 ``(len(pairs),)`` in 0..1: how surely the sentence answers the question.

    Raises:
        ModelError: the model has no head for it.
    """
    return _logistic(model.logits(pairs)[:, _columns(model, ("relevance",))[0]])


def both(stance: PairModel, relevance: PairModel, pairs: Sequence[Pair]) -> tuple[Float32, Float32]:
    """``(stances, relevances)``; a model that is given as both reads the pairs once."""
    if stance is not relevance:
        return stances(stance, pairs), relevances(relevance, pairs)
    logits = stance.logits(pairs)
    columns = _columns(stance, HEADS)
    return _softmax(logits[:, columns[:3]]), _logistic(logits[:, columns[3]])


def _softmax(logits: Float32) -> Float32:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Float32 = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _logistic(logits: Float32) -> Float32:
    shares: Float32 = 0.5 + 0.5 * np.tanh(0.5 * logits)  # cannot overflow, as exp can
    return shares


def _columns(model: PairModel, heads: Sequence[str]) -> list[int]:
    if missing := [head for head in heads if head not in model.heads]:
        raise ModelError(f"the model {model.name} does not judge {missing[0]}, only {_listed(model.heads)}")
    return [model.heads.index(head) for head in heads]


def _listed(heads: Sequence[str]) -> str:
    return ", ".join(map(str, heads))
