"""Second line of defence for secrets: no log record holds one, whichever logger or handler takes it.

The first is that the loggers of httpx, whose addresses hold the bot's token, stay quiet. Handlers can be
added at any time, so records are cleaned where they are made and not handler by handler.
"""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_MASK = "[secret]"


@contextmanager
def redacted(*secrets: str) -> Iterator[None]:
    """While it lasts, log records show a mask in place of each secret, in messages and tracebacks alike."""
    make = logging.getLogRecordFactory()

    def make_clean(*args: Any, **kwargs: Any) -> logging.LogRecord:
        return _clean(make(*args, **kwargs), [secret for secret in secrets if secret])

    logging.setLogRecordFactory(make_clean)
    try:
        yield
    finally:
        logging.setLogRecordFactory(make)


def _clean(record: logging.LogRecord, secrets: list[str]) -> logging.LogRecord:
    text = _text(record)
    if any(secret in text for secret in secrets):
        for secret in secrets:
            text = text.replace(secret, _MASK)
        record.msg, record.args, record.exc_info = text, (), None
    return record


def _text(record: logging.LogRecord) -> str:
    try:
        message = record.getMessage()
    except (TypeError, ValueError, KeyError):  # placeholders that do not fit: shown raw
        message = f"{record.msg} {record.args}"
    failure = "".join(traceback.format_exception(record.exc_info[1])) if record.exc_info else ""
    return f"{message}\n{failure}".strip()
