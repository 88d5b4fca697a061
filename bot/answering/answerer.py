"""From a question to an Answer: claim → hits → evidence → statements → verdict → quotes, each checked."""

import re
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.answer import Answer, RankedPassage
from bot.answering.claim_words import ClaimWords
from bot.answering.evidence import Evidence, EvidenceFinder
from bot.answering.follow_ups import is_follow_up, readings, repeats
from bot.answering.lexicon import Lexicon
from bot.answering.pair_reader import PairReader, Reader, WordsAlone
from bot.answering.question import Claim, read, read_topic, with_names
from bot.answering.quoting import Quoter, apart
from bot.answering.speakers import Speakers
from bot.answering.stance import OBJECTS, RULES_ALONE, TOGETHER, Judgement, RuleJudge, StanceJudge, Witnesses
from bot.answering.statements import Said, group, varied
from bot.answering.sufficiency import Logistic, Scorer, Sufficiency, load_scorer
from bot.answering.topics import is_near
from bot.answering.translation import gloss, is_foreign
from bot.answering.verdict import Decision, decide
from bot.answering.wanted import answer_values
from corpus.article import Article
from corpus.speech.names import same_person
from retrieval.search import Filters, Hit, Index

Topic = str
"""The question before, for a follow-up."""

_HITS = 20
_LOOKED_AT = 5
"""Passages that tell whether a word is a name."""
_LISTED = 10
_OF_TOPIC = 50
"""Passages that are looked at, and sentences that are read, for all that was said on a topic."""
_NEWEST = 1000
"""Articles that are newest; in a smaller index they are all looked at alike."""
_FLOOR = 0.3
"""Sentences below this share of the best one's relevance are not shown."""
_REACH = 0.2
"""Sentences below this share of the best one's relevance take no side, unless they hold all the claim's objects."""
_WORTH = 16
_OF_OTHERS = 0.5
"""Times as sure where nothing is printed about somebody whom the question names."""
_NEUTRAL = Judgement("neutral", 1.0)


class Answerer:
    """Answers questions over one open index; safe to call from several threads."""

    def __init__(
        self,
        index: Index,
        *,
        threshold: float = 0.6,
        reader: Reader | None = None,
        judge: StanceJudge | None = None,
        sufficiency: Sufficiency | None = None,
        scorer: Scorer | None = None,
    ) -> None:
        """``threshold``: answer when the articles answer with at least this probability, 0..1.

        ``reader``: the evidence model, the one that ships where none is given; raises ModelError when its files are
        damaged. The other parts stand in for those fitted for it.
        """
        reader = reader or PairReader.shipped()
        alone = isinstance(reader, WordsAlone)
        scorer = scorer or load_scorer(model=not alone)
        lexicon = Lexicon(index.terms)
        self.index, self.threshold = index, threshold
        self._quoter = Quoter(index)
        self.finder = EvidenceFinder(index, lexicon, scorer.sentence, reader)
        self.judge = judge or Witnesses(RuleJudge(lexicon, index.terms), RULES_ALONE if alone else TOGETHER)
        self.sufficiency = sufficiency or Logistic(scorer.sufficiency)
        self._outlets = [outlet.casefold() for outlet in index.outlets()]

    def answer(
        self, question: str, *, k: int = 5, filters: Filters | None = None, topic: Topic | None = None
    ) -> Answer:
        """The answer with at most ``k`` quotes a side; UsageError for an empty question."""
        began = time.perf_counter()
        asked = self._in_english(question)
        read_as = [(asked, read(asked))]
        if topic and is_follow_up(question):
            read_as = readings(question if repeats(question) else asked, self._in_english(topic))
        for text, claim in read_as:
            answer = self._over(question, text, claim, k, filters)
            if answer.answered:
                break
        return replace(answer, took_ms=round((time.perf_counter() - began) * 1000, 1))

    def _over(self, question: str, text: str, claim: Claim, k: int, filters: Filters | None) -> Answer:
        """The answer to the claim, over what ``text`` finds."""
        hits = self.index.search(text, k=_HITS, filters=filters or Filters())
        claim = with_names(claim, (self.index.article(hit.article).text for hit in hits))
        evidence = [e for e in self.finder.find(claim, hits) if _in_time(e, claim)]
        answer = self._decide(question, claim, evidence, hits, k)
        return replace(answer, reason="nothing_passes_the_filters") if filters and not hits else answer

    def on_topic(self, topic: str, *, k: int = 20) -> Answer:
        """What was said on a topic ("grain exports"), ``k`` quotes at most; UsageError for an empty one.

        No confidence is asked for: whatever comes near is shown, and what only looks like it is not. ``passages``
        are all that were looked at.
        """
        began = time.perf_counter()
        claim = read_topic(self._in_english(topic))
        hits = self._of_topic(claim.text)
        claim = with_names(claim, (self.index.article(hit.article).text for hit in hits))
        near = [e for e in self.finder.find(claim, hits, most=_OF_TOPIC) if is_near(e)]
        said = group([(e, _NEUTRAL) for e in near], self.finder.vectors(near)) if near else []
        found = Decision(None, tuple(sorted(said, key=lambda s: -s.relevance)), ())
        quoted = apart(self._quoter.statements(claim, found, k))
        return Answer(
            question=topic,
            answered=bool(quoted),
            reason=None if quoted else "not_in_corpus",
            verdict=None,
            confidence=1.0 if quoted else 0.0,
            statements=quoted,
            passages=tuple(self._listed(hit) for hit in hits),
            build=self.index.build,
            model=self.index.model,
            took_ms=round((time.perf_counter() - began) * 1000, 1),
        )

    def _of_topic(self, text: str) -> list[Hit]:
        """The best passages of all, and of the newest articles: on an old topic what is new would drown else."""
        hits = self.index.search(text, k=_OF_TOPIC)
        since = self.index.day_of_newest(_NEWEST)
        if since is None:
            return hits
        recent = self.index.search(text, k=_OF_TOPIC // 2, filters=Filters(since=since))
        return list({hit.passage: hit for hit in (*hits, *recent)}.values())

    def _in_english(self, question: str) -> str:
        """The question itself, or its gloss in the words of the articles when it is in another script."""
        if not is_foreign(question) or self.index.glossary is None:
            return question
        return gloss(question, self.index.glossary.nearest, self._is_name)

    def _is_name(self, word: str) -> bool:
        """Whether the passages that have the word most have it with a capital alone."""
        places = self.index.places(self.index.by_words(word, _LOOKED_AT)).values()
        texts = (self.index.article(place.article).text[place.start : place.end] for place in places)
        found = re.findall(rf"\b{re.escape(word)}\b", " ".join(texts), re.IGNORECASE)
        return bool(found) and all(written[0].isupper() for written in found)

    def _decide(
        self, question: str, claim: Claim, evidence: list[Evidence], hits: Sequence[Hit], k: int
    ) -> Answer:
        speakers = Speakers({e.article_row: e.article.text for e in evidence}.values())
        verdict = self._verdict(claim, evidence, speakers)
        decision = verdict or self._quotes(claim, evidence, speakers)
        sided = decision.backing[0].strength if decision.verdict in {"yes", "no", "disputed"} else 0.0
        found = _best_first(decision.backing)
        lacking = self._lacking(claim, hits)
        confidence = self.sufficiency.confidence(claim, found, sided=sided, lacking=lacking)
        if not verdict and self._tells_of_others(claim, evidence):
            confidence *= _OF_OTHERS
        quoted = self._quoter.statements(claim, decision, k) if confidence >= self.threshold else ()
        answered = bool(quoted)
        return Answer(
            question=question,
            answered=answered,
            reason=None if answered else "not_in_corpus",
            verdict=decision.verdict if answered else None,
            confidence=round(confidence, 4),
            statements=quoted,
            passages=tuple(self._listed(hit) for hit in hits[:_LISTED]),
            build=self.index.build,
            model=self.index.model,
            took_ms=0.0,
            said=claim.said,
            opposite=answered and claim.said and decision.verdict == "no",
            asked=_person_asked(claim, decision),
        )

    def _lacking(self, claim: Claim, hits: Sequence[Hit]) -> float:
        """The share of the sources the question names that are neither outlets here nor named in the hits, 0..1."""
        if not claim.sources:
            return 0.0
        found = "\n".join(self.index.article(hit.article).text for hit in hits).casefold()
        names = [name.casefold() for name in claim.sources]
        lacking = [n for n in names if not any(n in o or o in n for o in self._outlets) and n not in found]
        return len(lacking) / len(names)

    def _verdict(self, claim: Claim, evidence: list[Evidence], speakers: Speakers) -> Decision | None:
        """The verdict on a yes/no question; None for an open one, or when no sentence takes a side."""
        if claim.kind == "open":
            return None
        near = {
            (e.source, e.text) for e in evidence if _within_reach(e, evidence[0])
        }  # one for all its copies
        judged = [
            (e, j)
            for e, j in zip(evidence, self.judge.judge(claim, evidence), strict=True)
            if j.stance != "neutral" and not e.feature("name_nowhere") and (e.source, e.text) in near
        ]
        return decide(group(judged), claim.speaker, speakers)

    def _quotes(self, claim: Claim, evidence: list[Evidence], speakers: Speakers) -> Decision:
        """What the best sentences say: the answer to an open question, an unclear one to a yes/no question."""
        worth = [e for e in evidence if e.relevance >= _FLOOR * evidence[0].relevance][:_WORTH]
        if claim.wanted in {"number", "date"}:
            worth = [e for e in worth if not e.feature("wanting")]
        if claim.sources:
            worth = [e for e in worth if _printed_by(e.article, claim.sources)] or worth
        elif claim.speaker:
            worth = [
                e
                for e in worth
                if claim.kind == "open" and speakers.wrote_or_said(e.article, e.sentence, claim.speaker)
            ]
        said = group([(e, _NEUTRAL) for e in worth], self.finder.vectors(worth)) if worth else []
        ranked = sorted(said, key=lambda s: -s.relevance)
        if claim.kind == "open":
            ranked = varied(ranked, [_values(claim, s) for s in ranked])
        return Decision("unclear" if claim.kind == "yesno" else None, tuple(ranked), ())

    def _tells_of_others(self, claim: Claim, evidence: list[Evidence]) -> bool:
        """Whether the question is about somebody of whom nothing is printed: whatever is found is about others."""
        words = ClaimWords(claim, self.index, self.finder.lexicon)
        return not claim.sources and words.unheard_of(*(e.article.text for e in evidence))

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


def _printed_by(article: Article, sources: Sequence[str]) -> bool:
    """The article's outlet is one of those named, by either's shorter name."""
    outlet = (article.outlet or "").casefold()
    return bool(outlet) and any(name.casefold() in outlet or outlet in name.casefold() for name in sources)


def _values(claim: Claim, said: Said) -> frozenset[str]:
    return frozenset().union(*(answer_values(claim, e.text) for e, _ in said.reports))


def _person_asked(claim: Claim, decision: Decision) -> str | None:
    """The speaker by the fullest name, when the question names a person rather than what they speak for."""
    speaker = decision.backing[0].speaker if decision.backing else None
    return speaker if same_person(claim.speaker, speaker) else None


def _in_time(evidence: Evidence, claim: Claim) -> bool:
    """Printed on the days the question names, or within the week after."""
    if claim.when is None:
        return True
    day = evidence.article.published
    return day is not None and claim.when[0] <= day <= claim.when[1] + timedelta(days=7)


def _within_reach(evidence: Evidence, best: Evidence) -> bool:
    """Relevant enough beside the best sentence to take a side; one with all the claim's objects always is."""
    return evidence.relevance >= _REACH * best.relevance or evidence.feature("object") >= OBJECTS


def _best_first(statements: Sequence[Said]) -> list[Evidence]:
    """The reports, without those in copies of a better one's article: a copy confirms nothing."""
    used = sorted((e for said in statements for e, _ in said.reports), key=lambda e: -e.relevance)
    best: dict[int, int] = {}
    return [e for e in used if best.setdefault(e.source, e.article_row) == e.article_row]
