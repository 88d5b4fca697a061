"""Vectors to a file, as they come: memory is bounded by one block and 48 bytes of each vector, whatever their number."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from retrieval.encoder import Float32

EXACT_UP_TO = 20_000
"""Vectors up to which all are scored. On two cores (benchmarks/nearest.py): of 3,000 it takes 0.09 ms where the codes
take 0.14, of 10,000 it is 0.37 against 0.19, of 30,000 1.4 against 0.33. But codes want FAISS, which takes 100 ms to
load: as long as less than a millisecond is at stake, a cold answer is sooner without, and nothing is ever missed."""
CODES = ".faiss"
"""Suffix of the file of codes, in place of that of the vectors."""
AT_ONCE = 8192  # vectors in memory while coding, 12 MB of 384 dimensions
SEED = 5  # of the sample to learn from: the same vectors give the same file


class Writer:
    """Every call opens and closes the file, so that nothing is left open when a build ends early."""

    def __init__(self, path: Path, dimension: int, *, exact_up_to: int = EXACT_UP_TO) -> None:
        """Raises OSError, as all calls do."""
        self._path, self._dimension, self._exact_up_to = path, dimension, exact_up_to
        self._count = 0
        path.write_bytes(b"")
        path.with_suffix(CODES).unlink(missing_ok=True)  # of vectors that were there before

    def add(self, vectors: Float32) -> None:
        """Rows of unit length; they get the next row numbers."""
        if vectors.shape[1] != self._dimension:
            raise ValueError(f"vectors of {vectors.shape[1]} where {self._dimension} were promised")
        with self._path.open("ab") as stream:
            stream.write(vectors.astype("<f4").tobytes())
        self._count += len(vectors)

    def close(self) -> None:
        """Writes the codes of many vectors beside them."""
        if self._count > self._exact_up_to:
            self._quantize()

    def _quantize(self) -> None:
        from retrieval.vectors.quantized import SAMPLE, Codes  # noqa: PLC0415  FAISS, which few vectors do without

        with self._path.open("rb") as written:
            codes = Codes.learned(self._sample(written, SAMPLE))
            for block in self._blocks(written):
                codes.add(block)
        codes.write(self._path.with_suffix(CODES))

    def _sample(self, stream: BinaryIO, size: int) -> Float32:
        """Drawn by seed; read one by one, as mapped memory would count for this process."""
        chosen = np.random.default_rng(SEED).choice(self._count, min(size, self._count), replace=False)
        sample = np.empty((len(chosen), self._dimension), dtype="<f4")
        for place, row in enumerate(sorted(chosen.tolist())):
            stream.seek(4 * self._dimension * row)
            stream.readinto(memoryview(sample[place]))  # type: ignore[attr-defined]  # of a buffered file
        return sample

    def _blocks(self, stream: BinaryIO) -> Iterator[Float32]:
        stream.seek(0)
        for begin in range(0, self._count, AT_ONCE):
            rows = min(AT_ONCE, self._count - begin)
            yield np.fromfile(stream, "<f4", rows * self._dimension).reshape(rows, self._dimension)
