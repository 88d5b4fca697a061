"""Which way a sentence speaks on a claim: yes, no or neither.

``StanceJudge`` is the one interface; ``RuleJudge`` is the rule-based judge: it compares the polarity of the clause
that covers the claim with the polarity of the claim, counting negations in scope and opposite predicates.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.answer import Stance
from bot.evidence import Evidence
from bot.lexicon import AFTER_NEGATORS, HEDGES, NEGATORS, Lexicon
from bot.question import Claim


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
    r"[;:–—]\s|,\s(?=(?:and|but|while|whereas|although|though|which|who|because|with|so|we|it|he|she|they)\b)"
    r"|\s(?=(?:and|but|while|whereas|although)\s(?:\w+\s)?(?:is|are|was|were|does|do|did|has|have|had|will|would|can|"
    r"cannot|could|not|we|it|he|she|they|that|therefore)\b)"
)
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")


class RuleJudge:
    """Polarity by rule. Blind to idioms and to opposites the lexicon does not hold."""

    def __init__(self, lexicon: Lexicon, analyse: "Analyse") -> None:
        """``analyse`` is the word index's analyzer: text → stems."""
        self.lexicon, self.analyse = lexicon, analyse

    def judge(self, claim: Claim, evidence: Sequence[Evidence]) -> list[Judgement]:
        """See StanceJudge."""
        stems = [s for word in claim.words for s in self.analyse(word)]
        predicate = next(iter(self.analyse(claim.predicate or "")), None)
        return [self._one(claim, stems, predicate, e) for e in evidence]

    def _one(self, claim: Claim, stems: list[str], predicate: str | None, evidence: Evidence) -> Judgement:
        clause = max(_CLAUSE.split(evidence.text), key=lambda c: self._met(stems, c))
        own = self.analyse(clause)
        sense = 1 if predicate is None or predicate in own else self.lexicon.relation(predicate, own)
        turned = negations(clause, self._last_met(stems, clause)) % 2 == 1
        sign = (sense or 1) * (-1 if turned else 1) * (-1 if claim.negated else 1)
        strength = self._strength(stems, clause, sense, evidence)
        if strength < 0.3:
            return Judgement("neutral", strength)
        return Judgement("yes" if sign > 0 else "no", strength)

    def _strength(self, stems: list[str], clause: str, sense: int, evidence: Evidence) -> float:
        """Coverage of the claim by the clause, less when the predicate is not met or the clause is hedged."""
        strength = 0.5 * evidence.feature("coverage") + 0.5 * evidence.feature("coverage_in_context")
        if sense == 0:
            strength *= 0.75
        if any(w.lower() in HEDGES for w in _WORD.findall(clause)):
            strength *= 0.85
        return strength

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


def negations(clause: str, upto: int) -> int:
    """Negators in force over the words before character ``upto`` of a clause.

    "not only", "no longer" and "not … but" keep their plain reading: only the first is discounted.
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
