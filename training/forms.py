"""Pairs in which one date or number is written another way: the same value supports, another value refutes.

"15 July 2006" is "July 15th, 2006" and "three decades" are "30 years"; a model that has only met numbers that differ
takes every other spelling for another value.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from training.sources import Pair

_MONTHS = "January February March April May June July August September October November December".split()
_MONTH = "|".join(_MONTHS)
_DATE = re.compile(
    rf"\b(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)? (?P<m1>{_MONTH})|(?P<m2>{_MONTH}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?)"
    r"(?: ?, ?| )(?P<year>[12]\d{3})\b"
)
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = dict(enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2))
_WORDS = {word: n for n, word in enumerate(_SMALL) if n > 1} | {word: 10 * n for n, word in _TENS.items()}
_COUNT = re.compile(rf"(?<![\w.,$£€-])(?:(?P<figure>\d{{1,2}})|(?P<word>{'|'.join(_WORDS)}))(?= [a-z])")
_LARGE = re.compile(
    r"(?<![\w.,])(?P<million>\d{1,3}(?:\.\d)?) million\b|(?<![\w.,])(?P<plain>\d{1,3},000(?:,000)?)\b"
)
_SHARE = re.compile(r"(?P<n>\d+(?:\.\d+)?) ?(?:%|percent|per cent)")
_SIDED = (frozenset(["supports"]), frozenset(["refutes"]))


def pairs(natural: Sequence[Pair], most: int, seed: int) -> list[Pair]:
    """At most ``most``, made from sided pairs; one in three gives another value in another form."""
    order = random.Random(seed)  # noqa: S311  seeded choice, no secret
    made: list[Pair] = []
    for pair in order.sample(natural, len(natural)):
        if pair.stances in _SIDED and len(made) < most:
            made += _written(pair, order)
            made += _of_one(pair.evidence, order)
    return made[:most]


def _written(pair: Pair, order: random.Random) -> Iterator[Pair]:
    """The pair with one value of its claim or evidence in another form."""
    on_claim = order.random() < 0.5
    forms = _other_forms(pair.claim if on_claim else pair.evidence, 0, order)
    if forms:
        text = order.choice(forms)
        made = replace(pair, claim=text) if on_claim else replace(pair, evidence=text)
        yield replace(made, source="other form", relevant=None)


def _of_one(text: str, order: random.Random) -> Iterator[Pair]:
    """A short sentence against itself, its value in another form, or another value."""
    if not 5 <= len(text.split()) <= 30:
        return
    wrong = order.random() < 0.5
    forms = _other_forms(text, order.choice((1, 2, 3)) if wrong else 0, order)
    if forms:
        yield Pair(order.choice(forms), text, "other form", _SIDED[wrong])


def _other_forms(text: str, off: int, order: random.Random) -> list[str]:
    """The text with each of its values written another way, ``off`` from what it was."""
    found = [_with(text, m, _dated(m, off, order)) for m in _DATE.finditer(text)]
    found += [_with(text, m, _counted(m, off)) for m in _COUNT.finditer(text)]
    found += [_with(text, m, _sized(m, off)) for m in _LARGE.finditer(text)]
    found += [_with(text, m, _shared(m, off, order)) for m in _SHARE.finditer(text)]
    return [other for other in found if other and other != text]


def _with(text: str, match: re.Match[str], new: str | None) -> str | None:
    return None if new is None else text[: match.start()] + new + text[match.end() :]


def _dated(match: re.Match[str], off: int, order: random.Random) -> str | None:
    day, month, year = int(match["d1"] or match["d2"]), match["m1"] or match["m2"], int(match["year"])
    if not 1 <= day <= 28:
        return None
    changed = order.choice(("day", "month", "year")) if off else ""
    day = (day + off - 1) % 28 + 1 if changed == "day" else day
    month = _MONTHS[(_MONTHS.index(month) + off) % 12] if changed == "month" else month
    year += off if changed == "year" else 0
    nth = f"{day}{'th' if 10 < day < 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"
    return order.choice(
        [
            f"{day} {month} {year}",
            f"{month} {day}, {year}",
            f"{month} {nth}, {year}",
            f"{nth} of {month} {year}",
        ]
    )


def _counted(match: re.Match[str], off: int) -> str | None:
    """A number such as "12" as "twelve" and back, up to twenty and round tens."""
    value = int(match["figure"]) if match["figure"] else _WORDS[match["word"]]
    value += off if value < 20 else 10 * off
    word = next((w for w, n in _WORDS.items() if n == value), None)
    return word if match["figure"] else str(value)


def _sized(match: re.Match[str], off: int) -> str | None:
    """A number such as "2.5 million" as "2,500,000", "3,000" as "3000"."""
    if match["million"]:
        return f"{round((float(match['million']) + off) * 1_000_000):,}"
    value = int(match["plain"].replace(",", "")) + 1000 * off
    return f"{value / 1_000_000:g} million" if value >= 1_000_000 else str(value)


def _shared(match: re.Match[str], off: int, order: random.Random) -> str:
    number = f"{float(match['n']) + off:g}" if off else match["n"]
    return f"{number}{order.choice(('%', ' %', ' percent', ' per cent'))}"
