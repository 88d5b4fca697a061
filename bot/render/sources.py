"""Where a quote comes from, as the line below it; what of it cannot arrive. Pure."""

from datetime import UTC, date, datetime, time

from bot.answer import Quote, RankedPassage, Statement
from bot.render import wording
from bot.render.message import Entity, Message, join, run, units
from bot.render.phrases import Phrases
from bot.render.shield import unshown

_EARLIEST, _LATEST = date(1970, 1, 2), date(2038, 1, 18)
"""Days that Telegram's 32 bits of seconds hold."""


def passage_note(passage: RankedPassage, say: Phrases) -> Message:
    """The beginning of a passage, and below it where it stands."""
    shown = " ".join(wording.glimpse(passage).split())
    return join((Message(f"{shown}\n— {wording.outlet_text(passage)} · "), _day(passage.published, say)))


def source_note(
    quote: Quote, statement: Statement, say: Phrases, address: str | None, *, is_labelled: bool = False
) -> Message:
    """``— NAME, direct speech · Outlet · 17 June 2024``: the outlet linked where it has an address, the day in the reader's way.

    ``is_labelled``: a line above tells already who speaks, and how.
    """
    outlet = wording.outlet_text(quote)
    linked = run(outlet, "text_link", address) if address else Message(outlet)
    who = "" if is_labelled else f"{wording.voice_text(statement, quote, say)} · "
    return join((Message(f"— {who}"), linked, Message(" · "), _day(quote.published, say)))


def _day(published: date | None, say: Phrases) -> Message:
    """A day, as Telegram shows it in the reader's language.

    Telegram knows moments alone. 10:00 UTC falls on the same day from Honolulu (UTC-10) to Auckland in summer
    (UTC+13), that is everywhere but for Samoa's American side, Niue and the Line Islands; noon would not.
    """
    text = wording.date_text(published, say)
    if published is None or not _EARLIEST <= published <= _LATEST:
        return Message(text)
    moment = int(datetime.combine(published, time(10), UTC).timestamp())
    return Message(text, (Entity("date_time", 0, units(text), unix_time=moment, date_time_format="D"),))


def loss_note(quoted: str, say: Phrases) -> str:
    """A line below a quote of which not every character arrives."""
    number = unshown(quoted)
    if not number:
        return ""
    return "\n" + say.many(
        "Telegram cannot show {number} character of this quote.",
        "Telegram cannot show {number} characters of this quote.",
        number,
    )
