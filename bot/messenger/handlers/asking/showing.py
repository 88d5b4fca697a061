"""Answers on their way to a reader: made, kept, and shown as they are now, each quote checked against its article."""

import asyncio
import time

from bot.answer import Answer, Quote
from bot.messenger.engine import Engine
from bot.messenger.memory.shown import Asking, ShownAnswer, new_short
from bot.messenger.operations.figures import FIGURES
from bot.messenger.services import Services
from bot.render.buttons import Button, Rows
from bot.render.card import Page, card, context_page, keyboard
from bot.render.fragments import source_link
from bot.render.message import Message
from bot.render.phrases import Phrases


class OutdatedError(Exception):
    """What the answer quotes no longer stands, to the letter, where it stood."""


class Showing:
    """What questions and buttons share."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def fresh(
        self, asking: Asking, say: Phrases, before: ShownAnswer | None = None
    ) -> tuple[ShownAnswer, Message, Rows]:
        """The answer, kept; ``before`` gives way to it and leaves it its message.

        In a replay of the same update it is the one that was made then. Raises UsageError, and what the engine
        raises.
        """
        memory = self._services.memory.shown
        shown = memory.of_key(asking.key, asking.chat) or await self._made(asking, before)
        try:
            return shown, *await self.view(shown, say)
        except OutdatedError:  # the index moved on this very moment, or since a kill
            shown = await self._made(asking, shown)
            return shown, *await self.view(shown, say)

    async def view(self, shown: ShownAnswer, say: Phrases) -> tuple[Message, Rows]:
        """Aside from the threads that answer: a button does not wait for other people's questions."""
        return await asyncio.to_thread(view, self._services.engine, shown, say)

    async def _made(self, asking: Asking, before: ShownAnswer | None) -> ShownAnswer:
        began = time.monotonic()
        engine, memory, days = self._services.engine, self._services.memory, self._services.options.keep_days
        answer = await self._services.work(lambda: engine.answer(asking.question, topic=asking.topic))
        FIGURES.question(outcome(answer), time.monotonic() - began)
        message_id = before.message_id if before else None
        shown = ShownAnswer(new_short(), asking, answer, int(time.time()), message_id)
        memory.shown.add(shown, keep_days=days, instead_of=before)
        memory.feedback.sweep(shown.at - days * 86_400)  # also where nobody votes any more
        return shown


def view(engine: Engine, shown: ShownAnswer, say: Phrases) -> tuple[Message, Rows]:
    """What is to be seen of it now. It reads articles, so it is not for the event loop.

    Raises OutdatedError, and what ``engine`` raises.
    """
    texts = _texts(engine, shown.answer)

    def link(quote: Quote) -> str | None:
        return source_link(quote, texts[quote.article_id])

    whole = card(shown.answer, say, newest_first=shown.newest, link=link)
    number = min(shown.page, len(whole.pages) - 1)
    page = whole.pages[number]
    rows = keyboard(
        shown.short,
        whole,
        number,
        say=say,
        question="" if shown.asking.topic else shown.asking.question,  # alone it would ask something else
        source=link(page.quote) if page.quote else None,
        newest_first=shown.newest,
        shows_context=shown.context,
        vote=shown.vote,
    )
    return _in_context(engine, page, say) if shown.context else page.message, rows


def expired(short: str, say: Phrases) -> Rows:
    """The one button of a card whose articles have changed."""
    return ((Button(say("Ask again"), f"{short}:x"),),)


def outcome(answer: Answer) -> str:
    return (answer.verdict or "open") if answer.answered else "no_answer"


def failed(say: Phrases) -> str:
    """Instead of an answer."""
    return say("Something went wrong here and your question was not answered. Please ask again.")


def _texts(engine: Engine, answer: Answer) -> dict[str, str]:
    """The articles quoted, by id; of an answer that is none, those of the passages it lists."""
    quoted = [(q.article_id, q.start, q.end, q.text) for said in answer.statements for q in said.quotes]
    listed = [(p.article_id, p.start, p.end, p.text) for p in answer.passages]
    texts: dict[str, str] = {}
    for article, start, end, text in quoted if answer.answered else listed:
        found = texts[article] if article in texts else engine.text(article)
        if found is None or found[start:end] != text:
            raise OutdatedError
        texts[article] = found
    return texts


def _in_context(engine: Engine, page: Page, say: Phrases) -> Message:
    """The page itself where it has no quote to show the surroundings of."""
    if page.quote is None or page.statement is None:
        return page.message
    around = engine.around(page.quote)
    if around is None:
        raise OutdatedError
    return context_page(page.quote, page.statement, *around, say)
