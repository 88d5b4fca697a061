"""One article as its file gives it, and metadata values made fit to be kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from corpus import language
from corpus.layout import Block
from corpus.times import dates

_NOTHING = {"", "none", "null", "nan", "n/a", "unknown"}
_LONGEST_WORD = 1000
"""Characters of one metadata value; the rest is cut off."""


@dataclass(frozen=True, slots=True)
class Record:
    """One article as its file gives it, before it is cleaned."""

    text: str
    blocks: tuple[Block, ...]
    line: int | None = None
    """Its number, from 1, where a file holds many: of the line, or of another ``unit``."""
    id: str | None = None
    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: date | None = None
    updated: date | None = None
    url: str | None = None
    language: str | None = None
    """ISO 639-1, as declared."""
    origin: str = "the field given"
    """Where these were read from, but for those in ``origins``."""
    origins: tuple[tuple[str, str], ...] = ()
    """Pairs (field, where it was read from)."""
    unit: str = "line"
    """What ``line`` counts: lines, records, entries, messages."""
    raw: bytes | None = field(default=None, repr=False)
    """The page as it came, where the text was extracted from one."""
    chosen: bool = False
    """The text is an article alone, which what read the page chose from it."""
    fetched: datetime | None = None
    """When the page was taken from the web, in UTC, where the file tells (web archives, saved pages)."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """A record that cannot be read, and why."""

    reason: str
    line: int | None = None
    unit: str = "line"


def given(text: str, blocks: tuple[Block, ...], fields: Mapping[str, object], line: int | None) -> Record:
    """The record of ``text`` with what the file's own ``fields`` say of it."""
    return Record(
        text,
        blocks,
        line,
        id=word(fields.get("id")),
        title=word(fields.get("title")),
        outlet=word(fields.get("outlet")),
        author=word(fields.get("author")),
        published=dates.parse(fields.get("published")),
        updated=dates.parse(fields.get("updated")),
        url=address(fields.get("url")),
        language=language.code(fields.get("language")),
    )


def word(value: object) -> str | None:
    """A metadata value on one line, fit to be stored and shown; None for words that mean none."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    found = " ".join(value.encode("utf-8", "replace").decode().replace("\0", " ").split())
    return None if found.casefold() in _NOTHING else found[:_LONGEST_WORD]


def address(value: object) -> str | None:
    """A web address; None for anything else, so that nothing else is ever offered as a link."""
    found = word(value)
    return found if found and re.match(r"https?://\S+$", found) else None
