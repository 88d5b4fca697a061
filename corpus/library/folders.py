"""Files and folders in an update: those that look as they did are left alone."""

import hashlib
import os
import stat
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from corpus.library.entries import Item, Root
from corpus.library.keeper import Keeper
from corpus.places import Place, shown, walk
from corpus.reading import READING, records, why

_SETTLED = 2
"""Seconds after which a file that changes again is sure to bear another time: the step of FAT's clock, the
coarsest in use. A younger file is read once more by the next update."""
_MISSING = 'no such file or folder: put it back, or run "onrecord corpus remove" for it'


class Folders:
    """Goes through the roots that are paths; ``whole`` reads every file, however it looks."""

    def __init__(self, keeper: Keeper, told: Callable[[], None], *, whole: bool) -> None:
        self._keeper, self._told, self._whole = keeper, told, whole
        self._seen: set[tuple[int, int]] = set()
        self._met: set[int] = set()
        self._shut: list[Path] = []

    def read(self, root: Root) -> None:
        given = Path(root.given)
        if not os.path.lexists(given):
            item = self._item(root, 0, given)
            self._keeper.fail(item, _MISSING)
            self._shut.append(given)
            return
        for position, place in enumerate(walk(given, self._seen)):
            self._file(self._item(root, position, place.path), place)
            self._told()

    def drop_others(self, roots: Sequence[Root]) -> None:
        """Items that were not met are gone, but for those in folders that cannot be looked into now."""
        paths = {root.number: root.kind == "path" for root in roots}
        for item in self._keeper.sources.items():
            known = item.root in paths
            if known and (not paths[item.root] or item.number in self._met or self._is_shut(item)):
                continue
            self._keeper.drop(item)

    def _item(self, root: Root, position: int, path: Path) -> Item:
        item = self._keeper.sources.met(os.path.abspath(path), root.number, position, shown(path))  # noqa: PTH100  no link is resolved
        self._met.add(item.number)
        return item

    def _file(self, item: Item, place: Place) -> None:
        try:
            stamp, settled = _stamp(place.path)
            current = item.reader == READING and not self._whole
            if current and item.stamp == stamp:
                return
            digest = _sha256(place)
        except OSError as exc:
            self._keeper.fail(item, why(exc))
            return
        if place.path.is_dir():
            self._shut.append(place.path)
        kept = stamp if settled else None
        if current and item.sha256 == digest:
            self._keeper.is_same(item, kept)
        else:
            self._keeper.take(item, records(place), digest=digest, stamp=kept)

    def _is_shut(self, item: Item) -> bool:
        return any(Path(item.place).is_relative_to(folder.absolute()) for folder in self._shut)


def _stamp(path: Path) -> tuple[str, bool]:
    """Size in bytes with the times of its content and entry in nanoseconds, and whether they will tell a change."""
    status = path.stat()
    stamp = f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"
    return stamp, status.st_mtime < time.time() - _SETTLED


def _sha256(place: Place) -> str:
    """Of the file's bytes; empty for what is not to be opened."""
    if place.refusal or not stat.S_ISREG(place.path.stat().st_mode):
        return ""
    with place.path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
