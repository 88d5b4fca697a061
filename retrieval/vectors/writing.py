"""Vectors to a file, as they come: memory is bounded by one block, whatever their number."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from retrieval.encoder import Float32
from retrieval.vectors.layout import EXACT_UP_TO, HEADER, Layout

AT_ONCE = 8192  # vectors in memory while coding, 12 MB of 384 dimensions; a multiple of layout.BLOCK
SEED = 5  # of the sample to learn from: the same vectors give the same file


class Writer:
    """Every call opens and closes the file, so that nothing is left open when a build ends early."""

    def __init__(self, path: Path, dimension: int, *, exact_up_to: int = EXACT_UP_TO) -> None:
        """Raises OSError, as all calls do."""
        self._path, self._dimension, self._exact_up_to = path, dimension, exact_up_to
        self._count = 0
        path.write_bytes(bytes(HEADER.size))

    def add(self, vectors: Float32) -> None:
        """Rows of unit length; they get the next row numbers."""
        if vectors.shape[1] != self._dimension:
            raise ValueError(f"vectors of {vectors.shape[1]} where {self._dimension} were promised")
        with self._path.open("ab") as stream:
            stream.write(vectors.astype("<f4").tobytes())
        self._count += len(vectors)

    def close(self) -> None:
        """Adds the codes of many vectors, and says what the file holds, which makes it one."""
        layout = Layout(self._dimension, self._count, quantized=self._count > self._exact_up_to)
        if layout.quantized:
            self._quantize(layout)
        with self._path.open("r+b") as stream:
            stream.write(layout.header)

    def _quantize(self, layout: Layout) -> None:
        from retrieval.vectors.quantized import SAMPLE, Coder  # noqa: PLC0415  FAISS, which few vectors do without

        with self._path.open("rb") as written, self._path.open("ab") as stream:
            coder = Coder(layout, _sample(written, layout, SAMPLE))
            stream.write(coder.books.astype("<f4").tobytes())
            for block in _blocks(written, layout):
                stream.write(coder.code(block))


def _sample(stream: BinaryIO, layout: Layout, size: int) -> Float32:
    """Drawn by seed; read one by one, as mapped memory would count for this process."""
    chosen = np.random.default_rng(SEED).choice(layout.count, min(size, layout.count), replace=False)
    sample = np.empty((len(chosen), layout.dimension), dtype="<f4")
    for place, row in enumerate(sorted(chosen.tolist())):
        stream.seek(HEADER.size + 4 * layout.dimension * row)
        stream.readinto(memoryview(sample[place]))  # type: ignore[attr-defined]  # of a buffered file
    return sample


def _blocks(stream: BinaryIO, layout: Layout) -> Iterator[Float32]:
    stream.seek(HEADER.size)
    for begin in range(0, layout.count, AT_ONCE):
        rows = min(AT_ONCE, layout.count - begin)
        yield np.fromfile(stream, "<f4", rows * layout.dimension).reshape(rows, layout.dimension)
