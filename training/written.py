"""Pairs written from the bank of predicates: every family in many news frames, labelled by what the frame asserts.

A family has up to three states: what its *affirm* phrases tell, what its *oppose* phrases tell, and, for contrary
families, neither of the two. A claim and a sentence each leave some states possible; a sentence whose states all
fit the claim supports it, one whose states all exclude it refutes it, any other says nothing. Frames that assert
nothing (a condition, a plan, an accusation), other subjects, other objects and look-alike predicates say nothing.
"""

import random
from collections.abc import Iterator, Sequence

from training import grammar
from training.bank import Family
from training.frames import tell
from training.grammar import Phrase, phrase, sentence
from training.scope import COUNTRIES, REASONS, TIMES, Scene, Told
from training.sources import Pair


def pairs(bank: Sequence[Family], each: int, seed: int, real: Sequence[str]) -> list[Pair]:
    """``each`` stance pairs and a sixth as many open questions for every family; ``real`` sentences pad some."""
    made: list[Pair] = []
    for family in bank:
        order = random.Random(f"{seed} {family.name}")  # noqa: S311  seeded choice, no secret
        made += [_pair(family, bank, order, real) for _ in range(each)]
        made += [_open_pair(family, order) for _ in range(each // 6)]
    return made


def _pair(family: Family, bank: Sequence[Family], order: random.Random, real: Sequence[str]) -> Pair:
    scene = _scene(family, order)
    tense = order.choices(["past", "perfect", "present", "future"], [5, 2, 4, 2])[0]
    claim, wanted = _claim(scene, tense, order)
    told = tell(scene, tense, bank, order)
    text = sentence(told.text)
    if real and order.random() < 0.25:
        text = _padded(text, order.choice(real), order)
    return Pair(claim, text, "written", _labels(told, wanted), _relevant(told))


def _labels(told: Told, wanted: frozenset[str]) -> frozenset[str]:
    """The stances a reader may take it for.

    What is denied of one side of a contrary pair leaves the other side open by logic, and is often read as asserting it
    (Horn 1989: "not kind" for unkind): then both "neither" and the stance so read are right, the reverse never.
    """
    if told.states is None:
        return frozenset(["neither"])
    if told.states <= wanted:
        return frozenset(["supports"])
    if not told.states & wanted:
        return frozenset(["refutes"])
    return frozenset(["neither", "supports"]) if len(wanted) == 1 else frozenset(["neither", "refutes"])


def _relevant(told: Told) -> bool | None:
    """Something said on the very scene answers; another event does not; what is left open is left unlabelled."""
    if told.elsewhere:
        return False
    return True if told.states is not None else None


def _scene(family: Family, order: random.Random) -> Scene:
    subject, other = order.sample(family.subjects, 2)
    if subject in COUNTRIES and order.random() < 0.7:
        subject, other = order.sample(COUNTRIES, 2)
    thing, other_thing = order.sample(family.objects, 2)
    while subject == thing or (subject in thing and subject in COUNTRIES):
        subject = order.choice([s for s in COUNTRIES if s not in {thing, other}])
    return Scene(family, subject, thing, other, other_thing)


def _claim(scene: Scene, tense: str, order: random.Random) -> tuple[str, frozenset[str]]:
    """A question or statement about the scene, and the states in which it is true."""
    family = scene.family
    side = order.choices("AO", [3, 1])[0]
    said = phrase(order.choice(family.affirm if side == "A" else family.oppose), scene.object)
    states = frozenset(side)
    style = order.random()
    if style < 0.55:
        text = grammar.ask(scene.subject, said, tense)
        if order.random() < 0.2 and tense == "past":
            text = f"Is it true that {grammar.affirm(scene.subject, said, tense)}?"
    elif style < 0.88:
        text = sentence(grammar.affirm(scene.subject, said, tense))
    else:
        text, states = sentence(grammar.negate(scene.subject, said, tense)), family.every - states
    if order.random() < 0.15:
        text = text.rstrip("?.").lower() if order.random() < 0.3 else text.rstrip(".")
    return text, states


def _padded(text: str, real: str, order: random.Random) -> str:
    """A real sentence before, after or joined on: what news sentences carry besides the point."""
    real = real.strip()
    body = text.rstrip(".")
    return order.choice(
        [
            f"{text} {real}",
            f"{real} {text}",
            f"{body}, while {real[:1].lower()}{real[1:]}",
            f"{body} — {real}",
        ]
    )


def _open_pair(family: Family, order: random.Random) -> Pair:
    """A question of who, what, when or why, with a sentence that answers it or only looks like it."""
    scene = _scene(family, order)
    template = order.choice(family.affirm)
    said = phrase(template, scene.object)
    clause = grammar.affirm(scene.subject, phrase(order.choice(family.affirm), scene.object), "past")
    kinds = list(_open_questions(scene, template, said, clause, order))
    question, right, wrong = order.choice(kinds)
    if order.random() < 0.5:
        return Pair(question, sentence(right), "written", relevant=True)
    near = grammar.affirm(scene.subject, phrase(order.choice(family.near), scene.object), "past")
    return Pair(question, sentence(order.choice([*wrong, near])), "written", relevant=False)


def _open_questions(
    scene: Scene, template: str, said: Phrase, clause: str, order: random.Random
) -> Iterator[tuple[str, str, list[str]]]:
    """Question, a sentence that answers it, sentences that do not."""
    other_thing = grammar.affirm(scene.subject, phrase(template, scene.other_object), "past")
    other_who = grammar.affirm(scene.other_subject, said, "past")
    who = "Who" if grammar.is_person(scene.subject) else order.choice(["Who", "Which country or body"])
    yield f"{who} {said.form('VBD')}?", clause, [other_thing]
    time, reason = order.choice(TIMES[:11]), order.choice(REASONS)
    if said.verb != "be":
        yield f"When did {scene.subject} {said.base}?", f"{clause} {time}", [clause, f"{other_who} {time}"]
        yield f"Why did {scene.subject} {said.base}?", f"{clause} {reason}", [clause, f"{other_who} {reason}"]
        if template.endswith("{o}"):
            asked = template.removesuffix(" {o}")
            yield f"What did {scene.subject} {asked}?", clause, [other_who]
