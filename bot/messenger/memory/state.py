"""The one file of state, and its tables."""

from pathlib import Path

from bot.messenger.memory.audit import Audit
from bot.messenger.memory.feedback import Feedback
from bot.messenger.memory.journal import Journal
from bot.messenger.memory.ledger import Ledger
from bot.messenger.memory.people import People
from bot.messenger.memory.shown import Shown
from bot.messenger.memory.topics import Topics
from bot.messenger.memory.watches import Watches
from corpus.database import Database

_SETTINGS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;"
"""What was committed outlives a kill; a power cut may take the last moments, never the file. What is deleted is
overwritten, long texts too (FAST would leave them), so that no question stays in the file after it is done; the log
beside it holds one until SQLite begins it anew, after some 4 MB."""


class Memory:
    """Tables over one connection; any thread may use them. For its owner alone to read. Raises IndexDamaged, OSError as Database."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)  # SQLite gives the files beside it the same rights
        tables = (Journal, Ledger, Shown, Topics, People, Feedback, Watches, Audit)
        schema = "\n".join([_SETTINGS, *(table.SCHEMA for table in tables)])
        self.database = Database(file, schema, mend=f"move {file} away and start again")
        self.journal, self.ledger = Journal(self.database), Ledger(self.database)
        self.shown, self.topics = Shown(self.database), Topics(self.database)
        self.people, self.feedback = People(self.database), Feedback(self.database)
        self.watches, self.audit = Watches(self.database), Audit(self.database)

    def close(self) -> None:
        self.database.close()
