"""A Bot API server for tests: real HTTP on a loopback port, Telegram's ids, limits and errors, and faults on demand.

It holds one bot. A test says what people do and reads what the bot did; the bot, a process of its own, sees what
api.telegram.org would show it. Not here: media but documents, administrators' rights, Telegram's own flood limits.
"""

from tests.bot_api.chats import ME, SUPERGROUPS, Chats
from tests.bot_api.faults import (
    BAD_GATEWAY,
    BLOCKED,
    CONFLICT,
    GONE,
    KICKED,
    LATE_MALFORMED,
    LATE_RESET,
    LATE_SERVER_ERROR,
    LATE_TIMEOUT,
    MALFORMED,
    RESET,
    REVOKED,
    SERVER_ERROR,
    TIMEOUT,
    Fault,
    Faults,
    Injected,
    broken,
    flood,
    migrated,
)
from tests.bot_api.limits import buttons_of
from tests.bot_api.people import person, wait_for
from tests.bot_api.queries import Query
from tests.bot_api.server import TOKEN, BotApi, Call
from tests.bot_api.updates import Delivery

__all__ = [
    "BAD_GATEWAY",
    "BLOCKED",
    "CONFLICT",
    "GONE",
    "KICKED",
    "LATE_MALFORMED",
    "LATE_RESET",
    "LATE_SERVER_ERROR",
    "LATE_TIMEOUT",
    "MALFORMED",
    "ME",
    "RESET",
    "REVOKED",
    "SERVER_ERROR",
    "SUPERGROUPS",
    "TIMEOUT",
    "TOKEN",
    "BotApi",
    "Call",
    "Chats",
    "Delivery",
    "Fault",
    "Faults",
    "Injected",
    "Query",
    "broken",
    "buttons_of",
    "flood",
    "migrated",
    "person",
    "wait_for",
]
