"""Noun phrases of people and bodies: "US Ambassador to Kazakhstan Daniel Rosenblum" → "Daniel Rosenblum".

Works on spelling alone (capitals, titles, prepositions): no list of people, places or bodies.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

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
_OCCUPATION = re.compile(r"(?:ist|or|er|man|woman|ian|ant)$")
_GENDER = {"he": "he", "him": "he", "she": "she", "her": "she"}
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
    """.split()
)
_WORD = re.compile(r"[A-Z]\.(?:-?[A-Z]\.)*(?=\s)|[\w][\w'’.\-]*[\w]|\w")
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


@dataclass(slots=True)
class Cast:
    """The people and bodies of one article, met in reading order."""

    full: dict[str, str] = field(default_factory=dict)
    """Last word of a name, lower case → its fullest form so far."""
    roles: dict[str, str] = field(default_factory=dict)
    """Role word, lower case → the name that bore it last."""
    people: list[str] = field(default_factory=list)
    """People named or spoken for, the last one last."""
    gender: dict[str, str] = field(default_factory=dict)
    """Name → "he" or "she", once a pronoun has stood for it."""
    last_body: str | None = None
    """The last body (ministry, company …) named."""

    def learn(self, text: str) -> None:
        """Take in every full name of a text, so that a bare surname before it can be completed."""
        for match in _NAME.finditer(text):
            name = strip_titles(match.group())
            if len(name) > 2 and _OCCUPATION.search(name[0]) and _begins_sentence(text, match.start()):
                name = name[1:]
            if len(name) > 1:
                key = name[-1].lower()
                known = self.full.get(key)
                if known is None:
                    self.full[key] = " ".join(name)

    def meet(self, phrase: str) -> None:
        """A narrated sentence is about somebody known by a full name: a later "he" or "she" means them."""
        name = strip_titles(phrase)
        full = self.full.get(name[-1].lower()) if name else None
        if full and (full.endswith(" ".join(name)) or " ".join(name).endswith(full)):
            self._now(full)

    def _now(self, name: str) -> None:
        if name in self.people:
            self.people.remove(name)
        self.people.append(name)

    def _pronoun(self, word: str) -> str | None:
        """The last person the pronoun can stand for; None when it can stand for none."""
        gender = _GENDER.get(word)
        for name in reversed(self.people):
            if gender is None or self.gender.get(name, gender) == gender:
                if gender:
                    self.gender[name] = gender
                self._now(name)
                return name
        return None

    def resolve(self, phrase: str) -> str | None:
        """The fullest name for a noun phrase; None when it names nobody that can be told.

        A pronoun is the last named; "the president" is whoever was last called president, else the phrase.
        """
        tokens = words(phrase)
        if not tokens:
            return None
        if tokens[0].lower() in {
            "one",
            "someone",
            "somebody",
            "nobody",
            "neither",
            "both",
            "none",
            "another",
        }:
            return None
        if tokens[-1].lower() in PRONOUNS:
            return self.last_body if tokens[-1].lower() == "it" else self._pronoun(tokens[-1].lower())
        if _is_body(tokens):
            return self._body(phrase, tokens)
        name = strip_titles(phrase) if is_capital(tokens[-1]) or tokens[-2:-1] in (["of"], ["to"]) else []
        name = name or strip_titles(phrase.split(" of ", maxsplit=1)[0])
        if name and (
            is_capital(tokens[-1]) or is_capital(phrase.split(" of ", maxsplit=1)[0].rsplit(maxsplit=1)[-1])
        ):
            return self._named(tokens, name)
        return self._role(tokens)

    def _body(self, phrase: str, tokens: list[str]) -> str:
        """A body by its printed name, without its article; "the ministry" later means this one."""
        name = phrase.removeprefix("the ").removeprefix("The ")
        self.last_body = name
        for token in tokens:
            if token.lower() in BODIES:
                self.roles[token.lower()] = name
        return name

    def _named(self, tokens: list[str], name: list[str]) -> str:
        printed = " ".join(name)
        known = self.full.get(name[-1].lower(), printed)
        full = known if len(name) == 1 or printed.endswith(known) else printed
        for token in tokens:
            if token.lower() in ROLES:
                self.roles[token.lower()] = full
        self._now(full)
        return full

    def _role(self, tokens: list[str]) -> str | None:
        """Whoever last bore the role or body word; else the words as printed ("the correspondent")."""
        head = next((t.lower() for t in reversed(tokens) if t.lower() in ROLES | BODIES), None)
        for token in [head, *(t.lower() for t in tokens)]:
            if token in self.roles and token in ROLES | BODIES:
                if token in ROLES:
                    self._now(self.roles[token])
                return self.roles[token]
        printed = " ".join(tokens)
        return printed[:1].lower() + printed[1:] if printed.startswith(("The ", "A ", "An ")) else printed


_CAP = r"[^\W\d_a-zà-öø-ÿа-яё][\w'’\-]*"
_NAME = re.compile(
    rf"{_CAP}(?:[ \t]+[A-Z]\.)*(?:[ \t]+(?:(?:{'|'.join(sorted(_PARTICLES))}|of|to|for)[ \t]+(?:the[ \t]+)?)?{_CAP})+"
)


def _begins_sentence(text: str, at: int) -> bool:
    before = text[max(0, at - 2) : at].strip(" ")
    return not before or before[-1] in '.!?\n”"'


def _is_body(tokens: list[str]) -> bool:
    """A capitalised body word, unless a role and a name follow it ("Opposition leader Maria Sands")."""
    at = next((i for i, t in enumerate(tokens) if t.lower() in BODIES and is_capital(t)), None)
    return at is not None and not any(t in ROLES for t in tokens[at + 1 :])


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
