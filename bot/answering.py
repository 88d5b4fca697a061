"""From a question to an Answer: claim → hits → evidence → statements → verdict → quotes, each checked."""

import re
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.answer import Answer, Quote, RankedPassage, Statement
from bot.evidence import Evidence, EvidenceFinder
from bot.lexicon import Lexicon
from bot.question import Claim, read
from bot.speakers import Speakers
from bot.stance import Judgement, RuleJudge, StanceJudge
from bot.statements import Said, credits_among, group, primary_first
from bot.sufficiency import Logistic, Sufficiency, load_scorer
from bot.translation import gloss, is_foreign
from bot.verdict import Decision, decide
from bot.wanted import answer_spans
from corpus.article import Voice
from retrieval.search import Filters, Hit, Index

Topic = str
"""The question before, for a follow-up."""

_HITS = 20
_LISTED = 10
_NEUTRAL = Judgement("neutral", 1.0)
_FOLLOW_UP = re.compile(
    r"^(?:and|but|what about|how about|also|so)\b|\b(?:it|that|this|they|he|she|him|them)\b", re.IGNORECASE
)


class Answerer:
    """Answers questions over one open index; safe to call from several threads."""

    def __init__(
        self,
        index: Index,
        *,
        threshold: float = 0.5,
        judge: StanceJudge | None = None,
        sufficiency: Sufficiency | None = None,
    ) -> None:
        """``threshold``: answer when the articles answer with at least this probability, 0..1."""
        scorers, models = load_scorer()
        lexicon = Lexicon(index.terms)
        self.index, self.threshold = index, threshold
        self.finder = EvidenceFinder(index, lexicon, scorers)
        self.judge = judge or RuleJudge(lexicon, index.terms)
        self.sufficiency = sufficiency or Logistic(models)

    def answer(
        self, question: str, *, k: int = 5, filters: Filters | None = None, topic: Topic | None = None
    ) -> Answer:
        """The answer with at most ``k`` quotes a side; UsageError for an empty question."""
        began = time.perf_counter()
        asked = self._in_english(question)
        claim = read(asked)
        searched = f"{topic} {asked}" if topic and is_follow_up(asked) else asked
        hits = self.index.search(searched, k=_HITS, filters=filters or Filters())
        evidence = [e for e in self.finder.find(claim, hits) if _in_time(e, claim)]
        answer = self._decide(question, claim, evidence, hits, k)
        return replace(answer, took_ms=round((time.perf_counter() - began) * 1000, 1))

    def _in_english(self, question: str) -> str:
        """The question itself, or its gloss in the words of the articles when it is in another script."""
        if not is_foreign(question) or self.index.glossary is None:
            return question
        return gloss(question, self.index.glossary.nearest)

    def _decide(
        self, question: str, claim: Claim, evidence: list[Evidence], hits: Sequence[Hit], k: int
    ) -> Answer:
        speakers = Speakers({e.article_row: e.article.text for e in evidence}.values())
        if claim.kind == "yesno":
            decision = self._verdict(claim, evidence, speakers)
            backing = decision.backing if decision else ()
            disputing = decision.disputing if decision else ()
        else:
            decision = None
            backing, disputing = tuple(self._open(claim, evidence, speakers)), ()
        used = _best_first(backing)
        sided = backing[0].strength if backing and decision else 0.0
        confidence = self.sufficiency.confidence(claim, used, sided=sided)
        answered = bool(used) and confidence >= self.threshold
        quoted = _statements(claim, backing, disputing, k) if answered else ()
        answered = answered and bool(quoted)
        return Answer(
            question=question,
            answered=answered,
            reason=None if answered else "not_in_corpus",
            verdict=decision.verdict if answered and decision else None,
            confidence=round(confidence, 4),
            statements=quoted,
            passages=tuple(self._listed(hit) for hit in hits[:_LISTED]),
            build=self.index.build,
            model=self.index.model,
            took_ms=0.0,
            said=claim.said,
            opposite=answered and claim.said and decision is not None and decision.verdict == "no",
        )

    def _verdict(self, claim: Claim, evidence: list[Evidence], speakers: Speakers) -> Decision | None:
        worth = _worth_showing(evidence)
        judged = [
            (e, j)
            for e, j in zip(worth, self.judge.judge(claim, worth), strict=True)
            if j.stance != "neutral" and not e.feature("name_nowhere")
        ]
        return decide(group(judged), claim.speaker, speakers)

    def _open(self, claim: Claim, evidence: list[Evidence], speakers: Speakers) -> list[Said]:
        worth = _worth_showing(evidence)
        if claim.speaker:
            worth = [e for e in worth if speakers.speaks_for(e.sentence.speaker, claim.speaker)]
        if not worth:
            return []
        vectors = self.finder.vectors(worth)
        said = group([(e, _NEUTRAL) for e in worth], vectors)
        return sorted(said, key=lambda s: -s.relevance)

    def _listed(self, hit: Hit) -> RankedPassage:
        article = self.index.article(hit.article)
        text = article.text[hit.start : hit.end]
        return RankedPassage(
            hit.article_id,
            hit.start,
            hit.end,
            hit.score,
            text,
            article.title,
            article.outlet,
            article.published,
        )


def is_follow_up(question: str) -> bool:
    """A question that leans on the one before: it begins like a continuation or holds a bare pronoun."""
    return bool(_FOLLOW_UP.search(question))


def _in_time(evidence: Evidence, claim: Claim) -> bool:
    """Printed on the days the question names, or within the week after."""
    if claim.when is None:
        return True
    day = evidence.article.published
    return day is not None and claim.when[0] <= day <= claim.when[1] + timedelta(days=7)


def _worth_showing(evidence: list[Evidence]) -> list[Evidence]:
    """Sentences within reach of the best one: the rest would only dilute the answer."""
    if not evidence:
        return []
    floor = 0.25 * evidence[0].relevance
    return [e for e in evidence if e.relevance >= floor][:16]


def _best_first(statements: Sequence[Said]) -> list[Evidence]:
    used = [e for said in statements for e, _ in said.reports]
    return sorted(used, key=lambda e: -e.relevance)


def _statements(
    claim: Claim, backing: Sequence[Said], disputing: Sequence[Said], k: int
) -> tuple[Statement, ...]:
    """At most ``k`` quotes that back the verdict and as many that dispute it; a dispute is never crowded out."""
    articles = {e.article.id: e.article for s in (*backing, *disputing) for e, _ in s.reports}
    credited = credits_among(list(articles.values()))
    shown: list[Statement] = []
    for side in (backing, disputing):
        left = k
        for said in side:
            quotes = [q for e, _ in primary_first(said, credited)[:left] if (q := quote(claim, e))]
            left -= len(quotes)
            if quotes:
                shown.append(Statement(said.stance, said.speaker, _voice(said, quotes), tuple(quotes)))
            if left <= 0:
                break
    return tuple(shown)


def _voice(said: Said, quotes: list[Quote]) -> Voice:
    """The voice of the primary report."""
    first = quotes[0]
    return next(
        e.sentence.voice
        for e, _ in said.reports
        if e.article.id == first.article_id and e.sentence.start == first.start
    )


def quote(claim: Claim, evidence: Evidence) -> Quote | None:
    """The sentence as a quote, or None when the stored text does not hold it: a wrong quote is never shown."""
    article, sentence = evidence.article, evidence.sentence
    text = article.text[sentence.start : sentence.end]
    if not text.strip() or not 0 <= sentence.start < sentence.end <= len(article.text):
        return None
    spans = answer_spans(claim, text) if claim.kind == "open" else []
    return Quote(
        text=text,
        article_id=article.id,
        title=article.title,
        outlet=article.outlet,
        author=article.author,
        published=article.published,
        url=article.url,
        path=article.path,
        start=sentence.start,
        end=sentence.end,
        highlights=tuple((sentence.start + a, sentence.start + b) for a, b in spans),
    )
