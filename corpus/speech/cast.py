"""The people and bodies of one article, met in reading order: who a surname, a title or a pronoun stands for.

A pronoun is the last person named who can be meant: the last speaker, else whom the sentences before are about, first
named first. Given names, titles and words like "spokeswoman" tell who can be meant; where they do not, either can.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import islice

from corpus.article import Span
from corpus.speech.given_names import gender_of
from corpus.speech.names import (
    BODIES,
    CAPITAL,
    INDEFINITE,
    NAME,
    PRONOUNS,
    ROLES,
    bare,
    begins_sentence,
    is_body,
    is_capital,
    strip_titles,
    words,
)

_OCCUPATION = re.compile(r"(?:ist|or|er|man|woman|ian|ant)$")
_PRONOUN = {"he": "he", "him": "he", "his": "he", "she": "she", "her": "she"}
_TITLED = {
    **dict.fromkeys(("mr", "sir", "lord", "king", "prince", "congressman", "chairman", "spokesman"), "he"),
    **dict.fromkeys(
        ("mrs", "ms", "miss", "lady", "queen", "princess", "congresswoman", "chairwoman", "spokeswoman"),
        "she",
    ),
}
_GENDERED_TITLE = re.compile(rf"\b(?i:({'|'.join(_TITLED)}))\.?[ \t]+((?:{CAPITAL}[ \t]+)*{CAPITAL})")
_THINGS = frozenset(
    """
    times post news journal street magazine daily press tv radio today review herald tribune
    republicans democrats americans states america city county act plan deal
    """.split()
)
"""Last words of names that are not of people, beside the bodies."""
_PEOPLE_BACK = 40
"""How many people a pronoun looks back over: keeps an endless list of names linear."""
_CAPITALS = re.compile(CAPITAL)


@dataclass(slots=True)
class Cast:
    """Everybody of one article."""

    full: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Last word of a name, lower case → the full names that end in it, in the order of print."""
    roles: dict[str, str] = field(default_factory=dict)
    """Role word, lower case → the name that bore it last."""
    people: dict[str, int] = field(default_factory=dict)
    """People named or spoken for, each with when that was (a running number), the last one last."""
    gender: dict[str, str] = field(default_factory=dict)
    """Name → "he" or "she", by given name or title, or once a pronoun has stood for it."""
    last_body: str | None = None
    """The last body (ministry, company …) named."""
    places: list[int] = field(default_factory=list)
    """Where a last word of a person's name stands in the text, in order."""
    bearers: list[str] = field(default_factory=list)
    """The word at each of ``places``, lower case."""

    def learn(self, text: str) -> None:
        """Take in every full name of a text, so that a bare surname before it can be completed."""
        for line in re.finditer(r"[^\n]+", text):
            if not _is_title_case(line.group()):
                self._learn_line(text, line.span())
        for match in _GENDERED_TITLE.finditer(text):
            surname = bare(match.group(2).split()[-1])
            self._mark(match.group(2), surname, _TITLED[match.group(1).lower()])
        for match in _CAPITALS.finditer(text):
            word = bare(match.group()).lower()
            if word == match.group().lower() and self._persons(word):
                self.places.append(match.start())
                self.bearers.append(word)

    def _learn_line(self, text: str, line: Span) -> None:
        for match in NAME.finditer(text, *line):
            name = strip_titles(match.group())
            if len(name) > 2 and _OCCUPATION.search(name[0]) and begins_sentence(text, match.start()):
                name = name[1:]
            if len(name) > 1:
                printed, key = " ".join(name), name[-1].lower()
                if printed not in self.full[key]:
                    self.full[key].append(printed)
                gender = gender_of(name[0])
                if gender:
                    self.gender.setdefault(printed, gender)

    def _mark(self, printed: str, surname: str, gender: str) -> None:
        """A title of one sex before a name: the bearers of that surname who can be meant, or a new one."""
        fitting = [n for n in self.full.get(surname.lower(), ()) if self.gender.get(n, gender) == gender]
        for name in fitting:
            if name in printed or len(fitting) == 1:
                self.gender[name] = gender
        if not fitting:
            self.full[surname.lower()].append(surname)
            self.gender[surname] = gender

    def _persons(self, surname: str) -> list[str]:
        return [name for name in self.full.get(surname, ()) if name in self.gender]

    def hear(self, start: int, end: int, quotes: list[Span]) -> None:
        """Who is named in ``start..end`` outside quotations: the first named is the one it is about."""
        first, last = bisect_left(self.places, start), bisect_left(self.places, end)
        for k in range(last - 1, first - 1, -1):
            if not any(a <= self.places[k] < b for a, b in quotes):
                self._now(self._bearer(self.bearers[k], None))

    def about(self, opening: str) -> str | None:
        """Whom "He" or "She" stands for as the first word of a sentence."""
        first = re.match(r"(?:(?:But|And|Yet|Still|Then),? )?([Hh]e|[Ss]he)\b", opening)
        return self._pronoun(first.group(1).lower()) if first else None

    def heard(self, start: int, end: int, quotes: list[Span], speaker: str | None) -> None:
        """As ``hear``, for a whole sentence; its speaker, or whom it is about, is the last person named in it."""
        self.hear(start, end, quotes)
        if speaker in self.people:
            self._now(speaker)

    def meet(self, phrase: str) -> None:
        """A narrated sentence is about somebody known by a full name: a later "he" or "she" means them."""
        name = strip_titles(phrase)
        for full in self.full.get(name[-1].lower(), ()) if name else ():
            if full.endswith(" ".join(name)) or " ".join(name).endswith(full):
                self._now(self._bearer(name[-1].lower(), None) if len(name) == 1 else full)
                return

    def _bearer(self, surname: str, gender: str | None) -> str:
        """Whom a bare surname means: of those who can be, the one met last, else the one named first."""
        known = self.full[surname]
        can_be = [n for n in known if gender is None or self.gender.get(n, gender) == gender] or known
        return max(can_be, key=lambda name: self.people.get(name, 0))

    def _now(self, name: str) -> None:
        latest = next(reversed(self.people.values()), 0)
        self.people.pop(name, None)
        self.people[name] = latest + 1

    def _pronoun(self, word: str) -> str | None:
        """The last person the pronoun can stand for; None when it can stand for none."""
        gender = _PRONOUN.get(word)
        for name in islice(reversed(self.people), _PEOPLE_BACK):
            if gender is None or (self.gender.get(name, gender) == gender and _may_be_person(name)):
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
        if not tokens or (tokens[0].lower() in INDEFINITE - {"a", "an"} and tokens[1:2] in ([], ["of"])):
            return None
        if tokens[-1].lower() in PRONOUNS:
            return self.last_body if tokens[-1].lower() == "it" else self._pronoun(tokens[-1].lower())
        owner = re.split(r" (?:of|at|from|with) ", phrase, maxsplit=1)[0]
        if owner != phrase and len(strip_titles(owner)) > 1 and not is_body(words(owner)):
            phrase, tokens = owner, words(owner)  # "Ann Lee of the Brel University" is Ann Lee
        if is_body(tokens):
            return self._body(phrase, tokens)
        name = strip_titles(phrase) if is_capital(tokens[-1]) or tokens[-2:-1] in (["of"], ["to"]) else []
        before_of = phrase.split(" of ", maxsplit=1)[0]
        name = name or strip_titles(before_of)
        if name and (is_capital(tokens[-1]) or is_capital(before_of.rsplit(maxsplit=1)[-1])):
            return self._named(tokens, name)
        return self._role(tokens)

    def is_person(self, phrase: str) -> bool:
        """Whether a phrase surely means one person: "he", "she", a role, or a name with a title or a known given name."""
        tokens = words(phrase)
        if phrase.lower() in _PRONOUN or tokens[-1].lower() in ROLES - BODIES:
            return True
        name = strip_titles(phrase)
        named = bool(name) and bool(self._persons(name[-1].lower()))
        return named and bare(tokens[-1]) == tokens[-1] and tokens[-1].lower() == name[-1].lower()

    def _body(self, phrase: str, tokens: list[str]) -> str:
        """A body by its printed name, without its article; "the ministry" later means this one."""
        name = phrase.removeprefix("the ").removeprefix("The ")
        self.last_body = name
        for token in tokens:
            if token.lower() in BODIES:
                self.roles[token.lower()] = name
        return name

    def _named(self, tokens: list[str], name: list[str]) -> str:
        printed, surname = " ".join(name), name[-1].lower()
        full = printed
        title = next((_TITLED[t.lower()] for t in tokens if t.lower() in _TITLED), None)
        if len(name) == 1 and self.full.get(surname):
            full = self._bearer(surname, title)
        else:
            full = next((n for n in self.full.get(surname, ()) if printed.endswith(n)), printed)
        if title:
            self.gender.setdefault(full, title)
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


def _is_title_case(line: str) -> bool:
    """A headline that spells every long word with a capital: its names cannot be told from its words."""
    long = [word for word in words(line) if len(word) > 3]
    return len(long) > 5 and all(word[0].isupper() or word[0].isdigit() for word in long)


def _may_be_person(name: str) -> bool:
    last = name.rsplit(maxsplit=1)[-1]
    return last.lower() not in _THINGS | BODIES and not (len(last) > 1 and last.isupper())
