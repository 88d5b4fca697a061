"""The one file of state, and its tables."""

from contextlib import closing
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
from corpus.errors import UsageError

_SETTINGS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;"
"""What was committed outlives a kill; a power cut may take the last moments, never the file. What is deleted is
overwritten, long texts too (FAST would leave them), so that no question stays in the file after it is done; the log
beside it holds one until SQLite begins it anew, after some 4 MB."""


_VERSION = 1
"""Of the tables; raised with every change that another version would stumble over."""


class Memory:
    """Tables over one connection; any thread may use them. For its owner alone to read.

    Raises IndexDamaged, OSError as Database, and UsageError where another version of this program wrote the file.
    """

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)  # SQLite gives the files beside it the same rights
        mend = f"move {file} away and start again"
        _require_ours(file, mend)
        tables = (Journal, Ledger, Shown, Topics, People, Feedback, Watches, Audit)
        version = f"PRAGMA user_version = {_VERSION};"
        schema = "\n".join([_SETTINGS, *(table.SCHEMA for table in tables), version])
        self.database = Database(file, schema, mend=mend)
        self.journal, self.ledger = Journal(self.database), Ledger(self.database)
        self.shown, self.topics = Shown(self.database), Topics(self.database)
        self.people, self.feedback = People(self.database), Feedback(self.database)
        self.watches, self.audit = Watches(self.database), Audit(self.database)

    def close(self) -> None:
        self.database.close()


def _require_ours(file: Path, mend: str) -> None:
    """Before anything is written to it; files without a version are of the first."""
    with closing(Database(file, _SETTINGS, mend=mend)) as database:
        ((found,),) = database.rows("PRAGMA user_version")
    if found not in {0, _VERSION}:
        raise UsageError(
            f"{file} was written by another version of Onrecord (state {found}, this is {_VERSION}):"
            f" start that version, or {mend}"
        )
