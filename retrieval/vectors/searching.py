"""A finished file of vectors, mapped into memory, and the nearest rows in it by cosine."""

import mmap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corpus.errors import IndexDamaged
from retrieval.encoder import Float32
from retrieval.vectors.writing import CODES

if TYPE_CHECKING:
    from retrieval.vectors.quantized import Codes

SHORTLIST = 800
"""Rows that the codes propose and that are then scored exactly, for up to a hundred wanted. Of a million vectors
400 hold .994 of the ten nearest to a question and .90 of the hundred, 800 hold .997 and .96 for 0.3 ms more, 1,600
.999 and .99 for 2 ms more."""
AT_ONCE = 8192  # rows copied at once while scoring some exactly, 12 MB of 384 dimensions


class Vectors:
    """Read-only; threads may share it. Vectors stay on disk and in the system's cache, codes are in memory."""

    def __init__(self, path: Path, *, dimension: int, count: int) -> None:
        """Raises IndexDamaged when the file is not ``count`` vectors of ``dimension``, or its codes are not theirs."""
        self._path = path
        codes = path.with_suffix(CODES)
        try:
            self._rows = _mapped(path, dimension, count)
            self._codes = _codes(codes, dimension, count) if codes.exists() else None
        except (OSError, ValueError) as exc:
            raise _damaged(path, f"cannot be used ({exc})") from exc

    def search(
        self, vector: Float32, k: int, rows: Sequence[int] | NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        """At most ``k`` pairs (row, cosine), nearest first, among ``rows``, each named once, or among all.

        Raises IndexDamaged when what comes out is no cosine.
        """
        if rows is None:
            found, scores = self._candidates(vector, k)
        else:
            found, scores = self._candidates_among(vector, k, np.asarray(rows, dtype=np.int64))
        best = _best(found, scores, k)
        if not all(abs(score) < 1.01 for _, score in best):
            raise _damaged(self._path, "holds what are no unit vectors")
        return best

    def of(self, rows: Sequence[int] | NDArray[np.int64]) -> Float32:
        """The vectors of ``rows``: float32 ``(len(rows), dimension)``."""
        return self._rows[np.asarray(rows, dtype=np.int64)]

    def _candidates(self, vector: Float32, k: int) -> tuple[NDArray[np.int64], Float32]:
        """Rows among which the nearest are, and their cosines."""
        if self._codes is None or _shortlist(k) >= len(self._rows):  # a scan may leave out the very last
            return np.arange(len(self._rows)), np.vecdot(self._rows, vector)
        return self._scored(self._codes.nearest(vector, _shortlist(k)), vector)

    def _candidates_among(
        self, vector: Float32, k: int, among: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], Float32]:
        """All of ``among``; or as many from the codes as hold a shortlist of them twice, when that is fewer."""
        taken = 2 * _shortlist(k) * len(self._rows) // max(1, len(among))
        if self._codes is not None and taken < len(among):
            allowed = np.zeros(len(self._rows), dtype=np.bool_)
            allowed[among] = True
            found = self._codes.nearest(vector, taken)
            found = found[allowed[found]]
            if len(found) >= _shortlist(k):  # else they lie far from the question
                among = found
        return self._scored(among, vector)

    def _scored(self, rows: NDArray[np.int64], vector: Float32) -> tuple[NDArray[np.int64], Float32]:
        scores = np.empty(len(rows), dtype=np.float32)
        for part in _parts(len(rows)):
            scores[part] = np.vecdot(self._rows[rows[part]], vector)
        return rows, scores


def _shortlist(k: int) -> int:
    return max(8 * k, SHORTLIST)


def _best(rows: NDArray[np.int64], scores: Float32, k: int) -> list[tuple[int, float]]:
    """Equal ones by row."""
    if k < len(rows):
        chosen = np.argpartition(-scores, k)[:k]
        rows, scores = rows[chosen], scores[chosen]
    order = np.lexsort((rows, -scores))
    return list(zip(rows[order].tolist(), scores[order].tolist(), strict=True))


def _parts(count: int) -> Iterator[slice]:
    yield from (slice(begin, begin + AT_ONCE) for begin in range(0, count, AT_ONCE))


def _mapped(path: Path, dimension: int, count: int) -> Float32:
    """The vectors of the file. Raises OSError, ValueError."""
    with path.open("rb") as stream:
        mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    if len(mapped) != 4 * dimension * count:
        raise ValueError(f"it does not hold {count} vectors of {dimension}")
    if path.with_suffix(CODES).exists() and hasattr(mmap, "MADV_RANDOM"):
        mapped.madvise(mmap.MADV_RANDOM)  # or each row that is not cached brings 128 KB from the disk
    return np.frombuffer(mapped, "<f4").reshape(count, dimension)


def _codes(path: Path, dimension: int, count: int) -> "Codes":
    from retrieval.vectors.quantized import Codes  # noqa: PLC0415  FAISS, which few vectors do without

    return Codes.read(path, dimension=dimension, count=count)


def _damaged(path: Path, how: str) -> IndexDamaged:
    return IndexDamaged(f'{path} {how}: run "onrecord index build"')
