"""What the bot says of itself, and /forget."""

import asyncio
from typing import Any

from telegram import Update
from telegram.constants import ChatType
from telegram.ext import Application, CommandHandler, ContextTypes, filters

from bot.messenger import mentions
from bot.messenger.engine import Engine
from bot.messenger.outgoing.outbox import Place
from bot.messenger.services import Services
from bot.render.message import Message
from bot.render.phrases import Phrases
from bot.render.wording import name_text

_SHOWN_SOURCES = 25  # with names of at most 120 characters the list stays under one message

Context = ContextTypes.DEFAULT_TYPE


class Commands:
    """Words after a command are nobody's business here: /start may bring some from any link."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        for name in ("start", "help", "about", "sources", "forget"):
            application.add_handler(
                CommandHandler(name, getattr(self, name), filters=filters.UpdateType.MESSAGE)
            )

    async def start(self, update: Update, _: Context) -> None:
        say = self._services.phrases(update)
        await self._say(
            update,
            say(
                "Ask me about the news, in a sentence. I answer with what was printed: short quotes word for word, "
                "each with who said it, in which outlet and on which day, and with those who disagree. Where the "
                "articles do not answer, I say so."
            ),
            say("/help shows how to ask, /sources what I have read."),
        )

    async def help(self, update: Update, context: Context) -> None:
        say = self._services.phrases(update)
        await self._say(
            update,
            say("Just write a question, for example: Did the minister say that exports rose in June?"),
            say(
                "“And what did Germany say?” goes on with the question before; /forget drops it. Edit your question "
                "and my answer changes with it."
            ),
            say(
                "In a group, mention me, reply to me or write /ask and your question. Reply to a message with "
                "nothing but {name}, and I check what it says.",
                name=f"@{context.bot.username}",
            ),
            "\n".join(
                [
                    say("/new TOPIC – what is new since you last looked"),
                    say("/watch TOPIC – I tell you when something new is said; /unwatch stops it"),
                    say("/sources – the outlets I have read"),
                    say("/about – what I am and which index answers"),
                    say("/language – the language I speak"),
                ]
            ),
        )

    async def about(self, update: Update, _: Context) -> None:
        await self._say(
            update, await asyncio.to_thread(_about, self._services.engine, self._services.phrases(update))
        )

    async def sources(self, update: Update, _: Context) -> None:
        say = self._services.phrases(update)
        outlets = await asyncio.to_thread(self._services.engine.outlets)
        lines = [f"{name_text(outlet)}: {count}" for outlet, count in outlets[:_SHOWN_SOURCES]]
        more = len(outlets) - len(lines)
        if more:
            lines.append(say.many("and {number} more outlet", "and {number} more outlets", more))
        await self._say(update, "\n".join([say("Articles by outlet"), *lines]))

    async def forget(self, update: Update, _: Context) -> None:
        """Of the person in that chat; what an anonymous administrator asked goes for all of them."""
        message = update.message
        writer = message and (message.sender_chat or message.from_user)
        if message is None or not writer:
            return
        memory, chat = self._services.memory, message.chat.id
        memory.topics.forget(chat, writer.id)
        memory.feedback.forget(memory.shown.forget(chat, mentions.person_in(message)))
        if message.chat.type == ChatType.PRIVATE:  # in a group, what was new is everybody's
            memory.watches.forget(chat)
        await self._say(update, _forgotten(self._services.phrases(update)))

    async def _say(self, update: Update, *paragraphs: str) -> None:
        if update.message:
            text = Message("\n\n".join(paragraphs))
            await self._services.outbox.say(f"{update.update_id}:0", Place.of(update.message), text)


def _about(engine: Engine, say: Phrases) -> str:
    return say.many(
        "I am Onrecord. I have read {number} article; build {build}, model {model}.",
        "I am Onrecord. I have read {number} articles; build {build}, model {model}.",
        sum(articles for _, articles in engine.outlets()),
        build=engine.build,
        model=engine.model,
    )


def _forgotten(say: Phrases) -> str:
    return say(
        "Forgotten: the topic, what you asked me here, my answers and your votes on them. The buttons under those "
        "answers no longer work."
    )
