"""How a clause stands to what it speaks of: denied, asserted, or left open.

Negation is counted in scope; conditions, possibilities, accusations and questions assert nothing ("factuality",
Saurí and Pustejovsky 2009). Works on words alone; irony and hints are beyond it.
"""

import re
from collections.abc import Callable, Iterable

from bot.answering.lexicon import NEGATORS, PREDICATIVE_NEGATORS

WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_BE = frozenset("is are was were be been being as it's that's isn't wasn't".split())
_ALMOST = frozenset({"almost", "nearly"})
_PHRASES = re.compile(r"\brul(?:ed|es|e|ing) out\b|\bwrong to (?:say|claim|suggest|think)\b", re.IGNORECASE)
_NOT_RULED_OUT = re.compile(r"(?:\bnot|n['’]t|\bcannot)\s(?:be |been )?rul(?:ed|e|ing) out\b", re.IGNORECASE)
_CONDITION = re.compile(
    r"(?<!even )(?<!as )\b(?:if|unless|whether|provided that)\b|\bwould have\b", re.IGNORECASE
)
_POSSIBLE = re.compile(r"\b(?:may|might|could(?! not))\b")
_ALLEGED = re.compile(
    r"\b(?:accus\w+|alleg\w+|suspect\w*|suspicions?|rumou?r\w*|reportedly|speculat\w+|charged with|charges of"
    r"|(?:claim|report|suggestion)s? that|(?:they|some(?: people)?|others) (?:say|state|claim|allege)s?)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(r"\basked (?:\w+ ){0,3}(?:if|whether)\b", re.IGNORECASE)
_REPLY = re.compile(r"\basked (?:if|whether)\b[^,]*,(.*)$", re.IGNORECASE | re.DOTALL)
_NO = re.compile(r"\b(?:not|never|no)\b|n['’]t\b", re.IGNORECASE)
_YES = re.compile(r"\byes\b|\b(?:would|will|did|had|has|is|was)\b\W*$", re.IGNORECASE)


def negations(clause: str, upto: int, spare: Callable[[str], bool] = lambda _word: False) -> int:
    """Negators in force over the words before character ``upto`` of a clause.

    A predicative one ("the claims are false") counts wherever it stands, an attributive one ("false papers") never.
    ``spare(word)`` is true of words that the claim itself is about: they do not negate it. "not only" does not
    count, "neither … nor" counts once.
    """
    plain = clause.replace("’", "'").lower()
    words = [(m.group(), m.start(), m.end()) for m in WORD.finditer(plain)]
    count = sum(m.start() < upto for m in _PHRASES.finditer(plain))
    neither = False
    for i, (word, start, end) in enumerate(words):
        if word in PREDICATIVE_NEGATORS and any(w in _BE for w, _, _ in words[max(0, i - 3) : i]):
            count += 1
        elif start >= upto or spare(word) or plain[end : end + 5] == " only":
            continue
        elif word in _ALMOST:
            count += i + 1 < len(words) and spare(words[i + 1][0])
        elif word in NEGATORS or word.endswith("n't"):
            count += not (word == "nor" and neither)
            neither = neither or word == "neither"
    return count


def denied_figures(sentence: str, names: Iterable[str]) -> int:
    """How many of the numbers among the names the sentence sets aside ("in 2031, not in 2028")."""
    numbers = (name for name in names if name[0].isdigit())
    return sum(bool(re.search(rf"\bnot (?:\w+ )?{re.escape(n)}\b", sentence)) for n in numbers)


def is_open(sentence: str, clause: str, at: int, claim: str) -> bool:
    """Whether what the clause says from character ``at`` on is not asserted: a condition, a possibility, an accusation.

    Words that the claim itself holds leave nothing open: "may cross" answers "may they cross?".
    """
    if _NOT_RULED_OUT.search(sentence):
        return True
    if any(not _holds(claim, m.group()) for m in _CONDITION.finditer(sentence)):
        return True
    before = clause[:at]
    if any(not _holds(claim, m.group()) for m in _POSSIBLE.finditer(before)):
        return True
    alleged = _ALLEGED.search(before)
    if alleged is None or _holds(claim, alleged.group()):
        return False
    return not negations(clause, alleged.start())


def reply(sentence: str) -> bool | None:
    """How "Asked if …, X said he would not" answers: False; None when nothing was asked or the reply tells neither."""
    match = _REPLY.search(sentence)
    if not match:
        return None
    if _NO.search(match.group(1)):
        return False
    return True if _YES.search(match.group(1)) else None


def is_question(sentence: str) -> bool:
    """Whether the sentence only tells that something was asked ("Reporters asked him if …")."""
    return bool(_ASKED.search(sentence))


def _holds(claim: str, word: str) -> bool:
    return re.search(rf"\b{re.escape(word.lower())}\b", claim.lower()) is not None
