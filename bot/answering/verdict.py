"""Statements become a verdict: decided on things said, never on the number of copies."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answer import Stance, Verdict
from bot.answering.speakers import Speakers
from bot.answering.stance import LEFT_OPEN, WEAK
from bot.answering.statements import Said
from corpus.article import Article
from corpus.speech.names import same_person

DISPUTED_RATIO = 0.75
"""The weaker side's strongest statement must reach this share of the stronger side's to make a dispute."""

_VOICE = {"direct": 1.0, "reported": 0.95, "narrator": 0.8}


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with the statements that back it and those that dispute it, best first in each."""

    verdict: Verdict | None
    """None for an open question."""
    backing: tuple[Said, ...]
    disputing: tuple[Said, ...]

    @property
    def articles(self) -> list[Article]:
        """The articles of all its reports, each once."""
        reports = (e for said in (*self.backing, *self.disputing) for e, _ in said.reports)
        return list({e.article.id: e.article for e in reports}.values())


def decide(statements: Sequence[Said], asked: str | None, speakers: Speakers) -> Decision | None:
    """The verdict over all statements; None when none of them takes a side for the claim.

    With ``asked`` (who must have said it) only that speaker's own statements decide; everybody else's are shown as
    disputes. A position that its speaker later left does not decide.
    """
    sided = [s for s in statements if s.stance != "neutral"]
    own = [s for s in sided if asked is None or _is_by(s, asked, speakers)]
    if not own:
        return None
    standing = [s for s in own if not _superseded(s, own)]
    yes, no = _strongest(standing, "yes"), _strongest(standing, "no")
    stance: Stance = "yes" if yes >= no else "no"
    if min(yes, no) >= DISPUTED_RATIO * max(yes, no):
        stance = _newest(standing) or stance
    backing, against = _split(standing, stance)
    # Nobody contradicts themselves in one breath: the weaker reading of the same speaker is our mistake.
    against = tuple(s for s in against if not _by_one_of(s, backing))
    revoked = [s for s in own if s not in standing]
    others = [s for s in sided if s not in own and s.stance != stance]
    disputing = (*against, *(s for s in revoked if s.stance != stance), *_ranked(others))
    disputing = tuple(s for s in disputing if s.strength > LEFT_OPEN)
    backing = (*backing, *(s for s in revoked if s.stance == stance))
    return Decision(_verdict(stance, standing, min(yes, no) / max(yes, no)), backing, disputing)


def _verdict(stance: Stance, standing: Sequence[Said], ratio: float) -> Verdict:
    """The stance itself, unless too little is said for it or as much is said against it."""
    if max(s.strength for s in standing if s.stance == stance) <= WEAK:
        return "unclear"
    if ratio >= DISPUTED_RATIO and _independent(standing):
        return "disputed"
    return "yes" if stance == "yes" else "no"


def _newest(statements: Sequence[Said]) -> Stance | None:
    """The side of the newest statement, when only one side has it."""
    newest = max((s.latest for s in statements if s.latest), default=None)
    sides = {s.stance for s in statements if s.latest == newest}
    return sides.pop() if newest and len(sides) == 1 else None


def _superseded(said: Said, statements: Sequence[Said]) -> bool:
    """The same speaker took the other side later: a change of position, and the last one stands."""
    return any(
        other.stance != said.stance
        and same_person(other.speaker, said.speaker)
        and said.latest is not None
        and other.first is not None
        and other.first > said.latest
        for other in statements
    )


def _is_by(said: Said, asked: str, speakers: Speakers) -> bool:
    return any(speakers.wrote_or_said(e.article, e.sentence, asked) for e, _ in said.reports)


def _weight(said: Said) -> float:
    """How much a statement counts: stance above all, then voice and relevance."""
    return max(j.strength * _VOICE[e.sentence.voice] * (0.7 + 0.3 * e.relevance) for e, j in said.reports)


def _strongest(statements: Sequence[Said], stance: str) -> float:
    return max((_weight(s) for s in statements if s.stance == stance), default=0.0)


def _ranked(statements: Sequence[Said]) -> list[Said]:
    return sorted(statements, key=_weight, reverse=True)


def _split(statements: Sequence[Said], verdict: Stance) -> tuple[tuple[Said, ...], tuple[Said, ...]]:
    ranked = _ranked(statements)
    return tuple(s for s in ranked if s.stance == verdict), tuple(s for s in ranked if s.stance != verdict)


def _independent(statements: Sequence[Said]) -> bool:
    """Each side's strongest have somebody, a speaker or an outlet, who is not among the other side's."""
    yes, no = (
        [
            s
            for s in statements
            if s.stance == side and _weight(s) >= DISPUTED_RATIO * _strongest(statements, side)
        ]
        for side in ("yes", "no")
    )
    return any(not _by_one_of(s, no) for s in yes) and any(not _by_one_of(s, yes) for s in no)


def _by_one_of(said: Said, others: Sequence[Said]) -> bool:
    """The same person, or the same article or a copy of it in its own words, also made one of the others."""
    own = said.reports[0][0].source
    for other in others:
        theirs = other.reports[0][0].source
        nameless = said.speaker is None and other.speaker is None
        if same_person(said.speaker, other.speaker) or (nameless and own == theirs):
            return True
    return False
