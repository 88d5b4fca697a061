"""Where everything lies in a file of vectors: a function of dimension, count and whether it is quantized."""

import struct
from dataclasses import dataclass

EXACT_UP_TO = 10_000
"""Vectors up to which scoring all is what takes the least time. TO BE MEASURED"""

MAGIC = b"onrecord vectors 1\n"
HEADER = struct.Struct("<24sQII24x")  # 64 bytes: magic, count, dimension, subspaces
COMPONENTS = 4
"""Of a vector, coded by one of 16 points: 48 bytes stand for 384 components. With two, at twice the time and the
memory, the ten nearest are never missed; with four one in a thousand is, see ``searching.SHORTLIST``."""
POINTS = 16
BLOCK = 32  # FAISS interleaves the codes of so many vectors, for one register; the last block is filled up


@dataclass(frozen=True, slots=True)
class Layout:
    """Offsets and lengths are bytes. A file of ``size`` bytes that begins with ``header`` has all its parts."""

    dimension: int
    count: int
    quantized: bool

    @property
    def header(self) -> bytes:
        return HEADER.pack(MAGIC, self.count, self.dimension, self.subspaces if self.quantized else 0)

    @property
    def subspaces(self) -> int:
        """An even number, as FAISS pairs them; vectors are filled up with zeros to four components of each."""
        return -(-self.dimension // (2 * COMPONENTS)) * 2

    @property
    def books(self) -> int:
        """Where the points of all subspaces begin: float32 (subspaces, POINTS, COMPONENTS)."""
        return HEADER.size + 4 * self.dimension * self.count

    @property
    def codes(self) -> int:
        """Where the codes begin, ``code_bytes(count)`` of them."""
        return self.books + 4 * self.subspaces * POINTS * COMPONENTS

    @property
    def size(self) -> int:
        return self.codes + self.code_bytes(self.count) if self.quantized else self.books

    def code_bytes(self, count: int) -> int:
        return -(-count // BLOCK) * BLOCK * self.subspaces // 2
