"""/new TOPIC: what was said on a topic that was not shown in this chat before.

A chat sees as one: what a group was shown to one of its people is known to all. Nothing counts as seen before its
message has arrived, so that an update done again after a kill finds the same news.
"""

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, filters

from bot.answer import Statement
from bot.messenger import mentions
from bot.messenger.handlers.linking import linked
from bot.messenger.handlers.news.novelty import looked_at, marks, newest_first, unseen
from bot.messenger.memory.watches import Marks, Subject, together
from bot.messenger.outgoing.outbox import Place
from bot.messenger.services import Services
from bot.render import message as render
from bot.render.buttons import Button, Rows
from bot.render.digest import MOST, Section, digest
from bot.render.phrases import Phrases
from bot.render.wording import name_text
from corpus.errors import UsageError

LONGEST = 120
"""Characters of a topic."""
_DATA = "new:"


@dataclass(frozen=True, slots=True)
class Found:
    """A message with what is new, and what counts as seen once it is there."""

    message: render.Message
    seen: Marks
    left: int
    """New statements that found no room."""


class News:
    def __init__(self, services: Services) -> None:
        self._services = services

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Before handlers that take any button."""
        application.add_handler(CommandHandler("new", self.show, filters=filters.UpdateType.MESSAGE))
        application.add_handler(CallbackQueryHandler(self.more, pattern=rf"^{_DATA}\d+$"))

    async def show(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.message
        if message is None:
            return
        say, outbox, where = self._services.phrases(update), self._services.outbox, Place.of(message)
        key, topic = f"{update.update_id}:0", argument(message) or self._current(message)
        if (
            problem := refused(topic, say)
            if topic
            else say("On which topic? For example: /new grain exports")
        ):
            await outbox.say(key, where, render.Message(problem))
            return
        async with outbox.typing(where):
            subject, found = await self._look(message.chat.id, topic, say)
        subject = self._keep(subject.chat, subject.topic, frozenset(), visited=subject.visited)
        if await outbox.say(key, where, found.message, _rows(subject, found, say)) is not None:
            self._keep(subject.chat, subject.topic, found.seen, visited=int(time.time()))

    async def more(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """The next ones: in private below, in a group, where nobody wants them all, in the same message."""
        query = update.callback_query
        message = query.message if query else None
        if query is None or not isinstance(message, Message):
            return
        say, outbox = self._services.phrases(update), self._services.outbox
        subject = self._services.memory.watches.numbered(int((query.data or "").removeprefix(_DATA)))
        if subject is None or subject.chat != message.chat.id:
            await outbox.press(query.id, say("This list is no longer kept."))
            return
        subject, found = await self._look(subject.chat, subject.topic, say, again=True)
        await outbox.press(query.id)
        rows = _rows(subject, found, say)
        if message.chat.type == ChatType.PRIVATE:
            arrived = await outbox.say(f"{update.update_id}:0", Place.of(message), found.message, rows)
        else:
            arrived = await outbox.edit(message.chat.id, message.message_id, found.message, rows) or None
        if arrived is not None:
            self._keep(subject.chat, subject.topic, found.seen, visited=subject.visited)

    def _current(self, message: Message) -> str:
        """What the questions before were about."""
        since = int(time.time()) - 60 * self._services.options.topic_minutes
        writer = message.sender_chat or message.from_user or message.chat
        thread = mentions.thread_in(message)
        return self._services.memory.topics.get(message.chat.id, thread, writer.id, since=since) or ""

    async def _look(
        self, chat: int, topic: str, say: Phrases, *, again: bool = False
    ) -> tuple[Subject, Found]:
        subject = self._services.memory.watches.subject(chat, topic)
        try:
            return subject, await self._services.work(lambda: self._found(subject, say, again=again))
        except UsageError:  # there is no word in it
            return subject, Found(render.Message(say("A topic has at least one word.")), frozenset(), 0)

    def _found(self, subject: Subject, say: Phrases, *, again: bool) -> Found:
        """``again``: of the news that were told of, those that found no room before."""
        engine = self._services.engine
        answer = engine.on_topic(subject.topic)
        first = subject.visited is None
        fresh = newest_first(answer) if first else unseen(answer, subject.shown)
        section = Section(subject.topic, fresh[:MOST] if first else fresh)
        heading = _more(subject, fresh, say) if again else _heading(subject, fresh, say)
        made = digest(heading, [section], say, link=linked(engine), pointing=False)
        left = () if first else fresh[len(made.shown[0]) :]
        seen = looked_at(answer, left) | marks(answer.statements if first else made.shown[0])
        return Found(made.message, seen, len(left))

    def _keep(self, chat: int, topic: str, seen: Marks, *, visited: int | None) -> Subject:
        """Read again: it may have changed while the message was on its way."""
        watches, now = self._services.memory.watches, int(time.time())
        subject = watches.subject(chat, topic)
        subject = replace(subject, shown=together(subject.shown, seen), visited=visited)
        return watches.keep(subject, at=now, keep_days=self._services.options.keep_days)


def argument(message: Message) -> str:
    """What stands after a command, in one line."""
    _, _, rest = " ".join((message.text or "").split()).partition(" ")
    return rest


def refused(topic: str, say: Phrases) -> str:
    """Why that is no topic; empty where it is one."""
    if len(topic) > LONGEST:
        return say("Please name the topic in at most {most} characters.", most=LONGEST)
    return "" if any(c.isalnum() for c in topic) else say("A topic has at least one word.")


def _heading(subject: Subject, fresh: tuple[Statement, ...], say: Phrases) -> str:
    topic = name_text(subject.topic)
    if subject.visited is None:
        if not fresh:
            return say("Nothing on “{topic}” so far.", topic=topic)
        return say("“{topic}”, the newest first. From now on /new tells what is new to you.", topic=topic)
    since = say.date(datetime.fromtimestamp(subject.visited, UTC).date())
    if not fresh:
        return say("Nothing new on “{topic}” since {day}.", topic=topic, day=since)
    return say.many(
        "{number} new statement on “{topic}” since {day}",
        "{number} new statements on “{topic}” since {day}",
        len(fresh),
        topic=topic,
        day=since,
    )


def _more(subject: Subject, fresh: tuple[Statement, ...], say: Phrases) -> str:
    topic = name_text(subject.topic)
    if not fresh:
        return say("No more on “{topic}”.", topic=topic)
    return say.many("{number} more on “{topic}”", "{number} more on “{topic}”", len(fresh), topic=topic)


def _rows(subject: Subject, found: Found, say: Phrases) -> Rows:
    if not found.left or not subject.id:
        return ()
    return ((Button(say("{number} more", number=found.left), f"{_DATA}{subject.id}"),),)
