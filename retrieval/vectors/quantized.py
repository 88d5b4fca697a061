"""Product quantization in four bits by FAISS: books of points, codes, and a scan of all codes; its only importer.

André, Kermarrec and Le Scouarnec 2015, "Cache locality is not enough"; FAISS calls it PQ fast scan. A scan reads
48 bytes of a vector of 384 and keeps its tables in registers.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from retrieval.encoder import Float32
from retrieval.vectors.layout import BLOCK, COMPONENTS, POINTS, Layout

with warnings.catch_warnings():
    warnings.simplefilter(
        "ignore", DeprecationWarning
    )  # SWIG types without __module__, on Python 3.12 and later
    import faiss

SAMPLE = 8192  # vectors to learn from; four times as many, and more rounds, find no more
ROUNDS = 10


class Codes:
    """The codes of all vectors, in memory: 48 bytes for each of 384 dimensions. Threads may share it."""

    def __init__(self, layout: Layout, stream: BinaryIO) -> None:
        """From an open file of that layout. Raises ValueError when its points are none of parts of unit vectors."""
        stream.seek(layout.books)
        books = np.fromfile(stream, "<f4", layout.subspaces * POINTS * COMPONENTS)
        if not (np.abs(books) <= 1.001).all():  # also when one is not a number
            raise ValueError("its codes are of no unit vectors")
        self._layout, self._index = layout, _index(layout, books)
        self._index.ntotal, self._index.ntotal2 = layout.count, -(-layout.count // BLOCK) * BLOCK
        size = layout.code_bytes(layout.count)
        self._index.codes.resize(size)
        stream.seek(layout.codes)
        stream.readinto(faiss.rev_swig_ptr(self._index.codes.get(), size))  # type: ignore[attr-defined]  # it is buffered

    def nearest(self, vector: Float32, k: int) -> NDArray[np.int64]:
        """The ``k`` rows, at most, whose codes are nearest to ``vector``; in one thread."""
        asked = _filled(vector.reshape(1, -1), self._layout)
        found: NDArray[np.int64] = self._index.search(asked, min(k, self._layout.count))[1][0]
        return found[found >= 0]  # -1 marks a missing neighbour


class Coder:
    """Learns from a sample, and codes vectors; the same sample gives the same bytes."""

    def __init__(self, layout: Layout, sample: Float32) -> None:
        self._layout, self._index = layout, _index(layout)
        with _one_thread():
            self._index.train(_filled(sample, layout))
        self.books: Float32 = faiss.vector_to_array(self._index.pq.centroids)

    def code(self, vectors: Float32) -> bytes:
        """``layout.code_bytes(len(vectors))`` bytes; calls but the last bring whole blocks."""
        self._index.reset()
        with _one_thread():
            self._index.add(_filled(vectors, self._layout))
        coded: bytes = faiss.AlignedTable_to_array(self._index.codes).tobytes()
        return coded[: self._layout.code_bytes(len(vectors))]


def _index(layout: Layout, books: Float32 | None = None) -> Any:
    index: Any = faiss.IndexPQFastScan(
        COMPONENTS * layout.subspaces, layout.subspaces, 4, faiss.METRIC_INNER_PRODUCT, BLOCK
    )
    index.pq.cp.niter, index.pq.cp.min_points_per_centroid = ROUNDS, 1
    if books is not None:
        faiss.copy_array_to_vector(books, index.pq.centroids)
        index.is_trained = True
    return index


def _filled(vectors: Float32, layout: Layout) -> Float32:
    """With zeros, which change no product, up to the width that FAISS divides."""
    missing = COMPONENTS * layout.subspaces - vectors.shape[1]
    return np.pad(vectors, ((0, 0), (0, missing))) if missing else np.ascontiguousarray(vectors)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Its many small steps take ten times as long when two threads wait for each other on two busy cores."""
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)
