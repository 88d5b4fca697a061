"""Where everything lies in a file of vectors: a function of dimension, count and whether it is quantized."""

import struct
from dataclasses import dataclass

EXACT_UP_TO = 20_000
"""Vectors up to which all are scored. On two cores (benchmarks/nearest.py): of 3,000 it takes 0.09 ms where the codes
take 0.14, of 10,000 it is 0.37 against 0.19, of 30,000 1.4 against 0.33. But codes want FAISS, which takes 100 ms to
load: as long as less than a millisecond is at stake, a cold answer is sooner without, and nothing is ever missed."""

MAGIC = b"onrecord vectors 1\n"
HEADER = struct.Struct("<24sQII24x")  # 64 bytes: magic, count, dimension, subspaces
COMPONENTS = 4
"""Of a vector, coded by one of 16 points: 48 bytes stand for 384 components. With three the scan of a million takes
5.6 ms in place of 1.9, and the shortlist holds .9997 of the ten nearest in place of .997."""
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
