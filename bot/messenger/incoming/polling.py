"""Asking Telegram for updates, for as long as the process lives."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

from telegram import Bot
from telegram.error import Conflict, EndPointNotFound, InvalidToken, RetryAfter, TelegramError

from bot.messenger.account import REFUSED, seconds
from bot.messenger.incoming.inbox import Raw, is_update
from corpus.errors import OnrecordError, UsageError

WANTED = (
    "message",
    "edited_message",
    "callback_query",
    "inline_query",
    "guest_message",
    "my_chat_member",
)
CONFLICT = "another process receives this bot's messages: stop it, then start this one again"

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_CONFLICTS = 4
"""In a minute. Fewer are met where an old process is just ending, or a network broke a poll off."""
_MINUTE = 60.0
_SLACK = 10.0
"""Seconds that Telegram may take beyond the poll itself."""

_LOG = logging.getLogger(__name__)


class Poller:
    """One poll at a time; the next tells Telegram what was taken, and so comes after the journal has it."""

    def __init__(self, bot: Bot, take: Callable[[Sequence[Raw]], None], seconds: float = 30.0) -> None:
        """``seconds`` a poll waits for an update."""
        self._bot, self._take, self._seconds = bot, take, seconds
        self._next = 0
        self._failures = 0
        self._conflicts: list[float] = []
        self._heard = time.monotonic()

    @property
    def silent(self) -> float:
        """Seconds since Telegram last answered as it should, beyond those that a poll may take."""
        return max(0.0, time.monotonic() - self._heard - self._seconds - _SLACK)

    async def run(self) -> None:
        """Until it is cancelled. Raises UsageError when the token is refused or another process polls on."""
        while True:
            pause = await self._step()
            await asyncio.sleep(pause)

    async def _step(self) -> float:
        """One poll; seconds to wait before the next."""
        try:
            updates = _updates(await self._poll())
            self._take(updates)
            # An empty answer has confirmed what came before; after a silent week numbers may begin anew, lower.
            self._next = max((raw["update_id"] for raw in updates), default=-1) + 1
        except (InvalidToken, EndPointNotFound):
            # Their messages repeat the token, so they are not chained.
            raise UsageError(REFUSED) from None
        except Conflict:
            return self._conflict()
        except RetryAfter as error:
            return seconds(error)
        except Exception as error:  # noqa: BLE001  the library stumbles in many ways over what is no answer
            return self._failure(error)
        if self._failures > 1:
            _LOG.info("updates come in again")
        self._failures, self._heard = 0, time.monotonic()
        return 0.0

    async def _poll(self) -> Any:
        asked = {"timeout": self._seconds, "allowed_updates": list(WANTED)}
        if self._next:
            asked["offset"] = self._next
        return await self._bot.do_api_request(
            "getUpdates", api_kwargs=asked, read_timeout=self._seconds + _SLACK
        )

    def _conflict(self) -> float:
        now = time.monotonic()
        self._conflicts = [at for at in self._conflicts if now - at < _MINUTE] + [now]
        if len(self._conflicts) >= _CONFLICTS:
            raise UsageError(CONFLICT)
        return 2.0 ** (len(self._conflicts) - 1)

    def _failure(self, error: Exception) -> float:
        """Where the journal cannot be written, Telegram keeps the updates."""
        self._failures += 1
        pause = min(_FIRST_PAUSE * 2.0 ** min(self._failures - 1, 10), _LONGEST_PAUSE)
        is_ours = isinstance(error, OSError | OnrecordError)
        if self._failures > 1 or is_ours:  # one failure of a network is nothing to tell
            what = "the journal cannot be written" if is_ours else "Telegram cannot be reached"
            _LOG.warning("%s (%s); trying again in %.1f s", what, type(error).__name__, pause)
        return pause


def _updates(result: Any) -> list[Raw]:
    """An answer that is no list of updates is a failure like any other."""
    updates = [raw for raw in result if is_update(raw)] if isinstance(result, list) else None
    if updates is None or (result and not updates):
        raise TelegramError("not a list of updates")
    return updates
