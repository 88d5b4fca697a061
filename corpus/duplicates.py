"""Which articles are copies: one text in many outlets, whole, lightly edited or shortened.

Candidates share a band of MinHash values (Leskovec, Rajaraman, Ullman: Mining of Massive Datasets, ch. 3);
each pair is confirmed on the shingles themselves. Only the body counts, never the page around it, and text in
quotation marks alone makes no copy: three reports of one speech share its words and are still three reports.

A copy of a copy is in the group. Not handled: translations, reports written anew from the same facts, and
scripts without spaces between words. The only importer of rensa.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile
from typing import Self

import numpy as np
from numpy.typing import NDArray

from corpus.article import Article
from corpus.shingles import SIZE, Hashes, Rows, Shingles, different, hashed

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

Signature = NDArray[np.uint32]
"""Shape (HASHES,); two are equal in each place with the probability of the texts' resemblance."""
Signatures = NDArray[np.uint32]
"""Shape (texts, HASHES)."""


def copies(articles: Iterable[Article]) -> tuple[tuple[str, ...], ...]:
    """Groups of two and more ids; the earliest published first, undated ones last, then by id.

    Ids are unique. What order the articles come in makes no difference.
    """
    with Finder() as finder:
        for article in articles:
            finder.add(article)
        return finder.groups()


class Finder:
    """Takes one article after the other, as a context, and holds 1.1 KB of each, and its id.

    The shingles lie in an unnamed file in ``folder``, or where the system has such files. Raises OSError.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._keys: list[tuple[date, str]] = []
        self._signatures = bytearray()
        self._places = [0]
        self._aside = TemporaryFile(dir=folder)  # noqa: SIM115  closed at the end of this context

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._aside.close()

    def add(self, article: Article) -> None:
        hashes, own = hashed(article)
        if hashes.size:
            self._keys.append((article.published or date.max, article.id))
            self._signatures += _signature(hashes).tobytes()
            text = different(hashes, own)
            self._aside.write(text.packed())
            self._places.append(self._aside.tell())

    def groups(self) -> tuple[tuple[str, ...], ...]:
        """As ``copies``, of the articles added so far."""
        order = np.array(sorted(range(len(self._keys)), key=self._keys.__getitem__), np.intp)
        members = defaultdict(list)
        for row, lead in zip(order, self._leads(order), strict=True):
            members[lead].append(self._keys[row][1])
        return tuple(tuple(group) for group in members.values() if len(group) > 1)

    def _leads(self, order: Rows) -> list[int]:
        """For each text, in that order, the first one of its group, itself where it is that."""
        leads = np.arange(order.size)
        values = np.frombuffer(self._signatures, np.uint32).reshape(-1, HASHES)
        sizes = np.diff(self._places) // SIZE
        for pairs in _neighbours(values, order):
            apart = pairs[:, leads[pairs[0]] != leads[pairs[1]]]
            for left, right in apart[:, _may_be_copies(values, sizes, order[apart])].T.tolist():
                first, second = sorted((_leader(leads, left), _leader(leads, right)))
                if first != second and are_copies(self._text(order[left]), self._text(order[right])):
                    leads[second] = first
            leads = leads[leads]
        return [_leader(leads, row) for row in range(order.size)]

    def _text(self, row: int) -> Shingles:
        begin, end = self._places[row : row + 2]
        self._aside.seek(begin)
        return Shingles.unpacked(self._aside.read(end - begin))


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


def _signature(hashes: Hashes) -> Signature:
    from rensa import RMinHash  # noqa: PLC0415  only needed where duplicates are looked for

    ends = np.array([0, hashes.size], np.uint64)
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(hashes, ends, HASHES, _SEED)
    return np.array(matrix.to_rows()[0], np.uint32)


def _neighbours(values: Signatures, order: Rows) -> Iterator[Rows]:
    """Pairs of places in ``order`` that share a band, some more than once; shapes (2, at most ``_AT_ONCE``)."""
    for band in range(0, HASHES, ROWS):
        columns = values[order[:, np.newaxis], [(band + place) % HASHES for place in range(ROWS + 1)]]
        alike = np.lexsort(columns.T[::-1])  # the column after the band sets the likest side by side
        ranked = columns[alike, :ROWS]
        for step in range(1, min(NEAREST, len(alike) - 1) + 1):
            same = np.flatnonzero((ranked[step:] == ranked[:-step]).all(axis=1))
            if not same.size:
                break
            for at in range(0, same.size, _AT_ONCE):
                places = same[at : at + _AT_ONCE]
                yield np.stack((alike[places], alike[places + step]))


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
