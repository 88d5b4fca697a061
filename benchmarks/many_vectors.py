"""Real vectors, and any number of others like them: for measuring search among more vectors than we have.

A made vector is a real one, turned along the difference of two other real ones until their cosine is one that was
drawn from those that real vectors have with their nearest neighbours. So nearest neighbours lie as far apart as in
life, and in directions in which real vectors differ. Everything follows from the seed and the count.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import faiss
import numpy as np

from retrieval.encoder import Float32
from retrieval.glossary import WordEncoder

SEED = 5
BLOCK = 50_000
WORDS = 0.5
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def real(path: Path, dimension: int) -> Float32:
    """The vectors of texts in a cache (``retrieval/cache.py``), in the order of their keys, which are hashes.

    A cache holds single words too, of the multilingual model. All its vectors have a cosine of 0.7 and more with
    each other, and none to speak of with those of another model: so they are told apart, and left out.
    """
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as rows:
        kept = rows.execute("SELECT vector FROM vectors ORDER BY key")
        everything = np.stack(
            [np.frombuffer(one, "<f4", dimension) for (one,) in kept]
        )  # a checksum may follow
    word = WordEncoder().encode(["news"])[0]
    texts: Float32 = everything[everything @ word < WORDS]
    return texts


def neighbours(vectors: Float32, among: Float32) -> Float32:
    """The cosine of each of ``vectors``, which are in ``among`` too, with the nearest other one, sorted."""
    return np.sort(faiss.knn(vectors, among, 2, metric=faiss.METRIC_INNER_PRODUCT)[0][:, 1])


def quantiles(values: Float32) -> dict[str, float]:
    return {str(q): round(float(np.quantile(values, q)), 3) for q in QUANTILES}


def blocks(vectors: Float32, count: int) -> Iterator[Float32]:
    """``count`` vectors: real ones as long as there are some, then made ones."""
    for begin in range(0, min(count, len(vectors)), BLOCK):
        yield vectors[begin : min(begin + BLOCK, count)]
    if count > len(vectors):
        random = np.random.default_rng(SEED)
        sample = random.choice(len(vectors), min(5000, len(vectors)), replace=False)
        near = neighbours(vectors[sample], vectors)
        for begin in range(len(vectors), count, BLOCK):
            yield _made(vectors, near, random, min(BLOCK, count - begin))


def _made(vectors: Float32, near: Float32, random: np.random.Generator, count: int) -> Float32:
    base, one, other = (vectors[random.integers(0, len(vectors), count)] for _ in range(3))
    aside = one - other
    aside -= np.vecdot(aside, base)[:, None] * base
    aside /= np.maximum(np.linalg.norm(aside, axis=1, keepdims=True), 1e-6)
    cosine = random.choice(near, count)[:, None]
    turned = cosine * base + np.sqrt(np.maximum(0, 1 - cosine**2)) * aside
    return np.asarray(turned / np.linalg.norm(turned, axis=1, keepdims=True), dtype=np.float32)
