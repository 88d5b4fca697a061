"""Unit vectors in a flat FAISS file, searched exactly by cosine; the only importer of faiss."""

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from corpus.errors import IndexDamaged
from retrieval.encoder import Float32

with warnings.catch_warnings():
    warnings.simplefilter(
        "ignore", DeprecationWarning
    )  # SWIG types without __module__, on Python 3.12 and later
    import faiss


class Writer:
    """Collects vectors in memory, 4 bytes times the dimension each, and writes them at ``close``."""

    def __init__(self, path: Path, dimension: int) -> None:
        self._path, self._index = path, faiss.IndexFlatIP(dimension)

    def add(self, vectors: Float32) -> None:
        """Rows of unit length; they get the next row numbers."""
        self._index.add(np.ascontiguousarray(vectors))

    def close(self) -> None:
        """Raises OSError."""
        try:
            faiss.write_index(self._index, str(self._path))
        except RuntimeError as exc:
            raise OSError(f"could not write {self._path}: {_first(exc)}") from exc


class Vectors:
    """A finished file in memory, read-only; threads may share it."""

    def __init__(self, path: Path, *, dimension: int, count: int) -> None:
        """Raises IndexDamaged when the file is not ``count`` vectors of ``dimension``."""
        try:
            if not _fits(path, dimension * count):
                raise IndexDamaged(f'{path} is cut short or too long: run "onrecord index build"')
            self._index: Any = faiss.read_index(str(path))
        except (OSError, RuntimeError, MemoryError) as exc:
            raise IndexDamaged(f'{path} is damaged ({_first(exc)}): run "onrecord index build"') from exc
        if not isinstance(self._index, faiss.IndexFlatIP) or (self._index.d, self._index.ntotal) != (
            dimension,
            count,
        ):
            raise IndexDamaged(
                f'{path} does not hold {count} vectors of {dimension}: run "onrecord index build"'
            )

    def search(self, vector: Float32, k: int, rows: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """At most ``k`` pairs (row, cosine), nearest first, among ``rows`` or among all."""
        if not k or not self._index.ntotal or (rows is not None and not rows):
            return []
        only = None
        if rows is not None:
            chosen = faiss.IDSelectorBatch(np.array(rows, dtype=np.int64))
            only = faiss.SearchParameters(sel=chosen)  # type: ignore[call-arg]  # added in Python
        scores, found = self._index.search(vector.reshape(1, -1), k, params=only)
        pairs = zip(found[0].tolist(), scores[0].tolist(), strict=True)
        return [(row, score) for row, score in pairs if row >= 0]  # -1 marks a missing neighbour

    def of(self, rows: Sequence[int]) -> Float32:
        """The vectors of ``rows``: float32 ``(len(rows), dimension)``."""
        made: Float32 = self._index.reconstruct_batch(np.array(rows, dtype=np.int64))
        return made


def _fits(path: Path, floats: int) -> bool:
    """Whether the file is a header and so many floats. FAISS takes memory for whatever number the file says."""
    with path.open("rb") as stream:
        header = stream.read(max(0, path.stat().st_size - 4 * floats))
    return 8 <= len(header) < 1024 and int.from_bytes(header[-8:], "little") == floats


def _first(exc: BaseException) -> str:
    """FAISS reports over many lines, with C++ signatures."""
    return str(exc).strip().partition("\n")[0][-120:]
