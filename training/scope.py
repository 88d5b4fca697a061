"""What frames work with: a scene, the words around it, and what a sentence tells of it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from training import grammar
from training.bank import Family
from training.grammar import Phrase

SPEAKERS = (
    "the foreign ministry|a spokesman|a government source|the opposition leader|Ms Lindqvist|Mr Okoro|the deputy minister"
    "|a person close to the talks|officials|the agency|analysts|the local newspaper|two diplomats|Elena Markovic"
    "|the president's office|a company statement|Mr Tanaka|the chief executive|an aide|state television"
    "|the press secretary|the ambassador|critics|witnesses|the report"
).split("|")
TIMES = (
    "on Tuesday|last week|in March|earlier this month|on 14 June|in 2021|last year|on Friday evening|this spring"
    "|after the summit|in early October|the following day|for the second time|in a move that surprised observers"
    "|according to the statement|as of Monday"
).split("|")
REASONS = (
    "because costs had risen|citing security concerns|because of pressure from its neighbours|over fears of a backlash"
    "|in order to save money|because talks had broken down|due to a shortage of staff|to win back public trust"
).split("|")
COUNTRIES = (
    "Kazakhstan|Uzbekistan|Kyrgyzstan|Georgia|Armenia|Serbia|Poland|Hungary|Germany|France|Turkey|Iran|India|China|Japan"
    "|Brazil|Mexico|Canada|Norway|Finland|Sweden|Spain|Italy|Greece|Egypt|Kenya|Nigeria|Ghana|Morocco|Peru|Chile"
    "|Vietnam|Thailand|Malaysia|Indonesia|Australia|New Zealand|Ukraine|Moldova|Romania|Bulgaria|Croatia|Austria"
    "|Switzerland|Belgium|Denmark|Ireland|Portugal|Israel|Jordan|Qatar|Pakistan|Mongolia|Belarus|Estonia|Latvia"
    "|Lithuania|Russia|Azerbaijan|Tajikistan|South Korea|South Africa"
).split("|")


@dataclass(frozen=True, slots=True)
class Scene:
    """One subject and object of a family, with the others a sentence may be about instead."""

    family: Family
    subject: str
    object: str
    other_subject: str
    other_object: str


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence and the states it leaves possible; None: it says nothing on the scene."""

    text: str
    states: frozenset[str] | None
    elsewhere: bool = False
    """It is about another subject, object or event: it does not even touch the claim."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a frame works with."""

    scene: Scene
    tense: str
    side: str
    template: str
    said: Phrase
    states: frozenset[str]
    denied: frozenset[str]
    """The states left when the phrase is denied."""
    bank: Sequence[Family]
    order: random.Random

    @property
    def who(self) -> str:
        return self.scene.subject

    @property
    def it(self) -> str:
        return grammar.pronoun(self.who, self.order)

    @property
    def speaker(self) -> str:
        return self.order.choice(SPEAKERS)

    def any(self, *texts: str) -> str:
        return self.order.choice(texts)

    def timed(self, text: str) -> str:
        """With an adjunct of time, now and then."""
        return f"{text} {self.order.choice(TIMES)}" if self.order.random() < 0.35 else text
