"""Saying no: politely, seldom, and never in the way of an answer."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from telegram import InlineQueryResultArticle, InlineQueryResultsButton, InputTextMessageContent, Update
from telegram.error import TelegramError

from bot.messenger.incoming.gate import is_group
from bot.messenger.incoming.lanes import Lane
from bot.messenger.incoming.quota import Seldom
from bot.messenger.outgoing.outbox import Outbox, Place
from bot.render.message import Message
from bot.render.phrases import Phrases

_AT_ONCE = 512
"""Refusals on their way, some 17 s of what Telegram lets out; in a flood beyond that nobody is told."""
_BUTTON = 64  # characters

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Refusal:
    key: str
    text: str


class Refusals:
    """Each is sent aside, and to one lane at most once a minute; ``done`` is told when nothing is left to do."""

    def __init__(
        self, outbox: Outbox, phrases: Callable[[Update], Phrases], done: Callable[[int], None]
    ) -> None:
        self._outbox, self._phrases, self._done = outbox, phrases, done
        self._seldom = Seldom()
        self._sending: set[asyncio.Task[None]] = set()

    def busy(self, update: Update, lane: Lane) -> None:
        say = self._phrases(update)
        text = say("Too many questions are waiting just now. Please ask again in a minute.")
        self._refuse(update, lane, Refusal(f"{update.update_id}:busy", text))

    def too_often(self, update: Update, lane: Lane) -> None:
        say = self._phrases(update)
        text = say("That was a lot of questions for one minute. Please ask again a little later.")
        self._refuse(update, lane, Refusal(f"{update.update_id}:often", text))

    def failed(self, update: Update, lane: Lane) -> None:
        say = self._phrases(update)
        text = say("Something went wrong here and your question was not answered. Please ask again.")
        self._refuse(update, lane, Refusal(f"{update.update_id}:failed", text))

    def stranger(self, update: Update, lane: Lane) -> None:
        """Told once for good, in private alone; a group hears nothing."""
        user = update.effective_user
        if is_group(update) or user is None:
            self._done(update.update_id)
            return
        say = self._phrases(update)
        text = say(
            "I answer only the people whom my owner has let in. Your number at Telegram is {number}.",
            number=user.id,
        )
        self._refuse(update, lane, Refusal(f"stranger:{user.id}", text))

    async def close(self, seconds: float) -> None:
        """Those on their way may take that long."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=seconds)
        for task in self._sending:
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)

    def _refuse(self, update: Update, lane: Lane, refusal: Refusal) -> None:
        if len(self._sending) >= _AT_ONCE or not self._seldom.may(lane.kind, lane.number):
            self._done(update.update_id)
            return
        task = asyncio.create_task(self._send(update, refusal))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _send(self, update: Update, refusal: Refusal) -> None:
        try:
            with suppress(TelegramError):  # Telegram itself is in trouble: a refusal is not worth another try
                await self._tell(update, refusal)
            self._done(update.update_id)
        except OSError as error:  # a full disk: the next start sees to it
            _LOG.error("a refusal cannot be written down", exc_info=error)

    def _tell(self, update: Update, refusal: Refusal) -> Awaitable[object]:
        if update.callback_query:
            return self._outbox.press(update.callback_query.id, refusal.text)
        if update.inline_query:
            button = InlineQueryResultsButton(_short(refusal.text), start_parameter="refused")
            return self._outbox.inline(update.inline_query.id, [], button=button, cache_seconds=0)
        if update.guest_message and update.guest_message.guest_query_id:
            content = InputTextMessageContent(refusal.text)
            result = InlineQueryResultArticle("refused", _short(refusal.text), content)
            return self._outbox.guest(update.guest_message.guest_query_id, result)
        if message := update.message or update.edited_message:
            return self._outbox.say(refusal.key, Place.of(message), Message(refusal.text))
        return asyncio.sleep(0)


def _short(text: str) -> str:
    """Its first sentence, for a button."""
    first = text.partition(". ")[0]
    return first if len(first) <= _BUTTON else f"{first[: _BUTTON - 1]}…"
