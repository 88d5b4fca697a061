"""``@bot question`` typed in any chat: one result a statement, sent by whoever taps it."""

import asyncio
import logging
import time
from typing import Any

from telegram import InlineQueryResult, InlineQueryResultsButton, Update
from telegram.ext import Application, ContextTypes, InlineQueryHandler

from bot.messenger.handlers.asking.showing import outcome
from bot.messenger.handlers.elsewhere.articles import articles
from bot.messenger.incoming.quota import Quota
from bot.messenger.operations.figures import FIGURES
from bot.messenger.services import Services
from bot.render.phrases import Phrases
from corpus.errors import UsageError

_SHORTEST = 3  # words: with fewer nobody has asked yet
_PATIENCE = 8.0  # seconds; Telegram forgets an inline query after some ten
_CACHED = 30  # seconds that Telegram may show one person the same results

_LOG = logging.getLogger(__name__)


class Inline:
    """Nothing of it is remembered. Of what one person types the lanes let the newest alone through."""

    def __init__(self, services: Services) -> None:
        self._services = services
        each = services.options.per_user
        self._quota = Quota(per_user=each, per_group=each)

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        application.add_handler(InlineQueryHandler(self.answer))

    async def answer(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.inline_query
        if query is None:
            return
        say, asked = self._services.phrases(update), " ".join(query.query.split())
        if len(asked.split()) < _SHORTEST or len(asked) > self._services.options.question_chars:
            await self._give(query.id, [], say("Ask in a sentence"))
            return
        if not self._quota.admits(update):
            FIGURES.question("limited")
            await self._give(query.id, [], say("Many questions in a minute: try again a little later"))
            return
        try:
            found = await asyncio.wait_for(self._services.work(lambda: self._results(asked, say)), _PATIENCE)
        except TimeoutError:
            FIGURES.question("busy")
            await self._give(query.id, [], say("Busy just now: try again in a minute"))
        except UsageError:  # there is no word in it
            await self._give(query.id, [], say("Ask in a sentence"))
        except Exception as error:  # noqa: BLE001  whatever it is, whoever asked is told
            FIGURES.question("failed")
            _LOG.error("an inline query failed", exc_info=error)
            await self._give(query.id, [], say("Something went wrong here: please ask again"))
        else:
            await self._give(query.id, found)

    def _results(self, asked: str, say: Phrases) -> list[InlineQueryResult]:
        engine, began = self._services.engine, time.monotonic()
        answer = engine.answer(asked)
        FIGURES.question(outcome(answer), time.monotonic() - began)
        return list(articles(engine, answer, say, asked=asked))

    async def _give(self, query: str, results: list[InlineQueryResult], text: str = "") -> None:
        """``text`` stands on a button above the results that opens the private chat."""
        button = InlineQueryResultsButton(text, start_parameter="inline") if text else None
        await self._services.outbox.inline(
            query, results, button=button, cache_seconds=0 if text else _CACHED
        )
