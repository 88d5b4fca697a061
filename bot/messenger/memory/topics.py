"""The question that set the topic, by person and chat."""

from corpus.database import Database


class Topics:
    """What follow-up questions go on with. Times are seconds since 1970, UTC; no thread is 0."""

    SCHEMA = """
CREATE TABLE IF NOT EXISTS topics (
    chat INTEGER NOT NULL,
    thread INTEGER NOT NULL,
    person INTEGER NOT NULL,
    question TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (chat, person, thread)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS topics_at ON topics (at);
"""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, chat: int, thread: int | None, person: int, *, since: int) -> str | None:
        """The question, unless the topic was last touched before ``since``."""
        rows = self._database.rows(
            "SELECT question FROM topics WHERE chat = ? AND person = ? AND thread = ? AND at >= ?",
            *(chat, person, thread or 0, since),
        )
        return str(rows[0][0]) if rows else None

    def put(self, chat: int, thread: int | None, person: int, question: str, *, at: int, since: int) -> None:
        """Set the topic, and drop everybody's that was last touched before ``since``."""
        with self._database.transaction():
            self._database.put(
                "INSERT OR REPLACE INTO topics (chat, thread, person, question, at) VALUES (?, ?, ?, ?, ?)",
                *(chat, thread or 0, person, question, at),
            )
            self._database.put("DELETE FROM topics WHERE at < ?", since)

    def forget(self, chat: int, person: int) -> None:
        """Drop theirs in that chat, in all its threads."""
        with self._database.transaction():
            self._database.put("DELETE FROM topics WHERE chat = ? AND person = ?", chat, person)
