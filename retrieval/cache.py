"""Vectors kept by what they were made of, so that a rebuild embeds only what is new.

The key is a hash of the encoder's fingerprint and the text. Losing the cache costs time, nothing else: one
that cannot be read is put aside and begun again.
"""

import hashlib
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
        try:
            self._rows = Database(self._path, SCHEMA)
            self._known([b""])
        except IndexDamaged:
            self._path.replace(self._path.with_suffix(".damaged"))
            self._rows = Database(self._path, SCHEMA)

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

    def _known(self, keys: Sequence[bytes]) -> dict[bytes, Float32]:
        found: dict[bytes, Float32] = {}
        for begin in range(0, len(keys), ASKED_AT_ONCE):
            part = keys[begin : begin + ASKED_AT_ONCE]
            query = f"SELECT key, vector FROM vectors WHERE key IN ({', '.join('?' * len(part))})"  # noqa: S608  marks only
            for key, vector in self._rows.rows(query, *part):
                found[key] = np.frombuffer(vector, dtype="<f4")
        return {key: v for key, v in found.items() if v.shape == (self._encoder.dimension,)}

    def _keep(self, keys: Sequence[bytes], vectors: Float32) -> dict[bytes, Float32]:
        made = dict(zip(keys, vectors, strict=True))
        rows = ((key, vector.astype("<f4").tobytes()) for key, vector in made.items())
        self._rows.write("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
        self._rows.commit()
        return made


def _length(item: tuple[bytes, str]) -> int:
    return len(item[1])
