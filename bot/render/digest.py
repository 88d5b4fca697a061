"""What is new on one topic or several, as one message: a few statements, each with its source. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.answer import Quote, Statement
from bot.render.fragments import web_address
from bot.render.message import ENTITIES, UNITS, Message, join, run, units
from bot.render.phrases import ENGLISH, Phrases
from bot.render.shield import SPARE, shielded
from bot.render.sources import source_note
from bot.render.splitting import beginning
from bot.render.wording import name_text

MOST = 5
"""Statements in one message: what is read at a glance."""
_LONGEST = 800  # units of a quote
_GAP = Message("\n\n")


@dataclass(frozen=True, slots=True)
class Section:
    """One topic and what is new on it, in the order in which it is to be shown."""

    topic: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """A message within Telegram's limits, and what it shows."""

    message: Message
    shown: tuple[tuple[Statement, ...], ...]
    """Of each section the statements that found room: the first ones."""


def digest(
    heading: str,
    sections: Sequence[Section],
    say: Phrases = ENGLISH,
    *,
    link: Callable[[Quote], str | None] = lambda quote: web_address(quote.url),
    pointing: bool = True,
) -> Digest:
    """At most ``MOST`` statements, from each topic in turn.

    With ``pointing`` what is left is counted, and told how to be seen.
    """
    counts = [0] * len(sections)
    best = _assembled(heading, sections, counts, say, link, pointing=pointing)
    for at in _turns(sections):
        counts[at] += 1
        tried = _assembled(heading, sections, counts, say, link, pointing=pointing)
        if not _fits(tried):
            counts[at] -= 1
            break
        best = tried
    shown = tuple(s.statements[:count] for s, count in zip(sections, counts, strict=True))
    return Digest(shielded(best), shown)


def _turns(sections: Sequence[Section]) -> Iterator[int]:
    """Places of the sections: each once, then those that have a second statement, and so on."""
    longest = max((len(s.statements) for s in sections), default=0)
    turns = [at for turn in range(longest) for at, s in enumerate(sections) if turn < len(s.statements)]
    yield from turns[:MOST]


def _fits(message: Message) -> bool:
    return units(message.text) <= UNITS and len(message.entities) <= ENTITIES - SPARE


def _assembled(
    heading: str,
    sections: Sequence[Section],
    counts: Sequence[int],
    say: Phrases,
    link: Callable[[Quote], str | None],
    *,
    pointing: bool,
) -> Message:
    pieces = [run(heading, "bold")]
    for section, count in zip(sections, counts, strict=True):
        if len(sections) > 1 and (count or len(section.statements)):
            pieces += [_GAP, run(name_text(section.topic), "bold")]
        for statement in section.statements[:count]:
            pieces += [_GAP, _reported(statement, say, link)]
        left = len(section.statements) - count
        if left and pointing:
            pieces += [_GAP, _left(section, left, count, say)]
    return join(pieces)


def _reported(statement: Statement, say: Phrases, link: Callable[[Quote], str | None]) -> Message:
    quote = statement.quotes[0]
    shown = beginning(quote.text, _LONGEST)
    pieces = [run(shown, "blockquote"), Message("\n")]
    if shown != quote.text:
        pieces.append(Message(say("(the beginning of the quote)") + "\n"))
    pieces.append(source_note(quote, statement, say, link(quote)))
    if others := len(statement.independent) - 1:
        more = say.many("and {number} other report", "and {number} other reports", others)
        pieces.append(Message(f" · {more}"))
    return join(pieces)


def _left(section: Section, left: int, shown: int, say: Phrases) -> Message:
    """The command as code: as plain text it would be tapped, and sent without the topic."""
    if shown:
        text = say.many("and {number} more:", "and {number} more:", left)
    else:
        text = say.many("{number} statement:", "{number} statements:", left)
    return join((Message(f"{text} "), run(f"/new {name_text(section.topic)}", "code")))
