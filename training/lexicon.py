"""The rules' lexicon from the bank of predicates: the verbs of each family and those of its opposites.

    python -m training.lexicon

writes ``bot/answering/opposites.txt``, ``sense : opposite``, one family to a line.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from training import bank
from training.bank import Family

OUT = Path(__file__).parent.parent / "bot" / "answering" / "opposites.txt"

_COMMON = 945
"""Families, from the first, that the rules know. The rest, of rarer words that are often nouns ("troop"), made them worse:
right verdicts among 344 of boolq .721 without and .712 with them."""
_LIGHT = frozenset(
    """
    be become break bring call come do fall find get give go have hold keep leave let make meet move pass pay push put
    remain rule run see set stand stay stick take tell think throw turn work reach
    """.split()
)
"""Verbs that mean too many things to stand for a family of the bank."""


def lines(families: Sequence[Family]) -> Iterator[str]:
    """Of the families that have such verbs on either side."""
    for family in families[:_COMMON]:
        sense, opposite = verbs(family.affirm), verbs(family.oppose)
        if sense or opposite:
            yield f"{' '.join(sense)} : {' '.join(opposite)}"


def verbs(phrases: Iterable[str]) -> list[str]:
    """Of the phrases that are one verb, or "be" and one adjective, and perhaps a preposition: "object to {o}"."""
    found = []
    for phrase in phrases:
        words = phrase.split()
        words = words[1:] if words[0] == "be" else words
        if len(words) <= 3 and words[-1] == "{o}" and words[0] not in _LIGHT:
            found.append(words[0])
    return found


if __name__ == "__main__":
    OUT.write_text("\n".join(lines(bank.families())) + "\n", "utf-8")
