"""Pairs from the bank: labelled by what a sentence leaves possible."""

import random

import pytest

from training import bank, edited, frames, grammar, written
from training.bank import Family
from training.scope import Scene, Scope, Told
from training.sources import Pair

JOIN = Family(
    "join",
    contradictory=True,
    subjects=("the senator", "Norway", "the bank"),
    objects=("the pact", "the talks"),
    affirm=("join {o}", "take part in {o}"),
    oppose=("stay out of {o}", "shun {o}"),
    near=("study {o}", "praise {o}"),
    nouns=(("participation in {o}",), ()),
    people=(("a member of {o}",), ()),
)
RAISE = Family(
    "raise",
    contradictory=False,
    subjects=("the bank", "the cabinet"),
    objects=("the tax", "the rate"),
    affirm=("raise {o}", "put {o} up"),
    oppose=("cut {o}", "lower {o}"),
    near=("review {o}", "discuss {o}"),
    nouns=((), ()),
    people=((), ()),
)


def _scope(family: Family, side: str, template: str, tense: str = "past") -> Scope:
    scene = Scene(family, "Norway", family.objects[0], "the bank", family.objects[1])
    states = frozenset(side)
    said = grammar.phrase(template, scene.object)
    order = random.Random(1)  # noqa: S311
    return Scope(scene, tense, side, template, said, states, family.every - states, [family], order)


@pytest.mark.parametrize(
    ("family", "states", "wanted", "label"),
    [
        (JOIN, "A", "A", {"supports"}),
        (JOIN, "O", "A", {"refutes"}),
        (RAISE, "O", "A", {"refutes"}),
        (RAISE, "ON", "A", {"refutes"}),  # "did not raise" against "raised"
        (RAISE, "ON", "O", {"neither", "supports"}),  # "did not raise" leaves open whether it cut
        (RAISE, "AN", "ON", {"neither", "refutes"}),  # "did not cut" against "did not raise"
        (RAISE, "O", "ON", {"supports"}),  # "cut" bears out "did not raise"
    ],
)
def test_labels_follow_the_states(family: Family, states: str, wanted: str, label: set[str]) -> None:
    assert frozenset(states) <= family.every
    assert written._labels(Told("", frozenset(states)), frozenset(wanted)) == label


def test_what_asserts_nothing_is_neither() -> None:
    told = frames._open(_scope(JOIN, "A", "join {o}"))
    assert told.states is None
    assert written._labels(told, frozenset("A")) == {"neither"}
    assert written._relevant(told) is None
    assert written._relevant(frames._other(_scope(JOIN, "A", "join {o}"))) is False


def test_denials_deny_and_double_denials_do_not() -> None:
    scope = _scope(JOIN, "A", "take part in {o}")
    assert frames._denied(scope).states == frozenset("O")
    for _ in range(30):
        assert frames._affirmed(scope).states == frozenset("A")
    assert frames._denied(_scope(RAISE, "A", "raise {o}")).states == frozenset("ON")


def test_word_forms() -> None:
    said = grammar.phrase("take part in {o}", "the pact")
    assert grammar.ask("Norway", said, "past") == "Did Norway take part in the pact?"
    assert grammar.affirm("Norway", said, "perfect") == "Norway has taken part in the pact"
    assert grammar.negate("Norway", said, "present") == "Norway does not take part in the pact"
    loyal = grammar.phrase("be loyal to {o}", "the pact")
    assert grammar.ask("Norway", loyal, "past") == "Was Norway loyal to the pact?"
    assert grammar.negate("Norway", loyal, "present") == "Norway is not loyal to the pact"
    assert grammar.passive("the bank", "raise {o}", "the tax") == "the tax was raised by the bank"
    assert grammar.passive("the bank", "take part in {o}", "the pact") is None


def test_pairs_are_seeded_and_open_questions_have_no_stance() -> None:
    made = written.pairs([JOIN, RAISE], 60, 3, real=())
    assert made == written.pairs([JOIN, RAISE], 60, 3, real=())
    assert made != written.pairs([JOIN, RAISE], 60, 4, real=())
    assert len(made) == 2 * (60 + 10)
    assert sum(not p.stances for p in made) == 20
    assert {s for p in made for s in p.stances} == {"supports", "refutes", "neither"}


def test_kept_aside_families_share_no_two_phrases_with_the_others() -> None:
    every = bank.families()
    used, kept = bank.split(every)
    assert len(every) >= 400
    assert len(kept) >= 30
    for family in kept:
        theirs = set(family.affirm + family.oppose)
        assert all(len(theirs & set(u.affirm + u.oppose)) < 2 for u in used)


def test_the_bank_is_well_formed() -> None:
    for family in bank.families():
        sides = [set(family.affirm), set(family.oppose), set(family.near)]
        assert all(p.count("{o}") == 1 for side in sides for p in side), family.name
        assert not sides[0] & sides[1], family.name
        assert not sides[0] & sides[2], family.name
        assert len(family.subjects) >= 2, family.name
        assert len(family.objects) >= 2, family.name


def test_edits_change_one_thing_and_the_label() -> None:
    pair = Pair(
        "The bridge opened in 1932.", "It was in 1932 that it opened.", "fever", frozenset(["supports"])
    )
    for made in edited.pairs([pair] * 20, 20, 1):
        assert made.stances == {"refutes"}
        assert (made.claim, made.evidence) != (pair.claim, pair.evidence)
    assert edited.pairs([Pair("a", "b", "fever", frozenset(["refutes"]))], 5, 1) == []
