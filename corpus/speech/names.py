"""Noun phrases of people and bodies: "US Ambassador to Kazakhstan Daniel Rosenblum" → "Daniel Rosenblum".

Works on spelling alone (capitals, titles, prepositions): no list of people, places or bodies.
"""

import re
from collections.abc import Iterable

ROLES = frozenset(
    """
    president premier chancellor minister king queen prince princess emperor sultan pope ambassador envoy
    consul secretary chairman chairwoman chairperson chair chief head leader director governor mayor
    senator deputy spokesman spokeswoman spokesperson representative commissioner commander general
    colonel major captain admiral lieutenant sergeant judge justice prosecutor lawyer attorney professor
    doctor dr mr mrs ms sir lord lady dame analyst expert economist scientist researcher founder owner
    manager coach captain ceo cfo officer official correspondent journalist reporter editor author writer
    activist mp lawmaker congressman congresswoman speaker adviser advisor aide candidate former vice
    acting foreign interior defense defence finance prime first lady
    sen rep gov lt gen col maj sgt capt adm rev prof sens reps
    """.split()
)
BODIES = frozenset(
    """
    ministry government parliament senate congress council committee commission agency department office
    court police army navy union bank company corporation group party association organisation
    organization institute university administration authority federation kremlin house embassy service
    bureau board foundation fund statement report spokesman spokeswoman spokesperson authorities officials
    delegation opposition board chamber firm operator regulator guard network agency club league customs
    """.split()
)
PRONOUNS = frozenset({"he", "she", "they", "him", "her", "them", "it"})
INDEFINITE = frozenset(
    {"a", "an", "one", "another", "someone", "somebody", "nobody", "neither", "both", "none"}
)
"""First words of a subject that names nobody in particular."""
_PARTICLES = frozenset(
    """
    de del di da al el bin ibn van von der den la le
    """.split()
)
_OF = frozenset({"of", "to", "for"})
_STOP_CAPS = frozenset(
    """
    the a an in on at by for from with and but or as if it this that these those there when while after
    before during since although however meanwhile according he she they we i you his her their our its my
    today yesterday tomorrow monday tuesday wednesday thursday friday saturday sunday january february
    march april may june july august september october november december so yes no not what who why how
    where earlier later last also then speaking asked told some many most one two both all
    even still now once only just like unlike perhaps maybe indeed instead moreover there here another
    """.split()
)
_WORD = re.compile(r"[A-Z]\.(?:-?[A-Z]\.)*(?=\s)|[\w][\w'’.\-]*[\w]|\w")
_NO_TITLES = frozenset(
    "foreign interior defense defence finance prime first lady general acting former vice chief deputy".split()
)
"""Role words that a body's own name may hold ("Ministry of Foreign Affairs")."""
_POSSESSIVE = re.compile(r"['’]s?$")


def is_capital(word: str) -> bool:
    """A word spelled as a name: capital first, and not one that only starts a sentence."""
    return word[:1].isupper() and bare(word).lower() not in _STOP_CAPS


def bare(word: str) -> str:
    """Without a possessive ending."""
    return _POSSESSIVE.sub("", word)


def words(text: str) -> list[str]:
    """Words of a phrase; hyphens, apostrophes and inner full stops stay."""
    return _WORD.findall(text)


CAPITAL = r"[^\W\d_a-zà-öø-ÿа-яё][\w'’\-]*"
NAME = re.compile(
    rf"{CAPITAL}(?:[ \t]+[A-Z]\.)*(?:[ \t]+(?:(?:{'|'.join(sorted(_PARTICLES))}|of|to|for)[ \t]+(?:the[ \t]+)?)?{CAPITAL})+"
)


def begins_sentence(text: str, at: int) -> bool:
    before = text[max(0, at - 2) : at].strip(" ")
    return not before or before[-1] in '.!?\n”"'


def is_body(tokens: list[str]) -> bool:
    """A capitalised body word, unless a role and a name follow it ("Opposition leader Maria Sands")."""
    at = next((i for i, t in enumerate(tokens) if t.lower() in BODIES and is_capital(t)), None)
    if at is None:
        return False
    later = tokens[at + 1 :]
    return not any(
        t.lower() in ROLES - _NO_TITLES and (t.islower() or any(map(is_capital, later[k + 1 : k + 2])))
        for k, t in enumerate(later)
    )


def strip_titles(phrase: str) -> list[str]:
    """The words of the name in a noun phrase: titles, nationality before a title and "of PLACE" dropped.

    >>> strip_titles("the President of the Republic Kassym-Jomart Tokayev")
    ['Kassym-Jomart', 'Tokayev']
    """
    tokens = words(phrase)
    kept = _after_possessive(_drop_places(tokens))
    last_role = max((i for i, t in enumerate(kept) if t.lower() in ROLES), default=-1)
    after = [bare(t) for t in kept[last_role + 1 :] if is_capital(t) or t.lower() in _PARTICLES]
    if after or last_role < 0:
        return _trim(after)
    return []


def _after_possessive(tokens: list[str]) -> list[str]:
    """The name after a possessive and a role: "Blum's colleague Otto Frey" is about Frey; "Kazakhstan's President" keeps nothing of the place."""
    last = max((i for i, t in enumerate(tokens[:-1]) if _POSSESSIVE.search(t) and is_capital(t)), default=-1)
    rest = tokens[last + 1 :]
    lower = max((i for i, t in enumerate(rest[:-1]) if t.islower() and t not in _PARTICLES), default=-1)
    return rest[lower + 1 :] if any(is_capital(t) for t in rest[lower + 1 :]) else rest


def _drop_places(tokens: list[str]) -> list[str]:
    """Drop "of/to/for (the) Place": a role's country, or the country after a name."""
    kept: list[str] = []
    skip = False
    for token in tokens:
        low = token.lower()
        if low in _OF:
            if len(kept) > 1 and all(is_capital(t) and t.lower() not in ROLES for t in kept):
                break  # a name came first: "Ann Lee of Brel Rights Watch"
            skip = True
        elif skip and low == "the":
            continue
        elif skip:
            skip = False
        else:
            kept.append(token)
    return kept


def _trim(name: list[str]) -> list[str]:
    while name and name[0].lower() in _PARTICLES:
        name = name[1:]
    while name and name[-1].lower() in _PARTICLES:
        name = name[:-1]
    return name


def same_person(one: str | None, other: str | None) -> bool:
    """Two spellings of one name: equal last words, and first words that agree as far as both are given.

    First names agree when they start alike ("Kasym-Zomart", "Kassym-Jomart"; "J.", "John").
    """
    if not one or not other:
        return False
    a, b = [w.lower() for w in words(one)], [w.lower() for w in words(other)]
    if not a or not b:
        return False
    if a[-1] != b[-1]:
        return a == b
    if len(a) == 1 or len(b) == 1:
        return True
    return a[0][:1] == b[0][:1]


def longest(names: Iterable[str]) -> str | None:
    """The fullest of several forms of a name."""
    return max(names, key=lambda n: (len(words(n)), len(n)), default=None)
