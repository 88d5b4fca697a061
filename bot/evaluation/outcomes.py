"""What became of one question: the answer beside its labels, as plain values that all figures come from."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.answer import Answer, Quote
from bot.evaluation.dataset import Labelled

_RANKS = 10
_FIRST_QUOTES = 3
_PLAIN = str.maketrans("’‘“”«»\u00a0\u2011", '\'\'"""" -')


class Evidence(BaseModel):
    """What the answer rested on: its first quote, or the closest passage where there was none."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["quote", "passage"]
    text: str
    article_id: str
    start: int
    end: int
    speaker: str | None = None
    stance: str | None = None


class Outcome(BaseModel):
    """One question, answered and judged. Ranks count from 0; None stands for "not among them"."""

    model_config = ConfigDict(frozen=True)

    id: str
    question: str
    answerable: bool
    gold: str | None
    """The right verdict; None for an open question and for one that the articles do not answer."""
    also: tuple[str, ...]
    expected: str
    """For people: the verdict, the wordings of the answer, or "no answer"."""
    answered: bool
    verdict: str | None
    confidence: float
    took_ms: float
    quotes: int
    exact: int
    """Quotes that are the very characters ``text[start:end]`` of the article they name."""
    rank: int | None
    """Of the first right article among the ten best passages."""
    quote_rank: int | None
    """Of the first quote among three that is from a right article and holds the answer."""
    dispute_shown: bool | None
    """Whether a disputing source is quoted; None when the labels name none."""
    both_sides: bool | None
    """Whether the quotes hold an answer and a conflicting one; None when the labels name no conflict."""
    forced_right: bool = False
    """Whether the answer is right that would be given if there always had to be one."""
    evidence: Evidence | None = None

    @property
    def verdict_right(self) -> bool:
        return self.verdict is not None and (self.verdict == self.gold or self.verdict in self.also)

    @property
    def right(self) -> bool:
        """Silence where nothing answers; else the right verdict, or for an open question a quote that answers."""
        if not self.answerable:
            return not self.answered
        return self.verdict_right if self.gold else self.quote_rank is not None

    @property
    def given(self) -> str:
        """For people, as ``expected``."""
        return (self.verdict or "an answer") if self.answered else "no answer"

    @property
    def sureness(self) -> float:
        """Probability 0..1 that the program gave what it did: to answer, or to be silent."""
        return self.confidence if self.answered else 1 - self.confidence


def outcome(labelled: Labelled, forced: Answer, threshold: float, sources: Mapping[str, str]) -> Outcome:
    """Judge the answer that is given at ``threshold``.

    Args:
        labelled: the question.
        forced: the answer of an Answerer whose own threshold is 0.
        threshold: confidence below which the answer is withheld, 0..1.
        sources: the texts of the articles by id, read from their files: what quotes must match.
    """
    given = gate(forced, threshold)
    right = labelled.answerable and _judged(labelled, forced, sources).right
    return _judged(labelled, given, sources).model_copy(update={"forced_right": right})


def gate(forced: Answer, threshold: float) -> Answer:
    """The same answer when it is sure enough, else none: what an Answerer with that threshold gives."""
    if forced.answered and forced.confidence >= threshold:
        return forced
    return replace(
        forced, answered=False, reason=forced.reason or "not_in_corpus", verdict=None, statements=()
    )


def plain(text: str) -> str:
    """Lower case, straight quotation marks, single spaces: how wordings are compared."""
    return re.sub(r"\s+", " ", text.translate(_PLAIN)).strip().lower()


def _judged(labelled: Labelled, answer: Answer, sources: Mapping[str, str]) -> Outcome:
    quotes = [quote for statement in answer.statements for quote in statement.quotes]
    gold = labelled.verdict if labelled.answerable and labelled.kind == "yesno" else None
    return Outcome(
        id=labelled.id,
        question=labelled.question,
        answerable=labelled.answerable,
        gold=gold,
        also=labelled.verdict_also,
        expected=_expected(labelled, gold),
        answered=answer.answered,
        verdict=answer.verdict,
        confidence=answer.confidence,
        took_ms=answer.took_ms,
        quotes=len(quotes),
        exact=sum(_is_exact(quote, sources) for quote in quotes),
        rank=_first(passage.article_id in labelled.articles for passage in answer.passages[:_RANKS]),
        quote_rank=_first(_answers(quote, labelled) for quote in quotes[:_FIRST_QUOTES]),
        dispute_shown=_holds(quotes, labelled.disputed_by) if labelled.disputed_by else None,
        both_sides=_both_sides(quotes, labelled),
        evidence=_evidence(answer),
    )


def _expected(labelled: Labelled, gold: str | None) -> str:
    if not labelled.answerable:
        return "no answer"
    return gold or " | ".join(labelled.answers or labelled.quotes) or "an answer"


def _is_exact(quote: Quote, sources: Mapping[str, str]) -> bool:
    source = sources.get(quote.article_id)
    return source is not None and bool(quote.text) and source[quote.start : quote.end] == quote.text


def _answers(quote: Quote, labelled: Labelled) -> bool:
    """From a right article, and with the words of the answer where the labels give them.

    The answer to a yes/no question is its verdict: of its wordings only quotes count.
    """
    wanted = labelled.quotes or (() if labelled.kind == "yesno" else labelled.answers)
    return quote.article_id in labelled.articles and (not wanted or _holds([quote], wanted))


def _both_sides(quotes: list[Quote], labelled: Labelled) -> bool | None:
    if not labelled.conflicting:
        return None
    return _holds(quotes, labelled.answers) and _holds(quotes, labelled.conflicting)


def _holds(quotes: list[Quote], wordings: tuple[str, ...]) -> bool:
    return any(plain(wording) in plain(quote.text) for wording in wordings for quote in quotes)


def _first(hits: Iterator[bool]) -> int | None:
    return next((rank for rank, hit in enumerate(hits) if hit), None)


def _evidence(answer: Answer) -> Evidence | None:
    if answer.statements:
        statement = answer.statements[0]
        q = statement.quotes[0]
        return Evidence(
            kind="quote",
            text=q.text,
            article_id=q.article_id,
            start=q.start,
            end=q.end,
            speaker=statement.speaker,
            stance=statement.stance,
        )
    if answer.passages:
        p = answer.passages[0]
        return Evidence(kind="passage", text=p.text, article_id=p.article_id, start=p.start, end=p.end)
    return None
