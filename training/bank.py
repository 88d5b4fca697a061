"""The bank of news predicates: families with their paraphrases, opposites and look-alikes.

Here whole families are crossed with frames; the product reads their single verbs as the rules' lexicon (``training.lexicon``).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

BANK = Path(__file__).with_name("predicates.jsonl")
KEPT = Path(__file__).with_name("kept_aside.txt")
"""Names of the families kept aside, drawn by a hash of their names."""


@dataclass(frozen=True, slots=True)
class Family:
    """One predicate of the news with its paraphrases, opposites and look-alikes."""

    name: str
    contradictory: bool
    """Not to do the one is to do the other (join / stay out); otherwise both may fail (raise / cut)."""
    subjects: tuple[str, ...]
    objects: tuple[str, ...]
    affirm: tuple[str, ...]
    oppose: tuple[str, ...]
    near: tuple[str, ...]
    nouns: tuple[tuple[str, ...], tuple[str, ...]]
    people: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def every(self) -> frozenset[str]:
        """All states there are."""
        return frozenset("AO" if self.contradictory else "AON")


def families(path: Path = BANK) -> list[Family]:
    """The bank, in order."""
    found = []
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        nouns, people = row.get("nouns", {}), row.get("people", {})
        found.append(
            Family(
                row["family"],
                row["kind"] == "contradictory",
                tuple(row["subjects"]),
                tuple(row["objects"]),
                tuple(row["affirm"]),
                tuple(row["oppose"]),
                tuple(row["near"]),
                (tuple(nouns.get("affirm", ())), tuple(nouns.get("oppose", ()))),
                (tuple(people.get("affirm", ())), tuple(people.get("oppose", ()))),
            )
        )
    return found


def split(every: Sequence[Family]) -> tuple[list[Family], list[Family]]:
    """Families to train on and families kept aside to measure with, those that ``kept_aside.txt`` names.

    A family that shares two phrases or more with one kept aside is in neither: it would give the answer away.
    """
    names = set(KEPT.read_text("utf-8").split())
    kept = [f for f in every if f.name in names]
    phrases = [set(f.affirm + f.oppose) for f in kept]
    used = [f for f in every if all(len(set(f.affirm + f.oppose) & theirs) < 2 for theirs in phrases)]
    return used, kept


def words(family: Family) -> frozenset[str]:
    """All words of what a family affirms and opposes."""
    return frozenset(" ".join(family.affirm + family.oppose).replace("{o}", "").split())
