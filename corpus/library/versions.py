"""Rows of articles, versions and digests. What writes belongs within a transaction of the tables."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from corpus.article import Article, Document
from corpus.database import Database, Row
from corpus.library import written
from corpus.library.entries import Item
from corpus.library.written import Written

_NEWEST = (
    "SELECT v.article, t.text, v.path, v.known, v.raw FROM versions v JOIN texts t ON t.sha256 = v.sha256"
    " WHERE v.article = ? AND v.sha256 = ? ORDER BY v.number DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Shelved:
    """An article of an item, as it was read last."""

    id: str
    version: int
    position: int
    sha256: str
    known: str
    gone: bool


@dataclass(frozen=True, slots=True)
class Versions:
    """Every article as it was read, each time it had changed."""

    tables: Database

    def names(self) -> Iterator[str]:
        """What new ids must be told from: every name an article has in its item, and every other id given."""
        for name, id_ in self.tables.rows("SELECT name, id FROM articles"):
            yield name
            if id_ != name:
                yield id_

    def of(self, item: Item) -> dict[tuple[str, int], Shelved]:
        """By the name an article has in the item, and how many of that name stand before it."""
        query = (
            "SELECT a.name, a.nth, a.id, a.version, a.position, v.sha256, v.known, a.gone FROM articles a"
            " JOIN versions v ON v.number = a.version WHERE a.item = ?"
        )
        return {
            (name, nth): Shelved(id_, version, position, digest, known, bool(gone))
            for name, nth, id_, version, position, digest, known, gone in self.tables.rows(query, item.number)
        }

    def add(self, id_: str, version: Written, path: str, raw: str | None, now: str) -> int:
        """A new version; returns its number."""
        self.tables.put("INSERT OR IGNORE INTO texts VALUES (?, ?)", version.sha256, version.text)
        return self.tables.put(
            "INSERT INTO versions (article, sha256, known, path, raw, read) VALUES (?, ?, ?, ?, ?, ?)",
            *(id_, version.sha256, version.known, path, raw, now),
        )

    def stand(self, id_: str, item: Item, name: tuple[str, int], position: int, version: int) -> None:
        """This is the article's version now, and its place in the item."""
        self.tables.put(
            "DELETE FROM digests WHERE version IN (SELECT version FROM articles WHERE id = ? AND version <> ?)",
            *(id_, version),
        )
        self.tables.put(
            "INSERT INTO articles VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)"
            " ON CONFLICT (id) DO UPDATE SET position = ?5, version = ?6, gone = 0",
            *(id_, item.number, *name, position, version),
        )

    def lose(self, article: Shelved) -> None:
        """It is no longer there; its versions stay."""
        self.tables.put("DELETE FROM digests WHERE version = ?", article.version)
        self.tables.put("UPDATE articles SET gone = 1 WHERE id = ?", article.id)

    def put_raw(self, data: bytes) -> str:
        """Keep the bytes; returns their SHA-256."""
        name = sha256(data).hexdigest()
        if not self.tables.rows("SELECT 1 FROM raws WHERE sha256 = ?", name):
            self.tables.put("INSERT INTO raws VALUES (?, ?)", name, zlib.compress(data))
        return name

    def raw(self, name: str) -> bytes | None:
        found = self.tables.rows("SELECT packed FROM raws WHERE sha256 = ?", name)
        return zlib.decompress(found[0][0]) if found else None

    def article(self, id_: str, digest: str) -> tuple[Article, str | None] | None:
        """The newest version with the text of that SHA-256, and the name of its raw bytes."""
        found = self.tables.rows(_NEWEST, id_, digest)
        if not found:
            return None
        name, text, path, known, raw = found[0]
        return written.read(name, text, path, known), raw

    def current(self) -> list[int]:
        """The versions that stand, oldest first."""
        query = "SELECT version FROM articles WHERE NOT gone ORDER BY version"
        return [version for (version,) in self.tables.rows(query)]

    def is_undigested(self, settings: str) -> bool:
        """Whether a current version has no sentences and passages made with these settings."""
        query = (
            "SELECT 1 FROM articles a LEFT JOIN digests d ON d.version = a.version AND d.settings = ?"
            " WHERE NOT a.gone AND d.version IS NULL LIMIT 1"
        )
        return bool(self.tables.rows(query, settings))

    def read(self, version: int) -> Article:
        query = (
            "SELECT v.article, t.text, v.path, v.known FROM versions v JOIN texts t ON t.sha256 = v.sha256"
            " WHERE v.number = ?"
        )
        return written.read(*self.tables.rows(query, version)[0])

    def is_digested(self, version: int, settings: str, article: Article) -> bool:
        """Whether its digest was made with these settings, of that very body."""
        query = "SELECT 1 FROM digests WHERE version = ? AND settings = ? AND body = ?"
        return bool(self.tables.rows(query, version, settings, written.body(article)))

    def put_digest(self, version: int, settings: str, document: Document) -> None:
        row = (version, settings, written.body(document.article), *written.digested(document))
        self.tables.put("INSERT OR REPLACE INTO digests VALUES (?, ?, ?, ?, ?)", *row)

    def documents(self, item: Item) -> Iterator[Document]:
        """The current articles of an item, in order, those of the last update that came to its end."""
        query = (
            "SELECT a.position, a.id, t.text, v.known, d.body, d.sentences, d.passages FROM articles a"
            " JOIN versions v ON v.number = a.version JOIN texts t ON t.sha256 = v.sha256"
            " JOIN digests d ON d.version = v.number WHERE a.item = ? AND NOT a.gone AND a.position > ?"
            " ORDER BY a.position LIMIT 64"  # some 100 kB of text: a file may hold millions
        )
        last = -1
        while rows := self.tables.rows(query, item.number, last):
            for position, id_, text, known, *digested in rows:
                last = position
                yield written.document(written.read(id_, text, item.path, known), *digested)

    def count(self) -> int:
        return int(self.tables.rows("SELECT count(*) FROM articles WHERE NOT gone")[0][0])

    def standing(self) -> Iterator[Row]:
        """All that makes a difference to ``documents``, by article."""
        yield from self.tables.rows(
            "SELECT a.id, v.sha256, v.known, a.position, i.root, i.position, i.path, d.settings, d.body"
            " FROM articles a JOIN items i ON i.number = a.item JOIN versions v ON v.number = a.version"
            " LEFT JOIN digests d ON d.version = a.version WHERE NOT a.gone ORDER BY a.id"
        )
