"""What administrators may do, in a private chat with the bot. For everybody else, and elsewhere, there is none of it.

Who is one is told by Telegram's number alone, as the settings name it. Every action is kept in memory.audit and
logged: who, when, what, and what came of it.
"""

import logging
from pathlib import Path
from typing import Any

from telegram import CallbackQuery, InputFile, Message, Update
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.messenger.handlers.administration import offers, status
from bot.messenger.handlers.administration.offers import Offer
from bot.messenger.handlers.administration.tasks import STOP, Prepare, Task, Tasks, broken_off, log
from bot.messenger.memory.audit import ASKED, RUNNING, Deed
from bot.messenger.operations import export
from bot.messenger.operations.jobs import Commands
from bot.messenger.outgoing.outbox import Place
from bot.messenger.services import Services
from bot.render import message as render
from bot.render.buttons import Button
from bot.render.phrases import Phrases
from bot.render.shield import shielded

_ADD, _NO = "admin:add:", "admin:no:"
_CAPTION = 1024  # characters; Bot API, sendDocument

_LOG = logging.getLogger(__name__)
_Context = ContextTypes.DEFAULT_TYPE


class _Offers(filters.MessageFilter):
    def filter(self, message: Message) -> bool:
        return offers.is_offer(message)


class Administration:
    """Adding articles, rebuilding, figures, votes."""

    def __init__(self, services: Services, commands: Commands, folder: Path) -> None:
        """``folder`` is where files that are sent are kept: they are sources of the index from then on."""
        self._services, self._commands, self._folder = services, commands, folder
        self._admins = services.options.admins
        self._tasks = Tasks(services)

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Before handlers that take any text, file or button."""
        own = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE & filters.User(self._admins)
        for name in ("add", "reindex", "status", "export", "audit"):
            application.add_handler(CommandHandler(name, getattr(self, name), filters=own))
        application.add_handler(MessageHandler(own & _Offers(), self.offer))
        application.add_handler(CallbackQueryHandler(self.press, pattern=r"^admin:"))

    async def start(self) -> None:
        """Once Telegram can be reached."""
        await self._tasks.tell_of_broken()

    async def close(self) -> None:
        """While Telegram can still be reached."""
        await self._tasks.close()

    async def add(self, update: Update, _: _Context) -> None:
        """/add LINK"""
        message = update.message
        if message is None:
            return
        address = offers.link((message.text or "").partition(" ")[2])
        if address:
            await self._begin(update, "add", address, self._adding(Offer(address, link=address)))
        else:
            say = self._services.phrases(update)
            text = say("Send a link after the command: /add https://example.org/article")
            await self._reply(update, render.Message(text))

    async def offer(self, update: Update, _: _Context) -> None:
        """A link, a file or a post: asks before it is added."""
        message, user = update.message, update.effective_user
        if message is None or user is None:
            return
        say = self._services.phrases(update)
        found = offers.offered(message)
        if found is None:
            text = say(
                "That cannot be added. I read text, Markdown, HTML, PDF, JSON lines, mail, feeds and web archives of "
                "up to 20 MB, and posts with a text."
            )
            await self._reply(update, render.Message(text))
            return
        deed, _new = self._services.memory.audit.begin(
            update.update_id, user.id, "add", found.name, payload=found.dump(), outcome=ASKED
        )
        row = (Button(say("Add"), f"{_ADD}{deed.number}"), Button(say("No"), f"{_NO}{deed.number}"))
        asked = shielded(render.Message(say("Add this article?") + f"\n\n{found.name[:500]}"))
        await self._reply(update, asked, row)

    async def reindex(self, update: Update, _: _Context) -> None:
        """/reindex reads what changed; /reindex all builds anew."""
        message = update.message
        everything = bool(message and (message.text or "").split()[1:] == ["all"])
        words = ("index", "build") if everything else ("index", "update")

        async def prepare() -> Task:
            return Task(self._commands.line(*words))

        await self._begin(update, "reindex", "all" if everything else "", prepare)

    async def status(self, update: Update, _: _Context) -> None:
        told = await status.status(self._services, self._commands, self._services.phrases(update))
        await self._reply(update, told)

    async def audit(self, update: Update, _: _Context) -> None:
        deeds = self._services.memory.audit.latest()
        await self._reply(update, status.audit(deeds, self._services.phrases(update)))

    async def export(self, update: Update, _: _Context) -> None:
        """The votes, as files for ``onrecord eval``."""
        message, user = update.message, update.effective_user
        if message is None or user is None:
            return
        say = self._services.phrases(update)
        deed, new = self._services.memory.audit.begin(update.update_id, user.id, "export")
        found = export.files(self._services.memory.feedback.votes())
        if not found:
            await self._reply(update, render.Message(say("There are no votes yet.")))
        elif new:
            await self._send(message, found, say)
        self._end(deed, "done")

    async def press(self, update: Update, _: _Context) -> None:
        """Add, no, stop: by the administrator who was asked."""
        query = update.callback_query
        if query is None:
            return
        verb, colon, number = (query.data or "").rpartition(":")
        deed = (
            self._services.memory.audit.get(int(number)) if number.isdecimal() and len(number) < 19 else None
        )
        message = query.message
        if deed is None or message is None or query.from_user.id not in self._admins & {deed.admin}:
            await self._services.outbox.press(query.id)
            return
        say = self._services.phrases(update)
        if not await self._decide(verb + colon, deed, query, say):
            await self._services.outbox.press(query.id, say("That is decided already."))

    async def _decide(self, verb: str, deed: Deed, query: CallbackQuery, say: Phrases) -> bool:
        """False where there is nothing to decide any more."""
        services, message = self._services, query.message
        if message is None:
            return False
        if verb == STOP:
            known = self._tasks.stop(deed.number)
        elif verb == _ADD:
            known = services.memory.audit.move(deed.number, ASKED, RUNNING)
            if known:
                log(deed, "begins")
                adding = self._adding(Offer.load(deed.payload))
                self._tasks.start(deed, message.chat.id, message.message_id, say, adding)
        else:
            known = verb == _NO and services.memory.audit.move(deed.number, ASKED, "declined")
            if known:
                log(deed, "declined")
                text = render.Message(say("Not added."))
                await services.outbox.edit(message.chat.id, message.message_id, text)
        if known:
            await services.outbox.press(query.id)
        return known

    async def _begin(self, update: Update, action: str, detail: str, prepare: Prepare) -> None:
        message, user = update.message, update.effective_user
        if message is None or user is None:
            return
        say = self._services.phrases(update)
        deed, new = self._services.memory.audit.begin(update.update_id, user.id, action, detail)
        if not new:
            if deed.message_id is None:  # else it was told of at the start
                await self._reply(update, render.Message(broken_off(say)))
            return
        log(deed, "begins")
        shown = await self._reply(update, render.Message(say("One moment.")))
        if shown is not None:
            self._tasks.start(deed, message.chat.id, shown, say, prepare)
        else:
            self._end(deed, "the chat is gone")

    def _adding(self, offer: Offer) -> Prepare:
        async def prepare() -> Task:
            place = await offers.place(offer, self._services.outbox.bot, self._folder)
            add, remove = (self._commands.line("corpus", verb, places=(place,)) for verb in ("add", "remove"))
            known = (await status.index(self._commands))("sources")
            return Task(add, place, None if place in known else remove)

        return prepare

    async def _send(self, message: Message, found: dict[str, bytes], say: Phrases) -> None:
        told = {
            export.QUESTIONS: say(
                "Answers voted up, taken as right. Put it into a folder and run: onrecord eval FOLDER --corpus ARTICLES"
            ),
            export.TO_LABEL: say("Voted down, or follow-up questions: to be labelled by hand."),
        }
        try:
            for name, content in found.items():
                file = InputFile(content, name)
                await self._services.outbox.bot.send_document(message.chat_id, file, told[name][:_CAPTION])
        except TelegramError as error:
            _LOG.warning("votes could not be sent (%s)", type(error).__name__)

    async def _reply(self, update: Update, text: render.Message, *rows: tuple[Button, ...]) -> int | None:
        if update.message is None:
            return None
        place = Place.of(update.message)
        return await self._services.outbox.say(f"{update.update_id}:0", place, text, rows)

    def _end(self, deed: Deed, outcome: str) -> None:
        if self._services.memory.audit.move(deed.number, RUNNING, outcome):
            log(deed, outcome)
