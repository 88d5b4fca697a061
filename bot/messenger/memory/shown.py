"""Answers that were shown, by the short id in their buttons."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from bot.answer import Answer
from corpus.database import Database, Row

_MOST = 10_000
"""At some 12 kB each the file stays near 120 MB."""
_COLUMNS = (
    "short, key, chat, thread, asked_in, person, question, topic, answer, at,"
    " message_id, page, newest, context, vote, pressed"
)
_ANSWER = TypeAdapter(Answer)


@dataclass(frozen=True, slots=True)
class Asking:
    """A question that was put to the bot, and where."""

    key: str
    """Of the outbox: a replay of the same update finds the same answer."""
    chat: int
    thread: int | None
    asked_in: int
    """Id of the message that asks."""
    person: int | None
    """Who may press; None lets anyone who is in the chat."""
    question: str
    topic: str | None
    """The question that this one goes on with."""


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """One answer, where it stands, and what of it is to be seen."""

    short: str
    asking: Asking
    answer: Answer
    at: int
    """Seconds since 1970, UTC."""
    message_id: int | None = None
    """None until it is known to have arrived."""
    page: int = 0
    newest: bool = False
    context: bool = False
    vote: int = 0
    """1, -1 or, for none, 0."""
    pressed: int = 0
    """The update of the last press that changed this: a replay of it changes nothing."""


def new_short() -> str:
    """Twelve characters, 72 bits: not to be guessed."""
    return secrets.token_urlsafe(9)


class Shown:
    """The latest answers, none older than is asked for when one is added."""

    SCHEMA = """
CREATE TABLE IF NOT EXISTS shown (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    short TEXT NOT NULL UNIQUE,
    key TEXT NOT NULL UNIQUE,
    chat INTEGER NOT NULL,
    thread INTEGER,
    asked_in INTEGER NOT NULL,
    person INTEGER,
    question TEXT NOT NULL,
    topic TEXT,
    answer TEXT NOT NULL,
    at INTEGER NOT NULL,
    message_id INTEGER,
    page INTEGER NOT NULL,
    newest INTEGER NOT NULL,
    context INTEGER NOT NULL,
    vote INTEGER NOT NULL,
    pressed INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS shown_asked_in ON shown (chat, asked_in);
CREATE INDEX IF NOT EXISTS shown_message ON shown (chat, message_id);
CREATE INDEX IF NOT EXISTS shown_at ON shown (at);
"""

    def __init__(self, database: Database, most: int = _MOST) -> None:
        """``most`` answers are kept."""
        self._database, self._most = database, most

    def add(self, shown: ShownAnswer, *, keep_days: int, instead_of: ShownAnswer | None = None) -> None:
        """Keep it, and take ``instead_of`` and what is too old away."""
        places = ", ".join("?" * len(_values(shown)))
        with self._database.transaction():
            if instead_of:
                self._database.put("DELETE FROM shown WHERE short = ?", instead_of.short)
            statement = f"INSERT OR REPLACE INTO shown ({_COLUMNS}) VALUES ({places})"  # noqa: S608  no value
            last = self._database.put(statement, *_values(shown))
            self._database.put("DELETE FROM shown WHERE number <= ?", last - self._most)
            self._database.put("DELETE FROM shown WHERE at < ?", shown.at - keep_days * 86_400)

    def arrived(self, short: str, message_id: int) -> None:
        self._write("UPDATE shown SET message_id = ? WHERE short = ?", message_id, short)

    def change(self, shown: ShownAnswer) -> None:
        """Keep what of it is to be seen."""
        self._write(
            "UPDATE shown SET page = ?, newest = ?, context = ?, vote = ?, pressed = ? WHERE short = ?",
            *(shown.page, shown.newest, shown.context, shown.vote, shown.pressed, shown.short),
        )

    def remove(self, short: str) -> None:
        self._write("DELETE FROM shown WHERE short = ?", short)

    def forget(self, chat: int, person: int | None) -> Sequence[str]:
        """Remove every answer to them there; returns the short ids there were."""
        found = self._database.rows("SELECT short FROM shown WHERE chat = ? AND person IS ?", chat, person)
        self._write("DELETE FROM shown WHERE chat = ? AND person IS ?", chat, person)
        return [short for (short,) in found]

    def get(self, short: str) -> ShownAnswer | None:
        return self._one("short = ?", short)

    def of_key(self, key: str, chat: int) -> ShownAnswer | None:
        """In that chat: keys hold numbers of updates, which Telegram may begin anew."""
        return self._one("key = ? AND chat = ?", key, chat)

    def in_message(self, chat: int, message_id: int) -> ShownAnswer | None:
        """The answer that a message of the bot's shows now."""
        return self._one("chat = ? AND message_id = ?", chat, message_id)

    def to_message(self, chat: int, asked_in: int) -> ShownAnswer | None:
        """The answer to what that message asks."""
        return self._one("chat = ? AND asked_in = ?", chat, asked_in)

    def since(self, at: int) -> int:
        """How many answers there have been since then, of those that are kept."""
        return int(self._database.rows("SELECT count(*) FROM shown WHERE at >= ?", at)[0][0])

    def _write(self, statement: str, *values: object) -> None:
        with self._database.transaction():
            self._database.put(statement, *values)

    def _one(self, which: str, *values: object) -> ShownAnswer | None:
        query = f"SELECT {_COLUMNS} FROM shown WHERE {which} ORDER BY number DESC LIMIT 1"  # noqa: S608  no value
        rows = self._database.rows(query, *values)
        try:
            return _shown(rows[0]) if rows else None
        except ValidationError:  # kept by another version
            return None


def _values(shown: ShownAnswer) -> Row:
    asking, answer = shown.asking, _ANSWER.dump_json(shown.answer).decode()
    return (
        *(shown.short, asking.key, asking.chat, asking.thread, asking.asked_in, asking.person),
        *(asking.question, asking.topic, answer, shown.at, shown.message_id),
        *(shown.page, shown.newest, shown.context, shown.vote, shown.pressed),
    )


def _shown(row: Row) -> ShownAnswer:
    short, *asking, answer, at, message_id, page, newest, context, vote, pressed = row
    return ShownAnswer(
        *(short, Asking(*asking), _ANSWER.validate_json(answer), at, message_id),
        *(page, bool(newest), bool(context), vote, pressed),
    )
