"""Pairs written from the bank of predicates: every family in many news frames, labelled by what the frame asserts.

A family has up to three states: what its *affirm* phrases tell, what its *oppose* phrases tell, and, for contrary
families, neither of the two. A claim and a sentence each leave some states possible; a sentence whose states all
fit the claim supports it, one whose states all exclude it refutes it, any other says nothing. Frames that assert
nothing (a condition, a plan, an accusation), other subjects, other objects and look-alike predicates say nothing.
"""

import json
import random
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from training import grammar
from training.grammar import Phrase, phrase, sentence
from training.sources import Pair

BANK = Path(__file__).parent.parent / "bot" / "answering" / "predicates.jsonl"

_SPEAKERS = (
    "the foreign ministry|a spokesman|a government source|the opposition leader|Ms Lindqvist|Mr Okoro|the deputy minister"
    "|a person close to the talks|officials|the agency|analysts|the local newspaper|two diplomats|Elena Markovic"
    "|the president's office|a company statement|Mr Tanaka|the chief executive|an aide|Reuters-style wire reports"
    "|the press secretary|the ambassador|critics|witnesses|the report"
).split("|")
_TIMES = (
    "on Tuesday|last week|in March|earlier this month|on 14 June|in 2021|last year|on Friday evening|this spring"
    "|after the summit|in early October|the following day|for the second time|in a move that surprised observers"
    "|according to the statement|as of Monday"
).split("|")
_REASONS = (
    "because costs had risen|citing security concerns|because of pressure from its neighbours|over fears of a backlash"
    "|in order to save money|because talks had broken down|due to a shortage of staff|to win back public trust"
).split("|")
_COUNTRIES = (
    "Kazakhstan|Uzbekistan|Kyrgyzstan|Georgia|Armenia|Serbia|Poland|Hungary|Germany|France|Turkey|Iran|India|China|Japan"
    "|Brazil|Mexico|Canada|Norway|Finland|Sweden|Spain|Italy|Greece|Egypt|Kenya|Nigeria|Ghana|Morocco|Peru|Chile"
    "|Vietnam|Thailand|Malaysia|Indonesia|Australia|New Zealand|Ukraine|Moldova|Romania|Bulgaria|Croatia|Austria"
    "|Switzerland|Belgium|Denmark|Ireland|Portugal|Israel|Jordan|Qatar|Pakistan|Mongolia|Belarus|Estonia|Latvia"
    "|Lithuania|Russia|Azerbaijan|Tajikistan|South Korea|South Africa"
).split("|")
_SYMMETRIC = ("meet", "marr", "merge", "agree", "talk", "negotiat", "border", "cooperat", "all", "partner", "same")


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
    """The bank as it stands in the product."""
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


def split(bank: Sequence[Family], *, one_in: int = 8) -> tuple[list[Family], list[Family]]:
    """Families to train on and families kept aside, whole clusters of those that share a phrase with one another."""
    cluster = list(range(len(bank)))
    first_with: dict[str, int] = {}
    for i, family in enumerate(bank):
        for said in (*family.affirm, *family.oppose):
            other = _root(cluster, first_with.setdefault(said, i))
            cluster[_root(cluster, i)] = other
    kept = {i for i in range(len(bank)) if _hash(bank[_root(cluster, i)].name) % one_in == 0}
    return [f for i, f in enumerate(bank) if i not in kept], [f for i, f in enumerate(bank) if i in kept]


def _root(cluster: list[int], i: int) -> int:
    while cluster[i] != i:
        i = cluster[i]
    return i


def _hash(text: str) -> int:
    return zlib.crc32(text.encode())


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


def pairs(bank: Sequence[Family], each: int, seed: int, real: Sequence[str]) -> list[Pair]:
    """``each`` stance pairs and a sixth as many open questions for every family; ``real`` sentences pad some."""
    made: list[Pair] = []
    for family in bank:
        order = random.Random(f"{seed} {family.name}")  # noqa: S311  seeded choice, no secret
        for _ in range(each):
            made.append(_pair(family, bank, order, real))
        for _ in range(each // 6):
            made.append(_open_pair(family, order))
    return made


def _pair(family: Family, bank: Sequence[Family], order: random.Random, real: Sequence[str]) -> Pair:
    scene = _scene(family, order)
    tense = order.choices(["past", "perfect", "present", "future"], [5, 2, 4, 2])[0]
    claim, wanted = _claim(scene, tense, order)
    told = _tell(scene, tense, bank, order)
    text = sentence(told.text)
    if real and order.random() < 0.25:
        text = _padded(text, order.choice(real), order)
    return Pair(claim, text, "written", frozenset([_label(told, wanted)]), _relevant(told))


def _label(told: Told, wanted: frozenset[str]) -> str:
    if told.states is None:
        return "neither"
    if told.states <= wanted:
        return "supports"
    return "neither" if told.states & wanted else "refutes"


def _relevant(told: Told) -> bool | None:
    """Something said on the very scene answers; another event does not; what is left open is left unlabelled."""
    if told.elsewhere:
        return False
    return True if told.states is not None else None


def _scene(family: Family, order: random.Random) -> Scene:
    subject, other = order.sample(family.subjects, 2)
    if subject in _COUNTRIES and order.random() < 0.7:
        subject, other = order.sample(_COUNTRIES, 2)
    thing, other_thing = order.sample(family.objects, 2)
    while subject == thing or (subject in thing and subject in _COUNTRIES):
        subject = order.choice([s for s in _COUNTRIES if s not in {thing, other}])
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
            text = f"Is it true that {grammar.assert_(scene.subject, said, tense)}?"
    elif style < 0.88:
        text = sentence(grammar.assert_(scene.subject, said, tense))
    else:
        text, states = sentence(grammar.negate(scene.subject, said, tense)), family.every - states
    if order.random() < 0.15:
        text = text.rstrip("?.").lower() if order.random() < 0.3 else text.rstrip(".")
    return text, states


# -- what sentences tell ---------------------------------------------------------------------------------------------


def _tell(scene: Scene, tense: str, bank: Sequence[Family], order: random.Random) -> Told:
    """One sentence in a frame chosen at random."""
    family = scene.family
    side = order.choices("AO", [3, 2])[0]
    template = order.choice(family.affirm if side == "A" else family.oppose)
    said = phrase(template, scene.object)
    states = frozenset(side)
    kind = order.choices(list(_FRAMES), [weight for weight, _ in _FRAMES.values()])[0]
    frame = _FRAMES[kind][1]
    return frame(_Scope(scene, tense, side, template, said, states, family.every - states, bank, order))


@dataclass(frozen=True, slots=True)
class _Scope:
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
        return self.order.choice(_SPEAKERS)

    def any(self, *texts: str) -> str:
        return self.order.choice(texts)

    def timed(self, text: str) -> str:
        """With an adjunct of time, now and then."""
        return f"{text} {self.order.choice(_TIMES)}" if self.order.random() < 0.35 else text


def _plain(at: _Scope) -> Told:
    text = grammar.assert_(at.who, at.said, at.tense)
    if at.tense == "past" and at.order.random() < 0.25:
        text = grammar.passive(at.who, at.template, at.scene.object) or text
    if at.tense == "present" and at.order.random() < 0.4:
        text = f"{at.who} is {at.said.form('VBG')}" if at.said.verb != "be" else text
    return Told(at.timed(text), at.states)


def _negated(at: _Scope) -> Told:
    base, ing = at.said.base, at.said.form("VBG")
    text = grammar.negate(at.who, at.said, at.tense)
    if at.order.random() < 0.5:
        done = at.said.form("VBN")
        choices = [
            f"{at.who} has never {done}",
            f"at no point has {at.who} {done}",
            f"neither {at.who} nor {at.scene.other_subject} has {done}",
            f"it is not true that {grammar.assert_(at.who, at.said, at.tense)}",
        ]
        if at.tense in {"past", "perfect"}:
            choices += [
                f"{at.who} refused to {base}",
                f"{at.who} stopped short of {ing}",
                f"{at.who} decided against {ing}",
                f"{at.who} failed to {base}",
                f"{at.who} has yet to {base}",
                f"{at.who} chose not to {base}",
                f"far from {ing}, {at.who} did the reverse",
            ]
        elif at.tense == "future":
            choices = [
                f"{at.who} has no intention of {ing}",
                f"{at.who} ruled out {ing}",
                f"under no circumstances will {at.who} {base}",
                f"{at.who} has no plans to {base}",
                f"{at.who} has decided not to {base}",
                f"{at.who} vowed never to {base}",
            ]
        else:
            choices += [f"{at.who} no longer {at.said.form('VBZ')}", f"{at.who} has stopped {ing}"]
        text = at.order.choice(choices)
    return Told(at.timed(text), at.denied)


def _reported(at: _Scope) -> Told:
    """Somebody else says so; or the subject says it of itself."""
    own = at.order.random() < 0.4
    negative = at.order.random() < 0.4
    who, speaker = (at.it, at.who) if own else (at.who, at.speaker)
    make = grammar.negate if negative else grammar.assert_
    clause = make(who, at.said, at.tense)
    verb = at.any("said", "said that", "stressed that", "confirmed that", "told reporters that", "made clear that")
    if not own and at.order.random() < 0.35:
        text = at.any(f"according to {speaker}, {clause}", f"{clause}, {speaker} said", f"{clause}, according to {speaker}")
    else:
        text = f"{speaker} {verb} {clause}"
    return Told(at.timed(text), at.denied if negative else at.states)


def _quoted(at: _Scope) -> Told:
    """Direct speech in the first person, with its speaker before or after."""
    person = grammar.is_person(at.who)
    we, am, was = ("I", "am", "was") if person else ("We", "are", "were")
    negative = at.order.random() < 0.5
    base, rest = at.said.base, at.said.rest
    if at.said.verb == "be":
        now, then = (am, was)
        clause = f"{we} {now if at.tense == 'present' else then} {'not' if negative else ''}{rest}".replace("  ", " ")
        if at.tense in {"future", "perfect"}:
            clause = f"{we} will {'not ' if negative else ''}{base}"
            if at.tense == "perfect":
                clause = f"{we} have {'never ' if negative else ''}{at.said.form('VBN')}"
    elif negative:
        aux = {"past": "did not", "present": "do not", "future": "will not", "perfect": "have not"}[at.tense]
        clause = f"{we} {aux} {at.said.form('VBN') if at.tense == 'perfect' else base}"
    else:
        clause = {
            "past": f"{we} {at.said.form('VBD')}",
            "present": f"{we} {base}",
            "future": f"{we} will {base}",
            "perfect": f"{we} have {at.said.form('VBN')}",
        }[at.tense]
    words = f"“{clause},”"
    voice = at.who if person else at.any(at.who, f"a spokesman for {at.who}", f"a statement by {at.who}")
    text = at.any(
        f"{words} {voice} said",
        f"{words} said {voice}",
        f"{voice} said: “{clause}.”",
        f"{at.who}: “{clause}.”",
        f"{voice[:1].upper()}{voice[1:]}: {clause}.",
    )
    return Told(text, at.denied if negative else at.states)


def _denied(at: _Scope) -> Told:
    """A denial by the subject or by somebody else: what it denies is told to be false."""
    done = at.said.form("VBN")
    text = at.any(
        f"{at.who} denied that {at.it} had {done}",
        f"{at.who} denied {at.said.form('VBG')}",
        f"{at.who} denied having {done}",
        f"{at.who} rejected claims that {at.it} had {done}",
        f"{at.who} dismissed reports that {at.it} had {done} as false",
        f"{at.speaker} denied that {at.who} had {done}",
        f"{at.speaker} called reports that {at.who} had {done} untrue",
        f"reports that {at.who} {at.said.form('VBD')} are false, {at.speaker} said",
        f"there is no truth in the claim that {at.who} {at.said.form('VBD')}",
        f"{at.who} denies {at.said.form('VBG')}",
    )
    return Told(text, at.denied)


def _affirmed(at: _Scope) -> Told:
    """Roundabout assertions, double negations among them."""
    done, past = at.said.form("VBN"), at.said.form("VBD")
    text = at.any(
        f"there is no doubt that {at.who} {past}",
        f"{at.who} admitted {at.said.form('VBG')}",
        f"{at.who} confirmed that {at.it} had {done}",
        f"{at.who} acknowledged that {at.it} had {done}",
        f"it is not true that {grammar.negate(at.who, at.said, 'past')}",
        f"{at.speaker} dismissed as false reports that {at.who} had not {done}",
        f"{at.who} not only {past} but also said so in public",
        f"{at.who} managed to {at.said.base}",
        f"{at.who} never stopped {at.said.form('VBG')}",
        f"{at.who} went on to {at.said.base}",
        f"it is widely known that {at.who} {past}",
        f"like {at.scene.other_subject}, {at.who} {past}",
        f"not everyone was pleased when {at.who} {past}",
        f"{at.who} {past}, despite warnings not to",
    )
    return Told(at.timed(text), at.states)


def _open(at: _Scope) -> Told:
    """Plans, possibilities, conditions, calls, doubts, accusations: nothing is asserted of the scene."""
    base, ing, done = at.said.base, at.said.form("VBG"), at.said.form("VBN")
    choices = [
        f"{at.who} may {base}",
        f"{at.who} could {base} within months",
        f"{at.who} is considering {ing}",
        f"{at.who} has been urged to {base}",
        f"{at.speaker} called on {at.who} to {base}",
        f"it is unclear whether {at.who} {'will ' + base if at.tense == 'future' else 'has ' + done}",
        f"if {at.who} {at.said.form('VBZ')}, prices could react",
        f"a decision on whether {at.who} should {base} is expected next week",
        f"reporters asked whether {at.who} would {base}",
        f"it cannot be ruled out that {at.who} {'will ' + base if at.tense == 'future' else 'has ' + done}",
        f"{at.who} neither confirmed nor denied {ing}",
        f"{at.who} would {base} only if its conditions were met",
        f"{at.speaker} asked {at.who} not to {base}",
        f"{at.speaker} warned what would happen should {at.who} {base}",
    ]
    if at.tense != "future":
        choices += [
            f"{at.speaker} accused {at.who} of {ing}",
            f"{at.who} was suspected of {ing}",
            f"{at.who} plans to {base}",
            f"{at.who} wants to {base}",
            f"{at.who} threatened to {base}",
        ]
    return Told(at.timed(at.order.choice(choices)), None)


def _near(at: _Scope) -> Told:
    """A look-alike event with the same subject and object."""
    said = phrase(at.order.choice(at.scene.family.near), at.scene.object)
    make = grammar.negate if at.order.random() < 0.2 else grammar.assert_
    clause = make(at.who, said, at.tense)
    text = at.any(clause, clause, f"{at.speaker} said that {clause}")
    return Told(at.timed(text), None, elsewhere=True)


def _other(at: _Scope) -> Told:
    """The very event, of another subject or object."""
    make = grammar.negate if at.order.random() < 0.4 else grammar.assert_
    if at.order.random() < 0.5:
        clause = make(at.scene.other_subject, at.said, at.tense)
        if at.order.random() < 0.3:
            return Told(f"{at.who} said that {clause}", None, elsewhere=True)
    else:
        clause = make(at.who, phrase(at.template, at.scene.other_object), at.tense)
    return Told(at.timed(at.any(clause, f"{at.speaker} said that {clause}")), None, elsewhere=True)


def _unlike(at: _Scope) -> Told:
    """Two subjects told apart in one sentence."""
    past = at.said.form("VBD")
    text = at.any(
        f"unlike {at.who}, {at.scene.other_subject} {past}",
        f"{at.scene.other_subject} {past}, but {at.who} did not",
        f"every member except {at.who} {past}",
        f"while {at.scene.other_subject} {past}, {at.who} did not follow",
    )
    return Told(text, at.denied)


def _noun(at: _Scope) -> Told:
    """The event as a noun, announced, confirmed, ruled out or denied."""
    nouns = at.scene.family.nouns[at.side == "O"]
    if not nouns:
        return _plain(at)
    noun = at.order.choice(nouns).replace("{o}", at.scene.object)
    if at.order.random() < 0.45:
        return Told(at.timed(f"{at.who} {at.any('ruled out', 'denied', 'decided against')} {noun}"), at.denied)
    return Told(at.timed(f"{at.who} {at.any('announced', 'confirmed', 'went ahead with')} {noun}"), at.states)


def _role(at: _Scope) -> Told:
    """What the subject is by doing it: "a member of"."""
    roles = at.scene.family.people[at.side == "O"]
    if not roles:
        return _reported(at)
    role = at.order.choice(roles).replace("{o}", at.scene.object)
    if at.order.random() < 0.4:
        return Told(f"{at.who} {at.any('is not', 'has never been', 'is no longer')} {role}", at.denied)
    return Told(f"{at.who} {at.any('is', 'remains', 'has become')} {role}", at.states)


def _two_clauses(at: _Scope) -> Told:
    """Another event of another family in the same sentence, asserted or denied on its own."""
    other = at.order.choice(at.bank)
    more = phrase(at.order.choice((*other.affirm, *other.oppose)), at.order.choice(other.objects))
    negative, other_negative = at.order.random() < 0.5, at.order.random() < 0.5
    mine = _predicate(at.said, at.tense, negative=negative)
    theirs = _predicate(more, at.tense, negative=other_negative)
    first, second = (mine, theirs) if at.order.random() < 0.5 else (theirs, mine)
    link = at.any("and", "but", "and at the same time", "while it also" if not grammar.is_person(at.who) else "and")
    lead = at.any("", "", f"{at.who} said that " if not grammar.is_person(at.who) else "")
    who = at.it if lead else at.who
    return Told(f"{lead}{who} {first} {link} {second}", at.denied if negative else at.states)


def _predicate(said: Phrase, tense: str, *, negative: bool) -> str:
    made = grammar.negate("", said, tense) if negative else grammar.assert_("", said, tense)
    return made.strip()


def _headline(at: _Scope) -> Told:
    """Headline style: no articles lost, present tense."""
    who, base, ing = at.who, at.said.base, at.said.form("VBG")
    if at.order.random() < 0.5:
        return Told(at.any(f"{who} denies {ing}", f"{who} rules out {ing}", f"No, {who} does not {base}"
                           if at.said.verb != "be" else f"{who} denies {ing}"), at.denied)
    return Told(at.any(f"{who} {at.said.form('VBZ')}", f"Official: {who} {at.said.form('VBZ')}"), at.states)


_FRAMES: dict[str, tuple[float, Callable[[_Scope], Told]]] = {
    "plain": (16, _plain),
    "negated": (12, _negated),
    "reported": (12, _reported),
    "quoted": (9, _quoted),
    "denied": (8, _denied),
    "affirmed": (7, _affirmed),
    "open": (10, _open),
    "near": (14, _near),
    "other": (12, _other),
    "unlike": (3, _unlike),
    "noun": (6, _noun),
    "role": (3, _role),
    "two clauses": (12, _two_clauses),
    "headline": (4, _headline),
}
"""Each frame with its weight."""


def _padded(text: str, real: str, order: random.Random) -> str:
    """A real sentence before, after or joined on: what news sentences carry besides the point."""
    real = real.strip()
    body = text.rstrip(".")
    return order.choice(
        [f"{text} {real}", f"{real} {text}", f"{body}, while {real[:1].lower()}{real[1:]}", f"{body} — {real}"]
    )


# -- open questions --------------------------------------------------------------------------------------------------


def _open_pair(family: Family, order: random.Random) -> Pair:
    """A question of who, what, when or why, with a sentence that answers it or only looks like it."""
    scene = _scene(family, order)
    template = order.choice(family.affirm)
    said = phrase(template, scene.object)
    clause = grammar.assert_(scene.subject, phrase(order.choice(family.affirm), scene.object), "past")
    kinds = list(_open_questions(scene, template, said, clause, order))
    question, right, wrong = order.choice(kinds)
    if order.random() < 0.5:
        return Pair(question, sentence(right), "written", relevant=True)
    near = grammar.assert_(scene.subject, phrase(order.choice(family.near), scene.object), "past")
    return Pair(question, sentence(order.choice([*wrong, near])), "written", relevant=False)


def _open_questions(
    scene: Scene, template: str, said: Phrase, clause: str, order: random.Random
) -> Iterator[tuple[str, str, list[str]]]:
    """Question, a sentence that answers it, sentences that do not."""
    other_thing = grammar.assert_(scene.subject, phrase(template, scene.other_object), "past")
    other_who = grammar.assert_(scene.other_subject, said, "past")
    who = "Who" if grammar.is_person(scene.subject) else order.choice(["Who", "Which country or body"])
    yield f"{who} {said.form('VBD')}?", clause, [other_thing]
    time, reason = order.choice(_TIMES[:11]), order.choice(_REASONS)
    if said.verb != "be":
        yield f"When did {scene.subject} {said.base}?", f"{clause} {time}", [clause, f"{other_who} {time}"]
        yield f"Why did {scene.subject} {said.base}?", f"{clause} {reason}", [clause, f"{other_who} {reason}"]
        if template.endswith("{o}"):
            asked = template.removesuffix(" {o}")
            yield f"What did {scene.subject} {asked}?", clause, [other_who]
