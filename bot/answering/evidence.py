"""Hits become evidence: sentences measured against a claim, best first.

Each candidate sentence gets a row of features; one logistic model (``bot/answering/scorer.json``) turns the row into the
probability that the sentence answers the question. What the sentence itself does not hold may be met, for less, by
its speaker, by the headline and the sentence before, or by its passage.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.answering.claim_words import ClaimWords
from bot.answering.lexicon import Lexicon
from bot.answering.pair_reader import Reader, Reading
from bot.answering.question import Claim
from bot.answering.sentence_vectors import SentenceVectors
from bot.answering.wanted import answer_values, wanted
from corpus.article import Article, Sentence
from retrieval.encoder import Float32
from retrieval.search import Hit, Index

FEATURES = (
    "content",
    "object",
    "coverage",
    "coverage_in_context",
    "names",
    "names_in_context",
    "name_nowhere",
    "predicate",
    "cosine",
    "passage_cosine",
    "standing",
    "missing",
    "wanted",
    "wanting",
    "gives",
    "first_article",
    "short",
    "heading",
    "read_relevance",
    "read_supports",
    "read_refutes",
)
"""Names of the columns of a feature row, in order; all within about 0..1 (``read_relevance``: -1..1)."""

_SPEAKER, _NEAR, _PASSAGE = 0.9, 0.6, 0.4
_ENCODED = 24
"""Sentences per question that are embedded."""
_READ = 16
"""Sentences per question that the evidence model reads: the cost of a warm answer is mostly this."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence of a hit, measured against a claim."""

    article_row: int
    position: int
    """Place among the article's sentences."""
    article: Article
    sentence: Sentence
    rank: int
    """Rank of its best passage, from 0."""
    features: tuple[float, ...]
    covers: tuple[float, ...] = ()
    """For each content word of the claim, the share of the claim's weight that the sentence itself meets."""
    reading: Reading | None = None
    """What the evidence model makes of it; None where there is no model."""
    original: int | None = None
    """The row of the earliest article of which this one is a copy or the original; None where there is no copy."""
    relevance: float = 0.0
    """Probability that the sentence answers the question, 0..1."""

    @property
    def source(self) -> int:
        """The row of the article, one for all copies of a text: what is counted as one voice."""
        return self.article_row if self.original is None else self.original

    @property
    def text(self) -> str:
        """The exact slice."""
        return self.article.text[self.sentence.start : self.sentence.end]

    def feature(self, name: str) -> float:
        """One feature by its name."""
        return self.features[FEATURES.index(name)]

    def having(self, **features: float) -> "Evidence":
        """The same with some features set anew."""
        row = (features.get(name, value) for name, value in zip(FEATURES, self.features, strict=True))
        return replace(self, features=tuple(row))


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence before it is measured."""

    rank: int
    first: bool
    """It stands in the article of the best passage."""
    hit: Hit
    article: Article
    sentence: Sentence
    previous: Sentence | None
    position: int
    original: int | None

    @property
    def text(self) -> str:
        return self.article.text[self.sentence.start : self.sentence.end]

    @property
    def before(self) -> str:
        return self.article.text[self.previous.start : self.previous.end] if self.previous else ""


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model over ``FEATURES``."""

    bias: float
    weights: tuple[float, ...]

    def probability(self, features: Sequence[float]) -> float:
        """Logistic of the weighted sum, 0..1."""
        return 1 / (
            1 + math.exp(-(self.bias + sum(w * x for w, x in zip(self.weights, features, strict=True))))
        )


class EvidenceFinder:
    """Gathers and measures the sentences of the hits; one object serves many questions."""

    def __init__(self, index: Index, lexicon: Lexicon, scorers: dict[str, Weights], reader: Reader) -> None:
        """``scorers`` has a model for ``yesno`` and one for ``open``."""
        self.index, self.lexicon, self.scorers, self.reader = index, lexicon, scorers, reader
        self._vectors = SentenceVectors(index)

    def find(self, claim: Claim, hits: Sequence[Hit], *, most: int | None = None) -> list[Evidence]:
        """Sentences of the hits by falling relevance; ``most`` are embedded and read, where it is given."""
        words = ClaimWords(claim, self.index, self.lexicon)
        best = max((hit.score for hit in hits), default=1.0)
        found = [self._measure(claim, words, best, candidate) for candidate in self._candidates(hits)]
        found.sort(key=lambda e: -self._rough(e))
        found = self._with_cosine(claim, _distinct(found, most or _ENCODED))
        found = self._with_reading(claim, found, most or _READ)
        scorer = self.scorers[claim.kind]
        scored = [replace(e, relevance=scorer.probability(e.features)) for e in found]
        return sorted(scored, key=lambda e: -e.relevance)

    def vectors(self, evidence: Sequence[Evidence]) -> Float32:
        """Unit vectors of the sentences: ``(n, dimension)``."""
        return self._vectors.of([((e.article_row, e.position), e.text) for e in evidence])

    @staticmethod
    def _rough(evidence: Evidence) -> float:
        f = evidence.feature
        return f("coverage") + 0.5 * f("coverage_in_context") + 0.3 * f("passage_cosine") + 0.2 * f("wanted")

    def _candidates(self, hits: Sequence[Hit]) -> Iterator[_Candidate]:
        """Each sentence of the hits once, under its best-ranked passage."""
        seen: set[tuple[int, int]] = set()
        originals = self.index.originals([hit.article for hit in hits])
        for rank, hit in enumerate(hits):
            article, sentences = self.index.article(hit.article), self.index.sentences(hit.article)
            for position in range(hit.first, hit.last):
                if (hit.article, position) not in seen:
                    seen.add((hit.article, position))
                    before = sentences[position - 1] if position else None
                    first = hit.article == hits[0].article
                    original = originals.get(hit.article)
                    yield _Candidate(
                        rank, first, hit, article, sentences[position], before, position, original
                    )

    def _measure(self, claim: Claim, words: ClaimWords, best: float, candidate: _Candidate) -> Evidence:
        hit, article, sentence = candidate.hit, candidate.article, candidate.sentence
        held = words.met_in(candidate.text)
        around = self._met_around(words, candidate, held)
        kind = wanted(claim, candidate.text)
        features = {
            "content": words.share(held, words.content),
            "object": words.share(held, words.objects),
            "coverage": words.share(held),
            "coverage_in_context": words.share(around),
            "names": words.share(held, words.names) if words.names else 1.0,
            "names_in_context": words.share(around, words.names) if words.names else 1.0,
            "name_nowhere": float(any(around[name] == 0 for name in words.names)),
            "predicate": held[words.predicate] if words.predicate else 0.5,
            "cosine": 0.0,  # filled in for those that are embedded
            "passage_cosine": hit.cosine,
            "standing": hit.score / best,
            "missing": words.missing(around),
            "wanted": float(kind is True),
            "wanting": float(kind is False),
            "gives": float(claim.kind == "open" and bool(answer_values(claim, candidate.text))),
            "first_article": float(candidate.first),
            "short": float(len(candidate.text.split()) < 5),
            "heading": float(sentence.heading),
            "read_relevance": 0.0,  # these three for those that are read
            "read_supports": 0.0,
            "read_refutes": 0.0,
        }
        row = tuple(features[name] for name in FEATURES)
        covers = tuple(held[word] * words.worth(word) for word in words.stems)
        place = (hit.article, candidate.position, article, sentence, candidate.rank)
        return Evidence(*place, row, covers, original=candidate.original)

    @staticmethod
    def _met_around(words: ClaimWords, at: _Candidate, held: dict[str, float]) -> dict[str, float]:
        """How well each word is met by the sentence or, for less, by what stands around it."""
        speaker = words.met_in(at.sentence.speaker or "")
        near = words.met_in(at.article.title or "", at.before)
        passage = words.met_in(at.article.text[at.hit.start : at.hit.end])
        return {w: max(held[w], _SPEAKER * speaker[w], _NEAR * near[w], _PASSAGE * passage[w]) for w in held}

    def _with_cosine(self, claim: Claim, found: list[Evidence]) -> list[Evidence]:
        if not found:
            return []
        query = self.index.encode([claim.text], kind="query")[0]
        cosines = self.vectors(found) @ query
        return [e.having(cosine=float(np.clip(c, 0, 1))) for e, c in zip(found, cosines, strict=True)]

    def _with_reading(self, claim: Claim, found: list[Evidence], most: int) -> list[Evidence]:
        found = _distinct(sorted(found, key=lambda e: -self._rough(e) - e.feature("cosine")), most)
        once = {e.text: e.sentence for e in found}
        read = (
            self.reader.read(claim, [(sentence, text) for text, sentence in once.items()]) if once else None
        )
        if read is None:
            return found
        readings = dict(zip(once, read, strict=True))
        either = claim.kind == "yesno"
        return [
            replace(e, reading=r).having(**_read_features(r, either=either))
            for e in found
            if (r := readings[e.text])
        ]


def _read_features(reading: Reading, *, either: bool) -> dict[str, float]:
    """``either``: of a yes/no question, where a sentence that refutes answers as well as one that supports."""
    return {
        "read_relevance": log_odds(reading.relevance),
        "read_supports": reading.supports + reading.refutes if either else reading.supports,
        "read_refutes": 0.0 if either else reading.refutes,
    }


def _distinct(found: Sequence[Evidence], most: int) -> list[Evidence]:
    """The first that hold at most so many different texts: copies of one text crowd out no other."""
    texts: dict[str, None] = {}
    for evidence in found:
        if len(texts) == most and evidence.text not in texts:
            break
        texts[evidence.text] = None
    return [e for e in found if e.text in texts]


def log_odds(probability: float) -> float:
    """Within -1..1, for probabilities of 0.0025 to 0.9975."""
    clipped = min(max(probability, 0.0025), 0.9975)
    return math.log(clipped / (1 - clipped)) / 6
