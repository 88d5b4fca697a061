"""Corpora of any size out of some real articles: the benchmark's own articles and vectors, said plainly.

A passage is a real one whose first sentence was exchanged for one of another passage; an article is a run of such
passages under a real title. The passage's vector is that of the real one, as the real encoder made it, moved a
little along the difference of two other real vectors. Everything follows from the seed and the size,
so the same corpus can be made again, and its vectors looked through without an index.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from pathlib import Path

import numpy as np

from corpus.article import Article, Document, Passage, Sentence
from corpus.reading import digest, read
from retrieval.cache import Cache
from retrieval.encoder import Encoder, Float32, Kind
from retrieval.filling import embedded_text
from retrieval.glossary import WordEncoder

SEED = 5
NOISE = 0.35
"""Of the difference of two real vectors, whose length is 1.3 or so: a passage and the real one have a cosine of 0.9,
as passages have that tell one story."""
_PASSAGES = 17
"""In an article; in the real ones there are as many."""
_TAIL = 48
"""Characters at its end that tell a passage; shorter ones are left out."""
BEGIN, DAYS = date(2022, 1, 1), 730
"""Articles are published evenly over these days."""
SITES = 40
"""Their outlets."""


@dataclass(frozen=True, slots=True)
class Pool:
    """The real passages, of two sentences and more."""

    firsts: list[str]
    """Their first sentences."""
    others: list[str]
    """The rest of each."""
    spans: list[list[tuple[int, int]]]
    """Where the sentences of the rest stand in it."""
    titles: list[str]
    vectors: Float32

    def save(self, folder: Path) -> None:
        texts = {name: getattr(self, name) for name in ("firsts", "others", "spans", "titles")}
        (folder / "pool.json").write_text(json.dumps(texts), encoding="utf-8")
        np.save(folder / "pool.npy", self.vectors)

    @classmethod
    def load(cls, folder: Path) -> "Pool":
        texts = json.loads((folder / "pool.json").read_text(encoding="utf-8"))
        return cls(**texts, vectors=np.load(folder / "pool.npy"))


def gather(articles: Path, encoder: Encoder, cache: Path, told: Callable[[int], None]) -> Pool:
    """The passages of the real ``articles``, with the vectors of ``encoder``; ``told`` hears how many have one."""
    pool = Pool([], [], [], [], np.empty((0, encoder.dimension), np.float32))
    texts: list[str] = []
    for article in read([articles]):
        if isinstance(article, Article):
            document = digest(article)
            for passage in document.passages:
                text = article.text[passage.start : passage.end]
                sentences = document.sentences[passage.first : passage.last]
                if len(sentences) > 1 and passage.end - sentences[1].start >= _TAIL:
                    begin = sentences[1].start
                    pool.firsts.append(article.text[passage.start : sentences[0].end])
                    pool.others.append(article.text[begin : passage.end])
                    pool.spans.append([(one.start - begin, one.end - begin) for one in sentences[1:]])
                    pool.titles.append(article.title or "Untitled")
                    texts.append(embedded_text(article.title, text))
    kept = Cache(cache, encoder)
    try:
        vectors, _ = kept.encode(texts, told)
    finally:
        kept.close()
    return Pool(pool.firsts, pool.others, pool.spans, pool.titles, vectors)


def documents(pool: Pool, passages: int) -> Iterator[Document]:
    """Articles of so many passages in all."""
    chosen = np.random.default_rng([SEED, passages])
    for number, begin in enumerate(range(0, passages, _PASSAGES)):
        count = min(_PASSAGES, passages - begin)
        yield _document(pool, number, chosen.integers(len(pool.others), size=(count, 2)).tolist())


def _document(pool: Pool, number: int, pairs: Sequence[tuple[int, int]]) -> Document:
    parts, sentences, passages, at = list[str](), list[Sentence](), list[Passage](), 0
    for first, rest in pairs:
        text = f"{pool.firsts[first]} {pool.others[rest]}"
        begin = at + len(pool.firsts[first]) + 1
        head = len(sentences)
        sentences.append(Sentence(at, begin - 1))
        sentences += [Sentence(begin + start, begin + end) for start, end in pool.spans[rest]]
        passages.append(Passage(at, at + len(text), head, len(sentences)))
        parts.append(text)
        at += len(text) + 2
    article = Article(
        id=f"recombined-{number}",
        text="\n\n".join(parts),
        body=tuple((passage.start, passage.end) for passage in passages),
        path="recombined",
        title=pool.titles[pairs[0][1]],
        outlet=f"site-{number % SITES}.example",
        published=BEGIN + timedelta(days=number % DAYS),
        language="en",
    )
    return Document(article, tuple(sentences), tuple(passages))


class Recombining:
    """Vectors of recombined passages, as said above; questions go to the real encoder, the last one's is kept."""

    name = "all-MiniLM-L6-v2's vectors, recombined"

    def __init__(self, pool: Pool, real: Encoder) -> None:
        self.dimension = real.dimension
        self.fingerprint = f"recombined {SEED} {NOISE} {real.fingerprint}"
        self._vectors, self._real = pool.vectors, real
        self._asked: tuple[list[str], Float32] = [], np.empty((0, real.dimension), np.float32)
        self._row = {rest[-_TAIL:]: row for row, rest in enumerate(pool.others)}

    def encode(
        self,
        texts: Sequence[str],
        *,
        kind: Kind = "passage",
        progress: Callable[[int], None] | None = None,  # noqa: ARG002  it takes no time
    ) -> Float32:
        if kind == "query":
            if self._asked[0] != list(texts):
                self._asked = list(texts), self._real.encode(texts, kind=kind)
            return self._asked[1]
        rows = [self._row[text[-_TAIL:]] for text in texts]
        drawn = b"".join(blake2b(text.encode(), digest_size=8).digest() for text in texts)
        left, right = np.frombuffer(drawn, np.uint32).reshape(-1, 2).T % len(self._vectors)
        moved = self._vectors[rows] + NOISE * (self._vectors[left] - self._vectors[right])
        made: Float32 = moved / np.linalg.norm(moved, axis=1, keepdims=True)
        return made


class Copied:
    """The words' encoder as far as a cache knows it, to fill another one from."""

    name, dimension = WordEncoder.name, WordEncoder.dimension

    def __init__(self, known: Cache) -> None:
        self.fingerprint, self._known = WordEncoder().fingerprint, known

    def encode(
        self,
        texts: Sequence[str],
        *,
        kind: Kind = "query",  # noqa: ARG002  there is one kind
        progress: Callable[[int], None] | None = None,  # noqa: ARG002  it takes no time
    ) -> Float32:
        return self._known.encode(texts, lambda _done: None)[0]
