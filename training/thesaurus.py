"""Pairs of sentences that differ in one word: synonyms, opposites, and narrower words, from WordNet 3.0.

A folder as Debian's ``wordnet-base`` installs it (files ``data.verb``, ``index.verb``, ``data.adj``, …; format:
wndb(5WN)). Only common words in an everyday sense: counted in WordNet's tagged texts, and the synset among the first senses of both.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from training import grammar
from training.grammar import Phrase, inflect, phrase
from training.sources import Pair

_SENSES = 2
"""A synset counts for a word when it is among this many first senses of it."""
_TAGS = ("VB", "VBZ", "VBD", "VBN", "VBG")
_EXAMPLE = re.compile(r'"([^"()]{8,120})"')
_PERSONS = ("she", "he", "the minister", "Mr Okoro", "the president", "the judge", "Ms Lindqvist")
_BODIES = ("the company", "the government", "the council", "the agency", "Norway", "the bank", "the court")
_THINGS = ("it", "the plan", "the price", "the building", "the crisis", "the river", "the system")
_OBJECTS = ("it", "this", "the plan", "the building", "the proposal", "the report", "the machine")
_PEOPLE = ("him", "her", "the man", "Mr Tanaka", "the visitors", "the suspect", "the rival")
_FRAMES = {
    1: (_THINGS, ("",)),
    2: (_PERSONS + _BODIES, ("",)),
    8: (_PERSONS + _BODIES, _OBJECTS),
    9: (_PERSONS + _BODIES, _PEOPLE),
    10: (_THINGS, _PEOPLE),
    11: (_THINGS, _OBJECTS),
}
"""WordNet's sentence frames of one verb: who does it, and to what."""
_SPEAKERS = ("officials", "the report", "the spokesman", "witnesses", "the minister")

_LABELS: Mapping[tuple[str, bool, bool], frozenset[str]] = {
    # relation, evidence affirmed, claim affirmed
    ("same", True, True): frozenset(["supports"]),
    ("same", True, False): frozenset(["refutes"]),
    ("same", False, True): frozenset(["refutes"]),
    ("same", False, False): frozenset(["supports"]),
    ("narrower", True, True): frozenset(["supports"]),
    ("narrower", True, False): frozenset(["refutes"]),
    ("wider", True, True): frozenset(["neither"]),
    ("wider", False, True): frozenset(["refutes"]),
    ("opposite", True, True): frozenset(["refutes"]),
    ("opposite", True, False): frozenset(["supports"]),
    ("opposite", False, True): frozenset(["supports", "neither"]),
    ("opposite", False, False): frozenset(["refutes", "neither"]),
}
"""What evidence says on a claim, by how its word stands to the claim's: "she sprinted" tells that she ran."""


@dataclass(frozen=True, slots=True)
class Synset:
    """Words that mean one thing, with the offsets of the synsets they point to."""

    words: tuple[str, ...]
    pointers: tuple[tuple[str, str, int, int], ...]
    """Symbol, part of speech and offset, and the words at either end (0: the whole synset)."""
    frames: tuple[int, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """Two words, the evidence's and the claim's, and how the first stands to the second."""

    evidence: str
    claim: str
    relation: str
    synset: Synset


def pairs(folder: Path, most: int, seed: int, without: Sequence[frozenset[str]] = ()) -> list[Pair]:
    """At most ``most`` pairs; half of them of opposites, which are fewer and so come in more guises.

    ``without``: sets of words; two words that are both of one set are left out (predicates kept aside).
    """
    order = random.Random(seed)  # noqa: S311  seeded choice, no secret
    made: dict[bool, list[Pair]] = {False: [], True: []}
    for part in ("verb", "adj"):
        synsets, first = _read(folder, part)
        for two in sorted(set(_related(synsets, first)), key=lambda r: (r.claim, r.evidence, r.relation)):
            if any({two.evidence, two.claim} <= words for words in without):
                continue
            for _ in range(4 if two.relation == "opposite" else 1):
                written = _verbs(two, order) if part == "verb" else _adjectives(two, order)
                options = [p for p in (*written, *_examples(two, part)) if p.claim != p.evidence]
                made[two.relation == "opposite"] += order.sample(options, min(1, len(options)))
    return [p for side in made.values() for p in order.sample(side, min(most // 2, len(side)))]


def _related(synsets: Mapping[str, Synset], first: Mapping[str, Sequence[str]]) -> Iterator[Related]:
    def known(offset: str, number: int = 0) -> list[str]:
        words = synsets[offset].words
        chosen = words[number - 1 : number] if number else words
        return [w for w in chosen if offset in first.get(w, ())[:_SENSES]]

    for offset, synset in synsets.items():
        own = known(offset)
        yield from (Related(b, a, "same", synset) for a in own for b in own if a != b)
        for symbol, target, here, there in (p for p in synset.pointers if p[1] in synsets):
            if symbol == "!":
                ends = known(offset, here), known(target, there)
                yield from (Related(b, a, "opposite", synset) for a in ends[0] for b in ends[1])
            elif symbol in {"@", "&"}:  # a narrower verb; an adjective like the head of its cluster
                for head in known(target)[:1]:
                    yield from (Related(a, head, "narrower", synsets[target]) for a in own)
                    yield from (Related(head, a, "wider", synset) for a in own if symbol == "@")
            if symbol == "&":
                for far in (t for s, t, _, _ in synsets[target].pointers if s == "!" and t in synsets):
                    yield from (Related(a, b, "opposite", synsets[far]) for a in own for b in known(far)[:1])


def _verbs(two: Related, order: random.Random) -> Iterator[Pair]:
    """Both words in the plain clauses their frames allow."""
    for number in two.synset.frames:
        if number in _FRAMES:
            who, what = (order.choice(options) for options in _FRAMES[number])
            yield _pair(two, who, _verb(two.evidence, what), _verb(two.claim, what), order)


def _verb(word: str, what: str) -> Phrase:
    head, _, particle = word.partition(" ")
    return phrase(" ".join(filter(None, (head, "{o}" if what else "", particle))), what)


def _adjectives(two: Related, order: random.Random) -> Iterator[Pair]:
    """Both words said of one thing."""
    who = order.choice(_THINGS + _PERSONS + _BODIES)
    yield _pair(two, who, Phrase("be", f" {two.evidence}"), Phrase("be", f" {two.claim}"), order)


def _pair(two: Related, who: str, said: Phrase, asked: Phrase, order: random.Random) -> Pair:
    signs = [key[1:] for key in _LABELS if key[0] == two.relation]
    affirmed, wanted = order.choice(signs)
    tense = order.choices(["past", "perfect", "present", "future"], [5, 1, 3, 1])[0]
    clause = (grammar.affirm if affirmed else grammar.negate)(who, said, tense)
    if order.random() < 0.25:
        clause = f"{order.choice(_SPEAKERS)} said that {clause}"
    if wanted and order.random() < 0.5:
        claim = grammar.ask(who, asked, tense)
    else:
        claim = grammar.sentence((grammar.affirm if wanted else grammar.negate)(who, asked, tense))
    return Pair(claim, grammar.sentence(clause), "wordnet", _LABELS[two.relation, affirmed, wanted])


def _examples(two: Related, part: str) -> Iterator[Pair]:
    """A usage example of the claim's synset against itself with the other word in place."""
    for text in two.synset.examples:
        for tag in _TAGS if part == "verb" else ("",):
            here, there = (_form(word, tag) for word in (two.claim, two.evidence))
            found = re.search(rf"\b{re.escape(here)}\b", text)
            if found and here != there:
                other = text[: found.start()] + there + text[found.end() :]
                claim, evidence = grammar.sentence(text), grammar.sentence(_article(other))
                yield Pair(claim, evidence, "wordnet", _LABELS[two.relation, True, True])
                break


def _form(word: str, tag: str) -> str:
    if tag in {"", "VB"}:
        return word
    head, _, particle = word.partition(" ")
    return f"{inflect(head, tag)} {particle}".strip()


def _article(text: str) -> str:
    """With "a" or "an" as the next letter asks."""
    text = re.sub(r"\b([Aa])n (?=[bcdfghjklmnpqrstvwxyz])", r"\1 ", text)
    return re.sub(r"\b([Aa]) (?=[aeio])", r"\1n ", text)


def _read(folder: Path, part: str) -> tuple[dict[str, Synset], dict[str, list[str]]]:
    """Synsets by offset, and each word's offsets, commonest sense first."""
    synsets = {
        line[:8]: _synset(line)
        for line in (folder / f"data.{part}").read_text("ascii").splitlines()
        if line[0] != " "
    }
    first: dict[str, list[str]] = {}
    for line in (folder / f"index.{part}").read_text("ascii").splitlines():
        offsets = re.findall(r"\b\d{8}\b", line)
        if line[0] != " " and int(
            line.split(f" {offsets[0]}")[0].split()[-1]
        ):  # how many senses were met in texts
            first[_word(line.split()[0])] = offsets
    return synsets, first


def _synset(line: str) -> Synset:
    data, _, gloss = line.partition(" | ")
    fields = data.split()
    count = int(fields[3], 16)
    words = tuple(_word(w) for w in fields[4 : 4 + 2 * count : 2])
    at = 4 + 2 * count
    pointers = []
    for i in range(int(fields[at])):
        symbol, target, _, ends = fields[at + 1 + 4 * i : at + 5 + 4 * i]
        pointers.append((symbol, target, int(ends[:2], base=16), int(ends[2:], base=16)))  # noqa: FURB166  no prefix is removed
    rest = fields[at + 1 + 4 * len(pointers) :]
    frames = tuple(int(rest[i + 1]) for i, f in enumerate(rest) if f == "+" and rest[i + 2] == "00")
    return Synset(words, tuple(pointers), frames, tuple(_EXAMPLE.findall(gloss)))


def _word(written: str) -> str:
    return re.sub(r"\((?:a|p|ip)\)$", "", written).replace("_", " ")
