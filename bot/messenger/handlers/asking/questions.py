"""Questions: each answered in one message, and anew in that message where the question is edited."""

import logging
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from telegram import Message, Update, User
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import Application, CommandHandler, ContextTypes, MessageHandler, filters

from bot.answering.claims import points_at, to_check
from bot.answering.follow_ups import is_courtesy, is_follow_up
from bot.messenger import mentions
from bot.messenger.handlers.asking.showing import Showing, failed
from bot.messenger.memory.shown import Asking, ShownAnswer
from bot.messenger.operations.figures import FIGURES
from bot.messenger.outgoing.outbox import Place
from bot.messenger.services import Services
from bot.render import message as render
from bot.render.phrases import Phrases
from corpus.errors import UsageError

EDITED_WITHIN = timedelta(hours=1)
"""How long after it was written an edited message is still answered."""

_LOG = logging.getLogger(__name__)
Context = ContextTypes.DEFAULT_TYPE


@dataclass(frozen=True, slots=True)
class _Read:
    """What is to be answered, and the question that it goes on with."""

    question: str
    topic: str | None = None


class Questions:
    """In private every text, in groups what calls the bot. Safe to run again for the same update."""

    def __init__(self, services: Services) -> None:
        self._services, self._showing = services, Showing(services)

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """After the other handlers of messages: whatever they leave is a question."""
        new, edited = filters.UpdateType.MESSAGE, filters.UpdateType.EDITED_MESSAGE
        words = (filters.TEXT | filters.CAPTION) & ~filters.COMMAND
        for kind, handle in ((new, self.new), (edited, self.edited)):
            application.add_handler(CommandHandler("ask", handle, filters=kind))
            application.add_handler(MessageHandler(kind & words, handle))
        rest = new & filters.ChatType.PRIVATE & ~filters.StatusUpdate.ALL
        application.add_handler(MessageHandler(rest, self.hint))

    async def hint(self, update: Update, _: Context) -> None:
        if update.message:
            await self._say(update, update.message, _hint(self._services.phrases(update)))

    async def new(self, update: Update, context: Context) -> None:
        message, me = update.message, context.bot.bot
        asked = mentions.asked_in(message, me) if message else None
        if message is None or asked is None:
            return
        before = self._before(message)
        if before is None or before.asking.key == _key(update):  # else its edit came first
            await self._take(update, message, self._read(message, asked, me))

    async def edited(self, update: Update, context: Context) -> None:
        """An edit may ask what was not asked before; most leave the question as it was."""
        message, me = update.edited_message, context.bot.bot
        asked = mentions.asked_in(message, me) if message else None
        if message is None or asked is None or not asked.question or _is_late(message):
            return
        before, read = self._before(message), self._read(message, asked, me)
        if before is None:
            await self._take(update, message, read)
        elif before.asking.key == _key(update) or before.asking.question != read.question:
            topic = before.asking.topic if read.topic else None  # by now it may be the question itself
            await self._take(update, message, replace(read, topic=topic), before)

    def _before(self, message: Message) -> ShownAnswer | None:
        """The answer to it that is shown already."""
        return self._services.memory.shown.to_message(message.chat.id, message.message_id)

    def _read(self, message: Message, asked: mentions.Asked, me: User) -> _Read:
        """A follow-up goes on with the answer replied to, the message replied to, else the latest topic."""
        question, claim = asked.question, mentions.claim_in(message, me)
        if asked.is_claim and question:
            return _Read(to_check(question))
        if claim and points_at(question):
            return _Read(to_check(claim))
        if not is_follow_up(question):
            return _Read(question)
        replied, memory = mentions.replied_to(message), self._services.memory
        mine = replied if mentions.is_mine(replied, me) else None
        shown = memory.shown.in_message(message.chat.id, mine.message_id) if mine else None
        if shown:
            return _Read(question, shown.asking.topic or shown.asking.question)
        latest = memory.topics.get(*_whose(message), since=self._since())
        return _Read(question, to_check(claim) if claim else latest)

    def _since(self) -> int:
        return int(time.time()) - 60 * self._services.options.topic_minutes

    async def _take(
        self, update: Update, message: Message, read: _Read, before: ShownAnswer | None = None
    ) -> None:
        say, most = self._services.phrases(update), self._services.options.question_chars
        if not read.question:
            await self._say(update, message, _hint(say))
        elif is_courtesy(read.question):
            if message.chat.type == ChatType.PRIVATE:
                await self._say(update, message, say("/help shows how to ask, /sources what I have read."))
        elif len(read.question) > most:
            number = len(read.question)
            text = say(
                "That question has {number} characters; please ask in at most {most}.",
                number=number,
                most=most,
            )
            await self._say(update, message, text)
        else:
            chat, thread, _ = _whose(message)
            who = mentions.person_in(message)
            asking = Asking(_key(update), chat, thread, message.message_id, who, read.question, read.topic)
            await self._answer(update, message, asking, say, before)

    async def _answer(
        self, update: Update, message: Message, asking: Asking, say: Phrases, before: ShownAnswer | None
    ) -> None:
        outbox, memory = self._services.outbox, self._services.memory
        where = Place.of(message)
        try:
            async with outbox.typing(where):
                shown, text, rows = await self._showing.fresh(asking, say, before)
        except UsageError:  # there is no word in it
            await self._say(update, message, _hint(say))
            return
        except TelegramError:
            raise
        except Exception as error:  # noqa: BLE001  whatever it is, whoever asked is told
            FIGURES.question("failed")
            _LOG.error("a question failed", exc_info=error)
            await self._say(update, message, failed(say))
            return
        self._set_topic(message, asking)
        if shown.message_id is not None and await outbox.edit(asking.chat, shown.message_id, text, rows):
            return
        number = await outbox.say(asking.key, where, text, rows)
        if number is None:
            memory.shown.remove(shown.short)
        else:
            memory.shown.arrived(shown.short, number)

    def _set_topic(self, message: Message, asking: Asking) -> None:
        topic = asking.topic or asking.question
        self._services.memory.topics.put(*_whose(message), topic, at=int(time.time()), since=self._since())

    async def _say(self, update: Update, message: Message, text: str) -> None:
        key = f"{update.update_id}:line"
        await self._services.outbox.say(key, Place.of(message), render.Message(text))


def _hint(say: Phrases) -> str:
    return say("I answer questions written as text. /help shows how to ask.")


def _key(update: Update) -> str:
    return f"{update.update_id}:0"


def _whose(message: Message) -> tuple[int, int | None, int]:
    """Chat, topic of a forum, and who writes: a person, or the group or channel that lends its name."""
    writer = message.sender_chat or message.from_user or message.chat
    return message.chat.id, mentions.thread_in(message), writer.id


def _is_late(message: Message) -> bool:
    return message.edit_date is not None and message.edit_date - message.date > EDITED_WITHIN
