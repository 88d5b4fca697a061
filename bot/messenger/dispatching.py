"""One update to its handlers, and what becomes of it where they fail."""

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from telegram import LinkPreviewOptions, Update
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import Application, ContextTypes, Defaults

from bot.messenger.account import REFUSED, Account
from bot.messenger.operations.figures import FIGURES
from bot.messenger.outgoing import faults
from bot.messenger.outgoing.outbox import Outbox, Place
from bot.messenger.outgoing.pace import Pace
from bot.render.message import Message
from bot.render.phrases import Phrases

App = Application[Any, Any, Any, Any, Any, Any]

_LOG = logging.getLogger(__name__)


def application(account: Account) -> App:
    """The library's part: handlers, and requests at Telegram's pace. Updates are fetched elsewhere."""
    address = account.api_url.rstrip("/")
    return (
        Application.builder()
        .token(account.key)
        .base_url(f"{address}/bot")
        .base_file_url(f"{address}/file/bot")
        .updater(None)
        .job_queue(None)
        .rate_limiter(Pace())
        .defaults(Defaults(link_preview_options=LinkPreviewOptions(is_disabled=True)))
        .read_timeout(account.timeout)
        .pool_timeout(account.timeout)
        .build()
    )


class Dispatch:
    """Handlers' errors end here: each is logged by its place, and whoever asked is told."""

    def __init__(
        self,
        application: App,
        outbox: Outbox,
        phrases: Callable[[Update], Phrases],
        end: Callable[[str], None],
    ) -> None:
        """``end`` is called with what ends the bot."""
        self._application, self._outbox, self._phrases, self._end = application, outbox, phrases, end
        self._unreached: set[int] = set()
        application.add_error_handler(self._failed)

    async def __call__(self, update: Update) -> bool:
        """Do what an update asks for; False where whoever asked could not be reached, so that it is still to be done."""
        await self._application.process_update(update)
        reached = update.update_id not in self._unreached
        self._unreached.discard(update.update_id)
        return reached

    async def _failed(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        error = context.error
        if error is None or not isinstance(update, Update):
            _LOG.error("failed", exc_info=error)
        elif isinstance(error, TelegramError) and faults.token_refused(error):
            self._unreached.add(update.update_id)
            self._end(REFUSED)
        elif _is_outage(error):
            self._unreached.add(update.update_id)
            _LOG.warning("Telegram cannot be reached (%s)", type(error).__name__)
        elif not isinstance(error, Forbidden):  # forbidden: blocked, or removed from the group
            _LOG.error("an update failed", exc_info=error)
            FIGURES.question("failed")
            try:
                await self._apologise(update)
            except OSError:  # a full disk: what cannot be written down is not said
                self._unreached.add(update.update_id)

    async def _apologise(self, update: Update) -> None:
        say = self._phrases(update)
        text = say("Something went wrong here and your question was not answered. Please ask again.")
        with suppress(TelegramError):
            if update.callback_query:
                await self._outbox.press(update.callback_query.id, text)
            elif update.message:
                key, where = f"{update.update_id}:failed", Place.of(update.message)
                await self._outbox.say(key, where, Message(text))


def _is_outage(error: BaseException) -> bool:
    """A BadRequest is a NetworkError in this library, but trying again cannot help."""
    return isinstance(error, NetworkError | RetryAfter) and not isinstance(error, BadRequest)
