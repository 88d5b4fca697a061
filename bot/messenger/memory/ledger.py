"""Messages that were to be sent, and what became of each."""

from corpus.database import Database


class Ledger:
    SCHEMA = ""

    def __init__(self, database: Database) -> None:
        self._database = database
