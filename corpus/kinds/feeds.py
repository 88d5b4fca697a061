"""RSS and Atom feeds: their entries, and the articles of those that carry them whole.

The only importer of feedparser, which is given bytes alone: it never fetches. A feed as a file is read for the
articles in it; one that holds only links is refused, since nothing that a file names is followed.
"""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus import confined, layout
from corpus.decoding import Unfit, load, mended, unpacked
from corpus.kinds import extracted as pages
from corpus.kinds.entry import Entry
from corpus.kinds.record import Record, address, word
from corpus.times import dates

ENTRIES = 10_000
"""Most entries of one feed; news sites list 10 to 500."""
WHOLE = 600
"""Characters from which on an entry's text counts as the article itself; summaries stay below."""
_SUMMARY = 2000
"""Characters kept of a summary."""

_HEAD = 4096
"""Bytes in which a sitemap shows that it is one."""
_MAILBOX = re.compile(r"\S+@\S+\s*\((?P<name>.+)\)")
_REFERENCES = re.compile(rb"(?:&#(?:x[0-9a-f]{1,5}|\d{1,6});)+", re.IGNORECASE)
_MARKUP = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed and its entries, in its own order."""

    title: str | None
    address: str | None
    """The site's, not the feed's own."""
    entries: tuple[Entry, ...]


def feed(data: bytes, at: str | None = None) -> Feed:
    """The feed ``data``; relative links count from the address ``at``. Raises ``Unfit`` when it is none."""
    found = confined.call(parse, unpacked(data), at)
    return Feed(word(found["title"]), address(found["link"]), tuple(map(_entry, found["entries"])))


def records(path: Path) -> Iterator[Record]:
    data = load(path)
    if b"<urlset" in data[:_HEAD] or b"<sitemapindex" in data[:_HEAD]:
        raise Unfit("a sitemap, which holds only links: add its address instead")
    found = feed(data)
    whole = [(number, entry) for number, entry in enumerate(found.entries, start=1) if entry.text]
    if not whole:
        raise Unfit("a feed of links: add its address instead")
    for number, entry in whole:
        yield _record(entry, number, found.title)


def _record(entry: Entry, number: int, outlet: str | None) -> Record:
    text = entry.text or ""
    return Record(
        text,
        tuple(layout.plain(text)),
        number,
        title=entry.title,
        outlet=outlet,
        author=entry.author,
        published=entry.published,
        updated=entry.updated,
        url=entry.address,
        origin="the feed",
        unit="entry",
    )


def _entry(fields: Mapping[str, str | None]) -> Entry:
    text, summary = mended(fields["text"] or ""), mended(fields["summary"] or "")
    whole = text if len(text) >= WHOLE else summary
    return Entry(
        address(fields["link"]),
        title=word(fields["title"]),
        published=dates.parse(fields["published"]) or dates.parse(fields["published_utc"]),
        updated=dates.parse(fields["updated"]) or dates.parse(fields["updated_utc"]),
        author=_name(fields["author"]),
        summary=(summary or text)[:_SUMMARY] or None,
        text=whole if len(whole) >= WHOLE else None,
        changed=word(fields["updated"] or fields["published"]),
    )


def _name(author: str | None) -> str | None:
    """An author without the mail address that RSS puts before the name."""
    named = _MAILBOX.fullmatch(author or "")
    return word(named["name"] if named else author)


def parse(data: bytes, at: str | None) -> confined.Answer:
    """The fields of ``Feed``, HTML made plain. For ``confined.call``."""
    import feedparser  # noqa: PLC0415  only needed in the child

    headers = {"content-location": at} if at else {}
    found = feedparser.parse(
        io.BytesIO(_REFERENCES.sub(_whole, data)), response_headers=headers
    )  # a name in bytes would be opened
    if not found.version and not found.entries:
        raise Unfit("no feed: neither RSS nor Atom")
    if len(found.entries) > ENTRIES:
        raise Unfit(f"more than {ENTRIES} entries, the most one feed may have: split it")
    return {
        "title": _flat(found.feed, "title"),
        "link": _get(found.feed, "link"),
        "entries": [_fields(entry) for entry in found.entries],
    }


def _whole(references: re.Match[bytes]) -> bytes:
    """Character references without half characters, which some sites write emoji with and feedparser trips on.

    Halves that belong together are joined; others become U+FFFD.
    """
    codes = [
        int(code[1:], 16) if code[0] in "xX" else int(code)
        for code in references[0].decode()[2:-1].split(";&#")
    ]
    if not any(0xD800 <= code < 0xE000 for code in codes):
        return references[0]
    text = "".join(map(chr, codes)).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(f"&#{ord(character)};" for character in text).encode()


def _fields(entry: Mapping[str, Any]) -> dict[str, str | None]:
    content = entry.get("content")
    return {
        "link": _get(entry, "link"),
        "title": _flat(entry, "title"),
        "author": _get(entry, "author"),
        "published": _get(entry, "published"),
        "published_utc": _day(entry, "published_parsed"),
        "updated": _get(entry, "updated"),
        "updated_utc": _day(entry, "updated_parsed"),
        "summary": _flat(entry, "summary"),
        "text": _text(content[0]) if content else None,
    }


def _get(fields: Mapping[str, Any], name: str) -> str | None:
    """The value of ``name`` itself; feedparser answers for "updated" with "published" and a warning."""
    value = fields[name] if dict.__contains__(fields, name) else None
    return value if isinstance(value, str) else None


def _flat(fields: Mapping[str, Any], name: str) -> str | None:
    detail = fields.get(f"{name}_detail")
    return _text(detail) if detail else _get(fields, name)


def _text(detail: Mapping[str, Any]) -> str | None:
    value = _get(detail, "value")
    return pages.flat(value) if value and _get(detail, "type") in _MARKUP else value


def _day(entry: Mapping[str, Any], name: str) -> str | None:
    """A time that feedparser understood (a struct_time, UTC) as its day in ISO form."""
    time = entry[name] if dict.__contains__(entry, name) else None
    return f"{time[0]:04}-{time[1]:02}-{time[2]:02}" if time else None
