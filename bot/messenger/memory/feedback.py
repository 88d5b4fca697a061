"""Votes on answers."""

from corpus.database import Database


class Feedback:
    SCHEMA = ""

    def __init__(self, database: Database) -> None:
        self._database = database
