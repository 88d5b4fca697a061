"""Vectors of sentences, made when a question first needs them and remembered while there is room."""

from collections.abc import Sequence
from threading import Lock

import numpy as np

from retrieval.encoder import Float32
from retrieval.search import Index

REMEMBERED = 20_000
"""Sentences: about 30 MB of vectors. Embedding one takes some milliseconds, looking it up none."""

Key = tuple[int, int]
"""Article row and position of the sentence in it."""


class SentenceVectors:
    """Safe to share between threads."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._known: dict[Key, Float32] = {}
        self._lock = Lock()

    def of(self, sentences: Sequence[tuple[Key, str]]) -> Float32:
        """Float32 ``(n, dimension)``, unit rows, in order; ``sentences`` must not be empty."""
        with self._lock:
            held = {key: self._known[key] for key, _ in sentences if key in self._known}
        new = {key: text for key, text in sentences if key not in held}
        if new:
            made = dict(zip(new, self._index.encode(list(new.values())), strict=True))
            held |= made
            self._remember(made)
        return np.stack([held[key] for key, _ in sentences])

    def _remember(self, made: dict[Key, Float32]) -> None:
        with self._lock:
            if len(self._known) + len(made) > REMEMBERED:
                self._known.clear()
            self._known |= made
