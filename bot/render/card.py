"""An Answer as pages, each of them one Telegram message: a card to be read at a glance, then leafed through.

Page 1 has the verdict, the best statement and the first that stands against it; every further statement has
a page of its own. What is too long for a message becomes several pages, each part with its source. Pure.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.answer import Answer, Quote, Statement
from bot.render import wording
from bot.render.buttons import Button, Rows
from bot.render.filling import GAP, Block, filled, listed
from bot.render.fragments import web_address
from bot.render.message import UNITS, Message, join, run, units, within
from bot.render.phrases import ENGLISH, Phrases
from bot.render.shield import shielded
from bot.render.sources import loss_note, passage_note, source_note
from bot.render.splitting import beginning, ending, parts

Link = Callable[[Quote], str | None]

_CLOSEST = 3
_LONGEST_SHARED = 256  # characters of switch_inline_query (Bot API, InlineKeyboardButton)
_SLACK = 16  # units: gaps, and notes of parts that come out longer than the note of the whole


@dataclass(frozen=True, slots=True)
class Page:
    """One message, and what its buttons are about."""

    message: Message
    quote: Quote | None
    """The one it shows first; None when there is no answer."""
    statement: Statement | None


@dataclass(frozen=True, slots=True)
class Card:
    """At least one page."""

    pages: tuple[Page, ...]


def card(
    answer: Answer,
    say: Phrases = ENGLISH,
    *,
    newest_first: bool = False,
    link: Link = lambda quote: web_address(quote.url),
) -> Card:
    """The whole answer; ``newest_first`` orders its statements by their newest report, undated ones last.

    ``link`` gives the address behind an outlet's name.
    """
    if not answer.statements:
        return Card((Page(_no_answer(answer, say), None, None),))
    statements = _newest_first(answer.statements) if newest_first else answer.statements
    writer = _Writer(replace(answer, statements=statements), say, link)
    return Card(tuple(page for number in range(len(statements)) for page in writer.pages(number)))


def context_page(
    quote: Quote,
    statement: Statement,
    before: str,
    after: str,
    say: Phrases = ENGLISH,
    *,
    link: Link = lambda quote: web_address(quote.url),
) -> Message:
    """The quote in bold between the text around it; ``before + quote.text + after`` is a slice of the article.

    What is around gives way where all would be too long, from its far ends.
    """
    heading = join((run(say("In context"), "bold"), Message("\n")))
    source = join((Message("\n"), source_note(quote, statement, say, link(quote))))
    cut = "\n" + say("(the beginning of the quote)")
    room = UNITS - units(heading.text + source.text + loss_note(quote.text, say) + cut) - _SLACK
    shown = beginning(quote.text, room)
    whole = shown == quote.text
    earlier = ending(before, (room - units(shown)) // 2) if whole else ""
    later = beginning(after, room - units(shown) - units(earlier)) if whole else ""
    text = join((Message(earlier), run(shown, "bold"), Message(later)))
    notes = Message(loss_note(shown, say) + ("" if whole else cut))
    return shielded(join((heading, within("blockquote", text), source, notes)))


def keyboard(
    short_id: str,
    card: Card,
    page: int,
    *,
    say: Phrases,
    question: str,
    source: str | None,
    newest_first: bool,
    shows_context: bool = False,
    vote: int = 0,
) -> Rows:
    """Buttons below page ``page`` of the card, counted from 0, as ``p0`` is the data of the first page.

    ``source`` is the address of the page's quote; ``vote`` is 1, -1 or 0. A question too long to be shared
    whole is not shared: a part of it might ask another thing.
    """
    asked = " ".join(question.split())
    rows = (
        () if shows_context else _leafing(short_id, len(card.pages), page),
        _looking(short_id, card, page, say, source, newest_first=newest_first, shows_context=shows_context),
        (
            Button("👍 ✓" if vote > 0 else "👍", f"{short_id}:u"),
            Button("👎 ✓" if vote < 0 else "👎", f"{short_id}:d"),
            *((Button(say("Share"), share=asked),) if 0 < units(asked) <= _LONGEST_SHARED else ()),
        ),
    )
    return tuple(row for row in rows if row)


def _leafing(short_id: str, total: int, page: int) -> tuple[Button, ...]:
    if total == 1:
        return ()
    back = (Button("‹", f"{short_id}:p{page - 1}"),) if page else ()
    on = (Button("›", f"{short_id}:p{page + 1}"),) if page + 1 < total else ()
    return (*back, Button(f"{page + 1}/{total}", f"{short_id}:p{page}"), *on)


def _looking(
    short_id: str,
    card: Card,
    page: int,
    say: Phrases,
    source: str | None,
    *,
    newest_first: bool,
    shows_context: bool,
) -> tuple[Button, ...]:
    buttons = []
    if shows_context:
        buttons.append(Button(say("Back"), f"{short_id}:b"))
    elif card.pages[page].quote:
        buttons.append(Button(say("Context"), f"{short_id}:c"))
    if address := web_address(source):
        buttons.append(Button(say("Source"), url=address))
    if not shows_context and any(shown.statement is not card.pages[0].statement for shown in card.pages):
        order = (say("Best first"), "o") if newest_first else (say("Newest first"), "n")
        buttons.append(Button(order[0], f"{short_id}:{order[1]}"))
    return tuple(buttons)


@dataclass(frozen=True, slots=True)
class _Writer:
    answer: Answer
    say: Phrases
    link: Link

    def pages(self, number: int) -> Iterator[Page]:
        """Of one statement, in order."""
        statement = self.answer.statements[number]
        head, more = self._head(number), self._head(number, more=True)
        room = UNITS - max(units(head.text), units(more.text))
        blocks = list(self._blocks(statement, room))
        for message, quote in filled(head, more, blocks, None if number else self._other()):
            yield Page(shielded(message), quote, statement)

    def _head(self, number: int, *, more: bool = False) -> Message:
        """What leads a page: the whole verdict on the first, the short one and a number on the others."""
        say, total = self.say, len(self.answer.statements)
        if number == 0 and not more:
            verdict = run(wording.verdict_line(self.answer, say), "bold")
            counts = Message(wording.counts_line(self.answer, say))
            return join((verdict, Message("\n" if verdict.text else ""), counts))
        short = run(wording.verdict_line(replace(self.answer, opposite=False), say), "bold")
        place = say("{number} of {total}", number=number + 1, total=total)
        if more:
            place = say("{place}, continued", place=place)
        return join((short, Message(" " if short.text else ""), Message(place)))

    def _blocks(self, statement: Statement, room: int) -> Iterator[Block]:
        label = run(wording.label(self.answer, statement, self.say), "bold")
        heading = join((label, Message("\n"))) if label.text else label
        first, *more = self._parts(
            statement.quotes[0],
            statement,
            room - units(heading.text),
            is_labelled=wording.is_dispute(self.answer, statement),
        )
        yield replace(first, message=join((heading, first.message)))
        yield from more
        for title, quotes in wording.later_reports(statement, self.say):
            for quote in quotes:
                yield from self._parts(quote, statement, room, fold=f"{title}:")

    def _parts(
        self, quote: Quote, statement: Statement, room: int, fold: str = "", *, is_labelled: bool = False
    ) -> Iterator[Block]:
        """The quote with its source; where it is longer than a message, each part of it with the source."""
        note = source_note(quote, statement, self.say, self.link(quote), is_labelled=is_labelled)
        source = join((Message("\n"), note))
        longest = units(source.text) + units(loss_note(quote.text, self.say)) + units(fold) + _SLACK
        for part in parts(quote.text, room - longest):
            quoted = Message(part) if fold else run(part, "blockquote")
            yield Block(join((quoted, source, Message(loss_note(part, self.say)))), quote, fold)

    def _other(self) -> Block | None:
        """The first statement that stands against the one shown first."""
        lead, *others = self.answer.statements
        if self.answer.verdict not in {"yes", "no", "disputed"}:
            return None
        against = next((s for s in others if s.stance not in {"neutral", lead.stance}), None)
        return next(self._blocks(against, UNITS)) if against else None


def _newest_first(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    def newest(statement: Statement) -> date:
        return max((q.published for q in statement.quotes if q.published), default=date.min)

    return tuple(sorted(statements, key=newest, reverse=True))


def _no_answer(answer: Answer, say: Phrases) -> Message:
    pieces = [run(wording.no_answer_line(answer, say), "bold")]
    if answer.passages:
        passages = [passage_note(passage, say) for passage in answer.passages[:_CLOSEST]]
        heading = Message(say("Not an answer, only the closest passages:") + "\n")
        pieces += [GAP, heading, within("expandable_blockquote", listed(passages))]
    pieces += [GAP, Message(say("A narrower question may help: name who said it, what it was, and when."))]
    return shielded(join(pieces))
