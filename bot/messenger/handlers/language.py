"""Which language the bot speaks to whom: /language, and what Telegram shows before anybody has written."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from telegram import Bot, BotCommandScopeChat, CallbackQuery, Chat, Message, Update
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, filters

from bot.messenger.handlers.deciding import may_decide
from bot.messenger.memory.people import People
from bot.messenger.outgoing.outbox import Place
from bot.messenger.services import Services
from bot.render import message as render
from bot.render.buttons import Button, Rows
from bot.render.phrases import ENGLISH, LANGUAGES, Phrases, phrases

_AUTOMATIC = "auto"
_DATA = rf"^language:({'|'.join([*LANGUAGES, _AUTOMATIC])}):\d+$"


def spoken(people: People, update: Update) -> Phrases:
    """In a group what was chosen for it; else what the person chose; else what Telegram says of the person."""
    chat, user = update.effective_chat, update.effective_user
    group = people.chosen(chat.id) if chat and chat.type != ChatType.PRIVATE else None
    own = people.chosen(user.id) if user and not group else None
    return phrases(group or own or (user.language_code if user else None))


class Language:
    """/language shows buttons; one pressed in a group speaks for the group."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Before handlers that take any button."""
        application.add_handler(CommandHandler("language", self.show, filters=filters.UpdateType.MESSAGE))
        application.add_handler(CallbackQueryHandler(self.choose, pattern=_DATA))

    async def show(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.message
        if message is None:
            return
        say = self._services.phrases(update)
        asked = _asked(message.chat, say)
        rows = _rows(self._services.memory.people.chosen(message.chat.id), str(message.message_id), say)
        await self._services.outbox.say(f"{update.update_id}:0", Place.of(message), asked, rows)

    async def choose(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        message = query.message if query else None
        if query is None or message is None:
            return
        outbox, people, chat = self._services.outbox, self._services.memory.people, message.chat
        if not await self._may(query):
            say = self._services.phrases(update)
            only = say("In this group, whoever asked or an administrator chooses the language.")
            await outbox.press(query.id, only, alert=True)
            return
        code, asked = (query.data or "").split(":")[1:]
        people.choose(chat.id, None if code == _AUTOMATIC else code)
        say = self._services.phrases(update)
        await outbox.press(query.id, say("The language is set."))
        rows = _rows(people.chosen(chat.id), asked, say)
        await outbox.edit(chat.id, message.message_id, _asked(chat, say), rows)

    async def _may(self, query: CallbackQuery) -> bool:
        shown, user = query.message, query.from_user
        if shown is None:
            return False
        asked = shown.reply_to_message if isinstance(shown, Message) else None  # the one with the command
        if asked and asked.from_user and asked.from_user.id == user.id:
            return True
        return await may_decide(self._services.outbox.bot, self._services.options, shown.chat, user, None)


def _asked(chat: Chat, say: Phrases) -> render.Message:
    if chat.type == ChatType.PRIVATE:
        return render.Message(say("Which language shall I speak? Quotes stay as they were printed."))
    return render.Message(
        say("Which language shall I speak in this group? Quotes stay as they were printed.")
    )


def _rows(chosen: str | None, asked: str, say: Phrases) -> Rows:
    """The one that holds is marked with a dot. ``asked``, the command's number, makes the data this message's own."""
    labels = {**LANGUAGES, _AUTOMATIC: say("As in Telegram")}
    buttons = [
        Button(f"• {label}" if code == (chosen or _AUTOMATIC) else label, f"language:{code}:{asked}")
        for code, label in labels.items()
    ]
    return (tuple(buttons[:-1]), (buttons[-1],))


def commands(say: Phrases) -> list[tuple[str, str]]:
    """What everybody finds in the menu, by name; at most 256 characters each."""
    return [
        ("ask", say("Ask a question")),
        ("help", say("How to ask")),
        ("new", say("What is new on a topic since you last looked")),
        ("watch", say("Tell me when something new is said on a topic")),
        ("unwatch", say("Stop watching a topic")),
        ("forget", say("Drop the topic of the questions before")),
        ("sources", say("The outlets I have read")),
        ("about", say("What I am and which index answers")),
        ("language", say("The language I speak")),
    ]


def commands_for_admins(say: Phrases) -> list[tuple[str, str]]:
    return [
        *commands(say),
        ("add", say("Add the article behind a link")),
        ("status", say("Build, articles, queue and last errors")),
        ("reindex", say("Read what changed and build the index")),
        ("export", say("Votes on answers, as a file")),
        ("audit", say("What administrators did, and when")),
    ]


async def introduce(bot: Bot, admins: Iterable[int] = ()) -> None:
    """The menu of commands and the bot's descriptions, in every language.

    Telegram shows them by the language of each person's program. A convenience: what fails is left as it was.
    """
    for language in LANGUAGES:
        say = phrases(language)
        code = None if say is ENGLISH else language  # none: for all languages that have nothing of their own
        with suppress(TelegramError):
            await bot.set_my_commands(commands(say), language_code=code)
            await bot.set_my_description(_description(say), language_code=code)
            await bot.set_my_short_description(_short_description(say), language_code=code)
        for admin in admins:
            with suppress(TelegramError):  # who never wrote to the bot has no chat with it
                scope = BotCommandScopeChat(admin)
                await bot.set_my_commands(commands_for_admins(say), scope=scope, language_code=code)


def _description(say: Phrases) -> str:
    """Shown in an empty chat: at most 512 characters."""
    return say(
        "Ask about the news, in a sentence. I answer with what was printed: short quotes word for word, each with "
        "who said it, in which outlet and on which day, and with those who disagree. Where the articles do not "
        "answer, I say so."
    )


def _short_description(say: Phrases) -> str:
    """Shown on the bot's page and where it is shared: at most 120 characters."""
    return say("Who said what in the news: exact quotes, their sources, and who disagrees.")
