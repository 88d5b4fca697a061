"""What the Telegram bot says to a message: a handler for each command, for questions and for all else."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Executor
from contextlib import asynccontextmanager, suppress
from typing import Any

from telegram import Message, MessageEntity, ReplyParameters, Update
from telegram.constants import ChatAction
from telegram.error import BadRequest, NetworkError, TelegramError
from telegram.ext import Application, CommandHandler, ContextTypes, MessageHandler, filters

from bot.answer import Answer
from bot.messenger.mentions import question_in
from bot.render import message as render
from bot.render.wording import name_text
from corpus.errors import UsageError

START = (
    "Ask me about the news, in a sentence. I answer with what was printed: short quotes word for word, each "
    "with who said it, in which outlet and on which day, and with those who disagree. Where the articles do "
    "not answer, I say so.\n\n/help shows how to ask, /sources what I have read."
)
HELP = (
    "Just write a question, for example: Did the minister say that exports rose in June?\n\n"
    "In a group, mention me or reply to one of my messages.\n\n"
    "/sources – the outlets I have read\n/about – what I am and which index answers"
)
HINT = "I answer questions written as text. /help shows how to ask."
BUSY = "Too many questions are waiting just now. Please ask again in a minute."
FAILED = "Something went wrong here and your question was not answered. Please ask again."

_SHOWN_SOURCES = 25  # with names of at most 120 characters the list stays under one message
_TYPING_EVERY = 4.0  # seconds; Telegram shows the action for five
_TRIES = 4
_FIRST_WAIT = 0.5  # seconds before a failed send is tried again, doubled each time

_LOG = logging.getLogger(__name__)
Context = ContextTypes.DEFAULT_TYPE


class Busy(Exception):
    """As many questions are being answered and waiting as there is room for."""


class Desk:
    """Answers in worker threads, at most ``room`` questions under way and waiting together."""

    def __init__(self, ask: Callable[[str], Answer], threads: Executor, room: int) -> None:
        self._ask, self._threads, self._room = ask, threads, room
        self._taken = 0  # touched on the event loop alone

    async def answer(self, question: str) -> Answer:
        """The answer; raises Busy at once when there is no room."""
        if self._taken >= self._room:
            raise Busy
        self._taken += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, question)
        finally:
            self._taken -= 1


class Replies:
    """The handlers of the bot, all for new messages; other updates match none of them."""

    def __init__(
        self,
        desk: Desk,
        sources: Callable[[], Sequence[tuple[str, int]]],
        about: Callable[[], str],
        longest: int,
    ) -> None:
        self._desk, self._sources, self._about, self._longest = desk, sources, about, longest

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        new = filters.UpdateType.MESSAGE
        for name in ("start", "help", "sources", "about"):
            application.add_handler(CommandHandler(name, getattr(self, name), filters=new))
        application.add_handler(MessageHandler(new & filters.TEXT & ~filters.COMMAND, self.question))
        rest = new & filters.ChatType.PRIVATE & ~filters.StatusUpdate.ALL
        application.add_handler(MessageHandler(rest, self.hint))

    async def start(self, update: Update, _: Context) -> None:
        await _say(update, START)

    async def help(self, update: Update, _: Context) -> None:
        await _say(update, HELP)

    async def hint(self, update: Update, _: Context) -> None:
        await _say(update, HINT)

    async def about(self, update: Update, _: Context) -> None:
        await _say(update, await asyncio.to_thread(self._about))

    async def sources(self, update: Update, _: Context) -> None:
        outlets = await asyncio.to_thread(self._sources)
        lines = [f"{name_text(outlet)}: {count}" for outlet, count in outlets[:_SHOWN_SOURCES]]
        more = len(outlets) - len(lines)
        await _say(
            update, "\n".join(["Articles by outlet", *lines, *([f"and {more} more outlets"] if more else [])])
        )

    async def question(self, update: Update, context: Context) -> None:
        message = update.message
        question = question_in(message, context.bot.bot) if message else None
        if message is None or question is None:
            return
        if not question:
            await _say(update, HINT)
        elif len(question) > self._longest:
            limit = f"at most {self._longest:,} characters"
            await _say(update, f"That question has {len(question):,} characters; please ask in {limit}.")
        else:
            await self._answer(message, question)

    async def _answer(self, message: Message, question: str) -> None:
        try:
            async with _typing(message):
                answer = await self._desk.answer(question)
        except Busy:
            replies: tuple[render.Message, ...] = (render.Message(BUSY),)
        except UsageError as error:
            replies = (render.Message(str(error)),)
        else:
            replies = render.render(answer)
        await send(message, replies)


async def send(message: Message, replies: Sequence[render.Message]) -> None:
    """Send each in order as a reply; raises TelegramError once trying again has not helped."""
    for reply in replies:
        await _send_one(message, reply)


async def _send_one(message: Message, reply: render.Message) -> None:
    entities = [MessageEntity(e.kind, e.offset, e.length, url=e.url) for e in reply.entities]
    asked = ReplyParameters(message.message_id, allow_sending_without_reply=True)
    for attempt in range(1, _TRIES + 1):
        try:
            await message.reply_text(reply.text, entities=entities, reply_parameters=asked)
        except BadRequest:  # a NetworkError in this library, but trying again cannot help
            raise
        except NetworkError:
            if attempt == _TRIES:
                raise
            await asyncio.sleep(_FIRST_WAIT * 2 ** (attempt - 1))
        else:
            return


async def _say(update: Update, text: str) -> None:
    if update.message:
        await send(update.message, (render.Message(text),))


@asynccontextmanager
async def _typing(message: Message) -> AsyncIterator[None]:
    """Show that an answer is being written, for as long as the block takes."""

    async def repeat() -> None:
        with suppress(TelegramError):  # an ornament: never a reason to fail
            while True:
                await message.reply_chat_action(ChatAction.TYPING)
                await asyncio.sleep(_TYPING_EVERY)

    shown = asyncio.create_task(repeat())
    try:
        yield
    finally:
        shown.cancel()
