"""No log record holds a secret or what people wrote, whichever logger makes it and whichever handler takes it.

Handlers can be added at any time, so records are cleaned where they are made and not handler by handler:
secrets are masked; of a library's record its template alone is left, as its arguments may be whole updates;
of an error its kind and places.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bot.messenger.operations.failures import causes, place, trail

OURS = {"bot", "retrieval", "corpus", "config"}
"""Loggers whose records hold nothing but what this program chose to log."""

_MASK = "[secret]"


@contextmanager
def redacted(*secrets: str) -> Iterator[None]:
    """While it lasts, log records are clean of ``secrets`` and of what libraries know of people."""
    make = logging.getLogRecordFactory()
    hidden = [secret for secret in secrets if secret]

    def make_clean(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        copied = not record.name  # logging.makeLogRecord: a blank, to be filled from a record that is clean
        return record if copied else _clean(record, hidden)

    logging.setLogRecordFactory(make_clean)
    try:
        yield
    finally:
        logging.setLogRecordFactory(make)


def told(error: BaseException) -> dict[str, Any]:
    """What a record says of an error."""
    came_from = causes(error)
    return {"error": place(error), "trail": trail(error)} | ({"causes": came_from} if came_from else {})


def _clean(record: logging.LogRecord, secrets: list[str]) -> logging.LogRecord:
    error = record.exc_info[1] if record.exc_info else None
    record.raised = error  # for reports, which see to it themselves
    record.failure = told(error) if error else {}
    record.exc_info = record.exc_text = record.stack_info = None
    if isinstance(record.msg, dict):  # of structlog: the record's fields
        record.msg = masked(record.msg, secrets)
    else:
        record.msg, record.args = masked(_text(record), secrets), ()
    return record


def masked(value: Any, secrets: list[str]) -> Any:
    """The same of plain values, in any depth; what is not plain becomes text."""
    match value:
        case None | bool() | int() | float():
            return value
        case dict():
            return {str(key): masked(item, secrets) for key, item in value.items()}
        case list() | tuple():
            return [masked(item, secrets) for item in value]
    text = str(value)
    for secret in secrets:
        text = text.replace(secret, _MASK)
    return text


def _text(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] not in OURS:
        return next(iter(str(record.msg).splitlines()), "")  # asyncio tells of a failed task on further lines
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):  # placeholders that do not fit
        return str(record.msg)
