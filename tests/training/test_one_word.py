"""Pairs that differ in one word or in the form of one value."""

from pathlib import Path

import pytest

from training import forms, thesaurus
from training.sources import Pair

_VERBS = """  1 This line stands for the licence.
00000001 30 v 02 raise 0 lift 0 002 ! 00000002 v 0101 @ 00000003 v 0000 02 + 08 00 + 11 00 | move up; "raise your hand"
00000002 30 v 01 lower 0 001 ! 00000001 v 0101 01 + 08 00 | move down; "lower your hand"
00000003 38 v 01 move 0 000 02 + 02 00 + 08 00 | change place; "the tower moved"
"""
_ADJECTIVES = """00000011 00 a 01 hot 0 002 ! 00000012 a 0101 & 00000013 a 0000 | of high temperature; "a hot stove"
00000012 00 a 01 cold 0 001 ! 00000011 a 0101 | of low temperature; "a cold climate"
00000013 00 s 01 boiling 0 001 & 00000011 a 0000 | very hot; "boiling water"
"""


@pytest.fixture
def wordnet(tmp_path: Path) -> Path:
    (tmp_path / "data.verb").write_text(_VERBS, "ascii")
    (tmp_path / "data.adj").write_text(_ADJECTIVES, "ascii")
    verbs = {"raise": 1, "lift": 1, "lower": 2, "move": 3}
    adjectives = {"hot": 11, "cold": 12, "boiling": 13}
    for part, letter, words in (("verb", "v", verbs), ("adj", "a", adjectives)):
        lines = [f"{word} {letter} 1 1 ! 1 1 {offset:08}" for word, offset in words.items()]
        (tmp_path / f"index.{part}").write_text(
            "\n".join([*lines, f"rare {letter} 1 0 1 0 00000001"]), "ascii"
        )
    return tmp_path


def test_opposites_refute_and_synonyms_and_narrower_words_support(wordnet: Path) -> None:
    many = [p for seed in range(12) for p in thesaurus.pairs(wordnet, 1000, seed)]
    made = {(p.claim, p.evidence): p.stances for p in many}
    assert not any("rare" in text for pair in made for text in pair)
    examples = {
        ("Raise your hand.", "Lower your hand."): {"refutes"},
        ("Raise your hand.", "Lift your hand."): {"supports"},
        ("The tower moved.", "The tower raised."): {"supports"},
        ("A hot stove.", "A boiling stove."): {"supports"},
    }
    assert {pair: set(made[pair]) for pair in examples if pair in made} == examples
    plain = [(c + e, s) for (c, e), s in made.items() if c.endswith("cold.") and e.endswith("boiling.")]
    assert plain
    assert all(" not " in text or stances == {"refutes"} for text, stances in plain)


def test_words_kept_aside_are_left_out(wordnet: Path) -> None:
    kept = [frozenset(["raise", "lower", "lift", "move"])]
    made = thesaurus.pairs(wordnet, 1000, 3, kept)
    assert made
    assert not any("rais" in p.claim.lower() + p.evidence.lower() for p in made)


@pytest.mark.parametrize(
    ("text", "off", "others"),
    [
        ("It flew on 15 July 2006.", 0, {"July 15, 2006", "July 15th, 2006", "15th of July 2006"}),
        ("It lasted 30 years in all.", 0, {"thirty years"}),
        ("It lasted 30 years in all.", 1, {"forty years"}),
        ("It sold 2.5 million copies.", 0, {"2,500,000 copies"}),
        ("It grew by 4% then.", 0, {"4 percent", "4 per cent", "4 %"}),
    ],
)
def test_a_value_is_written_another_way(text: str, off: int, others: set[str]) -> None:
    pairs = [Pair("It did.", text, "made", frozenset(["supports"]))] * 60
    made = forms.pairs(pairs, 1000, 5)
    label = frozenset(["refutes"]) if off else frozenset(["supports"])
    written = {p.claim for p in made if p.evidence == text and p.stances == label}
    written |= {p.evidence for p in made if p.claim == "It did." and p.stances == label}
    assert any(other in w for w in written for other in others)
    assert all(any(o in w for o in others) for w in written) or off
