"""Frames: how news sentences tell, deny, report, quote or leave open what a predicate says of a scene."""

import random
from collections.abc import Callable, Sequence

from training import grammar
from training.bank import Family
from training.grammar import Phrase, phrase
from training.scope import Scene, Scope, Told


def tell(scene: Scene, tense: str, bank: Sequence[Family], order: random.Random) -> Told:
    """One sentence in a frame chosen at random."""
    family = scene.family
    side = order.choices("AO", [3, 2])[0]
    template = order.choice(family.affirm if side == "A" else family.oppose)
    said = phrase(template, scene.object)
    states = frozenset(side)
    kind = order.choices(list(_FRAMES), [weight for weight, _ in _FRAMES.values()])[0]
    frame = _FRAMES[kind][1]
    return frame(Scope(scene, tense, side, template, said, states, family.every - states, bank, order))


def _plain(at: Scope) -> Told:
    text = grammar.affirm(at.who, at.said, at.tense)
    if at.tense == "past" and at.order.random() < 0.25:
        text = grammar.passive(at.who, at.template, at.scene.object) or text
    if at.tense == "present" and at.order.random() < 0.4:
        text = f"{at.who} is {at.said.form('VBG')}" if at.said.verb != "be" else text
    return Told(at.timed(text), at.states)


def _negated(at: Scope) -> Told:
    base, ing = at.said.base, at.said.form("VBG")
    text = grammar.negate(at.who, at.said, at.tense)
    if at.order.random() < 0.5:
        done = at.said.form("VBN")
        choices = [
            f"{at.who} has never {done}",
            f"at no point has {at.who} {done}",
            f"neither {at.who} nor {at.scene.other_subject} has {done}",
            f"it is not true that {grammar.affirm(at.who, at.said, at.tense)}",
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


def _reported(at: Scope) -> Told:
    """Somebody else says so; or the subject says it of itself."""
    own = at.order.random() < 0.4
    negative = at.order.random() < 0.4
    who, speaker = (at.it, at.who) if own else (at.who, at.speaker)
    make = grammar.negate if negative else grammar.affirm
    clause = make(who, at.said, at.tense)
    verb = at.any(
        "said", "said that", "stressed that", "confirmed that", "told reporters that", "made clear that"
    )
    if not own and at.order.random() < 0.35:
        text = at.any(
            f"according to {speaker}, {clause}",
            f"{clause}, {speaker} said",
            f"{clause}, according to {speaker}",
        )
    else:
        text = f"{speaker} {verb} {clause}"
    return Told(at.timed(text), at.denied if negative else at.states)


def _quoted(at: Scope) -> Told:
    """Direct speech in the first person, with its speaker before or after."""
    person = grammar.is_person(at.who)
    we, am, was = ("I", "am", "was") if person else ("We", "are", "were")
    negative = at.order.random() < 0.5
    base, rest = at.said.base, at.said.rest
    if at.said.verb == "be":
        now, then = (am, was)
        clause = f"{we} {now if at.tense == 'present' else then} {'not' if negative else ''}{rest}".replace(
            "  ", " "
        )
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
    clause = clause.replace(" its ", " my " if person else " our ")
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


def _denied(at: Scope) -> Told:
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


def _affirmed(at: Scope) -> Told:
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


def _open(at: Scope) -> Told:
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


def _near(at: Scope) -> Told:
    """A look-alike event with the same subject and object."""
    said = phrase(at.order.choice(at.scene.family.near), at.scene.object)
    make = grammar.negate if at.order.random() < 0.2 else grammar.affirm
    clause = make(at.who, said, at.tense)
    text = at.any(clause, clause, f"{at.speaker} said that {clause}")
    return Told(at.timed(text), None, elsewhere=True)


def _other(at: Scope) -> Told:
    """The very event, of another subject or object."""
    make = grammar.negate if at.order.random() < 0.4 else grammar.affirm
    if at.order.random() < 0.5:
        clause = make(at.scene.other_subject, at.said, at.tense)
        if at.order.random() < 0.3:
            return Told(f"{at.who} said that {clause}", None, elsewhere=True)
    else:
        clause = make(at.who, phrase(at.template, at.scene.other_object), at.tense)
    return Told(at.timed(at.any(clause, f"{at.speaker} said that {clause}")), None, elsewhere=True)


def _unlike(at: Scope) -> Told:
    """Two subjects told apart in one sentence."""
    past = at.said.form("VBD")
    text = at.any(
        f"unlike {at.who}, {at.scene.other_subject} {past}",
        f"{at.scene.other_subject} {past}, but {at.who} did not",
        f"every member except {at.who} {past}",
        f"while {at.scene.other_subject} {past}, {at.who} did not follow",
    )
    return Told(text, at.denied)


def _noun(at: Scope) -> Told:
    """The event as a noun, announced, confirmed, ruled out or denied."""
    nouns = at.scene.family.nouns[at.side == "O"]
    if not nouns:
        return _plain(at)
    noun = at.order.choice(nouns).replace("{o}", at.scene.object)
    if at.order.random() < 0.45:
        return Told(
            at.timed(f"{at.who} {at.any('ruled out', 'denied', 'decided against')} {noun}"), at.denied
        )
    return Told(at.timed(f"{at.who} {at.any('announced', 'confirmed', 'went ahead with')} {noun}"), at.states)


def _role(at: Scope) -> Told:
    """What the subject is by doing it: "a member of"."""
    roles = at.scene.family.people[at.side == "O"]
    if not roles:
        return _reported(at)
    role = at.order.choice(roles).replace("{o}", at.scene.object)
    if at.order.random() < 0.4:
        return Told(f"{at.who} {at.any('is not', 'has never been', 'is no longer')} {role}", at.denied)
    return Told(f"{at.who} {at.any('is', 'remains', 'has become')} {role}", at.states)


def _two_clauses(at: Scope) -> Told:
    """Another event of another family in the same sentence, asserted or denied on its own."""
    other = at.order.choice(at.bank)
    more = phrase(at.order.choice((*other.affirm, *other.oppose)), at.order.choice(other.objects))
    negative, other_negative = at.order.random() < 0.5, at.order.random() < 0.5
    mine = _predicate(at.said, at.tense, negative=negative)
    theirs = _predicate(more, at.tense, negative=other_negative)
    first, second = (mine, theirs) if at.order.random() < 0.5 else (theirs, mine)
    link = at.any(
        "and", "but", "and at the same time", "while it also" if not grammar.is_person(at.who) else "and"
    )
    lead = at.any("", "", f"{at.who} said that " if not grammar.is_person(at.who) else "")
    who = at.it if lead else at.who
    return Told(f"{lead}{who} {first} {link} {second}", at.denied if negative else at.states)


def _predicate(said: Phrase, tense: str, *, negative: bool) -> str:
    made = grammar.negate("", said, tense) if negative else grammar.affirm("", said, tense)
    return made.strip()


def _headline(at: Scope) -> Told:
    """Headline style: no articles lost, present tense."""
    who, base, ing = at.who, at.said.base, at.said.form("VBG")
    if at.order.random() < 0.5:
        return Told(
            at.any(
                f"{who} denies {ing}",
                f"{who} rules out {ing}",
                f"No, {who} does not {base}" if at.said.verb != "be" else f"{who} denies {ing}",
            ),
            at.denied,
        )
    return Told(at.any(f"{who} {at.said.form('VBZ')}", f"Official: {who} {at.said.form('VBZ')}"), at.states)


_FRAMES: dict[str, tuple[float, Callable[[Scope], Told]]] = {
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
