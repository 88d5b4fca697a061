"""Gold attributions of a PolNeAR file (Newell, Margolin and Ruths 2018), and whether a speaker is their source.

A file holds one article a line: ``{id, text, annotations: {annotator: [{label, source, cue, content}]}}``; of several
annotators the first by name is taken. Attributions without a source or a content are passed over.

**Names.** A source names somebody when a capitalised name is left in it after possessors ("Clinton's") and names that
go before a common noun ("the Trump campaign") are dropped. A speaker is that source when the last words agree and, where
both give a first name, their initials do: a bare surname counts for whoever bears it.

**Descriptions** ("the mayor", "a voter") name nobody. A speaker is that source when it ends in the same noun, or when
it is a name that stands within 60 characters of that noun somewhere in the article ("the mayor" for Jim Kenney).

**Pronouns.** The gold has no coreference. A pronoun stands for one of the people whom the gold of the same article names
as a source somewhere: the first who can be meant (by gender, as far as given names, titles and "spokeswoman" tell
it) in the words before it in its sentence, else in the sentence before, and so on for eight, within a sentence those
who are sources there first; mentions within quotations and possessors do not count, and a source that is itself a
pronoun passes on whom it stood for. This reads more than
the product does (who is a source at all), and is still a rule: of 30 pronouns of train drawn at random and checked by
hand, 25 were right, 3 wrong and 2 left open.
"""

import gzip
import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from corpus.article import Span
from corpus.sentences import split
from corpus.speech.given_names import gender_of
from corpus.speech.names import BODIES, ROLES
from corpus.speech.quotation import quotations

Kind = Literal["name", "pronoun", "description"]
MARK = re.compile(r"[“”„«»\"]|''")
_PRONOUNS = frozenset(
    "he she him her his they them their it its who whom whose which that i we my our".split()
)
_PREPOSITIONS = frozenset("of for at from in on with by to about into".split())
_AFTER_NAME = _PREPOSITIONS | frozenset("and or said is was has had".split())
_RELATIVE = frozenset("who whom whose which that".split())
_PLAIN_CAPITALS = frozenset(
    "the a an this that these those his her their its one two some many several both all other another i someone somebody everyone he she they it who we you as so no at in on for if when while but and or".split()
)
_OF_BODIES = BODIES | frozenset(
    "house senate party times post news university watch academy republicans democrats patriots america".split()
)
_TITLE = re.compile(r"\b(Mr|Mrs|Ms|Sir|Sen|Rep|Gov|Dr|Gen|Lt|Rev)\b\.?")
_WORD = re.compile(r"\w[\w'’\-]*(?:\.(?=\w))?\w*|\w")
_NEAR = 60
"""Characters between a description's noun and a name that may bear it."""
_SENTENCES_BACK = 8


@dataclass(frozen=True, slots=True)
class Source:
    """Who speaks, as the gold prints it, and the names it may stand for."""

    text: str
    kind: Kind
    names: tuple[tuple[str, ...], ...]
    """Words of each name that counts as this source; none for a description or a pronoun that stays open."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """A content somebody is given as the source of."""

    content: Span
    """First to last character of the content."""
    quoted: Span | None
    """From its first quotation mark to its last (the whole content if it holds one mark only); None without any."""
    wholly: bool
    """The quoted part is at least nine tenths of the content."""
    source: Source


@dataclass(frozen=True, slots=True)
class Gold:
    """One article with its attributions in the order of their contents."""

    id: str
    text: str
    attributions: tuple[Attribution, ...]


def load(path: Path) -> list[Gold]:
    """The articles of a ``.jsonl.gz`` file, pronouns resolved."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [_gold(json.loads(line)) for line in lines]


def is_source(speaker: str, source: Source, text: str) -> bool:
    """Whether ``speaker`` (never empty) is the source; see the module's words on names and descriptions."""
    ours = _words(speaker)
    if source.kind != "description":
        return any(_same_name(ours, name) for name in source.names)
    noun = _head_noun(source.text)
    if ours[-1].lower() == noun or noun in speaker.lower().split():
        return True
    surname = re.escape(ours[-1])
    beside = (
        rf"\b{re.escape(noun)}\b.{{0,{_NEAR}}}\b{surname}\b|\b{surname}\b.{{0,{_NEAR}}}\b{re.escape(noun)}\b"
    )
    return ours[-1][0].isupper() and bool(re.search(beside, text, re.IGNORECASE))


def _gold(row: dict[str, Any]) -> Gold:
    text: str = row["text"]
    first = row["annotations"][min(row["annotations"])]
    found = []
    for one in first:
        if one["source"] and one["content"]:
            spans = [tuple(s) for part in one["content"] for s in part["spans"]]
            content = (min(a for a, _ in spans), max(b for _, b in spans))
            source = [tuple(s) for part in one["source"] for s in part["spans"]]
            found.append((content, (min(a for a, _ in source), max(b for _, b in source))))
    people = _People(text, [source for _, source in found])
    resolved = {source: people.source(source) for source in sorted({source for _, source in found})}
    return Gold(row["id"], text, tuple(_attribution(text, c, resolved[s]) for c, s in sorted(found)))


def _attribution(text: str, content: Span, source: Source) -> Attribution:
    marks = [m.span() for m in MARK.finditer(text, *content)]
    quoted = None
    if marks:
        quoted = (marks[0][0], marks[-1][1]) if len(marks) > 1 else content
    size = quoted[1] - quoted[0] if quoted else 0
    return Attribution(content, quoted, size >= 0.9 * (content[1] - content[0]), source)


class _People:
    """The people named as sources in one article, and whom its pronouns stand for."""

    def __init__(self, text: str, sources: Iterable[Span]) -> None:
        self.text = text
        self.quotes = quotations(text)
        self.quote_starts = [a for a, _ in self.quotes]
        lines = [m.span() for m in re.finditer(r"[^\n]*\w[^\n]*", text)]
        self.sentences = [start for start, _ in split(text, lines)]
        spans = list(sources)
        self.sources = frozenset(at for a, b in spans for at in range(a, b))
        named = [
            name
            for a, b in spans
            if not text[a:b].startswith(("the ", "The "))
            for name in names_in(text[a:b])
        ]
        self.surnames = {name[-1] for name in named}
        self.full = {s: max((n for n in named if n[-1] == s), key=len) for s in self.surnames}
        self.stands_for: dict[int, tuple[str, ...]] = {}
        self.gender = {s: self._gender(s) for s in self.surnames}

    def source(self, span: Span) -> Source:
        printed = self.text[slice(*span)]
        word = printed.lower().strip()
        if word not in _PRONOUNS:
            names = names_in(printed)
            return Source(printed, "name" if names else "description", names)
        name = self._antecedent(span[0], word)
        if name:
            self.stands_for[span[0]] = name
        return Source(printed, "pronoun", (name,) if name else ())

    def _antecedent(self, at: int, word: str) -> tuple[str, ...] | None:
        if word in _RELATIVE:
            return max(self._mentions(max(0, at - 200), at), default=(0, None))[1]
        gender = {"he": "he", "him": "he", "his": "he", "she": "she", "her": "she"}.get(word)
        end = at
        for start in self._sentence_starts(at):
            can_be = [(at, name) for at, name in self._mentions(start, end) if self._can_be(gender, name)]
            if can_be:
                return min(can_be, key=lambda found: (found[0] not in self.sources, found[0]))[1]
            end = start
        return None

    def _can_be(self, gender: str | None, name: tuple[str, ...]) -> bool:
        if gender is None:
            return True
        body = any(word.lower() in _OF_BODIES for word in name) or name[-1].isupper()
        return not body and self.gender.get(name[-1]) in {None, gender}

    def _sentence_starts(self, at: int) -> list[int]:
        k = bisect_right(self.sentences, at)
        return self.sentences[max(0, k - _SENTENCES_BACK) : k][::-1]

    def _mentions(self, start: int, end: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Places and names of people, and pronouns already resolved, outside quotations, in the order of print."""
        for match in _WORD.finditer(self.text, start, end):
            if self._is_quoted(match.start()):
                continue
            if match.start() in self.stands_for:
                yield match.start(), self.stands_for[match.start()]
            elif match.group() in self.surnames and self.text[match.end() - 2 : match.end()] not in {
                "'s",
                "’s",
            }:
                yield match.start(), self.full[match.group()]

    def _is_quoted(self, at: int) -> bool:
        k = bisect_right(self.quote_starts, at) - 1
        return k >= 0 and at < self.quotes[k][1]

    def _gender(self, surname: str) -> str | None:
        """By a title or a given name that stands before the surname anywhere in the article."""
        for match in re.finditer(rf"(?:\w[\w.’'\-]*\s+){{0,3}}\b{re.escape(surname)}\b", self.text):
            before = [w.strip(".") for w in match.group().split()[:-1]]
            for word in before:
                if word in {"Mr", "spokesman", "Sir"}:
                    return "he"
                if word in {"Mrs", "Ms", "spokeswoman"}:
                    return "she"
            known = [g for w in before if (g := gender_of(w))]
            if known:
                return known[0]
        return None


def names_in(phrase: str) -> tuple[tuple[str, ...], ...]:
    """The names a noun phrase stands for: those of its first part between commas that has any.

    Possessors and names before a common noun are dropped, and so is what follows a preposition after a common noun.

    >>> names_in("Clinton's campaign manager, Robby Mook,")
    (('Robby', 'Mook'),)
    >>> names_in("a spokeswoman for the House of Lords")
    ()
    """
    for part in re.split(r"[,;()\[\]]|\bwho\b|\bwhich\b", phrase):
        found = _names_of_part(_TITLE.sub(" ", part))
        if found:
            return tuple(found)
    return ()


def _names_of_part(part: str) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    name: list[str] = []
    for word in [*part.split(), ""]:
        plain = re.sub(r"[^\w'’.\-]", "", word).strip(".")
        capital = plain[:1].isupper() and plain.lower() not in _PLAIN_CAPITALS
        if capital and not plain.endswith(("'s", "’s", "s'", "s’")):
            name.append(plain)
            continue
        if name and (not word or word in _AFTER_NAME):
            found.append(tuple(name))
        elif word in _PREPOSITIONS and not name:
            break
        name = []
    return found


def _same_name(ours: list[str], name: tuple[str, ...]) -> bool:
    ours = [w for w in ours if w not in {"Jr", "Sr"}]
    known = [w for w in name if w.strip(".") not in {"Jr", "Sr"}]
    gold = [w for w in known if w.lower() not in ROLES] or known
    if not ours or not gold or ours[-1].lower() != gold[-1].lower():
        return False
    return len(ours) == 1 or len(gold) == 1 or ours[0][0].lower() in {w[0].lower() for w in gold[:-1]}


def _head_noun(phrase: str) -> str:
    """Last word before a preposition, clause or comma, in lower case: "a voter in Ohio" → "voter"."""
    head = re.split(r"[,;(]|\b(?:of|in|at|for|from|on|with|who|that|which|to|close|familiar)\b", phrase)[0]
    found = _words(head) or _words(phrase) or [phrase]
    return found[-1].lower()


def _words(phrase: str) -> list[str]:
    return [re.sub(r"['’]s$", "", w) for w in re.findall(r"\w[\w'’\-]*", phrase)] or [phrase]
