"""Pages of an answer as results of an inline query: what is shown in a list, and the message that is sent."""

from collections.abc import Iterator
from hashlib import blake2b

from telegram import InlineQueryResultArticle, InputTextMessageContent

from bot.answer import Answer
from bot.messenger.engine import Engine
from bot.messenger.handlers.linking import linked
from bot.messenger.outgoing.buttons import keyboard
from bot.messenger.outgoing.drafts import NO_PREVIEW
from bot.messenger.outgoing.entities import entities
from bot.render import wording
from bot.render.buttons import Button
from bot.render.card import Page, card
from bot.render.message import ENTITIES, UNITS, Message, join, run, units
from bot.render.phrases import Phrases
from bot.render.shield import shielded

MOST = 20
"""Results of one query; Telegram takes 50, nobody reads so many."""
_TITLE, _DESCRIPTION = 100, 200  # characters; clients show two lines of each


def articles(
    engine: Engine, answer: Answer, say: Phrases, *, asked: str = ""
) -> list[InlineQueryResultArticle]:
    """One for each statement, best first; one that says so where there is no answer.

    ``asked`` is put above the message where there is room: in a chat that did not see the question, "No." says
    nothing. It reads articles, so it is not for the event loop.
    """
    link = linked(engine)
    pages = card(answer, say, link=link).pages
    firsts = [p for n, p in enumerate(pages) if n == 0 or p.statement is not pages[n - 1].statement]
    return [
        _article(answer, page, say, asked, link(page.quote) if page.quote else None) for page in firsts[:MOST]
    ]


def article(number: str, title: str, message: Message) -> InlineQueryResultArticle:
    """Any message as a result; ``number`` tells results apart, at most 64 bytes."""
    return InlineQueryResultArticle(number, title, _content(message))


def _article(
    answer: Answer, page: Page, say: Phrases, asked: str, source: str | None
) -> InlineQueryResultArticle:
    message = _with_question(page.message, asked)
    rows = ((Button(say("Source"), url=source),),) if source else ()
    return InlineQueryResultArticle(
        _number(answer, page),
        _cut(_title(answer, page, say), _TITLE),
        _content(message),
        reply_markup=keyboard(rows),
        description=_cut(_glimpse(page, say), _DESCRIPTION),
    )


def _content(message: Message) -> InputTextMessageContent:
    return InputTextMessageContent(message.text, entities=entities(message), link_preview_options=NO_PREVIEW)


def _with_question(message: Message, asked: str) -> Message:
    question = shielded(run(asked, "bold"))
    whole = join((question, Message("\n\n"), message))
    fits = units(whole.text) <= UNITS and len(whole.entities) <= ENTITIES
    return whole if asked and fits else message


def _title(answer: Answer, page: Page, say: Phrases) -> str:
    """``No. Kassym-Jomart Tokayev, direct speech``; of a dispute who disputes it."""
    if page.statement is None or page.quote is None:
        return wording.no_answer_line(answer, say)
    label = wording.label(answer, page.statement, say)
    if wording.is_dispute(answer, page.statement):
        return label
    who = wording.voice_text(page.statement, page.quote, say)
    return " ".join(part for part in (wording.verdict_line(answer, say), label, who) if part)


def _glimpse(page: Page, say: Phrases) -> str:
    if page.quote:
        return page.quote.text
    return say("A narrower question may help: name who said it, what it was, and when.")


def _cut(text: str, most: int) -> str:
    """One printable line."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _number(answer: Answer, page: Page) -> str:
    """The same for the same statement to the same question, whenever it is asked."""
    return blake2b("\0".join(_parts(answer, page)).encode(errors="surrogatepass"), digest_size=16).hexdigest()


def _parts(answer: Answer, page: Page) -> Iterator[str]:
    yield answer.question
    if page.quote and page.statement:
        yield from (page.quote.article_id, str(page.quote.start), page.quote.text, page.statement.stance)
