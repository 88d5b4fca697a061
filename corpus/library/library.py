"""The library of an index: its sources, what was read from them, and what changed since."""

import hashlib
import os
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from corpus import locks
from corpus.article import Article, Document, Unreadable
from corpus.database import Database
from corpus.errors import CorpusError, UsageError
from corpus.library import tables
from corpus.library.addresses import Addresses
from corpus.library.entries import Changes, Fetch, Kind, Progress, Root
from corpus.library.folders import Folders
from corpus.library.keeper import Keeper
from corpus.library.sources import Sources
from corpus.library.versions import Versions
from corpus.places import require, shown

FOLDER = "library"
"""Of the library, in that of the index."""
FILE, LOCK = "library.db", ".lock"


def is_address(place: str) -> bool:
    return place.lower().startswith(("http://", "https://"))


class Library:
    """An open library. One process writes at a time; others may read meanwhile."""

    def __init__(self, folder: Path, held: Database, lock: int | None) -> None:
        self._folder, self._tables, self._lock = folder, held, lock
        self._sources, self._versions = Sources(held), Versions(held)

    @classmethod
    def open(cls, folder: Path, *, writing: bool = True) -> "Library":
        """The library in ``folder``, made there if there is none. Raises IndexBusy, IndexDamaged, IndexMismatch."""
        folder.mkdir(parents=True, exist_ok=True)
        lock = locks.take(folder / LOCK, f"reading articles into {folder}") if writing else None
        try:
            return cls(folder, tables.open_tables(folder / FILE), lock)
        except BaseException:
            _unlock(lock)
            raise

    def close(self) -> None:
        self._tables.close()
        _unlock(self._lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def roots(self) -> list[Root]:
        """Those of the settings, then what the owner added, each in their order."""
        return self._sources.roots()

    def add(self, place: str, kind: Kind | None = None) -> Root:
        """A folder, file or address that is the owner's wish; read by the next update. Raises UsageError."""
        if is_address(place):
            where: str = place
        elif os.path.lexists(place):
            where = os.path.abspath(place)  # noqa: PTH100  a link stays the link that was named
        else:
            raise UsageError(
                f"no such file or folder: {shown(Path(place))}: add what is there, or an address"
            )
        with self._tables.transaction():
            self._sources.add(where, where, kind or ("page" if is_address(place) else "path"), _now())
        return next(root for root in self.roots() if root.place == where)

    def remove(self, place: str) -> Root:
        """Take back what was added; its articles leave with the next update. Raises UsageError."""
        wanted = place if is_address(place) else os.path.abspath(place)  # noqa: PTH100  as in ``add``
        for root in self.roots():
            if root.place == wanted and root.typed:
                with self._tables.transaction():
                    self._sources.remove(root)
                return root
        added = ", ".join(
            shown(Path(root.place)) if root.kind == "path" else root.place
            for root in self.roots()
            if root.typed
        )
        raise UsageError(f"{shown(Path(place))} was not added; these were: {added or 'none'}")

    def configure(self, paths: Sequence[Path], feeds: Sequence[str] = ()) -> None:
        """These are the roots of the settings now, in this order. Raises CorpusError for a path that is not there."""
        require(paths)
        named: list[tuple[str, str, Kind]] = [(os.path.abspath(path), str(path), "path") for path in paths]  # noqa: PTH100
        named += [(feed, feed, "feed") for feed in feeds]
        places = {place for place, _, _ in named}
        with self._tables.transaction():
            for root in self.roots():
                if root.place not in places:
                    self._sources.unconfigure(root)
            for position, (place, given, kind) in enumerate(named):
                self._sources.configure(position, place, given, kind, _now())

    def update(
        self,
        *,
        words: int,
        overlap: int,
        fetch: Fetch | None = None,
        may_fetch: Collection[str] | None = None,
        whole: bool = False,
        progress: Progress | None = None,
    ) -> Changes:
        """Look at every source and read what changed; ``whole`` reads every file and digests every article anew.

        ``words`` and ``overlap`` as in ``digest``. Addresses are asked through ``fetch``, those of the roots in
        ``may_fetch`` alone unless that is None. ``progress`` hears of "reading" and "digesting".
        Raises CorpusError when a path of the settings is not there, OSError when the disk fails; what was read
        before that is kept.
        """
        told = progress or (lambda _stage, _done, _total: None)
        keeper = Keeper(self._tables, words=words, overlap=overlap, whole=whole)
        looked = _Counter(told)
        folders = Folders(keeper, looked, whole=whole)
        addresses = Addresses(keeper, fetch, looked, whole=whole)
        roots = self.roots()
        for root in roots:
            if root.kind == "path":
                folders.read(root)
            else:
                addresses.read(root, may_fetch=may_fetch is None or root.place in may_fetch)
        folders.drop_others(roots)
        for done, total in keeper.digest():
            told("digesting", done, total)
        self._tables.commit()
        return self._changes(keeper)

    def documents(self) -> Iterator[Document | Unreadable]:
        """Every current article, in the order of the sources, with what could not be read among them."""
        for item in self._sources.items():
            yield from self._versions.documents(item)
            yield from self._sources.unreadable(item)

    def failures(self) -> list[Unreadable]:
        """What could not be read last, and the records that were passed over."""
        return [one for item in self._sources.items() for one in self._sources.unreadable(item)]

    def version(self, article_id: str, sha256: str) -> Article:
        """The article as it was when its text had that SHA-256. Raises CorpusError when it never had."""
        return self._version(article_id, sha256)[0]

    def raw(self, article_id: str, sha256: str) -> bytes | None:
        """The page that version was extracted from, as it came; None where the text stands in a file itself."""
        name = self._version(article_id, sha256)[1]
        return self._versions.raw(name) if name else None

    def state(self) -> str:
        """A hash of everything ``documents`` yields but the reasons for what is unreadable."""
        rows = "\n".join(map(repr, self._versions.standing()))
        return hashlib.sha256(rows.encode(errors="surrogateescape")).hexdigest()

    def _version(self, article_id: str, sha256: str) -> tuple[Article, str | None]:
        found = self._versions.article(article_id, sha256)
        if found is None:
            raise CorpusError(f"the library in {self._folder} has no version {sha256[:12]} of {article_id}")
        return found

    def _changes(self, keeper: Keeper) -> Changes:
        failed = sum(item.reason is not None for item in self._sources.items())
        unchanged = self._versions.count() - keeper.new - keeper.changed
        return Changes(keeper.read, keeper.new, keeper.changed, unchanged, keeper.removed, failed)


class _Counter:
    """Tells how many files and addresses were looked at."""

    def __init__(self, told: Progress) -> None:
        self._told, self._done = told, 0

    def __call__(self) -> None:
        self._done += 1
        self._told("reading", self._done, 0)


def _unlock(lock: int | None) -> None:
    if lock is not None:
        locks.release(lock)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
