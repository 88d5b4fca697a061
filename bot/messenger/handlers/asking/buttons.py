"""Buttons below an answer: pages, context, order, votes, and asking again where the articles have changed."""

import logging
import re
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from telegram import CallbackQuery, Update
from telegram.error import TelegramError
from telegram.ext import Application, CallbackQueryHandler, ContextTypes

from bot.messenger.handlers.asking.showing import OutdatedError, Showing, expired, failed
from bot.messenger.memory.shown import ShownAnswer
from bot.messenger.operations.figures import FIGURES
from bot.messenger.outgoing.buttons import keyboard
from bot.messenger.outgoing.outbox import Place
from bot.messenger.services import Services
from bot.render.message import Message
from bot.render.phrases import Phrases

_DATA = re.compile(r"([A-Za-z0-9_-]{8,32}):(p[0-9]{1,3}|[cbnoudx])")

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Press:
    """Of a button that whoever pressed it may press."""

    update_id: int
    query: CallbackQuery
    verb: str
    shown: ShownAnswer
    message_id: int
    say: Phrases


class Buttons:
    """Every press is answered, so that the client stops waiting. Safe to run again for the same update."""

    def __init__(self, services: Services) -> None:
        self._services, self._showing = services, Showing(services)

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """After the other handlers of buttons: whatever they leave is told that it works no longer."""
        application.add_handler(CallbackQueryHandler(self.press))

    async def press(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        query, say = update.callback_query, self._services.phrases(update)
        if query is None:
            return
        try:
            press = await self._admitted(update.update_id, query, say)
            if press:
                FIGURES.press(press.verb)
                await (self._again(press) if press.verb == "x" else self._change(press))
        except TelegramError:
            raise
        except Exception as error:  # noqa: BLE001  whatever it is, whoever pressed is told
            _LOG.error("a press failed", exc_info=error)
            await self._services.outbox.press(query.id, say("Something went wrong here. Please try again."))

    async def _admitted(self, update_id: int, query: CallbackQuery, say: Phrases) -> _Press | None:
        """The press of a button that is known, by whom it is for; else it is answered here."""
        press, message = self._services.outbox.press, query.message
        read = _DATA.fullmatch(query.data or "")
        if message is None or read is None:
            await press(query.id, _gone(say))
            return None
        chat, memory = message.chat.id, self._services.memory
        shown = memory.shown.get(read[1]) or memory.shown.of_key(f"{update_id}:0", chat)
        if shown is None or memory.people.place(shown.asking.chat) != chat:
            newer = memory.shown.in_message(
                chat, message.message_id
            )  # it was pressed twice, or replaced meanwhile
            await press(query.id, "" if newer else _gone(say))
            return None
        if shown.asking.person not in {None, query.from_user.id}:
            await press(query.id, say("These buttons are for whoever asked."), alert=True)
            return None
        here = replace(shown, asking=replace(shown.asking, chat=chat))  # it may have moved
        return _Press(update_id, query, read[2], here, message.message_id, say)

    async def _change(self, press: _Press) -> None:
        shown, outbox = _after(press), self._services.outbox
        try:
            message, rows = await self._showing.view(shown, press.say)
        except OutdatedError:
            await self._expire(press)
            return
        if shown.pressed != press.shown.pressed:
            self._keep(shown, voted=shown.vote != press.shown.vote)
        await outbox.press(press.query.id, _noted(shown, press))
        await outbox.edit(
            *(shown.asking.chat, press.message_id, message, rows), holds=lambda: self._is_latest(shown)
        )

    def _is_latest(self, shown: ShownAnswer) -> bool:
        """False where the question was edited, or another button pressed, in the meantime."""
        now = self._services.memory.shown.get(shown.short)
        return now is not None and now.pressed == shown.pressed

    def _keep(self, shown: ShownAnswer, *, voted: bool) -> None:
        memory = self._services.memory
        memory.shown.change(shown)
        if voted:
            FIGURES.vote(shown.vote)
            memory.feedback.put(
                *(shown.short, shown.answer, shown.asking.topic, shown.vote),
                at=int(time.time()),
                keep_days=self._services.options.keep_days,
            )

    async def _expire(self, press: _Press) -> None:
        """The message stays as it was read; its buttons go. A failure to take them away is no harm."""
        text = press.say(
            "The articles have changed since, and this answer may no longer hold. You can ask again."
        )
        await self._services.outbox.press(press.query.id, text, alert=True)
        with suppress(TelegramError):
            await self._services.outbox.bot.edit_message_reply_markup(
                press.shown.asking.chat,
                press.message_id,
                reply_markup=keyboard(expired(press.shown.short, press.say)),
            )

    async def _again(self, press: _Press) -> None:
        """Answer anew in the same message."""
        outbox, asking = self._services.outbox, replace(press.shown.asking, key=f"{press.update_id}:0")
        await outbox.press(press.query.id, press.say("Asking again…"))
        before = replace(press.shown, message_id=press.message_id)
        try:
            _, message, rows = await self._showing.fresh(asking, press.say, before)
        except Exception as error:  # noqa: BLE001  the press is answered: what went wrong is told below the answer
            _LOG.error("asking again failed", exc_info=error)
            where = Place(asking.chat, asking.thread, press.message_id)
            await outbox.say(f"{press.update_id}:line", where, Message(failed(press.say)))
        else:
            await outbox.edit(asking.chat, press.message_id, message, rows)


def _after(press: _Press) -> ShownAnswer:
    """What is to be seen after the press; the same when it is run again for the same update."""
    shown, verb = replace(press.shown, pressed=press.update_id), press.verb
    if press.shown.pressed == press.update_id:
        return shown
    if verb in {"u", "d"}:
        vote = 1 if verb == "u" else -1
        return replace(shown, vote=0 if shown.vote == vote else vote)
    if verb in {"c", "b"}:
        return replace(shown, context=verb == "c")
    if verb in {"n", "o"}:
        return replace(shown, newest=verb == "n", page=0, context=False)
    return replace(shown, page=int(verb[1:]), context=False)


def _noted(shown: ShownAnswer, press: _Press) -> str:
    if press.verb not in {"u", "d"}:
        return ""
    return press.say("Noted, thank you.") if shown.vote else press.say("Your vote is taken back.")


def _gone(say: Phrases) -> str:
    return say("These buttons no longer work. Please ask again.")
