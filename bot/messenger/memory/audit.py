"""What administrators did: who, when, what, and what came of it. The latest 10,000 are kept."""

import time
from dataclasses import dataclass

from corpus.database import Database, Row

ASKED, RUNNING = "asked", "running"
"""Outcomes of what is not over: it waits for a button; it is being done."""

_MOST = 10_000
_COLUMNS = "number, at, admin, action, detail, payload, outcome, chat, message_id"


@dataclass(frozen=True, slots=True)
class Deed:
    """One action."""

    number: int
    at: int
    """Seconds since 1970, UTC."""
    admin: int
    action: str
    """As the command: add, reindex, export …"""
    detail: str
    """Of what, in a few words."""
    payload: str
    """What it takes to do it; empty once it is over."""
    outcome: str
    chat: int | None
    message_id: int | None
    """Of the message that shows how far it is."""


class Audit:
    SCHEMA = """
        CREATE TABLE IF NOT EXISTS audit (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            update_id INTEGER NOT NULL UNIQUE,
            at INTEGER NOT NULL,
            admin INTEGER NOT NULL,
            action TEXT NOT NULL,
            detail TEXT NOT NULL,
            payload TEXT NOT NULL,
            outcome TEXT NOT NULL,
            chat INTEGER,
            message_id INTEGER
        );
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(
        self,
        update: int,
        admin: int,
        action: str,
        detail: str = "",
        *,
        payload: str = "",
        outcome: str = RUNNING,
    ) -> tuple[Deed, bool]:
        """The action that the update asks for, and whether it is new: a replay begins nothing twice."""
        with self._database.transaction():
            before = self._database.rows(f"SELECT {_COLUMNS} FROM audit WHERE update_id = ?", update)  # noqa: S608  no value
            if before:
                return _deed(before[0]), False
            number = self._database.put(
                "INSERT INTO audit (update_id, at, admin, action, detail, payload, outcome) VALUES (?, ?, ?, ?, ?, ?, ?)",
                *(update, int(time.time()), admin, action, detail, payload, outcome),
            )
            self._database.put("DELETE FROM audit WHERE number <= ?", number - _MOST)
        return self._one(number), True

    def shown(self, number: int, chat: int, message_id: int) -> None:
        """Where it is told how far it is."""
        with self._database.transaction():
            self._database.put(
                "UPDATE audit SET chat = ?, message_id = ? WHERE number = ?", chat, message_id, number
            )

    def move(self, number: int, before: str, after: str) -> bool:
        """From one outcome to another; False where it had another: somebody was quicker. An end empties the payload."""
        with self._database.transaction():
            if (
                self._database.rows("SELECT 1 FROM audit WHERE number = ? AND outcome = ?", number, before)
                == []
            ):
                return False
            self._database.put("UPDATE audit SET outcome = ? WHERE number = ?", after, number)
            if after not in {ASKED, RUNNING}:
                self._database.put("UPDATE audit SET payload = '' WHERE number = ?", number)
        return True

    def get(self, number: int) -> Deed | None:
        rows = self._database.rows(f"SELECT {_COLUMNS} FROM audit WHERE number = ?", number)  # noqa: S608  no value
        return _deed(rows[0]) if rows else None

    def latest(self, most: int = 20) -> list[Deed]:
        """The newest first."""
        query = f"SELECT {_COLUMNS} FROM audit ORDER BY number DESC LIMIT ?"  # noqa: S608  no value
        return [_deed(row) for row in self._database.rows(query, most)]

    def running(self) -> list[Deed]:
        """Those that were under way when the process ended, at a start."""
        query = f"SELECT {_COLUMNS} FROM audit WHERE outcome = ?"  # noqa: S608  no value
        return [_deed(row) for row in self._database.rows(query, RUNNING)]

    def _one(self, number: int) -> Deed:
        found = self.get(number)
        assert found is not None, number  # noqa: S101  it was written a moment ago
        return found


def _deed(row: Row) -> Deed:
    return Deed(*row)
