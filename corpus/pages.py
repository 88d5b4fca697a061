"""Web pages: the article text and what the page says about it. The only importer of trafilatura.

The extracted text becomes the source text that offsets count in; the page's markup is not kept.
"""

import re
from dataclasses import dataclass
from datetime import date

from corpus import dates
from corpus.decoding import Unfit, decode, fit

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{3,20})""", re.IGNORECASE)
_HEAD = 4096
"""Bytes in which a page names its encoding; the HTML standard asks for the first 1,024."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """The article of a web page; None where the page does not say."""

    text: str
    title: str | None
    outlet: str | None
    author: str | None
    published: date | None
    url: str | None


def extract(data: bytes) -> Extracted:
    """The article on the page whose HTML is ``data``. Raises ``Unfit`` when it holds none."""
    from trafilatura import bare_extraction  # noqa: PLC0415  slow to import, and only needed while reading pages

    charset = _CHARSET.search(data[:_HEAD])
    found = bare_extraction(
        _decoded(data, charset[1].decode() if charset else None),
        include_comments=False,
        favor_precision=True,
        with_metadata=True,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    if found is None or isinstance(found, dict) or not found.text:
        raise Unfit("no article text found in the page: save the article as text or Markdown")
    return Extracted(
        fit(found.text),
        found.title or None,
        found.sitename or found.hostname or None,
        found.author or None,
        dates.parse(found.date),
        found.url or None,
    )


def _decoded(data: bytes, charset: str | None) -> str:
    """The page's text; a stray byte, common where pages are put together from many sources, becomes U+FFFD."""
    try:
        return decode(data, charset)
    except Unfit:
        return data.decode("utf-8", "replace")
