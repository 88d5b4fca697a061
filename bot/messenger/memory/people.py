"""Languages that people and groups chose, and chats that moved or are gone."""

from corpus.database import Database


class People:
    SCHEMA = ""

    def __init__(self, database: Database) -> None:
        self._database = database
