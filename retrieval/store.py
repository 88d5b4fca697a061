"""Articles, sentences and passages as rows: with the texts, all that an answer is made of.

Row numbers count from 0 without gaps; a passage's row is also its place in the vectors and the word index.
Readers may be shared by threads: the connection below serialises them.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.article import Article, Sentence
from corpus.database import Database, Row
from corpus.errors import IndexDamaged
from retrieval.storing import COLUMNS, iso

Rows = NDArray[np.int64]


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


@dataclass(frozen=True, slots=True)
class Matching:
    """What meets the conditions of a search; both ascending, shape (n,)."""

    articles: Rows
    """Those with a passage that does; and, where nothing is asked of passages, those that have none."""
    passages: Rows

    def __contains__(self, passage: int) -> bool:
        at = np.searchsorted(self.passages, passage)
        return bool(at < self.passages.size and self.passages[at] == passage)


_CONDITIONS = (
    "a.published >= ?",
    "a.published <= ?",
    "a.outlet IN (SELECT value FROM json_each(?))",
    "s.speaker IN (SELECT value FROM json_each(?))",
)


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

    def row_of(self, article_id: str) -> int | None:
        """The row of the article of that id."""
        found = self._rows.rows("SELECT row FROM articles WHERE id = ? LIMIT 1", article_id)
        return found[0][0] if found else None

    def day_of_newest(self, count: int) -> date | None:
        """The day on which the last of the ``count`` newest articles was published; None where there are fewer."""
        query = "SELECT published FROM articles WHERE published IS NOT NULL ORDER BY published DESC LIMIT 1 OFFSET ?"
        found = self._rows.rows(query, count - 1)
        return date.fromisoformat(found[0][0]) if found else None

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
            "SELECT row, first_passage, end_passage FROM articles WHERE row IN (SELECT value FROM json_each(?))"
            " ORDER BY row"
        )
        found = self._rows.rows(query, json.dumps(list(articles)))
        return [(article, row) for article, first, end in found for row in range(first, end)]

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
    ) -> Matching:
        """What meets every condition; None asks nothing.

        The article was published within the days given (both included) by one of the ``outlets``, and the
        passage holds a sentence of one of the ``speakers``.
        """
        asked = zip(_CONDITIONS, (*iso((since, until)), _listed(outlets), _listed(speakers)), strict=True)
        given = [(condition, value) for condition, value in asked if value is not None]
        where = " AND ".join(["TRUE", *(condition for condition, _ in given)])
        values = [value for _, value in given]
        if speakers is None:
            query = f"SELECT row, first_passage, end_passage FROM articles a WHERE {where}"  # noqa: S608  constants
            found = _table(self._rows.rows(query, *values), 3)
            articles, first, end = found[:, found[0].argsort()]
            return Matching(articles, _ranges(first, end))
        query = (
            "SELECT DISTINCT p.row, p.article FROM sentences s CROSS JOIN articles a CROSS JOIN passages p"  # noqa: S608
            " WHERE a.row = s.article AND p.row >= a.first_passage AND p.row < a.end_passage"
            f" AND s.position >= p.first AND s.position < p.last AND {where} ORDER BY p.row"
        )
        passages, of = _table(self._rows.rows(query, *values), 2)
        return Matching(np.unique(of), passages)

    def counts(self) -> dict[str, int]:
        tables = ("articles", "sentences", "passages")
        return {t: self._rows.rows(f"SELECT count(*) FROM {t}")[0][0] for t in tables}  # noqa: S608  constants

    def close(self) -> None:
        self._rows.close()


def _table(found: Sequence[Row], width: int) -> Rows:
    """Columns of numbers; shape (width, n)."""
    table: Rows = np.array(found, np.int64).reshape(-1, width).T
    return table


def _ranges(first: Rows, end: Rows) -> Rows:
    """All numbers from each ``first`` up to its ``end``."""
    sizes = end - first
    numbers: Rows = np.arange(sizes.sum()) + np.repeat(first - (np.cumsum(sizes) - sizes), sizes)
    return numbers


def _listed(names: Sequence[str] | None) -> str | None:
    return None if names is None else json.dumps(list(names))


def _sentence(found: Row) -> Sentence:
    start, end, voice, speaker, heading, first, last = found
    when = (date.fromisoformat(first), date.fromisoformat(last)) if first else None
    return Sentence(start, end, voice, speaker, bool(heading), when)


def _article(found: Row) -> Article:
    id_, path, title, start, end, outlet, author, published, updated, url, language, origins, body, text = (
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
