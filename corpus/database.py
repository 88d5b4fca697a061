"""SQLite behind one door; the only importer of sqlite3.

Needs SQLite 3.38 (2022) for ``json_each`` without a build option. A read that fails raises IndexDamaged,
a write that fails raises OSError, and IndexDamaged where the file is what is wrong, so no caller knows whose errors they were. Where a file may be written, a system
that refuses to open or read it is OSError too: nothing is told to be damaged for a full disk.
"""

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from corpus.errors import IndexDamaged

Row = tuple[Any, ...]
REFUSED = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}
"""What SQLite says when it is the system that fails, and nothing is known of the file."""


class Database:
    """One connection under a lock: any thread may use it, one at a time."""

    def __init__(
        self, path: Path, schema: str | None = None, *, mend: str = 'run "onrecord index build"'
    ) -> None:
        """Open for writing and create by ``schema``; without a schema, read-only as an unchanging file.

        ``mend`` is what a user can do about damage.
        """
        self.path = path
        self._mend, self._writable = mend, bool(schema)
        self._lock = threading.RLock()
        mode = "rwc" if schema else "ro&immutable=1"
        with self._reading():
            self._link = sqlite3.connect(
                f"file:{quote(str(path.resolve()))}?mode={mode}", uri=True, check_same_thread=False
            )
            if schema:
                self._link.executescript(schema)

    def rows(self, query: str, *values: Any) -> list[Row]:
        with self._lock, self._reading():
            return self._link.execute(query, values).fetchall()

    def write(self, statement: str, rows: Iterable[Row]) -> None:
        with self._lock, self._writing():
            self._link.executemany(statement, rows)

    def put(self, statement: str, *values: Any) -> int:
        """One row; returns the number SQLite gave it."""
        with self._lock, self._writing():
            return self._link.execute(statement, values).lastrowid or 0

    def commit(self) -> None:
        with self._lock, self._writing():
            self._link.commit()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written within is kept when it ends well, and nothing of it otherwise."""
        with self._lock:
            try:
                yield
            except BaseException:
                self._link.rollback()
                raise
            self.commit()

    def close(self) -> None:
        self._link.close()

    def flush(self) -> bool:
        """Bring the write-ahead log into the file itself; False while another connection is in the way."""
        return not self.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]

    def require_whole(self) -> None:
        """Read every page. Raises IndexDamaged."""
        if (found := self.rows("PRAGMA quick_check(1)")) != [("ok",)]:
            raise IndexDamaged(f"{self.path} is damaged ({found[0][0]}): {self._mend}")

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError) as exc:
            if (
                self._writable and getattr(exc, "sqlite_errorcode", 0) & 0xFF in REFUSED
            ):  # as without the reason
                raise OSError(f"could not open or read {self.path}: {exc}") from exc
            raise IndexDamaged(f"{self.path} is damaged ({exc}): {self._mend}") from exc

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as exc:
            if getattr(exc, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                raise IndexDamaged(f"{self.path} is damaged ({exc}): {self._mend}") from exc
            raise OSError(f"could not write {self.path}: {exc}") from exc


def copy(source: Path, target: Path, *, mend: str) -> None:
    """Write to ``target`` what ``source`` holds at one moment, whoever writes to it meanwhile.

    Raises IndexDamaged with ``mend`` when ``source`` cannot be read whole, OSError when ``target`` cannot be written.
    """
    name, mode = quote(str(source.resolve())), "rw"
    if not (os.access(source, os.W_OK) and os.access(source.parent, os.W_OK)):
        # To be read along with a writer it needs a log beside it; where there can be none, nobody writes.
        mode = "ro" if source.with_name(f"{source.name}-wal").exists() else "ro&immutable=1"
    try:
        with (
            closing(sqlite3.connect(f"file:{name}?mode={mode}", uri=True)) as link,
            closing(sqlite3.connect(target)) as copied,
        ):
            link.backup(copied)
    except sqlite3.Error as exc:
        if exc.sqlite_errorcode in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise IndexDamaged(f"{source} is damaged ({exc}): {mend}") from exc
        raise OSError(f"could not copy {source} to {target}: {exc}") from exc
    with closing(Database(target, mend=mend)) as whole:
        whole.require_whole()
