"""The library's file as one that can be carried away, and one that was carried here in its place.

A library that was put back waits beside the one that is used, and takes its place once the build it came with
answers: whether it does is all that decides, so that a kill at any moment leaves the old state or the new one.
"""

import contextlib
import os
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from corpus import database, durable, locks
from corpus.database import Database
from corpus.errors import IndexBusy, IndexDamaged, IndexMismatch
from corpus.library import tables
from corpus.library.library import FILE, FOLDER, LOCK

_WAITING = "restored-"
_LOGS = ("-wal", "-shm")


def copy(index: Path, target: Path) -> bool:
    """Write the library of the ``index`` to ``target``, as it is at one moment; False where there is none.

    Raises IndexDamaged, OSError.
    """
    source = index / FOLDER / FILE
    if not source.is_file():
        return False
    database.copy(source, target, mend=tables.MEND)
    return True


def waiting(index: Path, build: str) -> Path:
    """Where a library waits for ``build`` to answer."""
    return index / FOLDER / f"{_WAITING}{build}.db"


def check(file: Path) -> None:
    """Read all of a library that waits. Raises IndexDamaged, IndexMismatch."""
    with closing(Database(file, mend="restore another backup")) as held:
        held.require_whole()
        if (found := tables.fact(held, "format")) != tables.FORMAT:
            raise IndexMismatch(f"{file} has format {found}, this Onrecord reads {tables.FORMAT}")


def settle(index: Path, build: str | None) -> None:
    """End what a restore that was killed had begun; ``build`` is the one that answers. Raises IndexBusy, OSError.

    To be called before the library is opened.
    """
    if any((index / FOLDER).glob(f"{_WAITING}*")):
        with locks.held(index / FOLDER / LOCK, f"reading articles into {index / FOLDER}"):
            settle_held(index, build)


def settle_held(index: Path, build: str | None) -> None:
    """As ``settle``, for who holds the library's lock already."""
    for file in (index / FOLDER).glob(f"{_WAITING}*"):
        if build and file == waiting(index, build):
            _take_place(file, index / FOLDER)
        else:
            file.unlink(missing_ok=True)


def _take_place(file: Path, folder: Path) -> None:
    """The library before stays beside it, under the time it went."""
    used = folder / FILE
    if used.exists():
        _flush(used)
        before = folder / f"library-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.db"
        for log in _LOGS:
            with contextlib.suppress(FileNotFoundError):
                used.with_name(used.name + log).rename(before.with_name(before.name + log))
        try:
            os.link(used, before)
        except OSError:  # a file system without links
            used.rename(before)
    file.replace(used)
    durable.sync(folder)


def _flush(used: Path) -> None:
    """Nothing of it may be in its log alone. What is too damaged for that goes as it is."""
    with contextlib.suppress(IndexDamaged, IndexMismatch), closing(tables.open_tables(used)) as held:
        if not held.flush():
            raise IndexBusy(f"another process reads {used}: wait for it to end")
