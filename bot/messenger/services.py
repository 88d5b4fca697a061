"""What every handler works with; made once, by application.run."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from telegram import Update

from bot.messenger.engine import Engine
from bot.messenger.memory.state import Memory
from bot.messenger.options import Options
from bot.messenger.outgoing.outbox import Outbox
from bot.render.phrases import Phrases

T = TypeVar("T")


class Work(Protocol):
    """Runs a call in one of the threads that answer."""

    def __call__(self, call: Callable[[], T], /) -> Awaitable[T]: ...


@dataclass(frozen=True, slots=True)
class Services:
    """Handlers keep nothing of their own that must outlive a restart: that is in ``memory``."""

    engine: Engine
    memory: Memory
    outbox: Outbox
    options: Options
    work: Work
    phrases: Callable[[Update], Phrases]
    """In the language of whoever an update is from: chosen by /language, else the one Telegram tells."""
