"""Mails (``.eml``) and web pages saved as mails (MHTML): one article each.

The page of a mail is read as any page; without one, its plain text is the article. What a saved page says of
itself wins over its mail headers, whose date is the day it was saved. Not handled: attachments and mails
inside mails.
"""

import base64
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path

from corpus import confined, layout
from corpus.decoding import BULKY, Unfit, decode, load, mended
from corpus.kinds import page
from corpus.kinds.record import Record, address, word
from corpus.times import dates

_REPORT = re.compile(rb"message/delivery-status", re.IGNORECASE)
PARTS = 20_000
"""Most lines that may begin a part of a mail; the parser takes 0.3 ms for each on a busy core."""
_ITS_HEADERS = ("from", "subject", "date", "mime-version", "content-location", "received")


def records(path: Path) -> Iterator[Record]:
    yield record(load(path, BULKY))


def record(data: bytes) -> Record:
    """The article of the mail or MHTML page ``data``. Raises ``Unfit``."""
    if _REPORT.search(data):  # the parser makes a part of each of its lines
        raise Unfit("a report on the delivery of a mail, not an article: remove it")
    if data.count(b"\n--") > PARTS:
        raise Unfit(f"a mail of more than {PARTS} parts: save the article itself")
    found = confined.call(parse, data)
    html, plain = base64.b64decode(found["html"] or ""), mended(found["plain"] or "")
    known = _page(html, found["charset"], may_fail=bool(plain.strip())) if html else None
    if known is None and not plain.strip():
        raise Unfit("no page and no text in the mail, only attachments: save the article itself")
    known = known or Record(plain, tuple(layout.plain(plain)))
    title, url = word(found["subject"]), address(found["address"])
    if url:
        time = datetime.fromisoformat(found["date"]) if found["date"] else None
        return replace(_told(known, title=known.title or title), url=known.url or url, fetched=time)
    return _told(
        known,
        title=title or known.title,
        author=word(found["sender"]) or known.author,
        published=dates.parse(found["date"]) or known.published,
    )


def _told(known: Record, **said: str | date | None) -> Record:
    """With what the mail's headers say in place of what is known, and that it is they who say it."""
    new = {field: value for field, value in said.items() if value != getattr(known, field)}
    kept = tuple(pair for pair in known.origins if pair[0] not in new)
    return replace(known, **new, origins=(*kept, *((field, "the mail's headers") for field in new)))  # type: ignore[arg-type]


def _page(html: bytes, charset: str | None, *, may_fail: bool) -> Record | None:
    try:
        return page.record(html, charset)
    except Unfit:
        if may_fail:
            return None
        raise


def parse(data: bytes) -> confined.Answer:
    """The parts of a mail that make an article. For ``confined.call``."""
    from email import message_from_bytes, policy  # noqa: PLC0415  only needed in the child

    message = message_from_bytes(data, policy=policy.default)
    if not any(name in message for name in _ITS_HEADERS):
        raise Unfit("no mail and no saved page: its first lines are not the headers of one")
    html, plain = message.get_body(("html",)), message.get_body(("plain",))
    saved = _header(message, "snapshot-content-location")
    return {
        "html": base64.b64encode(_payload(html)).decode(),
        "charset": html.get_content_charset() if html is not None else None,
        "plain": decode(_payload(plain), plain.get_content_charset()) if plain is not None else "",
        "subject": _header(message, "subject"),
        "sender": _sender(message),
        "date": _time(_header(message, "date")),
        "address": saved or _header(message if html is None else html, "content-location"),
    }


def _payload(part: MIMEPart | None) -> bytes:
    payload = None if part is None else part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _header(message: MIMEPart, name: str) -> str | None:
    try:
        value = message[name]
        return None if value is None else str(value)
    except Exception:  # noqa: BLE001  the standard library's header parser trips on malformed ones in many ways
        return None


def _sender(message: EmailMessage) -> str | None:
    name, mailbox = parseaddr(_header(message, "from") or "")
    return name or mailbox or None


def _time(value: str | None) -> str | None:
    """A mail's date in ISO form, in the sender's own offset; UTC where it has none."""
    try:
        found = parsedate_to_datetime(value or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).isoformat()
