"""What administrators did, and when."""

from corpus.database import Database


class Audit:
    SCHEMA = ""

    def __init__(self, database: Database) -> None:
        self._database = database
