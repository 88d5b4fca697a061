"""Which way a sentence speaks on a claim: yes, no or neither.

``StanceJudge`` is the one interface; ``RuleJudge`` is the rule-based judge: it compares the polarity of the clause
that covers the claim with the polarity of the claim, counting negations in scope and opposite predicates.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.answer import Stance
from bot.answering.evidence import Evidence
from bot.answering.lexicon import AFTER_NEGATORS, HEDGES, NEGATORS, Lexicon
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


_CLAUSE = re.compile(
    r"[;:–—]\s|,[”\"]?\s(?!\d)|\s(?=(?:and|but|while|whereas|although)\s(?:\w+\s)?(?:is|are|was|were|does|do|did|has"
    r"|have|had|will|would|can|cannot|could|not|we|it|he|she|they|that|therefore)\b)"
)
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")


ENOUGH = 0.55
"""Share (by weight) of the claim's content words that puts a sentence on its topic."""
OBJECTS = 0.85
"""The same for the content words without the predicate."""
NEAR = 0.55
"""Cosine of question and sentence that does, when the predicate is met (MiniLM scale)."""
LIGHT = ("join", "participate", "part", "engage", "involved", "do", "use", "hold")
"""Predicates that add little to their object: "X joins the trade" holds where the trade of X is told at all."""
WEAK = 0.45
"""The most a sentence without the claim's predicate counts: such evidence alone leaves the verdict unclear."""


class RuleJudge:
    """Polarity by rule. Blind to idioms and to opposites the lexicon does not hold."""

    def __init__(self, lexicon: Lexicon, analyse: "Analyse") -> None:
        """``analyse`` is the word index's analyzer: text → stems."""
        self.lexicon, self.analyse = lexicon, analyse
        self.light = frozenset(stem for word in LIGHT for stem in analyse(word))

    def judge(self, claim: Claim, evidence: Sequence[Evidence]) -> list[Judgement]:
        """See StanceJudge."""
        content = [w for w in claim.words if w not in claim.names] or list(claim.words)
        stems = [s for word in content for s in self.analyse(word)]
        predicate = self.lexicon.predicate(content, self.analyse)
        return [self._one(claim, stems, self.analyse(predicate or ""), e) for e in evidence]

    def _one(self, claim: Claim, stems: list[str], predicate: list[str], evidence: Evidence) -> Judgement:
        clause = max(_CLAUSE.split(evidence.text), key=lambda c: self._met(stems, c))
        sense = self._sense(predicate, clause) or self._sense(predicate, evidence.text)
        light = any(stem in self.light for stem in predicate) or not any(map(self.lexicon.knows, predicate))
        if not _on_topic(evidence, sense) or (sense == 0 and not light):
            return Judgement("neutral", 1 - evidence.feature("content"))
        rest = evidence.text[evidence.text.index(clause) + len(clause) :]
        count = negations(clause, self._last_met(stems, clause)) + negations(rest, 0)
        turned = count % 2 == 1
        sign = (sense or 1) * (-1 if turned else 1) * (-1 if claim.negated else 1)
        return Judgement("yes" if sign > 0 else "no", _strength(clause, sense, evidence))

    def _sense(self, predicate: list[str], text: str) -> int:
        """+1 when the text holds the predicate or its like, -1 for its opposite, 0 for neither."""
        own = self.analyse(text)
        if predicate and all(stem in own for stem in predicate):
            return 1
        return next((found for stem in predicate if (found := self.lexicon.relation(stem, own))), 0)

    def _met(self, stems: list[str], clause: str) -> float:
        own = set(self.analyse(clause))
        return sum(1.0 if s in own else 0.7 * abs(self.lexicon.relation(s, own)) for s in set(stems))

    def _last_met(self, stems: list[str], clause: str) -> int:
        """Position of the last word of the clause that the claim also has; the clause's length when none is."""
        last = -1
        for match in _WORD.finditer(clause):
            own = self.analyse(match.group())
            if any(o in stems or any(self.lexicon.relation(s, [o]) for s in stems) for o in own):
                last = match.start()
        return last if last >= 0 else len(clause)


def _on_topic(evidence: Evidence, sense: int) -> bool:
    """The sentence is about the claim: it holds enough of its words, all its objects, or is near in meaning."""
    return (
        evidence.feature("content") >= ENOUGH
        or evidence.feature("object") >= OBJECTS
        or (sense != 0 and evidence.feature("cosine") >= NEAR)
    )


def _strength(clause: str, sense: int, evidence: Evidence) -> float:
    """Coverage of the claim, much less when its predicate is not met, less when the clause is hedged."""
    strength = 0.5 * evidence.feature("content") + 0.5 * evidence.feature("coverage_in_context")
    if sense == 0:
        strength = min(strength, WEAK)
    elif evidence.feature("cosine") >= NEAR:
        strength = max(strength, evidence.feature("cosine"))
    if any(w.lower() in HEDGES for w in _WORD.findall(clause)):
        strength *= 0.85
    return max(strength, 0.05)


def negations(clause: str, upto: int) -> int:
    """Negators in force over the words before character ``upto`` of a clause.

    "not only" does not count; a negator that reaches back ("the doubts are unfounded") counts wherever it stands.
    """
    count = 0
    for match in _WORD.finditer(clause.replace("’", "'")):
        low = match.group().lower()
        negator = low in NEGATORS or low.endswith("n't")
        if not negator or clause[match.end() : match.end() + 5] == " only":
            continue
        if match.start() < upto or low in AFTER_NEGATORS:
            count += 1
    return count


class Analyse(Protocol):
    """Text → stems, as the word index makes them."""

    def __call__(self, text: str) -> list[str]: ...
