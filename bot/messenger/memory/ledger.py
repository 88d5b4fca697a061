"""Messages that were to be sent, and what became of each."""

import time
from dataclasses import dataclass
from typing import Literal

from corpus.database import Database

State = Literal["sending", "sent", "failed", "gone"]

_KEPT = 30 * 24 * 3600.0
"""Seconds. Telegram keeps updates for a day, so no key comes back after a month."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one message.

    ``sending``: a request left and no answer to it was recorded, so it may have arrived. ``sent``: it arrived.
    ``failed``: it did not arrive. ``gone``: nor ever will, for the chat takes nothing any more.
    """

    state: State
    chat: int
    after: int | None
    """Of ``sending``: it can only have an id above this one; None where no id was known."""
    message_id: int | None
    why: str

    @property
    def settled(self) -> bool:
        """Nothing is to be sent for it any more."""
        return self.state in {"sent", "gone"}


class Ledger:
    """Keys are the caller's: one for each message, the same again after a restart."""

    SCHEMA = """
        CREATE TABLE IF NOT EXISTS ledger (
            key TEXT PRIMARY KEY, state TEXT NOT NULL, chat INTEGER NOT NULL, after INTEGER,
            message_id INTEGER, why TEXT NOT NULL, at REAL NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS ledger_at ON ledger (at);
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, key: str) -> Entry | None:
        rows = self._database.rows(
            "SELECT state, chat, after, message_id, why FROM ledger WHERE key = ?", key
        )
        return Entry(*rows[0]) if rows else None

    def sending(self, key: str, chat: int, after: int | None) -> None:
        """Outlives a kill from when this returns."""
        self._put(key, Entry("sending", chat, after, None, ""))

    def sent(self, key: str, chat: int, message_id: int) -> None:
        self._put(key, Entry("sent", chat, None, message_id, ""))

    def failed(self, key: str, chat: int, why: str) -> None:
        self._put(key, Entry("failed", chat, None, None, why))

    def gone(self, key: str, chat: int, why: str) -> None:
        self._put(key, Entry("gone", chat, None, None, why))

    def recent(self, number: int) -> list[tuple[int, int]]:
        """Chats and ids of the messages sent last, the oldest first."""
        rows = self._database.rows(
            "SELECT chat, message_id FROM ledger WHERE state = 'sent' ORDER BY at DESC LIMIT ?", number
        )
        return [(chat, message_id) for chat, message_id in reversed(rows)]

    def counts(self) -> dict[str, int]:
        """How many messages of each state are remembered."""
        return dict(self._database.rows("SELECT state, count(*) FROM ledger GROUP BY state"))

    def _put(self, key: str, entry: Entry) -> None:
        now = time.time()
        with self._database.transaction():
            self._database.put(
                "INSERT OR REPLACE INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?)",
                *(key, entry.state, entry.chat, entry.after, entry.message_id, entry.why, now),
            )
            # Two old ones go for each new one: it stays small without ever stopping to clean.
            self._database.put(
                "DELETE FROM ledger WHERE key IN (SELECT key FROM ledger WHERE at < ? LIMIT 2)", now - _KEPT
            )
