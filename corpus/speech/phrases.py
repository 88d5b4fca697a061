"""Noun phrases by word order: the subject to the left of a verb, and the one to its right.

There is no tagger: capitals, titles, determiners, prepositions and forms of "be" show where a phrase begins and ends.
"""

from corpus.speech.clauses import main_subject
from corpus.speech.names import BODIES, INDEFINITE, PRONOUNS, ROLES, is_capital
from corpus.speech.saying import SAYING
from corpus.speech.tokens import (
    DETERMINERS,
    FINITE,
    LONGEST_SUBJECT,
    PHRASE_ENDS,
    PREPOSITIONS,
    QUOTED,
    TOKEN,
    Tokens,
)

_SKIP = frozenset(
    """
    also further then later again once has have had never repeatedly publicly openly earlier recently
    still now reportedly did does will would not unequivocally previously always both all
    just even often has to himself herself themselves since
    once first himself n't didn't doesn't hasn't
    """.split()
)
_GOVERNING = frozenset(
    """
    went goes began begins continued continues refused refuses tried tries sought seeks wanted wants used uses
    appeared appears seemed seems came comes took takes made makes declined declines managed
    """.split()
)
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday yesterday today".split())
_POSSESSIVES = frozenset({"his", "her", "their", "its"})


def left_of(tokens: Tokens, i: int) -> str:
    """The subject before a verb: back over adverbs, then to the nearest break or preposition."""
    j = before_adverbs(tokens, i)
    taken: list[str] = []
    if j > 0 and tokens[j][0] == "," and tokens[0][0] != ",":
        return _before_relative_clause(tokens, j)
    while j >= 0 and len(taken) < LONGEST_SUBJECT:
        token = tokens[j][0]
        low = token.lower()
        if low in PRONOUNS and not taken:
            return token
        if not taken and low in _DAYS:
            j -= 1
            continue
        if low in {"as", "with"} and taken:
            break
        if low in PREPOSITIONS and (not taken or low not in {"of", "to", "for"}):
            return _before_preposition(tokens, j)
        if low != "/" and (not token[0].isalnum() or (low in PHRASE_ENDS and low not in {"to", "a", "an"})):
            break
        taken.insert(0, token)
        if low in DETERMINERS and not (j and tokens[j - 1][0].lower() == "of"):
            break
        j -= 1
    return _subject(taken)


def before_adverbs(tokens: Tokens, i: int) -> int:
    """The token before i that is no adverb and no auxiliary; -1 for none."""
    j = i - 1
    while j >= 0 and (
        tokens[j][0].lower() in _SKIP or (tokens[j][0].endswith("ly") and tokens[j][0].islower())
    ):
        j -= 1
    return j


def antecedent(tokens: Tokens, relative: int) -> str:
    """The noun phrase right before "who" or "which"; empty when it names nobody."""
    j = relative - 1 if relative and tokens[relative - 1][0] == "," else relative
    phrase = left_of(tokens, j) if j > 0 and tokens[j - 1][0] not in {",", QUOTED} else ""
    return phrase if phrase and is_source(phrase) else ""


def _before_relative_clause(tokens: Tokens, comma: int) -> str:
    """The source before a clause or an apposition between two commas.

    "Colonel Weiss, who commands the guard, said" and "Sands, 54, said" have it before the first comma; "its
    president, Gustav Lind, said" between the two.
    """
    opening = next((k for k in range(comma - 1, -1, -1) if tokens[k][0] == ","), -1)
    between = [token for token, _ in tokens[opening + 1 : comma]]
    if opening < 1 or not between:
        return ""
    if all(is_capital(token) for token in between) and tokens[opening - 1][0][0].isalnum():
        role = [t for t, _ in tokens[max(0, opening - 4) : opening] if t.lower() in ROLES]
        if role:
            return " ".join([*role[-1:], *between])
    begin = next((k + 1 for k in range(opening - 1, -1, -1) if tokens[k][0] in {QUOTED, ";"}), 0)
    subject = main_subject(tokens, begin, comma)
    if subject and is_source(subject):
        return subject
    if (
        between[0].lower() in {"who", "whose", "which", "a", "an", "the", *_POSSESSIVES}
        or between[0].isdigit()
    ):
        return left_of(tokens, opening)
    return " ".join(between) if all(is_capital(token) for token in between) else ""


def _before_preposition(tokens: Tokens, j: int) -> str:
    """The subject that a prepositional phrase follows ("The owner of the mill in Sarvan denied").

    Only where it begins the sentence or clause; else it stays uncertain.
    """
    begin = j
    while begin > 0 and tokens[begin - 1][0][0].isalnum() and tokens[begin - 1][0].lower() not in SAYING:
        begin -= 1
    phrase: list[str] = []
    for token, _ in tokens[begin:j]:
        if token.lower() in PREPOSITIONS - {"of", "to", "for"}:
            break
        phrase.append(token)
    return _subject(phrase) if len(phrase) <= 7 else ""


def _subject(taken: list[str]) -> str:
    """Cut what stands around the noun phrase proper: "week the minister refused" → "the minister"."""
    for k, token in enumerate(taken):
        if token.lower() in DETERMINERS or is_capital(token) or token.lower() in ROLES | BODIES:
            return " ".join(_without_verb(taken[k:]))
    return ""


def _without_verb(phrase: list[str]) -> list[str]:
    """Cut from a verb on that governs the verb of saying: "Ann Lee went (on to say)" → "Ann Lee"."""
    end = next(
        (
            k
            for k, word in enumerate(phrase)
            if k and (word in _GOVERNING or word in SAYING) and is_capital(phrase[k - 1])
        ),
        len(phrase),
    )
    return phrase[:end]


def noun_phrase_after(text: str, at: int) -> str:
    """The noun phrase after a verb: up to a break or a word that starts an adverbial."""
    taken: list[str] = []
    for match in TOKEN.finditer(text, at, min(len(text), at + 160)):
        word = match.group()
        low = word.lower()
        if low in PRONOUNS and not taken:
            return word
        if low in PREPOSITIONS and not taken:
            return ""  # "said of the plan"
        if not word[0].isalnum():
            if word == "," and taken and not is_capital(taken[-1]):
                taken += _apposition(text, match.end())
            break
        if low in FINITE:
            return ""  # "said the charges were political": the phrase is what is spoken of, not who speaks
        allowed = (low in {"a", "an"} and not taken) or (low == "to" and taken and taken[-1].lower() in ROLES)
        if low in PHRASE_ENDS and not allowed:
            break
        taken.append(word)
    return " ".join(taken)


def _apposition(text: str, at: int) -> list[str]:
    """The name right after a comma: "the minister, Olga Reen"."""
    name: list[str] = []
    for match in TOKEN.finditer(text, at, min(len(text), at + 60)):
        if not is_capital(match.group()):
            break
        name.append(match.group())
    return name if len(name) > 1 else []


def is_source(phrase: str) -> bool:
    """A phrase that can speak: a pronoun, or one that holds a name, a role or a body."""
    tokens = phrase.split()
    if tokens[-1].lower() in PRONOUNS or tokens[0].lower() in INDEFINITE:
        return True
    return any(is_capital(t) for t in tokens) or any(t.lower() in ROLES | BODIES for t in tokens)
