"""Pairs made from natural ones by small edits that change what the sentence says: numbers, names, negation.

As in counterfactual data (Kaushik et al. 2020) and FEVER-symmetric (Schuster et al. 2019), one word decides, so a
model cannot live on the overlap of words. Every edit starts from a pair that supports its claim.
"""

import random
import re
from collections.abc import Iterator, Sequence

from training.sources import Pair

_FROM = frozenset(
    ["fever", "fm2", "rte", "ling_in_loop", "mnli", "climate", "condaqa", "fever_sym_dev", "breaking"]
)
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_NAME = re.compile(r"\b[A-Z][a-z]{2,}(?: [A-Z][a-z]{2,})*\b")
_BE = re.compile(
    r"\b(?:is|was|are|were|has been|have been|had been|will|can|could|would|(?:has|have)(?= \w+(?:ed|en|wn)\b))\b(?! not|n't)"
)
_NOT = {"has been": "has not been", "have been": "have not been", "had been": "had not been"}
_WRONG = frozenset(["refutes"])
_DIFFERENT = frozenset(["refutes", "neither"])
_WORDS = 14
"""Longest text that is negated: in a longer one the first verb is often not the point."""
_NEGATED = 0.4
"""Share of the edited pairs that are negations, at most."""


def pairs(natural: Sequence[Pair], most: int, seed: int) -> list[Pair]:
    """At most ``most`` edited pairs, each source pair edited once."""
    order = random.Random(seed)  # noqa: S311  seeded choice, no secret
    start = [p for p in natural if p.source in _FROM and p.stances == frozenset(["supports"])]
    names = sorted({n for p in start for n in _NAME.findall(p.evidence[1:])})
    made: list[Pair] = []
    for pair in order.sample(start, len(start)):
        options = list(_edits(pair, names, order))
        if options:
            made.append(order.choice(options))
    negated = [p for p in made if p.source == "edited negation"][: round(_NEGATED * most)]
    return (negated + [p for p in made if p.source != "edited negation"])[:most]


def _edits(pair: Pair, names: Sequence[str], order: random.Random) -> Iterator[Pair]:
    for number in set(_NUMBER.findall(pair.claim)) & set(_NUMBER.findall(pair.evidence)):
        other = _other_number(number, order)
        yield _swap(pair, number, other, "edited number", _WRONG, order)
    for name in sorted(set(_NAME.findall(pair.claim)) & set(_NAME.findall(pair.evidence[1:])))[:2]:
        other = order.choice(names)
        if name not in other and other not in name:
            yield _swap(pair, name, other, "edited name", _DIFFERENT, order)
    for of_claim in (False, True):
        text = pair.claim if of_claim else pair.evidence
        denied = _negated(text)
        if denied and not text.rstrip().endswith("?"):
            claim, evidence = (denied, pair.evidence) if of_claim else (pair.claim, denied)
            yield Pair(claim, evidence, "edited negation", _WRONG)


def _swap(pair: Pair, old: str, new: str, source: str, stances: frozenset[str], order: random.Random) -> Pair:
    """The old text replaced in the evidence or in the claim."""
    whole = re.compile(rf"(?<![\w.,]){re.escape(old)}(?!\w)")
    if order.random() < 0.5:
        return Pair(whole.sub(new, pair.claim), pair.evidence, source, stances)
    return Pair(pair.claim, whole.sub(new, pair.evidence), source, stances)


def _other_number(number: str, order: random.Random) -> str:
    """A number of the same length that differs in one or more digits."""
    while True:
        digits = [order.choice("123456789") if c.isdigit() and order.random() < 0.5 else c for c in number]
        if "".join(digits) != number:
            return "".join(digits)


def _negated(text: str) -> str | None:
    """The first auxiliary of a short sentence denied; None when there is none, or a denial is there already."""
    found = _BE.search(text)
    if found is None or len(text.split()) > _WORDS or re.search(r"\b(?:not|no|never|none|nor)\b|n't", text):
        return None
    word = found.group()
    return text[: found.start()] + _NOT.get(word, f"{word} not") + text[found.end() :]
