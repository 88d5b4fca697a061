"""Telegram's limits on how often a bot may speak, kept before Telegram has to remind of them."""

import asyncio
import math
from collections.abc import Callable, Coroutine
from typing import Any

from aiolimiter import AsyncLimiter
from telegram.error import NetworkError, RetryAfter
from telegram.ext import BaseRateLimiter

from bot.messenger.account import seconds
from bot.messenger.operations.figures import FIGURES

Note = Callable[[], None]
Done = bool | dict[str, Any] | list[dict[str, Any]]

_A_SECOND = 30.0
_IN_A_GROUP = (20, 60.0)
_IN_PRIVATE = (5, 5.0)
"""Messages in seconds (Bots FAQ, "My bot is hitting limits"): 30 a second in all, 20 a minute in a group, about one a
second in a private chat, where "short bursts" are let pass. All at once, then as the time goes on."""
_CHATS = 2048
"""Chats remembered; beyond, those that could speak freely are forgotten."""
_PATIENCE = 900.0
"""Seconds that one message waits for Telegram's "retry after" in all."""
_WHILE_ASKED = 10.0  # the same where there is no chat: queries, which Telegram soon forgets
_FREE = {"sendChatAction", "answerCallbackQuery", "answerInlineQuery", "answerGuestQuery"}
_MARKUP = "editMessageReplyMarkup"  # asks whether a message is there: no message, but a request like others


class _Chat:
    def __init__(self, chat: int) -> None:
        self.limiter = AsyncLimiter(*(_IN_PRIVATE if chat > 0 else _IN_A_GROUP))
        self.closed_until = 0.0  # by the loop's clock

    def idle(self, now: float) -> bool:
        return now >= self.closed_until and self.limiter.has_capacity(self.limiter.max_rate)


class Pace(BaseRateLimiter[Note]):
    """Every request of the bot passes here: 30 messages a second in all, 20 a minute in a group, bursts in private.

    A "retry after" is obeyed to the letter by the chat that it was said to and by no other, as often as it takes.
    ``rate_limit_args`` is called each time right before a request leaves, after all waiting.
    """

    def __init__(self, a_second: float = _A_SECOND, patience: float = _PATIENCE) -> None:
        self._patience = patience
        self._everywhere = AsyncLimiter(1, 1 / a_second)  # evenly, so that no second holds more
        self._chats: dict[int, _Chat] = {}

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Done]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Note | None,
    ) -> Done:
        """Raises RetryAfter, without asking again, while waiting as Telegram says would take longer than the patience."""
        chat, waited = data.get("chat_id"), 0.0
        patience = self._patience if isinstance(chat, int) else _WHILE_ASKED
        while True:
            await self._turn(endpoint, chat)
            if rate_limit_args:
                rate_limit_args()
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                pause = seconds(error)
                waited += pause
                FIGURES.flood()
                if isinstance(chat, int) and endpoint not in _FREE:
                    self._close(chat, pause)
                if endpoint == "sendChatAction" or waited > patience:
                    raise
                if not isinstance(chat, int):
                    await asyncio.sleep(pause)
            except (LookupError, TypeError) as error:  # JSON, but no answer of the Bot API
                raise NetworkError("an answer that cannot be read") from error

    async def _turn(self, endpoint: str, chat: object) -> None:
        if endpoint in _FREE or not isinstance(chat, int):
            return
        place = self._place(chat)
        if (left := place.closed_until - asyncio.get_running_loop().time()) > self._patience:
            raise RetryAfter(math.ceil(left))
        await _opened(place)
        if endpoint != _MARKUP:
            await place.limiter.acquire()
        await self._everywhere.acquire()
        await _opened(place)  # another message may have been told to wait meanwhile

    def _close(self, chat: int, seconds: float) -> None:
        place = self._place(chat)
        place.closed_until = max(place.closed_until, asyncio.get_running_loop().time() + seconds)

    def _place(self, chat: int) -> _Chat:
        if chat not in self._chats:
            if len(self._chats) >= _CHATS:
                now = asyncio.get_running_loop().time()
                self._chats = {c: place for c, place in self._chats.items() if not place.idle(now)}
            self._chats[chat] = _Chat(chat)
        return self._chats[chat]


async def _opened(place: _Chat) -> None:
    clock = asyncio.get_running_loop().time
    while (left := place.closed_until - clock()) > 0:  # noqa: ASYNC110  the time may be put off while waiting
        await asyncio.sleep(left)
