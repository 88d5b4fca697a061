"""Vectors kept by what they were made of, so that a rebuild embeds only what is new.

The key is a hash of the encoder's fingerprint and the text. Losing the cache costs time, nothing else: one
that cannot be read is put aside and begun again, and a vector that is not as it was written is made anew.
"""

import hashlib
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from corpus.database import Database
from corpus.errors import IndexDamaged
from retrieval.encoder import Encoder, Float32

SCHEMA = """
PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 10000;
CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL);
"""  # with row numbers, new vectors go to the end of the file: by key they would be written all over it
SAVED_EVERY = 256  # texts; what a crash can cost, some 8 s of embedding
ASKED_AT_ONCE = 500


class Cache:
    """Vectors of one encoder in ``folder/vectors.sqlite``, which encoders and builds may share."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path, self._encoder = folder / "vectors.sqlite", encoder
        self._bytes = 4 * encoder.dimension
        try:
            self._rows = Database(self._path, SCHEMA)
        except IndexDamaged:
            self._begin_again()

    def encode(self, texts: Sequence[str], progress: Callable[[int], None]) -> tuple[Float32, int]:
        """Vectors of passages and how many of them were new; ``progress`` is told how many are done."""
        keys = [self._key(text) for text in texts]
        known = self._known(keys)
        new = sorted({k: t for k, t in zip(keys, texts, strict=True) if k not in known}.items(), key=_length)
        done = len(texts) - len(new)
        progress(done)
        for begin in range(0, len(new), SAVED_EVERY):
            part = new[begin : begin + SAVED_EVERY]
            vectors = self._encoder.encode([text for _, text in part])
            known |= self._keep([key for key, _ in part], vectors)
            progress(done + begin + len(part))
        whole = np.stack([known[key] for key in keys]) if keys else np.empty((0, self._encoder.dimension))
        return whole.astype(np.float32, copy=False), len(new)

    def close(self) -> None:
        self._rows.close()

    def _key(self, text: str) -> bytes:
        made_of = f"{self._encoder.fingerprint}\n{text}".encode("utf-8", "replace")
        return hashlib.sha256(made_of).digest()[:16]

    def _begin_again(self) -> None:
        self._path.replace(self._path.with_suffix(".damaged"))
        for log in ("-wal", "-shm"):
            self._path.with_name(self._path.name + log).unlink(missing_ok=True)
        self._rows = Database(self._path, SCHEMA)

    def _known(self, keys: Sequence[bytes]) -> dict[bytes, Float32]:
        found: dict[bytes, Float32] = {}
        try:
            for begin in range(0, len(keys), ASKED_AT_ONCE):
                part = keys[begin : begin + ASKED_AT_ONCE]
                query = f"SELECT key, vector FROM vectors WHERE key IN ({', '.join('?' * len(part))})"  # noqa: S608  marks only
                for key, value in self._rows.rows(query, *part):
                    vector, seal = value[: self._bytes], value[self._bytes :]
                    if len(vector) == self._bytes and seal in (
                        b"",
                        _seal(key, vector),
                    ):  # earlier versions had none
                        found[key] = np.frombuffer(vector, dtype="<f4")
        except IndexDamaged:
            self._rows.close()
            self._begin_again()
        return found

    def _keep(self, keys: Sequence[bytes], vectors: Float32) -> dict[bytes, Float32]:
        made = dict(zip(keys, vectors, strict=True))
        whole = ((key, vector.astype("<f4").tobytes()) for key, vector in made.items())
        rows = [(key, vector + _seal(key, vector)) for key, vector in whole]
        try:
            self._put(rows)
        except IndexDamaged:
            self._rows.close()
            self._begin_again()
            self._put(rows)
        return made

    def _put(self, rows: Sequence[tuple[bytes, bytes]]) -> None:
        self._rows.write("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
        self._rows.commit()


def _seal(key: bytes, vector: bytes) -> bytes:
    """SQLite does not notice a bit that flips in a value."""
    return zlib.crc32(vector, zlib.crc32(key)).to_bytes(4, "little")


def _length(item: tuple[bytes, str]) -> int:
    return len(item[1])
