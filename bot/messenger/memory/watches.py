"""Topics that people watch, and the statements they have seen."""

from corpus.database import Database


class Watches:
    SCHEMA = ""

    def __init__(self, database: Database) -> None:
        self._database = database
