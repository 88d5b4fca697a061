"""Guest mode: mentioned in a chat it does not belong to, the bot answers there once.

Under somebody's message it checks what that claims; else it answers what stands beside the mention. Telegram
takes one answer for each query, so that an update done again after a kill is not answered twice.
"""

import logging
import time
from typing import Any

from telegram import InlineQueryResult, Message, Update, User
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bot.answering.claims import points_at, to_check
from bot.answering.follow_ups import is_courtesy, is_follow_up
from bot.messenger import mentions
from bot.messenger.handlers.asking.showing import failed, outcome
from bot.messenger.handlers.elsewhere.articles import article, articles
from bot.messenger.operations.figures import FIGURES
from bot.messenger.services import Services
from bot.render import message as render
from bot.render.phrases import Phrases
from corpus.errors import UsageError

_LOG = logging.getLogger(__name__)


class Guests:
    def __init__(self, services: Services) -> None:
        self._services = services

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        application.add_handler(MessageHandler(filters.UpdateType.GUEST_MESSAGE, self.check))

    async def check(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.guest_message
        if message is None or message.guest_query_id is None:
            return
        say = self._services.phrases(update)
        result = await self._result(message, context.bot.bot, say)
        await self._services.outbox.guest(message.guest_query_id, result)

    async def _result(self, message: Message, me: User, say: Phrases) -> InlineQueryResult:
        most = self._services.options.question_chars
        question, topic = asked_of(message, me)
        if not question or is_courtesy(question):
            return _hint(message, say)
        if len(question) > most:
            return _line(message, say("Please ask in at most {most} characters.", most=most))
        try:
            return await self._services.work(lambda: self._first(question, topic, say))
        except UsageError:  # there is no word in it
            return _hint(message, say)
        except Exception as error:  # noqa: BLE001  whatever it is, whoever asked is told
            FIGURES.question("failed")
            _LOG.error("a guest query failed", exc_info=error)
            return _line(message, failed(say))

    def _first(self, question: str, topic: str | None, say: Phrases) -> InlineQueryResult:
        engine, began = self._services.engine, time.monotonic()
        answer = engine.answer(question, topic=topic)
        FIGURES.question(outcome(answer), time.monotonic() - began)
        return articles(engine, answer, say)[0]


def asked_of(message: Message, me: User) -> tuple[str, str | None]:
    """What is to be answered, and the claim that it goes on from; the first empty where there is nothing."""
    asked = mentions.asked_in(message, me)
    beside = asked.question if asked and not asked.is_claim else ""
    claim = mentions.claim_in(message, me)
    if claim and points_at(beside):
        return to_check(claim), None
    return beside, to_check(claim) if claim and is_follow_up(beside) else None


def _hint(message: Message, say: Phrases) -> InlineQueryResult:
    return _line(
        message, say("Mention me under a claim and I check it, or beside a question and I answer it.")
    )


def _line(message: Message, text: str) -> InlineQueryResult:
    return article(str(message.guest_query_id)[:64], "Onrecord", render.Message(text))
