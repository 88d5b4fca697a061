"""Tells those who watch topics what a new build brought: beside the questions, slowly, each statement once.

A message is put together and written down with everything it changes, then sent, then crossed out. Killed at
any moment the bot goes on from there: what was written down is sent under the same key, which the outbox sends
once, and what was not is found again.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pydantic import TypeAdapter
from telegram.error import BadRequest, TelegramError

from bot.answer import Answer
from bot.messenger.handlers.linking import linked
from bot.messenger.handlers.news.novelty import looked_at, marks, unseen
from bot.messenger.memory.watches import Marks, Subject, Telling, together
from bot.messenger.operations.figures import FIGURES
from bot.messenger.outgoing.outbox import Place
from bot.messenger.services import Services
from bot.render.buttons import Button, Rows
from bot.render.digest import Section, digest
from bot.render.message import Message
from bot.render.phrases import Phrases, phrases
from bot.render.wording import name_text
from corpus.errors import UsageError

LISTED = "watched"
"""Callback data of the button below a message with news: the list of what is watched."""
EVERY = 30.0
"""Seconds between looks at the index."""
_PAUSE = 0.5  # seconds between chats, and before another look whether questions wait
_PAUSES = 60
_UNSENT = 3  # chats that could not be reached, after which the round ends: Telegram itself is away
_ANSWERS = 200  # topics whose statements are held: many chats watch the same

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is sent, as it is written down."""

    message: Message
    rows: Rows
    thread: int | None


@dataclass(frozen=True, slots=True)
class _News:
    parcel: Parcel | None
    """None where nothing is new."""
    shown: dict[int, Marks]
    """By the topic's number: what the message shows, and ``known`` all that is there now."""
    known: dict[int, Marks]


_PARCEL = TypeAdapter(Parcel)


class Teller:
    """One task. ``start`` on the event loop, ``stop`` before the outbox closes."""

    def __init__(
        self,
        services: Services,
        *,
        is_busy: Callable[[], bool] = lambda: False,
        now: Callable[[], float] = time.time,
    ) -> None:
        """``is_busy``: questions wait, so that news do."""
        self._services, self._is_busy, self._now = services, is_busy, now
        self._watches = services.memory.watches
        self._answers: dict[str, Answer] = {}
        self._unsent = 0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                await self.round()
            except Exception as error:  # noqa: BLE001  a damaged index, a full disk: the next round may do better
                _LOG.error("news failed", exc_info=error)
            await asyncio.sleep(EVERY)

    async def round(self) -> None:
        """Send what is written down, then tell each chat what the current build has for it, once a build."""
        self._unsent = 0
        for telling in self._watches.tellings():
            await self._send(telling)
        stuck = {telling.chat for telling in self._watches.tellings()}
        build = await self._services.work(lambda: self._services.engine.build)
        self._answers.clear()
        for chat in self._watches.waiting(build):
            if self._unsent >= _UNSENT:
                return
            if chat not in stuck and self._may_be_told(chat):
                await self._when_quiet()
                if not await self._tell(chat, build):
                    return  # the index moved on: the next round is about that

    def _may_be_told(self, chat: int) -> bool:
        """Today, and at all: the owner may have closed the bot to others since."""
        options = self._services.options
        listed = options.groups if chat < 0 else options.users | options.admins if options.users else ()
        told = self._watches.told(chat, int(self._now()) // 86_400)
        return told < options.watch_messages and (not listed or chat in listed)

    async def _when_quiet(self) -> None:
        """A while, at the longest: a bot that is always busy tells its news too."""
        for _ in range(_PAUSES):
            await asyncio.sleep(_PAUSE)
            if not self._is_busy():
                return

    async def _tell(self, chat: int, build: str) -> bool:
        """False where another build answers by now."""
        if not self._is_there(chat):
            return True
        watched = self._watches.watched(chat)
        answers = {s.id: await self._on_topic(s.topic) for s in watched}
        if any(answer and answer.build != build for answer in answers.values()):
            return False
        news = await self._services.work(lambda: self._news(watched, answers))
        telling = self._written(chat, build, watched, news)
        if telling:
            await self._send(telling)
        return True

    def _is_there(self, chat: int) -> bool:
        """Chats that are gone lose their topics; those that moved take them along, and are told there."""
        now = self._services.memory.people.place(chat)
        if now is None:
            self._watches.gone(chat)
        elif now != chat:
            self._watches.moved(chat, now)
        return now == chat

    async def _on_topic(self, topic: str) -> Answer | None:
        """None for what is no topic any more."""
        if topic not in self._answers:
            try:
                found = await self._services.work(lambda: self._services.engine.on_topic(topic))
            except UsageError:
                return None
            if len(self._answers) >= _ANSWERS:
                self._answers.clear()
            self._answers[topic] = found
        return self._answers[topic]

    def _news(self, watched: Sequence[Subject], answers: dict[int, Answer | None]) -> _News:
        """A statement that belongs to several topics is told under the first; what was shown for one is not new."""
        told = frozenset[bytes]().union(*(s.shown for s in watched))
        sections, known = list[tuple[Subject, Section]](), dict[int, Marks]()
        for subject in watched:
            answer = answers[subject.id]
            fresh = unseen(answer, told, subject.known) if answer else ()
            if fresh:
                sections.append((subject, Section(subject.topic, fresh)))
                told |= marks(fresh)
            known[subject.id] = looked_at(answer) | marks(answer.statements) if answer else frozenset()
        if not sections:
            return _News(None, {}, known)
        first, say = watched[0], self._say(watched[0])
        made = digest(
            _heading([s for s, _ in sections], say),
            [section for _, section in sections],
            say,
            link=linked(self._services.engine),
        )
        rows = ((Button(say("What is watched here"), LISTED),),)
        shown = {s.id: marks(made.shown[at]) for at, (s, _) in enumerate(sections)}
        return _News(Parcel(made.message, rows, first.thread), shown, known)

    def _say(self, subject: Subject) -> Phrases:
        return phrases(self._services.memory.people.chosen(subject.chat) or subject.language)

    def _written(self, chat: int, build: str, watched: Sequence[Subject], news: _News) -> Telling | None:
        """Topics are read again: they may have changed while the news were looked for."""
        now, at = {s.id: s for s in self._watches.watched(chat)}, int(self._now())
        kept = [now[s.id] for s in watched if s.id in now]
        settled = [
            replace(
                subject,
                build=build,
                known=together(subject.known, news.known[subject.id]),
                shown=together(subject.shown, news.shown.get(subject.id, ())),
            )
            for subject in kept
        ]
        telling = None
        if news.parcel and any(s.id in news.shown for s in settled):
            body = _PARCEL.dump_json(news.parcel).decode()
            day = at // 86_400
            telling = Telling(chat, f"watch:{chat}:{build}:{day}.{self._watches.told(chat, day)}", body)
        self._watches.tell(settled, telling, at=at)
        return telling

    async def _send(self, telling: Telling) -> None:
        """What cannot be sent now is tried again in the next round."""
        parcel = _PARCEL.validate_json(telling.message)
        where = Place(telling.chat, parcel.thread)
        try:
            arrived = await self._services.outbox.say(telling.key, where, parcel.message, parcel.rows)
        except (BadRequest, ValueError) as error:  # it will never take it
            _LOG.error("news were refused", exc_info=error)
        except TelegramError as error:
            self._unsent += 1
            _LOG.warning("news wait: Telegram cannot be reached (%s)", type(error).__name__)
            return
        else:
            if arrived is None:
                self._watches.gone(telling.chat)
            else:
                FIGURES.told()
        self._watches.arrived(telling)


def _heading(subjects: Sequence[Subject], say: Phrases) -> str:
    if len(subjects) == 1:
        return say("New on “{topic}”", topic=name_text(subjects[0].topic))
    return say("New on watched topics")
