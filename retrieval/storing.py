"""Articles, sentences and passages into a file of rows, which ``retrieval.store`` reads."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from corpus.article import Article, Document
from corpus.database import Database, Row

SCHEMA = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;  -- written aside, synced and hashed as a whole
CREATE TABLE articles (row INTEGER PRIMARY KEY, id TEXT NOT NULL, path TEXT NOT NULL, title TEXT,
    title_start INTEGER, title_end INTEGER, outlet TEXT, author TEXT, published TEXT, updated TEXT, url TEXT,
    language TEXT, origins TEXT NOT NULL,
    first_passage INTEGER, end_passage INTEGER,  -- its passages are the rows from the one up to the other
    original INTEGER,  -- of copies of one text, the row of the earliest; null where there is no copy
    body TEXT NOT NULL, text TEXT NOT NULL);  -- last: what stands behind a long text is read through all of it
CREATE TABLE sentences (article INTEGER, position INTEGER, start INTEGER, "end" INTEGER, voice TEXT,
    speaker TEXT, heading INTEGER, first_day TEXT, last_day TEXT, PRIMARY KEY (article, position)) WITHOUT ROWID;
CREATE TABLE passages (row INTEGER PRIMARY KEY, article INTEGER NOT NULL, start INTEGER, "end" INTEGER,
    first INTEGER, last INTEGER);
"""
# With all that a search with conditions reads: the articles themselves lie all over the file.
INDEXES = (
    "CREATE INDEX articles_named ON articles (id)",
    "CREATE INDEX articles_of_days ON articles (published, first_passage, end_passage)",
    "CREATE INDEX articles_from ON articles (outlet, published, first_passage, end_passage)",
    "CREATE INDEX sentences_by ON sentences (speaker) WHERE speaker IS NOT NULL",
)
COLUMNS = "id, path, title, title_start, title_end, outlet, author, published, updated, url, language, origins, body, text"
_MARKS = ", ".join("?" * 17)


class Writer:
    """Fills a new file; nothing is safe before ``close``."""

    def __init__(self, path: Path) -> None:
        self._rows = Database(path, SCHEMA)
        self.articles = self.sentences = self.passages = 0

    def add(self, document: Document) -> None:
        """One article with all that belongs to it. Raises OSError when it cannot be written."""
        article, row = document.article, self.articles
        self._rows.write(
            f"INSERT INTO articles (row, first_passage, end_passage, {COLUMNS}) VALUES ({_MARKS})",  # noqa: S608  constants
            [(row, self.passages, self.passages + len(document.passages), *_columns(article))],
        )
        self._rows.write(
            "INSERT INTO sentences VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (row, i, s.start, s.end, s.voice, s.speaker, s.heading, *iso(s.when or (None, None)))
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
        for statement in INDEXES:
            self._rows.put(statement)
        self._rows.commit()
        self._rows.close()


def _columns(article: Article) -> Row:
    start, end = article.title_span or (None, None)
    days = iso((article.published, article.updated))
    named = (article.id, article.path, article.title, start, end, article.outlet, article.author, *days)
    known = (article.url, article.language, json.dumps(article.origins))
    return (*named, *known, json.dumps(article.body), article.text)


def iso(days: Sequence[date | None]) -> list[str | None]:
    """Each as ISO 8601."""
    return [day.isoformat() if day else None for day in days]
