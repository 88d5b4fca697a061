"""Rows of roots, items and flaws. What writes belongs within a transaction of the tables."""

import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.article import Unreadable
from corpus.database import Database, Row
from corpus.library.entries import Item, Kind, Root

_TYPED = 1_000_000
"""Position of roots that the owner added: after those of the settings."""
_ITEM = "number, place, root, position, path, stamp, reader, sha256, media, reason, told, gone"
_ORDERED = (
    f"SELECT {', '.join('i.' + column for column in _ITEM.split(', '))} FROM items i"  # noqa: S608  a constant
    " LEFT JOIN roots r ON r.number = i.root"
    " WHERE NOT i.gone AND (?1 IS NULL OR i.root = ?1) ORDER BY r.position, r.number, i.position, i.number"
)


@dataclass(frozen=True, slots=True)
class Sources:
    """What is read, and how that went."""

    tables: Database

    def roots(self) -> list[Root]:
        """Those of the settings, in their order, then those of the owner, in the order they were added."""
        query = "SELECT number, place, given, kind, typed, since FROM roots ORDER BY position, number"
        return [
            Root(number, os.fsdecode(place), os.fsdecode(given), kind, bool(typed), since)
            for number, place, given, kind, typed, since in self.tables.rows(query)
        ]

    def add(self, place: str, given: str, kind: Kind, now: str) -> None:
        """A root of the owner, which the settings never take back."""
        self.tables.put(
            "INSERT INTO roots (place, given, kind, typed, since, position) VALUES (?1, ?2, ?3, 1, ?4, ?5)"
            " ON CONFLICT (place) DO UPDATE SET typed = 1, kind = iif(?3 = 'page', kind, ?3)",
            *(os.fsencode(place), os.fsencode(given), kind, now, _TYPED),
        )

    def configure(self, position: int, place: str, given: str, kind: Kind, now: str) -> None:
        """A root of the settings, ``position`` being its place among them."""
        self.tables.put(
            "INSERT INTO roots (place, given, kind, typed, since, position) VALUES (?1, ?2, ?3, 0, ?4, ?5)"
            " ON CONFLICT (place) DO UPDATE SET given = ?2, kind = ?3, position = ?5",
            *(os.fsencode(place), os.fsencode(given), kind, now, position),
        )

    def unconfigure(self, root: Root) -> None:
        """The settings name it no more: it stays only if it is the owner's."""
        self.tables.put("DELETE FROM roots WHERE number = ? AND NOT typed", root.number)
        self.tables.put("UPDATE roots SET position = ?, given = place WHERE number = ?", _TYPED, root.number)

    def remove(self, root: Root) -> None:
        self.tables.put("DELETE FROM roots WHERE number = ?", root.number)

    def is_a(self, root: Root, kind: Kind) -> None:
        self.tables.put("UPDATE roots SET kind = ? WHERE number = ?", kind, root.number)

    def item(self, place: str) -> Item | None:
        query = f"SELECT {_ITEM} FROM items WHERE place = ?"  # noqa: S608  a constant
        found = self.tables.rows(query, os.fsencode(place))
        return _item(found[0]) if found else None

    def items(self, root: int | None = None) -> list[Item]:
        """Those that are not gone, in the order of their roots; of one root or of all."""
        return [_item(row) for row in self.tables.rows(_ORDERED, root)]

    def met(self, place: str, root: int, position: int, path: str) -> Item:
        """The item at a place, as it is met there now: new, known, or back, when it has to be read again."""
        known = self.item(place)
        if known and (known.root, known.position, known.path, known.gone) == (root, position, path, False):
            return known
        self.tables.put(
            "INSERT INTO items (place, root, position, path) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (place)"
            " DO UPDATE SET root = ?2, position = ?3, path = ?4, gone = 0,"
            " stamp = iif(gone, NULL, stamp), sha256 = iif(gone, NULL, sha256)",
            *(os.fsencode(place), root, position, path),
        )
        made = self.item(place)
        assert made is not None  # noqa: S101  written just above
        return made

    def failed(self, item: Item, now: str, reason: str) -> None:
        """It could not be read; next time it is read again, however it looks."""
        self.tables.put(
            "UPDATE items SET tried = ?2, reason = ?3, stamp = NULL, sha256 = NULL WHERE number = ?1",
            *(item.number, now, reason),
        )

    def is_same(self, item: Item, now: str, stamp: str | None) -> None:
        """It was looked at, and holds what it held."""
        query = "UPDATE items SET tried = ?, stamp = ? WHERE number = ?"
        self.tables.put(query, now, stamp, item.number)

    def was_read(
        self, item: Item, now: str, stamp: str | None, sha256: str, *, reader: int, media: str | None
    ) -> None:
        self.tables.put(
            "UPDATE items SET tried = ?2, read = ?2, stamp = ?3, sha256 = ?4, reader = ?5, media = ?6,"
            " reason = NULL WHERE number = ?1",
            *(item.number, now, stamp, sha256, reader, media),
        )

    def keep_listing(self, item: Item, data: bytes) -> None:
        self.tables.put("INSERT OR REPLACE INTO listings VALUES (?, ?)", item.number, zlib.compress(data))

    def listing(self, item: Item) -> bytes:
        """The feed or sitemap as it came last; empty where it never did."""
        found = self.tables.rows("SELECT packed FROM listings WHERE item = ?", item.number)
        return zlib.decompress(found[0][0]) if found else b""

    def tell(self, item: Item, told: str) -> None:
        self.tables.put("UPDATE items SET told = ? WHERE number = ?", told, item.number)

    def drop(self, item: Item) -> None:
        self.tables.put("UPDATE items SET gone = 1, reason = NULL WHERE number = ?", item.number)
        self.tables.put("DELETE FROM flaws WHERE item = ?", item.number)

    def pass_over(self, item: Item, reasons: Sequence[str]) -> None:
        """Records of the item that cannot be read, in place of those noted before."""
        self.tables.put("DELETE FROM flaws WHERE item = ?", item.number)
        rows = [(item.number, position, reason) for position, reason in enumerate(reasons)]
        self.tables.write("INSERT INTO flaws VALUES (?, ?, ?)", rows)

    def unreadable(self, item: Item) -> Iterator[Unreadable]:
        """Why the item could not be read last, and which of its records were passed over."""
        if item.reason:
            yield Unreadable(item.path, item.reason)
        query = "SELECT reason FROM flaws WHERE item = ? ORDER BY position"
        yield from (Unreadable(item.path, reason) for (reason,) in self.tables.rows(query, item.number))


def _item(row: Row) -> Item:
    number, place, root, position, path, stamp, reader, sha256, media, reason, told, gone = row
    where = (number, os.fsdecode(place), root, position, path)
    return Item(*where, stamp, reader, sha256, media, reason, told, bool(gone))
