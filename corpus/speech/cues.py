"""Cues of speech: a verb of saying with the noun phrase of its source, found by spelling and word order.

The verb may follow its subject ("the minister of trade said"), go before it ("said Olga Reen"), stand behind a clause or
an apposition ("its president, Gustav Lind, said"), share a subject named earlier in its clause ("praised the plan and
called it “brave”"), or be a participle ("…, saying that"). Beside a quotation any verb will do whose subject is
a person ("she cracked: “…”"). Not found: sources that a sentence leaves to be inferred.
"""

import re
from dataclasses import dataclass, replace

from corpus.speech.clauses import main_subject
from corpus.speech.names import PRONOUNS, is_capital
from corpus.speech.phrases import antecedent, before_adverbs, is_source, left_of, noun_phrase_after
from corpus.speech.saying import BASE, LOOSE, NEEDS_WORDS, PARTICIPLES, SAYING, SAYING_ING
from corpus.speech.tokens import BE, DETERMINERS, PREPOSITIONS, QUOTED, Tokens, tokens_of

_ACCORDING = re.compile(r"\b[Aa]ccording to\s+", re.UNICODE)
_MARKS = frozenset("“”«»„\"',:—–-(") | {"''"}
_RELATIVE = frozenset({"who", "which"})
_PAST = re.compile(r"[a-z]{3,}ed$")


@dataclass(frozen=True, slots=True)
class Cue:
    """A verb of saying (or "according to") at ``start..end`` with the noun phrase of its source."""

    start: int
    end: int
    source: str
    """The noun phrase as printed."""
    beside: bool = False
    """It stands right beside a quotation."""
    inferred: bool = False
    """There is no verb of saying: the source is whom a sentence with a quotation is about."""


def find(masked: str, start: int) -> Cue | None:
    """The cue of a sentence whose quotations are blanked out; the sentence begins at ``start`` of its text.

    The first verb beside a quotation, else the first verb of saying anywhere, else the subject of a participle.
    """
    tokens = tokens_of(masked)
    quoted = any(word == QUOTED for word, _ in tokens)
    found = _verb_cue(masked, tokens, beside=True) if quoted else None
    found = found or _according(masked) or _verb_cue(masked, tokens, beside=False)
    found = found or _participle_cue(tokens)
    if found is None and quoted:
        found = _subject_cue(tokens)
    return replace(found, start=start + found.start, end=start + found.end) if found else None


def _according(masked: str) -> Cue | None:
    for match in _ACCORDING.finditer(masked):
        source = noun_phrase_after(masked, match.end())
        if source and source.lower() != "to":
            return Cue(match.start(), match.end(), source)
    return None


def _verb_cue(masked: str, tokens: Tokens, *, beside: bool) -> Cue | None:
    """The first verb that has a source; one of a relative clause only when there is no other."""
    relative: Cue | None = None
    for i, (word, at) in enumerate(tokens):
        source = _beside(masked, tokens, i) if beside else _anywhere(masked, tokens, i)
        if not source:
            continue
        cue = Cue(at, at + len(word), source, beside)
        before = before_adverbs(tokens, i)
        if beside or before < 0 or tokens[before][0].lower() not in _RELATIVE:
            return cue
        relative = relative or cue
    return relative


def _beside(masked: str, tokens: Tokens, i: int) -> str:
    """The source of token i if it is a verb that a quotation goes with."""
    word = tokens[i][0]
    leads = _leads(tokens, i)
    if word in SAYING_ING and leads:
        return _own_subject(tokens, i) or _shared_subject(tokens, i)
    if word in SAYING and (leads or _follows(tokens, i)):
        return _source(masked, tokens, i)
    if _is_loose(tokens, i) or (leads and _is_verb(tokens, i)):
        return _source(masked, tokens, i)
    return ""


def _anywhere(masked: str, tokens: Tokens, i: int) -> str:
    """The source of token i if it is a verb of saying."""
    word = tokens[i][0]
    says = word in SAYING and (word not in NEEDS_WORDS or _introduces(tokens, i))
    return _source(masked, tokens, i) if says else ""


def _leads(tokens: Tokens, i: int) -> bool:
    """A quotation begins within the six words after token i of the same clause."""
    for word, _ in tokens[i + 1 : i + 10]:
        if word == QUOTED:
            return True
        if word in {";", "."} or word in SAYING | LOOSE:
            return False
    return False


def _follows(tokens: Tokens, i: int) -> bool:
    """Token i is the verb of a clause that begins where a quotation ends ("…,” the mayor of Brel said")."""
    for word, _ in tokens[max(0, i - 25) : i][::-1]:
        if word == QUOTED:
            return True
        if word in {";", ":"} or word in SAYING:
            return False
    return False


def _is_verb(tokens: Tokens, i: int) -> bool:
    """Token i, no known verb of saying, may be one: "-ed" right before a colon, a comma or the quotation."""
    word = tokens[i][0]
    if not _PAST.match(word) or i + 2 >= len(tokens):
        return False
    after = [w for w, _ in tokens[i + 1 : i + 4]]
    at = next((k for k, w in enumerate(after) if w == QUOTED), None)
    return at is not None and all(w in _MARKS for w in after[:at])


def _is_loose(tokens: Tokens, i: int) -> bool:
    """A verb of other things with the quotation right behind it: "put it “so”", "“No,” Lee shot back"."""
    if tokens[i][0] not in LOOSE:
        return False
    after = [word for word, _ in tokens[i + 1 : i + 6] if word not in _MARKS]
    return after[:1] == [QUOTED] or after[1:2] == [QUOTED] or (after[:1] == ["back"] and _follows(tokens, i))


def _source(masked: str, tokens: Tokens, i: int) -> str:
    """Who does the saying of token i; empty when that cannot be told or token i does not say anything."""
    verb = tokens[i][0]
    right = _inverted(masked, tokens, i)
    if right and (i == 0 or _after_quotation(tokens, i)):
        return right
    before = before_adverbs(tokens, i)
    governor = tokens[before][0].lower() if before >= 0 else ""
    if governor in _RELATIVE:
        return antecedent(tokens, before)
    if governor in BE or (i + 1 < len(tokens) and tokens[i + 1][0] == "by"):
        return ""  # "was asked", "as reported by": somebody else did
    left = left_of(tokens, i)
    if not left or not is_source(left) or (left.split()[0].lower() in {"a", "an"} and verb in BASE):
        return right or _shared_subject(tokens, i)  # "a blunt message" is a noun
    return left


def _inverted(masked: str, tokens: Tokens, i: int) -> str:
    """The noun phrase after a verb that follows a mark: "…, said Ann Lee"."""
    verb, at = tokens[i]
    if i and tokens[i - 1][0][0].isalpha():
        return ""
    right = noun_phrase_after(masked, at + len(verb))
    return right if right and (is_source(right) or right.split()[0].lower() in DETERMINERS) else ""


def _after_quotation(tokens: Tokens, i: int) -> bool:
    k = i - 1
    while k >= 0 and tokens[k][0] in _MARKS:
        k -= 1
    return k >= 0 and tokens[k][0] == QUOTED


def _own_subject(tokens: Tokens, i: int) -> str:
    """The subject of a participle after "with": "…, with Ann Lee promising that"."""
    left = left_of(tokens, i)
    size = len(left.split())
    before = next((w for w, _ in tokens[max(0, i - size - 2) : i - size] if w == "with"), "")
    return left if left and before and is_source(left) else ""


def _shared_subject(tokens: Tokens, i: int) -> str:
    """The subject of the clause that token i stands in, named before other verbs."""
    begin = 0
    for k in range(i - 1, -1, -1):
        if tokens[k][0] == QUOTED and _starts_clause(tokens, k + 1):
            begin = k + 1
            break
        if tokens[k][0] == ";":
            begin = k + 1
            break
    subject = main_subject(tokens, begin, i)
    return subject if subject and is_source(subject) else ""


def _starts_clause(tokens: Tokens, k: int) -> bool:
    """What follows a quotation at k is a clause of its own: a comma or full stop stood within its marks."""
    while k < len(tokens) and tokens[k][0] in _MARKS:
        k += 1
    return k < len(tokens) and (is_capital(tokens[k][0]) or tokens[k][0].lower() in PRONOUNS | {"the", "a"})


def _introduces(tokens: Tokens, i: int) -> bool:
    """What follows token i is "that", a colon or a quotation, and no preposition stands before it."""
    follows = tokens[i + 1][0] if i + 1 < len(tokens) else ""
    before = tokens[i - 1][0].lower() if i else ""
    if tokens[i][0].lower() in {"spoke", "speaks"}:
        return follows.lower() in {"of", "about"}
    return (follows.lower() == "that" or follows in {":", "“", '"', "«"}) and before not in PREPOSITIONS


def _participle_cue(tokens: Tokens) -> Cue | None:
    """The sentence's subject is the source of a participle ("Tokayev appealed to mythology, saying that …")."""
    for i, (word, at) in enumerate(tokens):
        if word in PARTICIPLES:
            phrase = _shared_subject(tokens, i)
            if phrase:
                return Cue(at, at + len(word), phrase)
    return None


def _subject_cue(tokens: Tokens) -> Cue | None:
    """No verb of saying at all: a person who is the subject of a sentence with a quotation speaks it."""
    at = next(i for i, (word, _) in enumerate(tokens) if word == QUOTED)
    subject = main_subject(tokens, 0, at)
    if not subject or not is_source(subject):
        return None
    place = tokens[at][1]
    return Cue(place, place, subject, inferred=True)
