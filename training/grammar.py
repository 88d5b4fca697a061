"""Inflected clauses from the bank's phrases: tense, negation, questions, passives.

Word forms come from lemminflect.
"""

import random
import re
from dataclasses import dataclass
from functools import cache

from lemminflect import getInflection

_PERSON = re.compile(
    r"^(?:Mr|Ms|Mrs|Dr|Senator|President|Judge|General|Captain|Colonel|Governor|Professor|Sir|Dame)\b|"
    r"\b(?:minister|president|senator|leader|judge|governor|mayor|chief|director|executive|spokesman|spokeswoman|"
    r"ambassador|envoy|diplomat|negotiator|mediator|candidate|lawmaker|deputy|chancellor|premier|king|queen|"
    r"prosecutor|lawyer|witness|defendant|suspect|coach|player|striker|author|director|actor|singer|scientist|"
    r"doctor|economist|investor|trader|founder|chairman|chairwoman|commander|general|officer|pilot|driver|man|woman|"
    r"teacher|student|professor|critic|expert|worker|activist|journalist|editor|billionaire|tycoon|artist)$"
)
_SECOND_FORMS = {"stay": "stayed", "broadcast": "broadcast", "quit": "quit"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A verb phrase with its object in place, in base form: "take part in the talks"."""

    verb: str
    rest: str

    @property
    def base(self) -> str:
        return f"{self.verb}{self.rest}"

    def form(self, tag: str) -> str:
        """Penn tag of the verb: VBZ joins, VBD joined, VBN joined, VBG joining."""
        return f"{inflect(self.verb, tag)}{self.rest}"


def phrase(template: str, filler: str) -> Phrase:
    """A bank phrase ("turn {o} down") with its object filled in."""
    verb, _, rest = template.replace("{o}", filler).partition(" ")
    return Phrase(verb, f" {rest}" if rest else "")


@cache
def inflect(verb: str, tag: str) -> str:
    """One form of a verb; "be" becomes is, was, been, being."""
    if tag in {"VBD", "VBN"} and verb in _SECOND_FORMS:
        return _SECOND_FORMS[verb]
    if verb == "be":
        return {"VBZ": "is", "VBD": "was", "VBN": "been", "VBG": "being"}[tag]
    forms = getInflection(verb, tag)
    return str(forms[0]) if forms else verb


def pronoun(subject: str, order: random.Random) -> str:
    """The pronoun a subject is taken up with: he or she for a person, else it."""
    if subject.startswith(("Ms", "Mrs", "Dame")):
        return "she"
    if subject.startswith(("Mr", "Sir")):
        return "he"
    return order.choice(["he", "she"]) if is_person(subject) else "it"


def is_person(subject: str) -> bool:
    """Whether the subject names one person, by title or role."""
    return bool(_PERSON.search(subject)) or bool(re.fullmatch(r"[A-Z][a-z]+ [A-Z][a-zA-Z'-]+", subject))


def negate(subject: str, said: Phrase, tense: str) -> str:
    """As in "S did not join", "S does not join", "S will not join", "S has not joined"."""
    if tense == "perfect":
        return f"{subject} has not {said.form('VBN')}"
    if tense == "future":
        return f"{subject} will not {said.base}"
    if said.verb == "be":
        return f"{subject} {'is' if tense == 'present' else 'was'} not{said.rest}"
    return f"{subject} {'does' if tense == 'present' else 'did'} not {said.base}"


def affirm(subject: str, said: Phrase, tense: str) -> str:
    """As in "S joined", "S joins", "S will join", "S has joined"."""
    if tense == "perfect":
        return f"{subject} has {said.form('VBN')}"
    if tense == "future":
        return f"{subject} will {said.base}"
    return f"{subject} {said.form('VBZ' if tense == 'present' else 'VBD')}"


def ask(subject: str, said: Phrase, tense: str) -> str:
    """As in "Did S join?", "Does S join?", "Will S join?", "Has S joined?"."""
    if tense == "perfect":
        return f"Has {subject} {said.form('VBN')}?"
    if tense == "future":
        return f"Will {subject} {said.base}?"
    if said.verb == "be":
        return f"{'Is' if tense == 'present' else 'Was'} {subject}{said.rest}?"
    return f"{'Does' if tense == 'present' else 'Did'} {subject} {said.base}?"


def passive(subject: str, template: str, filler: str) -> str | None:
    """As in "O was joined by S"; None for a phrase that does not put its object right after the verb."""
    verb, _, rest = template.partition(" ")
    if not rest.startswith("{o}") or verb in {"be", "have", "become", "let", "make", "see", "get"}:
        return None
    tail = rest.removeprefix("{o}")
    was = "were" if filler.endswith("s") and not filler.endswith(("ss", "us", "is")) else "was"
    return f"{filler} {was} {inflect(verb, 'VBN')}{tail} by {subject}"


def sentence(text: str) -> str:
    """Capital first letter and a full stop when no mark ends it."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!", "”", '"')) else f"{text}."
