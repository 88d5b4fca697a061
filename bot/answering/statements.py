"""Evidence becomes statements: one per thing said by one speaker, with every report of it.

Copies and rewordings of one speaker's words, near in time, are one statement however many outlets print it. The
primary report is the one other articles name as their source, else the earliest, else direct speech. Of articles that
are copies of each other the earliest is the report, and the others are shown as its copies.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot.answer import Stance
from bot.answering.evidence import Evidence
from bot.answering.stance import Judgement
from corpus.article import Article
from corpus.speech.names import longest, same_person

NEAR_DAYS = 31
"""Reports of one statement lie within this many days of each other; a later one is a new statement."""

SAME_WORDS = 0.62
"""Cosine above which two sentences of one speaker answer an open question with the same thing (MiniLM scale)."""

COPIED = 0.8
"""Share of the words of two outlets' own sentences above which they are copies of one text and count once."""

_WORD = re.compile(r"\w+")
_REPEATED = 0.6
"""Worth of a statement that gives no answer which a better one has not given, beside one that does."""


@dataclass(slots=True)
class Said:
    """One statement while it is put together."""

    stance: Stance
    speaker: str | None
    reports: list[tuple[Evidence, Judgement]] = field(default_factory=list)

    @property
    def strength(self) -> float:
        """The strongest stance among its reports, 0..1."""
        return max(j.strength for _, j in self.reports)

    @property
    def relevance(self) -> float:
        """The most relevant report's relevance, 0..1."""
        return max(e.relevance for e, _ in self.reports)

    @property
    def latest(self) -> date | None:
        """The latest date of publication among its reports; None when none is dated."""
        return max((e.article.published for e, _ in self.reports if e.article.published), default=None)

    @property
    def first(self) -> date | None:
        """The earliest date of publication among its reports."""
        return min((e.article.published for e, _ in self.reports if e.article.published), default=None)


def group(
    judged: Sequence[tuple[Evidence, Judgement]], vectors: NDArray[np.float32] | None = None
) -> list[Said]:
    """Statements by falling strength; evidence must come best first.

    ``vectors`` (one unit row for each piece of evidence) makes likeness of words a condition too, as an open
    question needs; a yes/no question groups by stance alone.
    """
    found: list[tuple[Said, list[int]]] = []
    for i, (evidence, judgement) in enumerate(judged):
        for said, rows in found:
            if _joins(said, evidence, judgement) and (vectors is None or _alike(vectors, rows, i)):
                _add(said, evidence, judgement)
                said.speaker = said.speaker or evidence.sentence.speaker
                rows.append(i)
                break
        else:
            found.append((Said(judgement.stance, evidence.sentence.speaker, [(evidence, judgement)]), [i]))
    statements = [said for said, _ in found]
    for said in statements:
        said.speaker = longest(e.sentence.speaker for e, _ in said.reports if e.sentence.speaker)
    return statements


def _joins(said: Said, evidence: Evidence, judgement: Judgement) -> bool:
    if said.stance != judgement.stance:
        return False
    if any(_is_reprint(e, evidence) for e, _ in said.reports):
        return True
    one, other = said.speaker, evidence.sentence.speaker
    if one is None and other is None:
        return any(_same_voice(e, evidence) for e, _ in said.reports)
    return same_person(one, other) and _near(said, evidence.article.published)


def _same_voice(one: Evidence, other: Evidence) -> bool:
    """Two narrators are one voice when they are one article or outlet, or copies, or one repeats the other's words."""
    same_outlet = one.article.outlet is not None and one.article.outlet == other.article.outlet
    return one.source == other.source or same_outlet or _is_copy(one.text, other.text)


def _is_reprint(one: Evidence, other: Evidence) -> bool:
    """The same sentence in copies of one article, also where only one of them still names who said it."""
    copies = one.source == other.source and one.article_row != other.article_row
    return copies and _is_copy(one.text, other.text)


def _is_copy(one: str, other: str) -> bool:
    a, b = (frozenset(_WORD.findall(text.casefold())) for text in (one, other))
    return len(a & b) >= COPIED * len(a | b)


def _near(said: Said, day: date | None) -> bool:
    if day is None or said.first is None or said.latest is None:
        return True
    return abs((day - said.first).days) <= NEAR_DAYS and abs((day - said.latest).days) <= NEAR_DAYS


def _alike(vectors: NDArray[np.float32], rows: list[int], i: int) -> bool:
    return bool(max(float(vectors[r] @ vectors[i]) for r in rows) >= SAME_WORDS)


def _add(said: Said, evidence: Evidence, judgement: Judgement) -> None:
    """One report an article: the first to come is the most relevant; a direct quotation of equal worth replaces it."""
    for k, (known, _) in enumerate(said.reports):
        if known.article_row == evidence.article_row:
            better = evidence.sentence.voice == "direct" and known.sentence.voice != "direct"
            if (
                better
                and evidence.relevance * judgement.strength
                >= 0.9 * known.relevance * said.reports[k][1].strength
            ):
                said.reports[k] = (evidence, judgement)
            return
    said.reports.append((evidence, judgement))


def varied(ranked: Sequence[Said], values: Sequence[frozenset[str]]) -> list[Said]:
    """Statements that give new answers before those that repeat one: sources that differ are all seen.

    ``values`` holds what each may give as the answer. Maximal marginal relevance (Carbonell and Goldstein 1998), with
    new or not new for the likeness.
    """
    left, seen, chosen = list(range(len(ranked))), frozenset[str](), list[Said]()
    while left:
        best = max(left, key=lambda i: ranked[i].relevance * (1.0 if values[i] - seen else _REPEATED))
        left.remove(best)
        seen |= values[best]
        chosen.append(ranked[best])
    return chosen


def primary_first(said: Said, credited: Counter[str]) -> list[tuple[Evidence, Judgement]]:
    """The reports, the primary one first: credited by others, then earliest (undated last), then direct speech.

    Copies come last, in the same order; the first of them has the credit of all.
    """
    first: dict[int, int] = {}
    credit = Counter[int]()
    for evidence, _ in sorted(
        said.reports, key=lambda r: (r[0].article.published or date.max, r[0].article.id)
    ):
        first.setdefault(evidence.source, evidence.article_row)
        own = credited[(evidence.article.outlet or "").casefold()]
        credit[evidence.source] = max(credit[evidence.source], own)

    def key(report: tuple[Evidence, Judgement]) -> tuple[bool, int, date, bool, int]:
        evidence, _ = report
        return (
            first[evidence.source] != evidence.article_row,
            -credit[evidence.source],
            evidence.article.published or date.max,
            evidence.sentence.voice != "direct",
            evidence.rank,
        )

    return sorted(said.reports, key=key)


def credits_among(articles: Sequence[Article]) -> Counter[str]:
    """Outlet (case-folded) → how many of the other articles name it in their text as a source."""
    credited: Counter[str] = Counter()
    for outlet in {a.outlet for a in articles if a.outlet}:
        pattern = re.compile(rf"\b{re.escape(outlet)}\b", re.IGNORECASE)
        named = sum(1 for a in articles if a.outlet != outlet and pattern.search(a.text))
        if named:
            credited[outlet.casefold()] = named
    return credited
