"""Which way a sentence speaks on a claim: yes, no or neither.

``StanceJudge`` is the one interface. ``RuleJudge`` compares the polarity of the clause that covers the claim with the
polarity of the claim, counting negations in scope and opposite predicates. ``Witnesses`` hears the rules and the
evidence model and weighs one against the other.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from bot.answer import Stance
from bot.answering import polarity
from bot.answering.evidence import Evidence, Weights
from bot.answering.lexicon import Lexicon
from bot.answering.pair_reader import Reading
from bot.answering.question import Claim


@dataclass(frozen=True, slots=True)
class Judgement:
    """A stance and how sure it is, 0..1."""

    stance: Stance
    strength: float


class StanceJudge(Protocol):
    """Anything that can tell which way sentences speak on a claim."""

    def judge(self, claim: Claim, evidence: Sequence[Evidence]) -> list[Judgement]:
        """One judgement for each piece of evidence, in order."""
        ...


WITNESSES = ("rules", "model", "agree")
"""Columns of a row of testimony, in order, each -1 (no) to 1 (yes)."""

TOGETHER = Weights(0.0, (2.0, 1.5, 2.5))
"""Of rules and model. Chosen among seven settings by verdicts on half of a public set and on our own labelled set."""
RULES_ALONE = Weights(0.0, (4.0, 0.0, 0.0))
"""Where there is no model."""

_SILENT = 0.2
"""Testimony weaker than this takes no side."""


def heard(ruled: Judgement, reading: Reading | None) -> tuple[float, ...]:
    """The row of ``WITNESSES``: what the rules say, what the model says, and the weaker of the two where they agree."""
    sign = {"yes": 1.0, "no": -1.0, "neutral": 0.0}[ruled.stance]
    rules = sign * ruled.strength
    model = reading.supports - reading.refutes if reading else 0.0
    agree = math.copysign(min(abs(rules), abs(model)), rules) if rules * model > 0 else 0.0
    return rules, model, agree


class Witnesses:
    """Rules and model weighed by a logistic model; where they disagree neither gets far."""

    def __init__(self, rules: "RuleJudge", weights: Weights = TOGETHER) -> None:
        """``weights`` over ``WITNESSES``, for the probability that the answer is yes."""
        self.rules, self.weights = rules, weights

    def judge(self, claim: Claim, evidence: Sequence[Evidence]) -> list[Judgement]:
        """See StanceJudge."""
        ruled = self.rules.judge(claim, evidence)
        return [self._weigh(heard(r, e.reading), r) for r, e in zip(ruled, evidence, strict=True)]

    def _weigh(self, row: tuple[float, ...], ruled: Judgement) -> Judgement:
        yes = self.weights.probability(row)
        strength = abs(2 * yes - 1)
        if strength < _SILENT:
            return Judgement("neutral", 1 - strength)
        if ruled.stance != "neutral" and ruled.strength <= LEFT_OPEN:
            strength = min(strength, LEFT_OPEN)
        return Judgement("yes" if yes > 0.5 else "no", strength)


_CLAUSE = re.compile(
    r"[;:–—]\s|,[”\"]?\s(?!\d)|\s(?=(?:and|but|while|whereas|although)\s(?:\w+\s)?(?:is|are|was|were|does|do|did|has"
    r"|have|had|will|would|can|cannot|could|not|we|it|he|she|they|that|therefore)\b)"
)

_ASKERS = frozenset(
    "correspondent reporter reporters journalist journalists interviewer moderator host".split()
)

ENOUGH = 0.55
"""Share (by weight) of the claim's content words that puts a sentence on its topic."""
OBJECTS = 0.85
"""The same for the content words without the predicate."""
NEAR = 0.55
"""Cosine of question and sentence that does, when the predicate is met (MiniLM scale)."""
LIGHT = ("join", "participate", "part", "engage", "involved", "do", "use", "hold")
"""Predicates that add little to their object: "X joins the trade" holds where the trade of X is told at all."""
WEAK = 0.45
"""The most a sentence counts that lacks the claim's predicate: such evidence alone leaves the verdict unclear."""
LEFT_OPEN = 0.3
"""The most one counts that asserts nothing (a condition, a possibility, an accusation): it disputes nothing either."""
REPLY = 0.7
"""How sure the reply to a question that the sentence retells is ("Asked if …, he said he would not")."""


class RuleJudge:
    """Polarity by rule. Blind to idioms and to opposites the lexicon does not hold."""

    def __init__(self, lexicon: Lexicon, analyse: "Analyse") -> None:
        """``analyse`` is the word index's analyzer: text → stems."""
        self.lexicon, self.analyse = lexicon, analyse
        self.light = frozenset(stem for word in LIGHT for stem in analyse(word))

    def judge(self, claim: Claim, evidence: Sequence[Evidence]) -> list[Judgement]:
        """See StanceJudge."""
        content = claim.content
        stems = [s for word in content for s in self.analyse(word)]
        predicate = self.analyse(
            self.lexicon.predicate(content, self.analyse, noun_first=claim.noun_first) or ""
        )
        return [self._one(claim, stems, predicate, e) for e in evidence]

    def _one(self, claim: Claim, stems: list[str], predicate: list[str], evidence: Evidence) -> Judgement:
        text = evidence.text
        clause = max(_CLAUSE.split(text), key=lambda c: self._met(stems, c))
        sense = self._sense(predicate, clause) or self._sense(predicate, text)
        light = any(stem in self.light for stem in predicate) or not any(map(self.lexicon.knows, predicate))
        if not _on_topic(evidence, sense) or (sense == 0 and not light) or not _same_figures(claim, evidence):
            return Judgement("neutral", 1 - evidence.feature("content"))
        if polarity.is_question(text):
            return _replied(claim, polarity.reply(text))
        first, last = self._reach(stems, clause)
        spare = partial(self._is_of, stems)
        rest = text[text.index(clause) + len(clause) :]
        count = polarity.negations(clause, last, spare) + polarity.negations(rest, 0)
        turned = (count + polarity.denied_figures(text, claim.names)) % 2 == 1
        sign = (sense or 1) * (-1 if turned else 1) * (-1 if claim.negated else 1)
        left_open = _asks(evidence) or polarity.is_open(text, clause, first, claim.text)
        held = self._met(stems, text) / len(set(stems))
        strength = _strength(evidence, sense, held, left_open=left_open)
        return Judgement("yes" if sign > 0 else "no", strength)

    def _sense(self, predicate: list[str], text: str) -> int:
        """+1 when the text holds the predicate or its like, -1 for its opposite, 0 for neither."""
        own = self.analyse(text)
        if predicate and all(stem in own for stem in predicate):
            return 1
        return next((found for stem in predicate if (found := self.lexicon.relation(stem, own))), 0)

    def _met(self, stems: list[str], clause: str) -> float:
        own = set(self.analyse(clause))
        return sum(1.0 if s in own else 0.7 * abs(self.lexicon.relation(s, own)) for s in set(stems))

    def _is_of(self, stems: list[str], word: str) -> bool:
        """The word is one of the claim's, or a synonym or opposite of one."""
        own = self.analyse(word)
        return any(o in stems or any(self.lexicon.relation(s, [o]) for s in stems) for o in own)

    def _reach(self, stems: list[str], clause: str) -> tuple[int, int]:
        """Where the claim's words begin and where the last of them stands in the clause; its length for none."""
        places = [m.start() for m in polarity.WORD.finditer(clause) if self._is_of(stems, m.group())]
        return (places[0], places[-1]) if places else (len(clause), len(clause))


def _on_topic(evidence: Evidence, sense: int) -> bool:
    """The sentence is about the claim: it holds enough of its words, all its objects, or is near in meaning."""
    return (
        evidence.feature("content") >= ENOUGH
        or evidence.feature("object") >= OBJECTS
        or (sense != 0 and evidence.feature("cosine") >= NEAR)
    )


def _same_figures(claim: Claim, evidence: Evidence) -> bool:
    """Every number of the claim stands in the sentence, but for the year it was printed in."""
    published = evidence.article.published
    year = str(published.year) if published else ""
    numbers = [name for name in claim.names if name[0].isdigit() and name != year]
    return all(re.search(rf"\b{re.escape(number)}\b", evidence.text) for number in numbers)


def _replied(claim: Claim, answer: bool | None) -> Judgement:  # noqa: FBT001  three-valued: yes, no, neither
    if answer is None:
        return Judgement("neutral", 0.5)
    return Judgement("yes" if answer != claim.negated else "no", REPLY)


def _asks(evidence: Evidence) -> bool:
    """Somebody whose part it is to ask is speaking: what a question presupposes is not asserted."""
    return (evidence.sentence.speaker or "").lower().split(" ")[-1] in _ASKERS


def _strength(evidence: Evidence, sense: int, held: float, *, left_open: bool) -> float:
    """Coverage of the claim; little when its predicate is not met or what is said is left open.

    ``held`` is the plain share of the claim's content words in the sentence: a frequent word weighs little in the
    coverage and may still be the point ("sanctioned" goods).
    """
    strength = 0.5 * evidence.feature("content") + 0.5 * evidence.feature("coverage_in_context")
    if sense != 0 and evidence.feature("cosine") >= NEAR:
        strength = max(strength, evidence.feature("cosine"))
    strength *= 0.5 + 0.5 * held
    if sense == 0:
        strength = min(strength, WEAK)
    if left_open:
        strength = min(strength, LEFT_OPEN)
    return max(strength, 0.05)


class Analyse(Protocol):
    """Text → stems, as the word index makes them."""

    def __call__(self, text: str) -> list[str]: ...
