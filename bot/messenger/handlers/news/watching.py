"""/watch and /unwatch: topics on which a person, or a group, is told what is new. See ``telling`` for the telling.

In a group its administrators decide, and the bot's own; everyone may see the list.
"""

import time
from dataclasses import replace
from typing import Any

from telegram import CallbackQuery, Chat, Message, Update
from telegram.constants import ChatType
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, filters

from bot.answer import Answer
from bot.messenger.handlers.deciding import may_decide
from bot.messenger.handlers.news.new import argument, refused
from bot.messenger.handlers.news.novelty import looked_at, marks
from bot.messenger.handlers.news.telling import LISTED, Teller
from bot.messenger.memory.watches import Subject, key, together
from bot.messenger.mentions import thread_in
from bot.messenger.operations.figures import FIGURES
from bot.messenger.outgoing.outbox import Place
from bot.messenger.services import Services
from bot.render import message as render
from bot.render.buttons import Button, Rows
from bot.render.phrases import Phrases
from bot.render.shield import shielded
from bot.render.wording import name_text
from corpus.errors import UsageError

_DATA = "unwatch:"
_LABEL = 40  # characters of a topic on a button

Context = ContextTypes.DEFAULT_TYPE


class Watching:
    """Safe to run again for the same update."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._teller = Teller(services, is_busy=lambda: FIGURES.waiting > 0)

    async def start(self) -> None:
        self._teller.start()

    async def close(self) -> None:
        await self._teller.stop()

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Before handlers that take any button."""
        new = filters.UpdateType.MESSAGE
        application.add_handler(CommandHandler("watch", self.watch, filters=new))
        application.add_handler(CommandHandler("unwatch", self.unwatch, filters=new))
        application.add_handler(CallbackQueryHandler(self.stop, pattern=rf"^{_DATA}\d+$"))
        application.add_handler(CallbackQueryHandler(self.list, pattern=rf"^{LISTED}$"))

    async def watch(self, update: Update, _: Context) -> None:
        message = update.message
        if message is None:
            return
        say, topic = self._services.phrases(update), argument(message)
        if not topic:
            await self._say(update, message, *self._listed(message.chat, say))
        elif problem := refused(topic, say) or await self._not_allowed(message, topic, say):
            await self._say(update, message, problem)
        else:
            async with self._services.outbox.typing(Place.of(message)):
                text, rows = await self._begin(update, message, topic, say)
            await self._say(update, message, text, rows)

    async def unwatch(self, update: Update, _: Context) -> None:
        message = update.message
        if message is None:
            return
        say, topic = self._services.phrases(update), argument(message)
        watched = self._services.memory.watches.watched(message.chat.id)
        found = next((s for s in watched if topic and key(s.topic) == key(topic)), None)
        if found is None:
            text, rows = self._listed(message.chat, say)
            if topic and watched:
                text = say("“{topic}” is not watched.", topic=name_text(topic)) + f"\n\n{text}"
            await self._say(update, message, text, rows)
        elif not await self._may(message):
            await self._say(update, message, _not_yours(say))
        else:
            self._services.memory.watches.unwatch(found.chat, found.id)
            await self._say(
                update, message, say("“{topic}” is no longer watched.", topic=name_text(found.topic))
            )

    async def stop(self, update: Update, _: Context) -> None:
        """A button of the list."""
        query = update.callback_query
        message = query.message if query else None
        if query is None or not isinstance(message, Message):
            return
        say, outbox = self._services.phrases(update), self._services.outbox
        if not await may_decide(outbox.bot, self._services.options, message.chat, query.from_user, None):
            await outbox.press(query.id, _not_yours(say), alert=True)
            return
        number = int((query.data or "").removeprefix(_DATA))
        self._services.memory.watches.unwatch(message.chat.id, number)
        await outbox.press(query.id, say("No longer watched."))
        await outbox.edit(message.chat.id, message.message_id, *_formatted(*self._listed(message.chat, say)))

    async def list(self, update: Update, _: Context) -> None:
        """The button below a message with news; in a group it gives the list once, however many press it."""
        query: CallbackQuery | None = update.callback_query
        message = query.message if query else None
        if query is None or not isinstance(message, Message):
            return
        say, outbox = self._services.phrases(update), self._services.outbox
        await outbox.press(query.id)
        alone = message.chat.type == ChatType.PRIVATE
        key = f"{update.update_id}:0" if alone else f"{LISTED}:{message.chat.id}:{message.message_id}"
        await outbox.say(key, Place.of(message), *_formatted(*self._listed(message.chat, say)))

    async def _begin(self, update: Update, message: Message, topic: str, say: Phrases) -> tuple[str, Rows]:
        """All that is there so far counts as seen; what comes is told."""
        engine, watches = self._services.engine, self._services.memory.watches
        try:
            answer = await self._services.work(lambda: engine.on_topic(topic))
        except UsageError:  # there is no word in it
            return say("A topic has at least one word."), ()
        user = update.effective_user
        subject = _with(watches.subject(message.chat.id, topic), answer, int(time.time()))
        subject = replace(subject, language=user.language_code if user else None, thread=thread_in(message))
        options = self._services.options
        subject = watches.keep(subject, at=int(time.time()), keep_days=options.keep_days)
        return _begun(subject, answer, options.watch_messages, say), (_stop(subject, say),)

    async def _not_allowed(self, message: Message, topic: str, say: Phrases) -> str:
        """Why that cannot be watched now; empty where it can."""
        most, watched = self._services.options.watches, self._services.memory.watches.watched(message.chat.id)
        if key(topic) in {key(s.topic) for s in watched}:
            return say("“{topic}” is watched already. /watch lists all topics.", topic=name_text(topic))
        if not await self._may(message):
            return _not_yours(say)
        if not self._services.options.watch_messages or not most:
            return say("Watching is turned off here.")
        if len(watched) < most:
            return ""
        return say.many(
            "{number} topic is watched already, and no more can be. /watch lists it.",
            "{number} topics are watched already, and no more can be. /watch lists them.",
            len(watched),
        )

    async def _may(self, message: Message) -> bool:
        bot, options = self._services.outbox.bot, self._services.options
        return await may_decide(bot, options, message.chat, message.from_user, message.sender_chat)

    def _listed(self, chat: Chat, say: Phrases) -> tuple[str, Rows]:
        watched = self._services.memory.watches.watched(chat.id)
        if not watched:
            return say("No topic is watched here. For example: /watch grain exports"), ()
        lines = "\n".join(f"– {name_text(s.topic)}" for s in watched)
        return say("Watched here:") + f"\n{lines}", tuple(_stop(s, say) for s in watched)

    async def _say(self, update: Update, message: Message, text: str, rows: Rows = ()) -> None:
        await self._services.outbox.say(f"{update.update_id}:0", Place.of(message), *_formatted(text, rows))


def _with(subject: Subject, answer: Answer, at: int) -> Subject:
    seen = looked_at(answer) | marks(answer.statements)
    known, shown = together(subject.known, seen), together(subject.shown, seen)
    return replace(subject, build=answer.build, known=known, shown=shown, visited=at)


def _begun(subject: Subject, answer: Answer, messages: int, say: Phrases) -> str:
    topic, number = name_text(subject.topic), len(answer.statements)
    first = say("I watch “{topic}” from now on.", topic=topic)
    if number:
        there = say.many(
            "{number} statement is there so far.", "{number} statements are there so far.", number
        )
    else:
        there = say("Nothing is there so far.")
    often = say.many(
        "What is new comes here, in at most {number} message a day.",
        "What is new comes here, in at most {number} messages a day.",
        messages,
    )
    return f"{first} {there} {often}"


def _stop(subject: Subject, say: Phrases) -> tuple[Button]:
    topic = name_text(subject.topic)
    label = topic if len(topic) <= _LABEL else f"{topic[: _LABEL - 1]}…"
    return (Button(say("Stop: {topic}", topic=label), f"{_DATA}{subject.id}"),)


def _not_yours(say: Phrases) -> str:
    return say("In this group, administrators decide what is watched.")


def _formatted(text: str, rows: Rows) -> tuple[render.Message, Rows]:
    return shielded(render.Message(text)), rows
