"""Updates that Telegram was told we have: waiting, or done and known by their number alone."""

import time
from collections.abc import Sequence

from corpus.database import Database

TRIES = 3
"""Times an update is begun; one that was not done by then is what fails, and is let go."""

_KEPT = 3 * 86_400
"""Seconds that numbers are remembered. Telegram offers an update again for 24 hours (Bot API, "Getting updates")."""
_MOST = 1_000_000


class Journal:
    """What is taken is on the disk when ``take`` returns, and stays until it is done. One process at a time."""

    SCHEMA = """
    CREATE TABLE IF NOT EXISTS journal (
        place INTEGER PRIMARY KEY,        -- in the order of arrival
        update_id INTEGER NOT NULL UNIQUE,
        body TEXT,                        -- as Telegram sent it; NULL once it is done
        tries INTEGER NOT NULL DEFAULT 0,
        at REAL NOT NULL                  -- Unix time of its arrival
    );
    CREATE INDEX IF NOT EXISTS journal_waiting ON journal(place) WHERE body IS NOT NULL;
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, updates: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
        """Those of the ``(number, body)`` that were never taken before, all of them kept. Raises OSError."""
        now = time.time()
        with self._database.transaction():
            fresh = self._unknown(updates, now)
            rows = [(number, body, now) for number, body in fresh]
            self._database.write(
                "INSERT OR REPLACE INTO journal (update_id, body, at) VALUES (?, ?, ?)", rows
            )
            self._sweep(2 * len(fresh), now)
        return fresh

    def waiting(self) -> list[tuple[int, str]]:
        """Taken and not done, in the order they came."""
        rows = self._database.rows(
            "SELECT update_id, body FROM journal WHERE body IS NOT NULL ORDER BY place"
        )
        return [(number, body) for number, body in rows]

    def begin(self, number: int) -> bool:
        """Count a try; False when it has had all of them."""
        found = self._database.rows("SELECT tries FROM journal WHERE update_id = ?", number)
        if found and found[0][0] >= TRIES:
            return False
        self._change("UPDATE journal SET tries = tries + 1 WHERE update_id = ?", number)
        return True

    def put_off(self, number: int) -> None:
        """It was begun and broken off for no fault of its own: the try does not count."""
        self._change("UPDATE journal SET tries = max(tries - 1, 0) WHERE update_id = ?", number)

    def done(self, number: int) -> None:
        """What people wrote is erased; the number stays for a while, so that it is not taken again."""
        self._change("UPDATE journal SET body = NULL WHERE update_id = ?", number)

    def _unknown(self, updates: Sequence[tuple[int, str]], now: float) -> list[tuple[int, str]]:
        """What is done and old is another's number: after a silent week numbers may begin anew."""
        numbers = ",".join(str(number) for number, _ in updates)
        query = (
            "SELECT update_id FROM journal WHERE update_id IN (SELECT value FROM json_each(?))"
            " AND (body IS NOT NULL OR at >= ?)"
        )
        known = {number for (number,) in self._database.rows(query, f"[{numbers}]", now - _KEPT)}
        return list({number: body for number, body in updates if number not in known}.items())

    def _change(self, statement: str, number: int) -> None:
        with self._database.transaction():
            self._database.put(statement, number)

    def _sweep(self, most: int, now: float) -> None:
        """Two old ones go for each new one: it stays small without ever stopping to clean."""
        self._database.put(
            "DELETE FROM journal WHERE place IN"
            " (SELECT place FROM journal WHERE body IS NULL ORDER BY place LIMIT ?)"
            " AND (at < ? OR place <= (SELECT max(place) FROM journal) - ?)",
            *(most, now - _KEPT, _MOST),
        )
