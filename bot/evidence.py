"""Hits become evidence: sentences measured against a claim, best first.

Each candidate sentence gets a row of features; one logistic model (``bot/scorer.json``) turns the row into the
probability that the sentence answers the question. Words are weighed by inverse document frequency and may be met
exactly, by a common stem ("Kazakh" for "Kazakhstan"), by a synonym or an opposite from the lexicon, or by context
(speaker, headline, the sentence before), at falling weight.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from bot.lexicon import Lexicon
from bot.question import Claim
from bot.sentence_vectors import SentenceVectors
from bot.wanted import wanted
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
    "short",
    "heading",
)
"""Names of the columns of a feature row, in order; all within about 0..1."""

_EXACT, _STEM, _SENSE = 1.0, 0.8, 0.7
_SPEAKER, _NEAR, _PASSAGE = 0.9, 0.6, 0.4
_ENCODED = 24
"""Sentences per question that are embedded: the cost of a warm answer is mostly this."""


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
    relevance: float = 0.0
    """Probability that the sentence answers the question, 0..1."""

    @property
    def text(self) -> str:
        """The exact slice."""
        return self.article.text[self.sentence.start : self.sentence.end]

    def feature(self, name: str) -> float:
        """One feature by its name."""
        return self.features[FEATURES.index(name)]


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

    def __init__(self, index: Index, lexicon: Lexicon, scorers: dict[str, Weights]) -> None:
        """``scorers`` has a model for ``yesno`` and one for ``open``."""
        self.index, self.lexicon, self.scorers = index, lexicon, scorers
        self._vectors = SentenceVectors(index)

    def find(self, claim: Claim, hits: Sequence[Hit]) -> list[Evidence]:
        """Sentences of the hits by falling relevance."""
        terms = self._terms(claim)
        best_score = max((hit.score for hit in hits), default=1.0)
        measure = partial(self._measure, claim, terms, best_score)
        found = [measure(*candidate) for candidate in self._candidates(hits)]
        found.sort(key=lambda e: -self._rough(e))
        found = self._with_cosine(claim, found[:_ENCODED])
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

    def _candidates(self, hits: Sequence[Hit]) -> list[tuple[int, Hit, Article, list[Sentence], int]]:
        """Each sentence of the hits once, under its best-ranked passage."""
        seen: set[tuple[int, int]] = set()
        found = []
        for rank, hit in enumerate(hits):
            article, sentences = self.index.article(hit.article), self.index.sentences(hit.article)
            for position in range(hit.first, hit.last):
                if (hit.article, position) not in seen:
                    seen.add((hit.article, position))
                    found.append((rank, hit, article, sentences, position))
        return found

    def _terms(self, claim: Claim) -> dict[str, tuple[str, float]]:
        """Each content word of the claim → its stem and its weight (inverse document frequency)."""
        terms = {}
        for word in claim.words:
            stems = self.index.terms(word)
            if stems:
                rarest = min(stems, key=self.index.document_frequency)
                df = self.index.document_frequency(rarest)
                count = self.index.passages
                terms[word] = (rarest, math.log(1 + (count - df + 0.5) / (df + 0.5)))
        return terms

    def _measure(
        self,
        claim: Claim,
        terms: dict[str, tuple[str, float]],
        best_score: float,
        rank: int,
        hit: Hit,
        article: Article,
        sentences: list[Sentence],
        position: int,
    ) -> Evidence:
        sentence = sentences[position]
        text = article.text[sentence.start : sentence.end]
        own = set(self.index.terms(text))
        speaker = set(self.index.terms(sentence.speaker or ""))
        before = sentences[position - 1] if position else sentence
        near = set(self.index.terms(f"{article.title or ''} {article.text[before.start : before.end]}"))
        passage = set(self.index.terms(article.text[hit.start : hit.end]))
        met, met_context = {}, {}
        for word, (stem, _) in terms.items():
            match = partial(self._match, stem, kin=word in claim.names)
            met[word] = match(own)
            context = max(_SPEAKER * match(speaker), _NEAR * match(near))
            met_context[word] = max(met[word], context, _PASSAGE * match(passage))
        names = [w for w in claim.names if w in terms]
        content = [w for w in terms if w not in names] or names
        predicate = self.lexicon.predicate(content, self.index.terms) if claim.kind == "yesno" else None
        others = [w for w in content if w != predicate]
        kind_held = wanted(claim, text)
        features = (
            _weighted({w: met[w] for w in content}, terms),
            _weighted({w: met[w] for w in others}, terms),
            _weighted(met, terms),
            _weighted(met_context, terms),
            _weighted({w: met[w] for w in names}, terms) if names else 1.0,
            _weighted({w: met_context[w] for w in names}, terms) if names else 1.0,
            float(any(met_context[w] == 0 for w in names)),
            met[predicate] if predicate else 0.5,
            0.0,
            hit.cosine,
            hit.score / best_score,
            max((self._rarity(terms[w][1]) * (1 - m) for w, m in met_context.items()), default=0.0),
            float(kind_held is True),
            float(kind_held is False),
            float(len(text.split()) < 5),
            float(sentence.heading),
        )
        return Evidence(hit.article, position, article, sentence, rank, features)

    def _rarity(self, weight: float) -> float:
        """A word's weight as a share of the greatest there can be, 0..1."""
        return weight / math.log(2 * self.index.passages + 2)

    def _match(self, stem: str, others: set[str], *, kin: bool) -> float:
        if stem in others:
            return _EXACT
        if self.lexicon.relation(stem, others):
            return _SENSE
        begins = stem[:4]
        return (
            _STEM if kin and any(other.startswith(begins) and _kin(stem, other) for other in others) else 0.0
        )

    def _with_cosine(self, claim: Claim, found: list[Evidence]) -> list[Evidence]:
        if not found:
            return []
        query = self.index.encode([claim.text], kind="query")[0]
        cosines = self.vectors(found) @ query
        at = FEATURES.index("cosine")
        return [
            replace(e, features=(*e.features[:at], float(np.clip(c, 0, 1)), *e.features[at + 1 :]))
            for e, c in zip(found, cosines, strict=True)
        ]


def _weighted(met: dict[str, float], terms: dict[str, tuple[str, float]]) -> float:
    total = sum(terms[w][1] for w in met)
    return sum(m * terms[w][1] for w, m in met.items()) / total if total else 0.0


def _kin(one: str, other: str) -> bool:
    """Names of one family by spelling: a common beginning of four letters or more that leaves short endings."""
    shorter, longer = sorted((one, other), key=len)
    common = 0
    for a, b in zip(shorter, longer, strict=False):
        if a != b:
            break
        common += 1
    return common >= 4 and common >= len(shorter) - 1 and len(longer) - common <= 4
