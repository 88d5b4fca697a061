"""Languages that people and groups chose, and chats that moved or are gone.

Telegram's numbers tell them apart: a person's is positive and is that of the private chat too, a group's is negative.
"""

from corpus.database import Database


class People:
    SCHEMA = """
        CREATE TABLE IF NOT EXISTS languages (who INTEGER PRIMARY KEY, code TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS left_chats (chat INTEGER PRIMARY KEY, became INTEGER);
    """  # became: the chat that goes on in its place; NULL where the bot was blocked, removed, or all is deleted

    def __init__(self, database: Database) -> None:
        self._database = database

    def choose(self, who: int, code: str | None) -> None:
        """The language of a person or a group from now on; None leaves it to Telegram again."""
        with self._database.transaction():
            if code is None:
                self._database.put("DELETE FROM languages WHERE who = ?", who)
            else:
                self._database.put("INSERT OR REPLACE INTO languages VALUES (?, ?)", who, code)

    def chosen(self, who: int) -> str | None:
        """What was chosen for exactly this person or group."""
        rows = self._database.rows("SELECT code FROM languages WHERE who = ?", who)
        return str(rows[0][0]) if rows else None

    def moved(self, old: int, new: int) -> None:
        """A group became a supergroup: what was chosen for it goes along."""
        if old == new:
            return
        with self._database.transaction():
            self._database.put(
                "DELETE FROM left_chats WHERE chat = ?", new
            )  # so that moves never form a ring
            self._database.put("INSERT OR REPLACE INTO left_chats VALUES (?, ?)", old, new)
            self._database.put(
                "INSERT OR IGNORE INTO languages SELECT ?, code FROM languages WHERE who = ?", new, old
            )

    def gone(self, chat: int) -> None:
        """Nothing can be sent there any more, until ``back``."""
        if (last := self.place(chat)) is not None:
            with self._database.transaction():
                self._database.put("INSERT OR REPLACE INTO left_chats VALUES (?, NULL)", last)

    def back(self, chat: int) -> None:
        """It writes to the bot again."""
        if self._left(chat) == (None,):
            with self._database.transaction():
                self._database.put("DELETE FROM left_chats WHERE chat = ? AND became IS NULL", chat)

    def place(self, chat: int) -> int | None:
        """Where to send what is meant for ``chat``; None where it can never arrive."""
        while left := self._left(chat):
            (became,) = left
            if became is None:
                return None
            chat = became
        return chat

    def _left(self, chat: int) -> tuple[int | None] | None:
        rows = self._database.rows("SELECT became FROM left_chats WHERE chat = ?", chat)
        return (rows[0][0],) if rows else None
