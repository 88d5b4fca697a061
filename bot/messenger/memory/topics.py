"""The question that set the topic, by person and chat."""

from corpus.database import Database


class Topics:
    SCHEMA = ""

    def __init__(self, database: Database) -> None:
        self._database = database
