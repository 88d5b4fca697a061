"""Channels exported by Telegram's desktop program (``result.json``): one article a message.

Exports grow to hundreds of megabytes, so the messages are read one at a time. Service messages ("joined",
"pinned") and those without text are passed over. Private chats and groups are not outlets and are refused.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from corpus import layout
from corpus.decoding import Unfit, fit
from corpus.kinds.record import Flaw, Record, word
from corpus.times import dates

_HEAD = 100_000
"""Characters before the first message, at most."""
_LONGEST = 1_000_000
"""Characters of one message; Telegram's own bound is 4,096 of text."""
_CHUNK = 65_536
_MESSAGES = re.compile(r'"messages"\s*:\s*\[')
_BETWEEN = tuple(" \t\n\r,")
_USERNAME = re.compile(r"[A-Za-z]\w{3,31}", re.ASCII)
_OTHER = 'no channel exported by Telegram: in its desktop program, open a channel and take "Export chat history", as JSON'


def records(path: Path) -> Iterator[Record | Flaw]:
    with path.open(encoding="utf-8-sig") as file:
        try:
            head, rest = _opening(file)
            for number, message in enumerate(_messages(rest, file), start=1):
                found = _record(message, head, number)
                if found is not None:
                    yield found
        except UnicodeDecodeError as exc:
            raise Unfit("not UTF-8, in which Telegram exports: export the channel again") from exc


def _opening(file: TextIO) -> tuple[Mapping[str, Any], str]:
    """What the export says of its channel, and what was read beyond it."""
    text = file.read(_HEAD)
    start = _MESSAGES.search(text)
    try:
        head = json.loads(f"{text[: start.end()]}]}}") if start else None
    except (ValueError, RecursionError):
        head = None
    if not isinstance(head, dict) or not start or not str(head.get("type", "")).endswith("_channel"):
        raise Unfit(_OTHER)
    return head, text[start.end() :]


def _messages(text: str, file: TextIO) -> Iterator[object]:
    """The members of the list that ``text``, continued by ``file``, is the inside of."""
    decoder = json.JSONDecoder()
    at = 0
    while True:
        while text[at : at + 1] in _BETWEEN:
            at += 1
        if text[at : at + 1] == "]":
            return
        try:
            found, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as exc:
            text, at = text[at:], 0
            more = file.read(max(_CHUNK, len(text))) if len(text) < _LONGEST else ""
            if not more:
                raise Unfit(
                    "the export breaks off or is damaged, so the rest was not read: export it again"
                ) from exc
            text += more
        else:
            yield found


def _record(message: object, head: Mapping[str, Any], number: int) -> Record | Flaw | None:
    """The record of one message; None where it has no text of its own."""
    if not isinstance(message, dict) or message.get("type") != "message":
        return None
    try:
        text = fit(_text(message.get("text")))
    except Unfit as exc:
        return Flaw(str(exc), number, "message")
    if not text.strip():
        return None
    channel, post, name = word(head.get("id")), word(message.get("id")), word(head.get("username")) or ""
    return Record(
        text,
        tuple(layout.plain(text)),
        number,
        id=f"telegram-{channel}-{post}" if channel and post else None,
        outlet=word(head.get("name")),
        author=word(message.get("author")),
        published=dates.parse(message.get("date")),
        updated=dates.parse(message.get("edited")),
        url=f"https://t.me/{name}/{post}" if post and _USERNAME.fullmatch(name) else None,
        origin="the export",
        unit="message",
    )


def _text(value: object) -> str:
    """A message's text: a string, or a list of strings and of marked-up pieces (links, bold words, ...)."""
    pieces = value if isinstance(value, list) else [value]
    texts = (piece.get("text") if isinstance(piece, dict) else piece for piece in pieces)
    return "".join(text for text in texts if isinstance(text, str))
