"""Topics that people and groups watch or ask for news on, what of them they have seen, and messages on their way.

A statement is known by marks: eight bytes of a hash for each of its quotes. Passages that were looked at have
marks too, so that an old sentence that a later build ranks higher is not taken for news.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import blake2b

from corpus.database import Database, Row

Marks = frozenset[bytes]

_MARK = 8  # bytes
_MARKS = 2000
"""Kept for one topic in each of its two sets: some twenty visits in which all that was found was new."""
_TOPICS = 100
"""Of one chat, those that are not watched included."""
_COLUMNS = "id, chat, topic, shown, known, visited, build, language, thread"


def mark(article_id: str, text: str) -> bytes:
    """Of a quote, or of a passage."""
    return blake2b(f"{article_id}\0{text}".encode(errors="surrogatepass"), digest_size=_MARK).digest()


def key(topic: str) -> str:
    """One for all spellings of a topic that differ in case, spaces or marks around it."""
    return " ".join(topic.casefold().split()).strip(" .,:;!?\"'“”«»")


@dataclass(frozen=True, slots=True)
class Subject:
    """A topic of one chat; times are seconds since 1970, UTC."""

    id: int
    """0 for one that is not kept yet."""
    chat: int
    topic: str
    """As it was written."""
    shown: Marks = frozenset()
    """What was shown there."""
    known: Marks = frozenset()
    """What was there when the topic was first watched, and what was told or counted since."""
    visited: int | None = None
    """When its news were last asked for; None for never."""
    build: str | None = None
    """The last build whose news were told; None where nobody watches."""
    language: str | None = None
    """Of whoever watches, as Telegram told it."""
    thread: int | None = None
    """The topic of a forum in which it was asked to be watched."""


@dataclass(frozen=True, slots=True)
class Telling:
    """A message about what is new, from when it is put together until it has arrived."""

    chat: int
    key: str
    """Of the outbox."""
    message: str
    """As JSON."""


class Watches:
    SCHEMA = """
        CREATE TABLE IF NOT EXISTS subjects (id INTEGER PRIMARY KEY AUTOINCREMENT, chat INTEGER NOT NULL,
            key TEXT NOT NULL, topic TEXT NOT NULL, shown BLOB NOT NULL, known BLOB NOT NULL, visited INTEGER,
            build TEXT, language TEXT, thread INTEGER, at INTEGER NOT NULL, UNIQUE (chat, key));
        CREATE INDEX IF NOT EXISTS subjects_watched ON subjects (chat) WHERE build IS NOT NULL;
        CREATE INDEX IF NOT EXISTS subjects_at ON subjects (at);
        CREATE TABLE IF NOT EXISTS tellings (chat INTEGER PRIMARY KEY, key TEXT NOT NULL, message TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS told (chat INTEGER PRIMARY KEY, day INTEGER NOT NULL, number INTEGER NOT NULL);
    """  # told: messages on the last day, counted from 1970, on which there were any

    def __init__(self, database: Database) -> None:
        self._database = database

    # Topics

    def subject(self, chat: int, topic: str) -> Subject:
        """The one of that chat, or a new one."""
        found = self._subjects("chat = ? AND key = ?", chat, key(topic))
        return found[0] if found else Subject(0, chat, topic)

    def numbered(self, number: int) -> Subject | None:
        found = self._subjects("id = ?", number)
        return found[0] if found else None

    def keep(self, subject: Subject, *, at: int, keep_days: int) -> Subject:
        """As it is now; others of the chat that are not watched go when they are too many or too old."""
        with self._database.transaction():
            kept = self._keep(subject, at)
            self._database.put("DELETE FROM subjects WHERE build IS NULL AND at < ?", at - keep_days * 86_400)
            self._database.put(
                "DELETE FROM subjects WHERE build IS NULL AND chat = ? AND id NOT IN"
                " (SELECT id FROM subjects WHERE chat = ? ORDER BY at DESC, id DESC LIMIT ?)",
                *(subject.chat, subject.chat, _TOPICS),
            )
        return kept

    def watched(self, chat: int) -> list[Subject]:
        """In the order in which they were first named."""
        return self._subjects("chat = ? AND build IS NOT NULL", chat)

    def forget(self, chat: int) -> None:
        """Topics whose news were asked for; those that are watched stay."""
        with self._database.transaction():
            self._database.put("DELETE FROM subjects WHERE build IS NULL AND chat = ?", chat)

    def unwatch(self, chat: int, number: int) -> Subject | None:
        """What was seen stays known. None where that is not watched there."""
        found = next((s for s in self.watched(chat) if s.id == number), None)
        if found:
            with self._database.transaction():
                self._database.put("UPDATE subjects SET build = NULL WHERE id = ?", number)
        return found

    # Telling

    def waiting(self, build: str) -> list[int]:
        """Chats with a topic whose news of that build were not told yet."""
        query = "SELECT DISTINCT chat FROM subjects WHERE build IS NOT NULL AND build != ? ORDER BY chat"
        return [chat for (chat,) in self._database.rows(query, build)]

    def told(self, chat: int, day: int) -> int:
        """Messages on that day, counted from 1970."""
        rows = self._database.rows("SELECT number FROM told WHERE chat = ? AND day = ?", chat, day)
        return int(rows[0][0]) if rows else 0

    def tell(self, subjects: Iterable[Subject], telling: Telling | None, *, at: int) -> None:
        """The topics as they are now and the message that is to be sent, if there is news: all or nothing."""
        with self._database.transaction():
            for subject in subjects:
                self._keep(subject, at)
            if told := telling:
                self._database.put("INSERT INTO tellings VALUES (?, ?, ?)", told.chat, told.key, told.message)
                self._database.put(
                    "INSERT INTO told VALUES (?, ?, 1) ON CONFLICT (chat) DO UPDATE SET"
                    " number = CASE WHEN day = excluded.day THEN number + 1 ELSE 1 END, day = excluded.day",
                    *(told.chat, at // 86_400),
                )

    def tellings(self) -> list[Telling]:
        """Those that are not known to have arrived."""
        return [Telling(*row) for row in self._database.rows("SELECT chat, key, message FROM tellings")]

    def arrived(self, telling: Telling) -> None:
        with self._database.transaction():
            self._database.put("DELETE FROM tellings WHERE chat = ? AND key = ?", telling.chat, telling.key)

    # Chats

    def gone(self, chat: int) -> None:
        """Nothing can be told there any more."""
        with self._database.transaction():
            for table in ("subjects", "tellings", "told"):
                self._database.put(f"DELETE FROM {table} WHERE chat = ?", chat)  # noqa: S608  named above

    def moved(self, old: int, new: int) -> None:
        """A group became a supergroup: its topics go along, but for those that the new one has too."""
        with self._database.transaction():
            for table in ("subjects", "tellings", "told"):
                self._database.put(f"UPDATE OR IGNORE {table} SET chat = ? WHERE chat = ?", new, old)  # noqa: S608
                self._database.put(f"DELETE FROM {table} WHERE chat = ?", old)  # noqa: S608  named above

    def chats(self) -> list[int]:
        """Those that watch something."""
        query = "SELECT DISTINCT chat FROM subjects WHERE build IS NOT NULL ORDER BY chat"
        return [chat for (chat,) in self._database.rows(query)]

    def _subjects(self, which: str, *values: object) -> list[Subject]:
        query = f"SELECT {_COLUMNS} FROM subjects WHERE {which} ORDER BY id"  # noqa: S608  no value
        return [_subject(row) for row in self._database.rows(query, *values)]

    def _keep(self, subject: Subject, at: int) -> Subject:
        number = self._database.put(
            "INSERT INTO subjects (id, chat, key, topic, shown, known, visited, build, language, thread, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (chat, key) DO UPDATE SET shown = excluded.shown,"
            " known = excluded.known, visited = excluded.visited, build = excluded.build,"
            " language = excluded.language, thread = excluded.thread, at = excluded.at",
            *(subject.id or None, subject.chat, key(subject.topic), subject.topic),
            *(b"".join(subject.shown), b"".join(subject.known), subject.visited),
            *(subject.build, subject.language, subject.thread, at),
        )
        return subject if subject.id else replace(subject, id=number)


def together(old: Marks, new: Iterable[bytes]) -> Marks:
    """Both, within bounds: where there are too many, some of the old ones go."""
    fresh = frozenset(new)
    room = max(0, _MARKS - len(fresh))
    return fresh | frozenset(sorted(old - fresh)[:room])


def _subject(row: Row) -> Subject:
    number, chat, topic, shown, known, *rest = row
    return Subject(number, chat, topic, _marks(shown), _marks(known), *rest)


def _marks(joined: bytes) -> Marks:
    return frozenset(joined[i : i + _MARK] for i in range(0, len(joined), _MARK))
