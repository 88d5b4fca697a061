"""Product quantization in four bits by FAISS: codes, and a scan of all of them; its only importer.

André, Kermarrec and Le Scouarnec 2015, "Cache locality is not enough"; FAISS calls it PQ fast scan. A scan reads
48 bytes of a vector of 384 and keeps its tables in registers. Inverted lists over the same codes were no faster at the
same recall: of a million vectors they must scan a quarter to hold .972 of the ten nearest, in 1.3 ms, where all take
1.9 ms and hold .998.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.encoder import Float32

with warnings.catch_warnings():
    warnings.simplefilter(
        "ignore", DeprecationWarning
    )  # SWIG types without __module__, on Python 3.12 and later
    import faiss

COMPONENTS = 4
"""Of a vector, coded by one of 16 points: 48 bytes stand for 384 components. With three the scan of a million takes
5.6 ms in place of 1.9, and the shortlist holds .9997 of the ten nearest in place of .997."""
SAMPLE = 8192  # vectors to learn from; four times as many, and more rounds, find no more
ROUNDS = 10
_BITS = 4
_BLOCK = 32  # FAISS interleaves the codes of so many vectors, for one register; the last block is filled up
_HEADER = 1024  # bytes that a file may hold beside points and codes; it holds 105
_limiting = Lock()


class Codes:
    """The codes of all vectors, in memory: 48 bytes for each of 384 dimensions. Threads may share it."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def learned(cls, sample: Float32) -> "Codes":
        """None yet, by points learned from a sample; the same sample gives the same points."""
        index = _index(sample.shape[1])
        with _one_thread():
            index.train(_filled(sample, index.d))
        return cls(index)

    @classmethod
    def read(cls, path: Path, *, dimension: int, count: int) -> "Codes":
        """Those of ``count`` vectors. Raises ValueError when the file does not hold them, OSError.

        Its size is looked at before FAISS reads a byte, and FAISS takes no more memory than such a file needs.
        """
        index = _index(dimension)
        points, codes = 4 * index.d * index.ksub, _code_bytes(count, index)
        if not points + codes <= path.stat().st_size <= points + codes + _HEADER:
            raise ValueError(f"{path.name} is not of the size that the codes of {count} vectors have")
        found = _read(path, points + codes)
        if _shape(found) != [*_shape(index)[:-2], count, _whole(count)] or found.codes.size() != codes:
            raise ValueError(f"{path.name} does not hold the codes of {count} vectors of {dimension}")
        centroids = faiss.vector_to_array(found.pq.centroids)
        if (
            4 * len(centroids) != points or not (np.abs(centroids) <= 1.001).all()
        ):  # also when one is not a number
            raise ValueError(f"{path.name} holds codes of no unit vectors")
        return cls(found)

    def add(self, vectors: Float32) -> None:
        with _one_thread():
            self._index.add(_filled(vectors, self._index.d))

    def write(self, path: Path) -> None:
        """Raises OSError."""
        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as exc:
            raise OSError(f"could not write {path}: {_first(exc)}") from exc

    def nearest(self, vector: Float32, k: int) -> NDArray[np.int64]:
        """The ``k`` rows, at most, whose codes are nearest to ``vector``; in one thread."""
        asked = _filled(vector.reshape(1, -1), self._index.d)
        found: NDArray[np.int64] = self._index.search(asked, min(k, self._index.ntotal))[1][0]
        return found[found >= 0]  # -1 marks a missing neighbour


def _index(dimension: int) -> Any:
    """An empty one. Vectors are filled up with zeros to an even number of parts, as FAISS pairs them."""
    parts = -(-dimension // (2 * COMPONENTS)) * 2
    index: Any = faiss.IndexPQFastScan(COMPONENTS * parts, parts, _BITS, faiss.METRIC_INNER_PRODUCT, _BLOCK)
    index.pq.cp.niter, index.pq.cp.min_points_per_centroid = ROUNDS, 1
    return index


def _shape(index: Any) -> list[Any]:
    """Whatever decides how codes are laid out and read."""
    codes = [
        getattr(index, name, None) for name in ("metric_type", "M", "ksub", "bbs", "M2", "implem", "qbs")
    ]
    points = [getattr(getattr(index, "pq", None), name, None) for name in ("d", "M", "nbits", "dsub")]
    return [type(index), index.d, *codes, *points, index.ntotal, getattr(index, "ntotal2", None)]


def _whole(count: int) -> int:
    return -(-count // _BLOCK) * _BLOCK


def _code_bytes(count: int, index: Any) -> int:
    size: int = _whole(count) * index.M2 // 2
    return size


def _read(path: Path, size: int) -> Any:
    """What the file holds, if that is no more than ``size`` bytes at a time. Raises ValueError."""
    with _limiting:  # FAISS's limits are those of the process
        before = faiss.get_deserialization_vector_byte_limit(), faiss.get_deserialization_loop_limit()
        faiss.set_deserialization_vector_byte_limit(size)
        faiss.set_deserialization_loop_limit(_BLOCK)
        try:
            return faiss.read_index(str(path))
        except (RuntimeError, MemoryError) as exc:
            raise ValueError(f"{path.name} is no file of codes: {_first(exc)}") from exc
        finally:
            faiss.set_deserialization_vector_byte_limit(before[0])
            faiss.set_deserialization_loop_limit(before[1])


def _filled(vectors: Float32, width: int) -> Float32:
    """With zeros, which change no product, up to the width that FAISS divides."""
    missing = width - vectors.shape[1]
    return np.pad(vectors, ((0, 0), (0, missing))) if missing else np.ascontiguousarray(vectors)


def _first(exc: BaseException) -> str:
    """FAISS reports over many lines, with C++ signatures."""
    return str(exc).strip().partition("\n")[0][-120:]


@contextmanager
def _one_thread() -> Iterator[None]:
    """Its many small steps take ten times as long when two threads wait for each other on two busy cores."""
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)
