"""Articles, sentences and passages as rows: with the texts, all that an answer is made of.

Row numbers count from 0 without gaps; a passage's row is also its place in the vectors and the word index.
Readers may be shared by threads: the connection below serialises them.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from corpus.article import Article, Document, Sentence
from corpus.database import Database, Row
from corpus.errors import IndexDamaged

SCHEMA = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;  -- written aside, synced and hashed as a whole
CREATE TABLE articles (row INTEGER PRIMARY KEY, id TEXT NOT NULL, text TEXT NOT NULL, body TEXT NOT NULL,
    path TEXT NOT NULL, title TEXT, title_start INTEGER, title_end INTEGER, outlet TEXT, author TEXT,
    published TEXT, updated TEXT, url TEXT, language TEXT, origins TEXT NOT NULL,
    original INTEGER);  -- of copies of one text, the row of the earliest; null where there is no copy
CREATE TABLE sentences (article INTEGER, position INTEGER, start INTEGER, "end" INTEGER, voice TEXT,
    speaker TEXT, heading INTEGER, first_day TEXT, last_day TEXT, PRIMARY KEY (article, position)) WITHOUT ROWID;
CREATE TABLE passages (row INTEGER PRIMARY KEY, article INTEGER NOT NULL, start INTEGER, "end" INTEGER,
    first INTEGER, last INTEGER);
CREATE INDEX passages_of ON passages (article);
"""
COLUMNS = "id, text, body, path, title, title_start, title_end, outlet, author, published, updated, url, language, origins"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands: ``text[start:end]`` of an article, its sentences ``first`` up to ``last``."""

    passage: int
    article: int
    article_id: str
    start: int
    end: int
    first: int
    last: int


class Writer:
    """Fills a new file; nothing is safe before ``close``."""

    def __init__(self, path: Path) -> None:
        self._rows = Database(path, SCHEMA)
        self.articles = self.sentences = self.passages = 0

    def add(self, document: Document) -> None:
        """One article with all that belongs to it. Raises OSError when it cannot be written."""
        article, row = document.article, self.articles
        self._rows.write(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
            [(row, *_columns(article))],
        )
        self._rows.write(
            "INSERT INTO sentences VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (row, i, s.start, s.end, s.voice, s.speaker, s.heading, *_iso(s.when or (None, None)))
                for i, s in enumerate(document.sentences)
            ),
        )
        self._rows.write(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)",
            (
                (self.passages + i, row, p.start, p.end, p.first, p.last)
                for i, p in enumerate(document.passages)
            ),
        )
        self.articles += 1
        self.sentences += len(document.sentences)
        self.passages += len(document.passages)

    def mark_copies(self, rows: Sequence[int]) -> None:
        """The articles in ``rows`` print one text; the earliest comes first."""
        self._rows.write("UPDATE articles SET original = ? WHERE row = ?", [(rows[0], row) for row in rows])

    def close(self) -> None:
        self._rows.commit()
        self._rows.close()


class Store:
    """A finished file, read-only. Every method raises IndexDamaged when the file cannot be read."""

    def __init__(self, path: Path) -> None:
        self._rows = Database(path)
        self._path = path

    def article(self, row: int) -> Article:
        """Raises IndexDamaged, also for a row that is not there."""
        found = self._rows.rows(f"SELECT {COLUMNS} FROM articles WHERE row = ?", row)  # noqa: S608  a constant
        if not found:
            raise IndexDamaged(f'{self._path} has no article {row}: run "onrecord index build"')
        return _article(found[0])

    def sentences(self, article: int) -> list[Sentence]:
        query = (
            'SELECT start, "end", voice, speaker, heading, first_day, last_day FROM sentences'
            " WHERE article = ? ORDER BY position"
        )
        return [_sentence(found) for found in self._rows.rows(query, article)]

    def places(self, rows: Sequence[int]) -> dict[int, Place]:
        query = (
            'SELECT p.row, p.article, a.id, p.start, p."end", p.first, p.last FROM passages p'
            " JOIN articles a ON a.row = p.article WHERE p.row IN (SELECT value FROM json_each(?))"
        )
        return {found[0]: Place(*found) for found in self._rows.rows(query, json.dumps(list(rows)))}

    def passages_of(self, articles: Sequence[int]) -> list[tuple[int, int]]:
        """Pairs (article, passage row) of all passages of ``articles``."""
        query = (
            "SELECT article, row FROM passages WHERE article IN (SELECT value FROM json_each(?)) ORDER BY row"
        )
        return [(article, row) for article, row in self._rows.rows(query, json.dumps(list(articles)))]

    def articles_of(self, passages: Sequence[int]) -> list[int]:
        """The articles that ``passages`` belong to."""
        query = "SELECT DISTINCT article FROM passages WHERE row IN (SELECT value FROM json_each(?))"
        return [article for (article,) in self._rows.rows(query, json.dumps(list(passages)))]

    def originals(self, articles: Sequence[int]) -> dict[int, int]:
        """For each of ``articles`` that has copies, the row of the earliest of them, which may be itself."""
        query = (
            "SELECT row, original FROM articles WHERE original IS NOT NULL"
            " AND row IN (SELECT value FROM json_each(?))"
        )
        return dict(self._rows.rows(query, json.dumps(list(articles))))

    def texts(self, begin: int, end: int) -> list[tuple[str | None, str]]:
        """``(title of the article, text of the passage)`` for passage rows ``begin`` up to ``end``."""
        query = (
            'SELECT a.title, substr(a.text, p.start + 1, p."end" - p.start) FROM passages p'
            " JOIN articles a ON a.row = p.article WHERE p.row >= ? AND p.row < ? ORDER BY p.row"
        )
        return [(title, text) for title, text in self._rows.rows(query, begin, end)]

    def distinct(self, column: str) -> list[str]:
        """The outlets or speakers there are."""
        table = {"outlet": "articles", "speaker": "sentences"}[column]
        query = f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL"  # noqa: S608  from the table above
        return [value for (value,) in self._rows.rows(query)]

    def outlet_counts(self) -> list[tuple[str | None, int]]:
        """Outlets with their number of articles, largest first; None for articles without one."""
        query = "SELECT outlet, count(*) FROM articles GROUP BY outlet ORDER BY count(*) DESC, min(row)"
        return [(outlet, count) for outlet, count in self._rows.rows(query)]

    def matching(
        self,
        since: date | None,
        until: date | None,
        outlets: Sequence[str] | None,
        speakers: Sequence[str] | None,
    ) -> list[int]:
        """Passage rows, ascending, that meet every condition; None asks nothing.

        The article was published within the days given (both included) by one of the ``outlets``, and the
        passage holds a sentence of one of the ``speakers``.
        """
        query = (
            "SELECT p.row FROM passages p JOIN articles a ON a.row = p.article"
            " WHERE (?1 IS NULL OR a.published >= ?1) AND (?2 IS NULL OR a.published <= ?2)"
            " AND (?3 IS NULL OR a.outlet IN (SELECT value FROM json_each(?3)))"
            " AND (?4 IS NULL OR EXISTS (SELECT 1 FROM sentences s WHERE s.article = p.article"
            "  AND s.position >= p.first AND s.position < p.last"
            "  AND s.speaker IN (SELECT value FROM json_each(?4)))) ORDER BY p.row"
        )
        days = _iso((since, until))
        names = [None if n is None else json.dumps(list(n)) for n in (outlets, speakers)]
        return [row for (row,) in self._rows.rows(query, *days, *names)]

    def counts(self) -> dict[str, int]:
        tables = ("articles", "sentences", "passages")
        return {t: self._rows.rows(f"SELECT count(*) FROM {t}")[0][0] for t in tables}  # noqa: S608  constants

    def close(self) -> None:
        self._rows.close()


def _columns(article: Article) -> Row:
    start, end = article.title_span or (None, None)
    days = _iso((article.published, article.updated))
    named = (article.id, article.text, json.dumps(article.body), article.path, article.title, start, end)
    known = (article.outlet, article.author, *days, article.url, article.language)
    return (*named, *known, json.dumps(article.origins))


def _iso(days: Sequence[date | None]) -> list[str | None]:
    return [day.isoformat() if day else None for day in days]


def _sentence(found: Row) -> Sentence:
    start, end, voice, speaker, heading, first, last = found
    when = (date.fromisoformat(first), date.fromisoformat(last)) if first else None
    return Sentence(start, end, voice, speaker, bool(heading), when)


def _article(found: Row) -> Article:
    id_, text, body, path, title, start, end, outlet, author, published, updated, url, language, origins = (
        found
    )
    return Article(
        id=id_,
        text=text,
        body=tuple((begin, stop) for begin, stop in json.loads(body)),
        path=path,
        title=title,
        title_span=None if start is None else (start, end),
        outlet=outlet,
        author=author,
        published=published and date.fromisoformat(published),
        updated=updated and date.fromisoformat(updated),
        url=url,
        language=language,
        origins=tuple((field, origin) for field, origin in json.loads(origins)),
    )
