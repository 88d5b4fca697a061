"""The Answer: what every renderer shows and what ``--json`` prints."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from corpus.article import Span, Voice

Stance = Literal["yes", "no", "neutral"]
Verdict = Literal["yes", "no", "disputed", "unclear"]


@dataclass(frozen=True, slots=True)
class Quote:
    """An exact slice of a stored article: ``article.text[start:end] == text``, checked just before it is shown."""

    text: str
    article_id: str
    title: str | None
    outlet: str | None
    author: str | None
    published: date | None
    url: str | None
    path: str
    start: int
    end: int
    voice: Voice | None = None
    """Its own voice where that differs from its statement's; None when it is the same."""
    highlights: tuple[Span, ...] = ()
    """Ranges that carry the answer, in characters of the source text, each within ``start..end``."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing said by one speaker, with every report of it; the primary report comes first."""

    stance: Stance
    speaker: str | None
    """Fullest known name; None when the outlet itself speaks or the speaker is uncertain."""
    voice: Voice
    quotes: tuple[Quote, ...]
    copies: int = 0
    """How many of the quotes, the last ones, stand in copies of articles that are quoted before."""

    @property
    def independent(self) -> tuple[Quote, ...]:
        """The quotes without those in copies: the reports that count."""
        return self.quotes[: len(self.quotes) - self.copies]


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage as retrieval ranked it; ``text`` is its exact slice."""

    article_id: str
    start: int
    end: int
    score: float
    """Reciprocal rank fusion score, higher is better."""
    text: str
    title: str | None = None
    outlet: str | None = None
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer to one question."""

    question: str
    answered: bool
    reason: str | None
    """None when answered; else ``not_in_corpus`` or another short code."""
    verdict: Verdict | None
    """None for an open question or no answer."""
    confidence: float
    """Calibrated probability, 0..1, that the articles answer this question."""
    statements: tuple[Statement, ...]
    """Best first; those that back the verdict before those that dispute it."""
    passages: tuple[RankedPassage, ...]
    """The ten best, whatever the answer."""
    build: str
    model: str
    took_ms: float
    said: bool = False
    """True when the question asks what somebody *said* ("did X say …"); renderers word the verdict by it."""
    opposite: bool = False
    """True when the verdict is ``no`` because the one asked about said the opposite."""
    asked: str | None = None
    """The person the question asks for words of; None when nobody or a body or state is asked about."""
