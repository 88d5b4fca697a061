"""A question to the passages that may answer it, by meaning and by words at once."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from corpus.article import Article, Sentence
from retrieval.builds import manifest, opening, shelf
from retrieval.builds.lease import Lease
from retrieval.encoder import Encoder, Float32, Kind
from retrieval.glossary import Glossary
from retrieval.store import Matching, Place, Store
from retrieval.vectors import Vectors
from retrieval.words import Words

RRF = 60  # Cormack, Clarke and Büttcher 2009, reciprocal rank fusion
DEPTH = 100  # taken from each ranking; 200 finds the same, 50 a little less


@dataclass(frozen=True, slots=True)
class Filters:
    """What to search in; every condition that is given must hold."""

    since: date | None = None
    """First day of publication; with either date given, articles without one are left out."""
    until: date | None = None
    """Last day of publication, included."""
    outlets: tuple[str, ...] = ()
    """Any of these: all words asked for occur in the outlet's name, in whatever case."""
    speakers: tuple[str, ...] = ()
    """Any of these, matched like outlets, speaks in a sentence of the passage."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found: ``text[start:end]`` of its article, sentences ``first`` up to ``last``."""

    passage: int
    article: int
    article_id: str
    start: int
    end: int
    first: int
    last: int
    score: float
    """Reciprocal rank fusion, higher is better."""
    cosine: float
    """Of question and passage, in [-1, 1]."""
    bm25: float
    """0.0 when the words did not find it."""


class Index:
    """One build, open for reading. Threads may share it; it stays whole when a newer build is switched to."""

    def __init__(self, lease: Lease, encoder: Encoder, described: manifest.Manifest) -> None:
        folder = lease.build
        self.build, self.model, self.passages = described.build, described.model, described.passages
        self._lease, self._encoder, self._folder = lease, encoder, folder
        self._rows = Store(folder / manifest.ROWS)
        self._words, self._articles = Words(folder / manifest.WORDS), Words(folder / manifest.ARTICLES)
        self._vectors = Vectors(
            folder / manifest.VECTORS, dimension=described.dimension, count=described.passages
        )

    @classmethod
    def open(cls, folder: Path, encoder: Encoder) -> "Index":
        """The current build in ``folder``, which stays on disk until ``close``.

        Every file is checked before any is loaded. Raises IndexMissing, IndexDamaged, IndexMismatch.
        """
        lease = shelf.lend(folder)
        try:
            described = manifest.read(lease.build)
            manifest.require(described, lease.build, encoder)
            opening.check(described, lease.build)
            return cls(lease, encoder, described)
        except BaseException:
            lease.close()
            raise

    def search(self, query: str, *, k: int = 10, filters: Filters = Filters()) -> list[Hit]:
        """At most ``k`` passages, best first.

        Three rankings count alike: passages by meaning, passages by words, and articles by words, each
        with its best passage. News is asked about in words that lie scattered over an article; without the
        third, plain BM25 over whole articles finds more of RealTime QA (hits@10 .887, against .861; .896 with it).
        """
        among = self._matching(filters)
        rows = None if among is None else among.passages
        asked = self._encoder.encode([query], kind="query")[0]
        near = self._vectors.search(asked, DEPTH, rows)
        worded = self._words.search(query, DEPTH, rows)
        rankings = [[row for row, _ in near], [row for row, _ in worded]]
        rankings.append(self._by_article(query, asked, fuse(rankings), among))
        scores = fuse(rankings)
        best = sorted(scores, key=lambda row: (-scores[row], row))[:k]
        return self._hits(best, scores, asked, dict(worded))

    def by_meaning(self, query: str, k: int) -> list[int]:
        """The ``k`` passages of the highest cosine: half of what ``search`` fuses, to measure it by."""
        return [row for row, _ in self._vectors.search(self._encoder.encode([query], kind="query")[0], k)]

    def by_words(self, query: str, k: int) -> list[int]:
        """The ``k`` passages of the highest BM25, the other half."""
        return [row for row, _ in self._words.search(query, k)]

    def places(self, passages: Sequence[int]) -> dict[int, Place]:
        return self._rows.places(passages)

    def article(self, row: int) -> Article:
        return self._rows.article(row)

    def row_of(self, article_id: str) -> int | None:
        """The row of the article of that id; None where there is none."""
        return self._rows.row_of(article_id)

    def day_of_newest(self, count: int) -> date | None:
        """The day on which the last of the ``count`` newest articles was published; None where there are fewer."""
        return self._rows.day_of_newest(count)

    def originals(self, articles: Sequence[int]) -> dict[int, int]:
        """For each article row of which there are copies, the row of the earliest: the same for all of them."""
        return self._rows.originals(articles)

    def sentences(self, article: int) -> list[Sentence]:
        """All sentences of the article in that row, in order."""
        return self._rows.sentences(article)

    def encode(self, texts: Sequence[str], kind: Kind = "passage") -> Float32:
        return self._encoder.encode(texts, kind=kind)

    def vectors_of(self, passages: Sequence[int]) -> Float32:
        """The stored vectors of passage rows: float32 ``(n, dimension)``, unit rows."""
        return self._vectors.of(passages)

    def terms(self, text: str) -> list[str]:
        """The terms of ``text`` in order, with repeats and stop words: lower-cased, folded, stemmed."""
        return self._words.terms(text)

    def outlets(self) -> list[str]:
        """The outlets there are, each once."""
        return self._rows.distinct("outlet")

    def outlet_counts(self) -> list[tuple[str | None, int]]:
        """Outlets with their number of articles, largest first; None for articles without one."""
        return self._rows.outlet_counts()

    def document_frequency(self, term: str) -> int:
        """Passages whose text holds the (already analysed) term."""
        return self._words.document_frequency(term)

    @cached_property
    def glossary(self) -> Glossary | None:
        """The words of the articles for questions in other languages; None when the build has none."""
        return Glossary(self._folder) if Glossary.present(self._folder) else None

    def close(self) -> None:
        self._rows.close()
        self._lease.close()

    def _by_article(
        self, query: str, asked: Float32, found: Mapping[int, float], among: Matching | None
    ) -> list[int]:
        """One passage of each article that the words find: the best ``found`` already, else the nearest."""
        articles = None if among is None else among.articles
        ranked = [article for article, _ in self._articles.search(query, DEPTH, articles)]
        of: dict[int, list[int]] = {article: [] for article in ranked}
        for article, row in self._rows.passages_of(ranked):
            if among is None or row in among:
                of[article].append(row)
        return [self._best(of[article], asked, found) for article in ranked]

    def _best(self, rows: Sequence[int], asked: Float32, found: Mapping[int, float]) -> int:
        known = [row for row in rows if row in found]
        if known:
            return max(known, key=lambda row: found[row])
        return rows[int((self._vectors.of(rows) @ asked).argmax())]

    def _hits(
        self, rows: Sequence[int], scores: Mapping[int, float], asked: Float32, bm25: Mapping[int, float]
    ) -> list[Hit]:
        places = self._rows.places(rows)
        cosines = (self._vectors.of(rows) * asked).sum(axis=1).tolist()
        return [
            Hit(**asdict(places[row]), score=scores[row], cosine=cosine, bm25=bm25.get(row, 0.0))
            for row, cosine in zip(rows, cosines, strict=True)
        ]

    def _matching(self, filters: Filters) -> Matching | None:
        """What passes; None stands for all."""
        if filters == Filters():
            return None
        outlets = filters.outlets and _named(filters.outlets, self._rows.distinct("outlet"))
        speakers = filters.speakers and _named(filters.speakers, self._rows.distinct("speaker"))
        return self._rows.matching(
            filters.since,
            filters.until,
            outlets if filters.outlets else None,
            speakers if filters.speakers else None,
        )


def fuse(rankings: Sequence[Sequence[int]]) -> dict[int, float]:
    """Reciprocal rank fusion: what is near the top of several rankings gets the higher score."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, row in enumerate(ranking, start=1):
            scores[row] = scores.get(row, 0.0) + 1 / (RRF + rank)
    return scores


def _named(asked: Sequence[str], names: Sequence[str]) -> list[str]:
    """The names in which every word of one of the ``asked`` occurs."""
    wanted = [set(name.casefold().split()) for name in asked]
    return [name for name in names if any(words <= set(name.casefold().split()) for words in wanted)]
