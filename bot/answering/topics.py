"""Which sentences come near a topic: by its words, by what the evidence model reads, by meaning.

A topic is no question, and nothing answers it: the thresholds were set by eye, on topics that the starter articles
hold, touch ("interest rates", where they print "base rate") and do not hold ("quantum computing").
"""

from bot.answering.evidence import Evidence

_HELD, _AROUND = 0.5, 0.8
"""Shares of the topic's weight that a sentence holds itself, and with what stands around it."""
_TOUCHED, _READ = 0.5, 0.3
"""With this share held around it, a sentence is near when it reads as relevant with this probability."""
_MEANT, _COSINE = 0.5, 0.45
"""Other words for the same: relevance as the evidence model reads it, and cosine of sentence and topic."""
_PASSAGE, _PART = 0.5, 0.35
"""A passage near the topic, cosine, and the share of its words that a sentence of it holds."""


def is_near(evidence: Evidence) -> bool:
    """Headlines are no statements: what they tell stands in the article."""
    if evidence.sentence.heading:
        return False
    held, around = evidence.feature("coverage"), evidence.feature("coverage_in_context")
    relevant = evidence.reading.relevance if evidence.reading else 0.0
    return (
        (held >= _HELD and around >= _AROUND)
        or (around >= _TOUCHED and relevant >= _READ)
        or (relevant >= _MEANT and evidence.feature("cosine") >= _COSINE)
        or (evidence.feature("passage_cosine") >= _PASSAGE and held >= _PART)
    )
