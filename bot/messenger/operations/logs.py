"""The log: a line for each record, of this program and of its libraries alike, to standard error.

As JSON ({"time", "level", "logger", "event", …}) or readable. Times are UTC. No level shows questions, answers,
names or tokens. People, groups and lanes are shown by a short code, the same for the same one as long as the
bot has its token; nobody can tell the number from it without that token. Administrators, whom the settings
name, are shown by number in the audit's records alone.
"""

import hashlib
import hmac
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

from bot.messenger.operations.lately import LATELY
from bot.messenger.operations.redaction import OURS, told

CODED = ("lane", "chat")
_CODE = 8  # hexadecimal digits

_LOG = logging.getLogger(__name__)


def configure(level: str = "info", style: str = "auto", *, key: str = "") -> None:
    """Have the root logger write to standard error, and nothing else write there of its own.

    Args:
        level: debug, info, warning or error, of this program's records; libraries are heard from warning on.
        style: json, lines, or auto: lines on a terminal, else JSON.
        key: of the codes for people and chats; the bot's token.
    """
    readable = style == "lines" or (style == "auto" and sys.stderr.isatty())
    structlog.configure(
        processors=[*_described(), _failed, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_described(), _failed, _extras],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _coded(key),
                *_rendered(readable=readable),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler, LATELY]
    root.setLevel(logging.WARNING)
    # It raises what it tells of, and that is tried again.
    logging.getLogger("telegram.request").setLevel(logging.CRITICAL)
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())
    logging.raiseExceptions = False  # a record that cannot be written would be printed with its arguments
    sys.excepthook, threading.excepthook = _crashed, _thread_crashed


@contextmanager
def about(**facts: object) -> Iterator[None]:
    """Records made within say these too: ``about(update=12, lane="7")``."""
    with structlog.contextvars.bound_contextvars(**facts):
        yield


def _described() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    ]


def _rendered(*, readable: bool) -> list[Processor]:
    if not readable:
        return [structlog.processors.JSONRenderer(ensure_ascii=False, default=str)]
    return [
        structlog.dev.ConsoleRenderer(colors=False, timestamp_key="time", pad_level=False, pad_event_to=0)
    ]


def _failed(_: Any, __: str, record: EventDict) -> EventDict:
    """The error of ``exc_info`` by its places."""
    given = record.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else given
    if error is True:  # of structlog's exception()
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        record.update(told(error))
    return record


def _extras(_: Any, __: str, record: EventDict) -> EventDict:
    """The error that was taken off a record of the standard library as it was made, and ``extra={"facts": {…}}``."""
    for name in ("failure", "facts"):
        record.update(getattr(record["_record"], name, {}))
    return record


def _coded(key: str) -> Processor:
    def coded(_: Any, __: str, record: EventDict) -> EventDict:
        record.update({name: code(record[name], key) for name in CODED if name in record})
        return record

    return coded


def code(number: object, key: str) -> str:
    """Eight digits for a person or chat; a keyed hash, since all numbers could be tried on a plain one."""
    return hmac.new(key.encode(), str(number).encode(), hashlib.sha256).hexdigest()[:_CODE]


def _crashed(kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    _LOG.critical("ended by an error", exc_info=error)


def _thread_crashed(args: threading.ExceptHookArgs) -> None:
    _LOG.error("a thread ended by an error", exc_info=args.exc_value)
