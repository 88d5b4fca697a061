"""Which articles are copies: one text in many outlets, whole, lightly edited or shortened.

Candidates share a band of MinHash values (Leskovec, Rajaraman, Ullman: Mining of Massive Datasets, ch. 3);
each pair is confirmed on the shingles themselves. Only the body counts, never the page around it, and text in
quotation marks alone makes no copy: three reports of one speech share its words and are still three reports.

A copy of a copy is in the group. Not handled: translations, reports written anew from the same facts, and
scripts without spaces between words. The only importer of rensa.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from zlib import crc32

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from corpus.article import Article
from corpus.speech.quotation import quotations

WORDS = 3
"""Words in a shingle. Of 3, 4 and 5, measured on 2,616 news pages, 3 parts copies from reports that share their
background most clearly, and unlike texts meet no oftener."""
SHARED = 0.7
"""Share of the shorter text's shingles that a copy has in common with the longer one, and likewise of those
outside of quotation marks. On those pages all 23 pairs above it are one text or a later state of it (the least
has 0.79), and the ten next below are not (the first has 0.66). An edit in every tenth word stays above it."""
FEWEST = 20
"""Shingles; of a shorter text only a copy word for word is called one."""
HASHES, ROWS = 256, 2
"""MinHash values of a text, and how many make a band. A text wholly contained in one five times as long shares
a band with it with probability 1 - (1 - 0.2**2)**128 = 0.995, in one ten times as long with 0.72."""
NEAREST = 16
"""Neighbours in its band that a text is compared with: thousands that share a band cost no square of that."""

_SEED = 1
_AT_ONCE = 4096
"""Pairs whose signatures are compared in one step: 8 MB."""
_DOUBT = 3
"""Standard errors that an estimate may lie below what a copy needs."""
_WORD = re.compile(r"\w+")
_FOUND = np.dtype([("code", np.uint64), ("place", np.intp)])

Hashes = NDArray[np.uint64]
Rows = NDArray[np.intp]
Signature = NDArray[np.uint32]
"""Shape (HASHES,); two are equal in each place with the probability of the texts' resemblance."""
Signatures = NDArray[np.uint32]
"""Shape (texts, HASHES)."""


@dataclass(frozen=True, slots=True)
class Shingles:
    """What is kept of a text: 5 bytes a word."""

    whole: NDArray[np.uint32]
    """Shape (n,): the different shingles, ascending; two unlike ones are equal once in four thousand million."""
    own: NDArray[np.bool_]
    """Shape (n,): does the shingle stand outside of quotation marks, at least once?"""


def copies(articles: Iterable[Article]) -> tuple[tuple[str, ...], ...]:
    """Groups of two and more ids; the earliest published first, undated ones last, then by id.

    Ids are unique. What order the articles come in makes no difference.
    """
    finder = Finder()
    for article in articles:
        finder.add(article)
    return finder.groups()


@dataclass(slots=True)
class Finder:
    """Takes one article after the other and keeps no text: of each, 1 KB and 5 bytes a word."""

    _keys: list[tuple[date, str]] = field(default_factory=list)
    _texts: list[Shingles] = field(default_factory=list)
    _signatures: list[Signature] = field(default_factory=list)

    def add(self, article: Article) -> None:
        hashes, own = _hashed(article)
        if hashes.size:
            self._keys.append((article.published or date.max, article.id))
            self._texts.append(_shingles(hashes, own))
            self._signatures.append(_signature(hashes))

    def groups(self) -> tuple[tuple[str, ...], ...]:
        """As ``copies``, of the articles added so far."""
        order = sorted(range(len(self._keys)), key=self._keys.__getitem__)
        members = defaultdict(list)
        for row, lead in enumerate(
            _leads([self._texts[at] for at in order], [self._signatures[at] for at in order])
        ):
            members[lead].append(self._keys[order[row]][1])
        return tuple(tuple(group) for group in members.values() if len(group) > 1)


def are_copies(left: Shingles, right: Shingles) -> bool:
    """Is the shorter text, quoted words aside as well as with them, in the longer one?"""
    shorter, longer = sorted((left, right), key=lambda text: text.whole.size)
    _, here, there = np.intersect1d(shorter.whole, longer.whole, assume_unique=True, return_indices=True)
    if here.size == longer.whole.size:
        return True
    if shorter.whole.size < FEWEST or here.size < SHARED * shorter.whole.size:
        return False
    own = int(np.count_nonzero(shorter.own))
    return own > 0 and int(np.count_nonzero(shorter.own[here] & longer.own[there])) >= SHARED * own


def shingles(article: Article) -> Shingles:
    """Those of the article's body."""
    return _shingles(*_hashed(article))


def _shingles(hashes: Hashes, own: NDArray[np.bool_]) -> Shingles:
    short = (hashes >> np.uint64(32)).astype(np.uint32)
    whole = np.unique(short)
    return Shingles(whole, np.isin(whole, short[own]))


def _hashed(article: Article) -> tuple[Hashes, NDArray[np.bool_]]:
    """Each shingle of the body in turn, and whether no word of it is quoted; shapes (n,)."""
    words = (word for start, end in article.body for word in _WORD.finditer(article.text, start, end))
    found = np.fromiter(((_code(word[0]), word.start()) for word in words), _FOUND)
    width = min(WORDS, found.size)
    if not width:
        return np.empty(0, np.uint64), np.empty(0, np.bool_)
    hashes = np.zeros(found.size - width + 1, np.uint64)
    for codes in sliding_window_view(found["code"], width).T:
        hashes = _mixed(hashes + codes)
    quoted = _quoted(article, found["place"])
    return hashes, np.logical_not(sliding_window_view(quoted, width).any(axis=1))


def _code(word: str) -> int:
    return crc32(word.casefold().encode("utf-8", "replace"))


def _mixed(values: Hashes) -> Hashes:
    """Every bit of a value spread over all of it: the finaliser of SplitMix64 (Steele, Lea, Flood 2014)."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _quoted(article: Article, places: Rows) -> NDArray[np.bool_]:
    """Which of the ``places``, ascending, stand inside quotation marks; shape (n,)."""
    edges = [edge for span in quotations(_unwrapped(article)) for edge in span]
    inside: NDArray[np.bool_] = np.searchsorted(np.array(edges, np.intp), places, side="right") % 2 == 1
    return inside


def _unwrapped(article: Article) -> str:
    """The text with each block on one line, as a quotation ends with its line; no character moves."""
    parts, end = [], 0
    for left, right in article.body:
        parts += [article.text[end:left], article.text[left:right].replace("\n", " ")]
        end = right
    return "".join([*parts, article.text[end:]])


def _signature(hashes: Hashes) -> Signature:
    from rensa import RMinHash  # noqa: PLC0415  only needed where duplicates are looked for

    ends = np.array([0, hashes.size], np.uint64)
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(hashes, ends, HASHES, _SEED)
    return np.array(matrix.to_rows()[0], np.uint32)


def _leads(texts: list[Shingles], signatures: list[Signature]) -> list[int]:
    """For each text the first one of its group, itself where it is that."""
    leads = np.arange(len(texts))
    if not texts:
        return []
    values, sizes = np.stack(signatures), np.array([text.whole.size for text in texts])
    for pairs in _neighbours(values):
        apart = pairs[:, leads[pairs[0]] != leads[pairs[1]]]
        for left, right in apart[:, _may_be_copies(values, sizes, apart)].T.tolist():
            first, second = sorted((_leader(leads, left), _leader(leads, right)))
            if first != second and are_copies(texts[left], texts[right]):
                leads[second] = first
        leads = leads[leads]
    return [_leader(leads, row) for row in range(len(texts))]


def _neighbours(values: Signatures) -> Iterator[Rows]:
    """Pairs of rows that share a band, some of them more than once; shapes (2, at most ``_AT_ONCE``)."""
    for band in range(0, HASHES, ROWS):
        columns = values[:, [(band + place) % HASHES for place in range(ROWS + 1)]]
        order = np.lexsort(columns.T[::-1])  # the column after the band sets the likest side by side
        ranked = columns[order, :ROWS]
        for step in range(1, min(NEAREST, len(order) - 1) + 1):
            same = np.flatnonzero((ranked[step:] == ranked[:-step]).all(axis=1))
            if not same.size:
                break
            for at in range(0, same.size, _AT_ONCE):
                places = same[at : at + _AT_ONCE]
                yield np.stack((order[places], order[places + step]))


def _may_be_copies(values: Signatures, sizes: Rows, pairs: Rows) -> NDArray[np.bool_]:
    """Do the signatures show a resemblance not far below what copies of these sizes have? Shape (pairs,)."""
    left, right = pairs
    shared = SHARED * np.minimum(sizes[left], sizes[right])
    needed = shared / (sizes[left] + sizes[right] - shared)
    error = np.sqrt(needed * (1 - needed) / HASHES)
    likely: NDArray[np.bool_] = (values[left] == values[right]).mean(axis=1) >= needed - _DOUBT * error
    return likely


def _leader(leads: Rows, row: int) -> int:
    while leads[row] != row:
        row = int(leads[row])
    return row
