"""What the evidence model makes of a claim and sentences: stance and relevance, as probabilities.

One model may have both heads (the one that ships) or each its own (any cross-encoder the settings name).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Protocol

from bot.answering.question import Claim
from corpus.article import Sentence
from corpus.speech.names import words
from retrieval.pairs import OnnxPairs, PairModel, both

SHIPPED = Path(str(resources.files("bot.answering").joinpath("weights")))
"""The model that ships; made by ``training.fit_evidence``, with its card beside it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Probabilities, 0..1: the sentence supports the claim, refutes it, answers the question."""

    supports: float
    refutes: float
    relevance: float


class Reader(Protocol):
    """Whatever reads sentences against a claim."""

    def read(self, claim: Claim, sentences: Sequence[tuple[Sentence, str]]) -> list[Reading] | None:
        """One reading for each sentence (with its text), in order; None: it does not read at all."""
        ...


class WordsAlone:
    """No model: rules and the overlap of words decide."""

    def read(self, claim: Claim, sentences: Sequence[tuple[Sentence, str]]) -> None:
        """See Reader."""
        del claim, sentences


class PairReader:
    """Reads with a stance model and a relevance model; safe to share between threads."""

    def __init__(self, stance: PairModel, relevance: PairModel) -> None:
        """Raises ModelError at the first reading when a model lacks the head it is needed for."""
        self.stance, self.relevance = stance, relevance

    @classmethod
    def shipped(cls) -> "PairReader":
        """With the model that ships. Raises ModelError when its files are damaged."""
        model = OnnxPairs(SHIPPED)
        return cls(model, model)

    def read(self, claim: Claim, sentences: Sequence[tuple[Sentence, str]]) -> list[Reading]:
        """See Reader."""
        pairs = [(claim.asked, _voiced(*s)) for s in sentences]
        stances, relevances = both(self.stance, self.relevance, pairs)
        made = (
            Reading(float(s), float(r), float(a)) for (s, r, _), a in zip(stances, relevances, strict=True)
        )
        return [_inverted(r) if claim.inverted else r for r in made]


def _inverted(reading: Reading) -> Reading:
    """Of a question about a denial: what supports the thing denied speaks against it."""
    return Reading(reading.refutes, reading.supports, reading.relevance)


def _voiced(sentence: Sentence, text: str) -> str:
    """Direct speech with its speaker before it, unless the sentence names them: "we" alone tells nothing."""
    speaker = sentence.speaker
    if sentence.voice != "direct" or not speaker or (words(speaker)[-1:] and words(speaker)[-1] in text):
        return text
    return f"{speaker}: {text}"
