"""Two small corpora made of the starter articles, and all that an index of one of them answers.

The second is the first with articles edited, added and removed, so that no question has the same answer in both.
"""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np

from corpus.article import Article, Document, Unreadable
from corpus.reading import digest, read
from retrieval.encoder import Encoder, Float32, Kind
from retrieval.glossary import WordEncoder
from retrieval.search import Index

Which = Literal["old", "new"]
STARTER = Path(__file__).resolve().parents[3] / "corpus" / "articles"
ASKED = Path(__file__).resolve().parents[2] / "starter_questions.jsonl"
QUESTIONS = 20


class Words:
    """Words hashed into directions, each worked out once: an Encoder that takes no time."""

    name, fingerprint = "fake", "fake-1"

    def __init__(self, dimension: int = 64) -> None:
        self.dimension = dimension
        self._of = cache(self._one)

    def encode(
        self, texts: Sequence[str], *, kind: Kind = "passage", progress: Callable[[int], None] | None = None
    ) -> Float32:
        """As Encoder.encode; ``kind`` makes no difference."""
        del kind
        if progress:
            progress(len(texts))
        found = [self._of(text) for text in texts]
        return np.stack(found) if found else np.empty((0, self.dimension), dtype=np.float32)

    def _one(self, text: str) -> Float32:
        total = np.zeros(self.dimension, dtype=np.float32)
        for word in ["", *text.lower().split()]:
            seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8])
            total += np.random.default_rng(seed).standard_normal(self.dimension)
        unit: Float32 = total / np.linalg.norm(total)
        return unit


class Vocabulary(WordEncoder):
    """The glossary's encoder, in no time and on any machine."""

    fingerprint = "words-1"
    available = staticmethod(lambda: True)
    _model = Words(WordEncoder.dimension)

    def encode(
        self, texts: Sequence[str], *, kind: Kind = "query", progress: Callable[[int], None] | None = None
    ) -> Float32:
        """As WordEncoder.encode."""
        return self._model.encode(texts, kind=kind, progress=progress)


def write(base: Path) -> None:
    """The folders ``base/old`` and ``base/new``: 14 articles each, of which 8 are the same."""
    old, new = base / "old", base / "new"
    old.mkdir()
    new.mkdir()
    articles = sorted(STARTER.glob("*.md"))[-12:]
    for number, path in enumerate(articles):
        text = path.read_text(encoding="utf-8")
        (old / path.name).write_text(text, encoding="utf-8")
        if number % 6 == 5:  # removed
            continue
        edited = text.rstrip() + f"\n\nThe paper corrected this report {number} times, its editor said.\n"
        (new / path.name).write_text(edited if number % 4 == 0 else text, encoding="utf-8")
    for number, path in enumerate(articles[:6]):  # another year's paper prints nearly the same
        text = re.sub(r"\b20\d\d\b", "2021", path.read_text(encoding="utf-8"))
        for folder in (old,) if number < 2 else (new,):
            (folder / f"2021-{path.name}").write_text(text, encoding="utf-8")


def documents(folder: Path) -> list[Document | Unreadable]:
    return [digest(found) if isinstance(found, Article) else found for found in read([folder])]


@cache
def questions() -> list[str]:
    lines = ASKED.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines][:QUESTIONS]


def found(index: Index, question: str) -> bytes:
    """What the index finds for one question, and the passages' texts."""
    hits = index.search(question)
    texts = [index.article(hit.article).text[hit.start : hit.end] for hit in hits]
    return json.dumps([[asdict(hit) for hit in hits], texts]).encode()


def answers(folder: Path, encoder: Encoder) -> bytes:
    """All that the index in ``folder`` answers and holds. Raises IndexUnusable, as ``Index.open`` does."""
    index = Index.open(folder, encoder)
    try:
        known = [found(index, question) for question in questions()]
        rows = {place.article for place in index.places(range(index.passages)).values()}
        articles = repr([(index.article(row), index.sentences(row)) for row in sorted(rows)]).encode()
        vectors = hashlib.sha256(index.vectors_of(range(index.passages)).tobytes()).hexdigest().encode()
        words = " ".join(index.glossary.words if index.glossary else []).encode()
        return b"\n".join([*known, articles, vectors, words])
    finally:
        index.close()
