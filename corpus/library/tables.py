"""The library's file and its tables.

roots     what the owner added or the settings name
items     what is read: files and addresses, with how and when that went
flaws     records of an item that were passed over
listings  feeds and sitemaps as they came last
articles  every id ever given, the item it came from and its current version; an id is given once
versions  an article as it was read once; never changed or removed
texts     texts of versions, and
raws      the bytes they were read from, by their SHA-256
digests   sentences and passages of current versions, the settings they were made with, and what was left
          of the body without the template lines of its site
facts     the format of all this

Places are bytes, for the name of a file need not be text. Times are ISO 8601, UTC.
"""

from pathlib import Path

from corpus.database import Database
from corpus.errors import IndexMismatch

FORMAT = "1"
"""Raised whenever the tables mean something else than before."""
MEND = 'put back a copy of it, or remove it and run "onrecord corpus add" for what had been added'
SCHEMA = """
PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 10000;
CREATE TABLE IF NOT EXISTS roots (number INTEGER PRIMARY KEY, place BLOB NOT NULL UNIQUE, given BLOB NOT NULL,
    kind TEXT NOT NULL, typed INTEGER NOT NULL, since TEXT NOT NULL, position INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS items (number INTEGER PRIMARY KEY, place BLOB NOT NULL UNIQUE, root INTEGER NOT NULL,
    position INTEGER NOT NULL, path TEXT NOT NULL, stamp TEXT, reader INTEGER, sha256 TEXT, media TEXT,
    tried TEXT, read TEXT, reason TEXT, told TEXT, gone INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS items_of ON items (root, position);
CREATE TABLE IF NOT EXISTS flaws (item INTEGER, position INTEGER, reason TEXT NOT NULL,
    PRIMARY KEY (item, position)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS listings (item INTEGER PRIMARY KEY, packed BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS articles (id TEXT PRIMARY KEY, item INTEGER NOT NULL, name TEXT NOT NULL,
    nth INTEGER NOT NULL, position INTEGER NOT NULL, version INTEGER NOT NULL, gone INTEGER NOT NULL DEFAULT 0,
    UNIQUE (item, name, nth));
CREATE TABLE IF NOT EXISTS versions (number INTEGER PRIMARY KEY, article TEXT NOT NULL, sha256 TEXT NOT NULL,
    known TEXT NOT NULL, path TEXT NOT NULL, raw TEXT, read TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS versions_of ON versions (article, sha256);
CREATE TABLE IF NOT EXISTS texts (sha256 TEXT PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS raws (sha256 TEXT PRIMARY KEY, packed BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS digests (version INTEGER PRIMARY KEY, settings TEXT NOT NULL, body TEXT NOT NULL,
    sentences TEXT NOT NULL, passages TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


def open_tables(path: Path) -> Database:
    """The file at ``path``, created where there is none. Raises IndexDamaged, IndexMismatch."""
    tables = Database(path, SCHEMA, mend=MEND)
    with tables.transaction():
        tables.put("INSERT OR IGNORE INTO facts VALUES ('format', ?)", FORMAT)
    found = fact(tables, "format")
    if found != FORMAT:
        raise IndexMismatch(f"{path} has format {found}, this Onrecord reads {FORMAT}: {MEND}")
    return tables


def fact(tables: Database, name: str) -> str | None:
    found = tables.rows("SELECT value FROM facts WHERE name = ?", name)
    return found[0][0] if found else None
