"""Updates that Telegram was told we have: waiting, or done."""

from corpus.database import Database


class Journal:
    SCHEMA = ""

    def __init__(self, database: Database) -> None:
        self._database = database
