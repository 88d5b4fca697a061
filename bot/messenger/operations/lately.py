"""The last errors, for /status: when, what and where, as they stand in the log."""

import logging
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime

_KEPT = 5


@dataclass(frozen=True, slots=True)
class Trouble:
    at: datetime
    """UTC."""
    text: str
    """``a question failed: ValueError at bot/answering/answerer.py:88``."""


class Lately(logging.Handler):
    """Keeps the last errors; records come clean of what people wrote (see redaction)."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.troubles = deque[Trouble](maxlen=_KEPT)

    def emit(self, record: logging.LogRecord) -> None:
        fields = record.msg if isinstance(record.msg, dict) else {"event": record.getMessage()}
        fields = fields | getattr(record, "failure", {})
        told = [str(fields[name]) for name in ("event", "error") if fields.get(name)]
        self.troubles.append(Trouble(datetime.fromtimestamp(record.created, UTC), ": ".join(told)))


LATELY = Lately()
