"""An Answer as Telegram messages: text plus entities, pure and without any parse mode.

Nothing here is markup, so nothing can fail to parse. Two things happen on Telegram's side and cannot be
turned off without altering a quote (TDLib, ``fix_formatted_text``): addresses, @mentions, #hashtags and
/commands that stand in the text become tappable even when entities are given, and control characters,
carriage returns and bidirectional overrides are dropped. The sender therefore disables link previews, and
the question is never repeated in the answer.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlsplit

from bot.answer import Answer, Quote, RankedPassage, Statement
from bot.render import wording

UNITS = 4096
"""Most UTF-16 code units in one message (Bot API, sendMessage)."""
ENTITIES = 100
"""Most entities in one message; Telegram drops those beyond."""

_CLOSEST = 3
_LONGEST_LINK = 2048
_GAP = "\n\n"

Kind = Literal["bold", "blockquote", "expandable_blockquote", "text_link", "code", "date_time"]


@dataclass(frozen=True, slots=True)
class Entity:
    """Formatting of ``length`` UTF-16 code units from ``offset``."""

    kind: Kind
    offset: int
    length: int
    url: str | None = None
    unix_time: int | None = None
    """Of a ``date_time``, in seconds; Telegram takes none before 1970 and none beyond three years from now."""
    date_time_format: str | None = None
    """Of a ``date_time``: ``D`` shows the day alone, in the reader's language."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message; as a piece on its way to one, a part that is not to be split."""

    text: str
    entities: tuple[Entity, ...] = ()


def join(pieces: Iterable[Message]) -> Message:
    """One after the other."""
    text, offset, entities = "", 0, []
    for piece in pieces:
        entities += [replace(e, offset=e.offset + offset) if offset else e for e in piece.entities]
        text += piece.text
        offset += units(piece.text)
    return Message(text, tuple(entities))


def run(text: str, kind: Kind, url: str | None = None) -> Message:
    """All of the text formatted; nothing for an empty text."""
    return Message(text, (Entity(kind, 0, units(text), url),) if text else ())


def within(kind: Kind, piece: Message) -> Message:
    """The piece in a quotation."""
    return Message(piece.text, (Entity(kind, 0, units(piece.text)), *piece.entities))


def render(answer: Answer) -> tuple[Message, ...]:
    """The messages that show the answer, in order; at least one, none beyond Telegram's limits."""
    pieces = _answered(answer) if answer.answered else _unanswered(answer)
    return tuple(_pack(pieces))


def units(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _answered(answer: Answer) -> Iterator[Message]:
    yield _headline(wording.verdict_line(answer), wording.counts_line(answer))
    for statement in answer.statements:
        label = wording.label(answer, statement)
        yield from _quote(statement.quotes[0], statement, _line(label, "bold"), "blockquote")
        for title, quotes in wording.later_reports(statement):
            heading = _line(f"{title}:")
            for quote in quotes:
                yield from _quote(quote, statement, heading, "expandable_blockquote")
                heading = Message("")


def _unanswered(answer: Answer) -> Iterator[Message]:
    yield _headline(wording.no_answer_line(answer), "")
    heading = _line("Not an answer, only the closest passages:")
    for passage in answer.passages[:_CLOSEST]:
        yield join((heading, within("expandable_blockquote", _passage(passage))))
        heading = Message("")


def _headline(bold: str, plain: str) -> Message:
    line = run(bold, "bold")
    return join((line, Message("\n" if bold and plain else ""), Message(plain)))


def _quote(quote: Quote, statement: Statement, heading: Message, kind: Kind) -> Iterator[Message]:
    """One piece; only a quote too long for a message becomes several, each with the source line."""
    source = join((Message("\n"), _source(quote, statement)))
    room = UNITS - units(heading.text) - units(source.text)
    for part in _parts(quote.text, room):
        if kind == "expandable_blockquote":
            yield join((heading, within(kind, join((Message(part), source)))))
        else:
            yield join((heading, run(part, kind), source))
        heading = Message("")


def _source(quote: Quote, statement: Statement) -> Message:
    """As ``wording.source_line``, the outlet linked to the article where it has a web address."""
    outlet = wording.outlet_text(quote)
    linked = run(outlet, "text_link", quote.url) if _is_link(quote.url) else Message(outlet)
    who, when = wording.voice_text(statement, quote), wording.date_text(quote.published)
    return join((Message(f"— {who} · "), linked, Message(f" · {when}")))


def _passage(passage: RankedPassage) -> Message:
    return Message(
        f"{wording.glimpse(passage)}\n— {wording.outlet_text(passage)} · {wording.date_text(passage.published)}"
    )


def _is_link(url: str | None) -> bool:
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and len(url or "") <= _LONGEST_LINK


def _parts(text: str, room: int) -> Iterator[str]:
    """Parts of at most ``room`` units that join to ``text``, cut after a space where there is one."""
    while units(text) > room:
        end = _fitting(text, room)
        space = max(text.rfind(" ", end // 2, end), text.rfind("\n", end // 2, end))
        cut = space + 1 if space > 0 else end
        yield text[:cut]
        text = text[cut:]
    yield text


def _fitting(text: str, room: int) -> int:
    """How many leading characters take at most ``room`` units."""
    end = room
    while units(text[:end]) > room:
        end -= max(1, (units(text[:end]) - room) // 2)
    return end


def _pack(pieces: Iterable[Message]) -> Iterator[Message]:
    """Fill messages with whole pieces, in order."""
    message: Message | None = None
    for piece in pieces:
        joined = _append(message, piece) if message else piece
        if message and (units(joined.text) > UNITS or len(joined.entities) > ENTITIES):
            yield message
            joined = piece
        message = joined
    if message:
        yield message


def _append(message: Message, piece: Message) -> Message:
    """A folded quote that follows a folded one shares its fold, so that a list of wordings opens as one."""
    joined = join((message, Message(_GAP), piece))
    end = units(message.text)
    fold = next(
        (e for e in message.entities if e.kind == "expandable_blockquote" and e.offset + e.length == end),
        None,
    )
    more = next((e for e in piece.entities if e.kind == "expandable_blockquote" and e.offset == 0), None)
    if fold is None or more is None:
        return joined
    whole = replace(fold, length=fold.length + len(_GAP) + more.length)
    moved = replace(more, offset=end + len(_GAP))
    return Message(joined.text, tuple(whole if e is fold else e for e in joined.entities if e != moved))


def _line(text: str, kind: Kind | None = None) -> Message:
    """A heading with its line break; nothing for an empty text."""
    if not text:
        return Message("")
    return join((run(text, kind) if kind else Message(text), Message("\n")))
