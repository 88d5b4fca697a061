"""Filling messages with what must not be parted. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.answer import Quote
from bot.render.message import ENTITIES, UNITS, Message, join, units, within
from bot.render.shield import SPARE, shielded

GAP = Message("\n\n")


@dataclass(frozen=True, slots=True)
class Block:
    """What is not to be parted: a quote, or a part of one, with its source."""

    message: Message
    quote: Quote
    fold: str = ""
    """The heading of the folded list it belongs to."""


def filled(
    head: Message, more: Message, blocks: Sequence[Block], last: Block | None
) -> Iterator[tuple[Message, Quote]]:
    """Messages of whole blocks, and the quote each begins with; ``last`` ends the first where it fits there."""
    closing = [last] if last and _fits(_assembled(head, [blocks[0], last])) else []
    page: list[Block] = []
    for block in blocks:
        if page and not _fits(_assembled(head, [*page, block, *closing])):
            yield _assembled(head, [*page, *closing]), page[0].quote
            head, page, closing = more, [], []
        page.append(block)
    yield _assembled(head, [*page, *closing]), page[0].quote


def _fits(message: Message) -> bool:
    return units(message.text) <= UNITS and len(shielded(message).entities) <= ENTITIES - SPARE


def _assembled(head: Message, blocks: Sequence[Block]) -> Message:
    pieces = [head]
    for fold, group in groupby(blocks, lambda block: block.fold):
        messages = [block.message for block in group]
        if fold:
            pieces += [GAP, Message(f"{fold}\n"), within("expandable_blockquote", listed(messages))]
        else:
            pieces += [piece for message in messages for piece in (GAP, message)]
    return join(pieces)


def listed(messages: Sequence[Message]) -> Message:
    """One or more below each other."""
    first, *others = messages
    return join((first, *(piece for message in others for piece in (GAP, message))))
