"""Votes on answers. Who voted is not kept: an answer has one vote, of the person it was shown to."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answer import Answer, Quote
from corpus.database import Database

QuoteId = tuple[str, int, int, str]
"""Article, start and end in its text, and the text between them."""


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote, and what it was cast on."""

    short: str
    question: str
    topic: str | None
    """The question before, where this one followed it up."""
    answered: bool
    verdict: str | None
    build: str
    statements: tuple[tuple[QuoteId, ...], ...]
    """The quotes of each statement, in the order of the answer."""
    vote: int
    """1 or -1."""
    at: int
    """Seconds since 1970, UTC."""


class Feedback:
    SCHEMA = """
CREATE TABLE IF NOT EXISTS feedback (
    short TEXT PRIMARY KEY,
    question TEXT NOT NULL,
    topic TEXT,
    answered INTEGER NOT NULL,
    verdict TEXT,
    build TEXT NOT NULL,
    statements TEXT NOT NULL,
    vote INTEGER NOT NULL,
    at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS feedback_at ON feedback (at);
"""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(
        self, short: str, answer: Answer, topic: str | None, vote: int, *, at: int, keep_days: int
    ) -> None:
        """Keep the vote in place of the one before; 0 takes it back. What is too old goes."""
        statements = json.dumps([[_id(quote) for quote in said.quotes] for said in answer.statements])
        with self._database.transaction():
            self._database.put("DELETE FROM feedback WHERE short = ?", short)
            if vote:
                self._database.put(
                    "INSERT INTO feedback (short, question, topic, answered, verdict, build, statements, vote, at)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    *(short, answer.question, topic, answer.answered, answer.verdict, answer.build),
                    *(statements, vote, at),
                )
            self._database.put("DELETE FROM feedback WHERE at < ?", at - keep_days * 86_400)

    def forget(self, shorts: Sequence[str]) -> None:
        """Remove the votes on those answers."""
        with self._database.transaction():
            self._database.write("DELETE FROM feedback WHERE short = ?", [(short,) for short in shorts])

    def sweep(self, before: int) -> None:
        """Remove votes cast before then, in seconds since 1970, UTC."""
        with self._database.transaction():
            self._database.put("DELETE FROM feedback WHERE at < ?", before)

    def votes(self) -> Iterator[Vote]:
        """All of them, oldest first."""
        for short, question, topic, answered, verdict, build, statements, vote, at in self._database.rows(
            "SELECT short, question, topic, answered, verdict, build, statements, vote, at"
            " FROM feedback ORDER BY at, short"
        ):
            told = tuple(
                tuple((article, start, end, text) for article, start, end, text in quotes)
                for quotes in json.loads(statements)
            )
            yield Vote(short, question, topic, bool(answered), verdict, build, told, vote, at)


def _id(quote: Quote) -> QuoteId:
    return quote.article_id, quote.start, quote.end, quote.text
