"""What an administrator sends as an article: a link, a file, or a post forwarded from a channel.

Names, paths and texts are the sender's. A file is kept under a name of our own; a post under the numbers of its
channel and message, its text exactly as it was written.
"""

import json
import re
import unicodedata
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from telegram import Bot, Document, Message, MessageOriginChannel

from corpus.errors import UsageError

KINDS = (
    ".txt .md .jsonl .jsonl.gz .html .html.gz .htm .pdf .eml .mht .mhtml .warc .warc.gz .rss .atom .xml result.json"
).split()
"""Ends of the names that ``onrecord corpus add`` reads: those of corpus.kinds, which is not loaded in the bot."""

MOST_BYTES = 20 * 1024 * 1024
"""Bot API, getFile: "bots can download files of up to 20MB in size"."""

_LINK = re.compile(r"https?://[^\s\x00-\x20]{1,2000}", re.IGNORECASE)
_STEM = 60  # characters


@dataclass(frozen=True, slots=True)
class Offer:
    """An article that can be added; one of ``link``, ``file`` and ``post`` is set."""

    name: str
    """As it is shown: the link, the file's name, the channel."""
    link: str = ""
    file: str = ""
    """Telegram's id of it."""
    post: str = ""
    """A line of JSON, as ``corpus add`` reads it."""
    saved: str = ""
    """Our name for what is kept as a file."""

    def dump(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def load(cls, text: str) -> "Offer":
        return cls(**json.loads(text))


def is_offer(message: Message) -> bool:
    return bool(message.document or _channel(message) or link(message.text or ""))


def link(text: str) -> str | None:
    """The text, when it is nothing but a link."""
    return found.group() if (found := _LINK.fullmatch(text.strip())) else None


def offered(message: Message) -> Offer | None:
    """What the message holds; None where it holds nothing that can be read: another kind of file, a bare picture."""
    if message.document:
        return _file(message.document)
    if origin := _channel(message):
        return _post(message, origin)
    address = link(message.text or "")
    return Offer(address, link=address) if address else None


async def place(offer: Offer, bot: Bot, folder: Path) -> str:
    """What ``corpus add`` is to read; fetches and keeps a file in ``folder``. Raises TelegramError, UsageError, OSError."""
    if offer.link:
        return offer.link
    part, kept = _own_place(offer, folder)
    if not offer.post:
        file = await bot.get_file(offer.file)
        if (file.file_size or 0) > MOST_BYTES:
            raise UsageError("the file is larger than 20 MB: add it on the server")
        try:
            await file.download_to_drive(part)
        except BaseException:
            _discard(part)
            raise
    part.replace(kept)  # a file of that name is an earlier version of the same one
    return str(kept)


def _own_place(offer: Offer, folder: Path) -> tuple[Path, Path]:
    """Where it is written, a post at once, and where it is to stand."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder.resolve() / offer.saved
    part = kept.with_name(f"{kept.name}.part")
    part.write_text(offer.post, encoding="utf-8")
    return part, kept


def _discard(part: Path) -> None:
    part.unlink(missing_ok=True)


def own_name(given: str, unique: str) -> str | None:
    """``Report, final.PDF`` → ``report-final-AQAD.pdf``; None for a kind that is not read."""
    ends = [kind for kind in KINDS if given.lower().endswith(kind)]
    if not ends:
        return None
    end = max(ends, key=len)
    return f"{_slug(given[: -len(end)])}-{_slug(unique)}{'-' * (end[0] != '.')}{end}"


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_STEM].strip("-") or "article"


def _file(document: Document) -> Offer | None:
    saved = own_name(document.file_name or "", document.file_unique_id)
    if saved is None or (document.file_size or 0) > MOST_BYTES:
        return None
    return Offer(document.file_name or saved, file=document.file_id, saved=saved)


def _channel(message: Message) -> MessageOriginChannel | None:
    origin = message.forward_origin
    return origin if isinstance(origin, MessageOriginChannel) else None


def _post(message: Message, origin: MessageOriginChannel) -> Offer | None:
    text = message.text or message.caption
    if not text or not text.strip():
        return None
    channel, number = origin.chat, origin.message_id
    name = f"telegram-{abs(channel.id)}-{number}"
    fields: dict[str, Any] = {
        "id": name,
        "outlet": channel.title,
        "author": origin.author_signature,
        "published": origin.date.isoformat(),
        "url": f"https://t.me/{channel.username}/{number}" if channel.username else None,
        "text": text,
    }
    return Offer(channel.title or name, post=json.dumps(fields) + "\n", saved=f"{name}.jsonl")
