"""Statements become a verdict: decided on things said, never on the number of copies."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answer import Verdict
from bot.speakers import Speakers
from bot.stance import WEAK
from bot.statements import Said

DISPUTED_RATIO = 0.75
"""The weaker side's strongest statement must reach this share of the stronger side's to make a dispute."""

_VOICE = {"direct": 1.0, "reported": 0.95, "narrator": 0.8}


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with the statements that back it and those that dispute it, best first in each."""

    verdict: Verdict
    backing: tuple[Said, ...]
    disputing: tuple[Said, ...]


def decide(statements: Sequence[Said], asked: str | None, speakers: Speakers) -> Decision | None:
    """The verdict over all statements; None when none of them takes a side for the claim.

    With ``asked`` (who must have said it) only that speaker's own statements decide, the latest position first;
    everybody else's are shown as disputes.
    """
    sided = [s for s in statements if s.stance != "neutral"]
    own = [s for s in sided if asked is None or _is_by(s, asked, speakers)]
    others = [s for s in sided if s not in own]
    if not own:
        return None
    yes, no = _strongest(own, "yes"), _strongest(own, "no")
    if asked is not None and min(yes, no) >= DISPUTED_RATIO * max(yes, no) and (latest := _latest(own)):
        verdict: Verdict = "yes" if latest.stance == "yes" else "no"
    elif asked is None and min(yes, no) >= DISPUTED_RATIO * max(yes, no) and _independent(own):
        return Decision("disputed", *_split(own, "yes" if yes >= no else "no"))
    else:
        verdict = "yes" if yes >= no else "no"
        if max(s.surest for s in own if s.stance == verdict) <= WEAK:
            return Decision("unclear", tuple(_ranked(own)), ())
    backing, disputing = _split(own, verdict)
    disputing += tuple(s for s in _ranked(others) if s.stance != verdict)
    return Decision(verdict, backing, disputing)


def _is_by(said: Said, asked: str, speakers: Speakers) -> bool:
    return any(speakers.speaks_for(e.sentence.speaker, asked) for e, _ in said.reports)


def _weight(said: Said) -> float:
    return max(e.relevance * j.strength * _VOICE[e.sentence.voice] for e, j in said.reports)


def _strongest(statements: Sequence[Said], stance: str) -> float:
    return max((_weight(s) for s in statements if s.stance == stance), default=0.0)


def _ranked(statements: Sequence[Said]) -> list[Said]:
    return sorted(statements, key=_weight, reverse=True)


def _split(statements: Sequence[Said], verdict: Verdict) -> tuple[tuple[Said, ...], tuple[Said, ...]]:
    ranked = _ranked(statements)
    return tuple(s for s in ranked if s.stance == verdict), tuple(s for s in ranked if s.stance != verdict)


def _latest(statements: Sequence[Said]) -> Said | None:
    """The statement with the latest date, when the two sides are dated apart: a change of position."""
    dated = [(s.latest, s) for s in statements if s.latest]
    if {s.stance for _, s in dated} != {"yes", "no"}:
        return None
    return max(dated, key=lambda pair: pair[0])[1]


def _independent(statements: Sequence[Said]) -> bool:
    """Both sides are spoken for by different speakers or outlets."""
    yes = {
        s.speaker or s.reports[0][0].article.outlet or s.reports[0][0].article.id
        for s in statements
        if s.stance == "yes"
    }
    no = {
        s.speaker or s.reports[0][0].article.outlet or s.reports[0][0].article.id
        for s in statements
        if s.stance == "no"
    }
    return bool(yes - no and no - yes)
