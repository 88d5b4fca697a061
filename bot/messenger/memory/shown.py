"""Answers that were shown, by the short id in their buttons."""

from corpus.database import Database


class Shown:
    SCHEMA = ""

    def __init__(self, database: Database) -> None:
        self._database = database
