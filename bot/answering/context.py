"""What a quote needs around it: the neighbouring sentence that says what the quoted one only points at."""

import re
from collections.abc import Sequence

from bot.answering.question import Claim
from bot.answering.wanted import answer_values
from corpus.article import Article, Sentence, Span

_POINTS_BACK = re.compile(
    r"[\"“‘«]?(?:it|they|he|she|this|that|these|those|its|his|her|their|but|and|so|then|also|there|here)\b",
    re.IGNORECASE,
)
_LONGEST = 600
"""Characters of a quote of two sentences; where it would be longer, one is enough."""


def with_context(claim: Claim, article: Article, sentences: Sequence[Sentence], position: int) -> Span:
    """The place of the sentence at ``position``, with its neighbour where an open question needs both.

    That is the one that gives a name or number where the sentence gives none, or the one before a sentence that
    begins by pointing back ("It …"). Both are of one voice and speaker, so that the quote has one too.
    """
    own = sentences[position]
    whole = own.start, own.end
    if claim.kind != "open" or claim.wanted in {"reason", "quote"}:
        return whole
    around = [position - 1, position + 1]
    before, after = ((sentences[k] if 0 <= k < len(sentences) else None) for k in around)
    text = article.text[own.start : own.end]
    if not answer_values(claim, text):
        for near in (before, after):
            if near and answer_values(claim, article.text[near.start : near.end]):
                return _joined(article, own, near)
    return _joined(article, own, before) if before and _POINTS_BACK.match(text) else whole


def _joined(article: Article, own: Sentence, near: Sentence) -> Span:
    """Both, where they follow on each other, are of one voice and no headline; else the first alone."""
    first, second = sorted((own, near), key=lambda s: s.start)
    follows = second.end - first.start <= _LONGEST and not article.text[first.end : second.start].strip()
    alike = (near.voice, near.speaker) == (own.voice, own.speaker) and not (near.heading or own.heading)
    return (first.start, second.end) if follows and alike else (own.start, own.end)
