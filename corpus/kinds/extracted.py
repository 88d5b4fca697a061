"""Web pages: the article text and what the page says about it. The only importer of trafilatura.

The extracted text becomes the source text that offsets count in. Pages are anybody's, so they are parsed in
``confined``: a page that cannot be read within its bounds is an ``Unfit``.
"""

import codecs
import re
from contextlib import suppress
from dataclasses import dataclass

from corpus import confined
from corpus.credits import declared
from corpus.credits.declared import Declared
from corpus.decoding import Unfit, decode, mended

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{3,20})""", re.IGNORECASE)
_HEAD = 4096
"""Bytes in which a page names its encoding; the HTML standard asks for the first 1,024."""
_MOST_STRAYS = 0.01
"""Share of a page's characters; with more, it is in another encoding than it says."""
_BLOCKS = frozenset(
    "address article aside blockquote br caption dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr"
    " li main nav ol p pre section table td th tr ul".split()
)
_UNSEEN = frozenset("head noscript script style template title".split())


@dataclass(frozen=True, slots=True)
class Extracted:
    """The article of a web page; None where the page does not say."""

    text: str
    title: str | None
    outlet: str | None
    """What trafilatura takes the site to be called; see ``corpus.credits.outlets.best``."""
    author: str | None
    url: str | None
    declared: Declared


def extract(data: bytes, charset: str | None = None) -> Extracted:
    """The article on the page whose HTML is ``data``. Raises ``Unfit`` when it holds none.

    ``charset`` is the encoding that whoever sent the page named; it wins over what the page says of itself.
    """
    found = confined.call(parse, data, charset)
    return Extracted(**found | {"declared": declared.from_json(found["declared"])})


def parse(data: bytes, charset: str | None) -> confined.Answer:
    """The fields of ``Extracted``. For ``confined.call``."""
    from trafilatura import bare_extraction  # noqa: PLC0415  slow to import, and only needed in the child

    page = _decoded(data, charset)
    found = bare_extraction(
        page,
        include_comments=False,
        favor_precision=True,
        with_metadata=True,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    if found is None or isinstance(found, dict) or not found.text:
        raise Unfit("no article text found in the page: save the article as text or Markdown")
    return {
        "text": mended(found.text),
        "title": found.title or None,
        "outlet": found.sitename or None,
        "author": found.author or None,
        "url": found.url or None,
        "declared": declared.to_json(declared.read(page, found.url)),
    }


def flat(html: str) -> str:
    """The text of a piece of HTML, a blank line between its blocks. Call it within ``confined`` only."""
    from lxml import etree  # noqa: PLC0415  as above

    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    root = etree.fromstring(f"<body>{mended(html)}</body>".encode(), parser)
    if root is None:
        return ""
    pieces: list[str] = []
    unseen = 0
    for event, element in etree.iterwalk(root, ("start", "end")):
        unseen += (element.tag in _UNSEEN) * (1 if event == "start" else -1)
        if element.tag in _BLOCKS:
            pieces.append("\n\n")
        piece = element.text if event == "start" else element.tail
        if piece and not unseen:
            pieces.append(piece.replace("\n", " "))
    lines = ("".join(pieces)).split("\n\n")
    return "\n\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


def _decoded(data: bytes, charset: str | None) -> str:
    """The page's text; a stray byte, common where pages are put together from many sources, becomes U+FFFD."""
    own = _CHARSET.search(data[:_HEAD])
    named = charset or (own[1].decode() if own else None)
    with suppress(Unfit):
        return decode(data, named, guess=False).replace("\0", "")
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    likely = (_replacing(data, name) for name in ("utf-16" if marked else "utf-8", named) if name)
    text = min(likely, key=_strays)
    if _strays(text) > _MOST_STRAYS * len(text):
        with suppress(Unfit):
            text = decode(data)
    return text.replace("\0", "")


def _strays(text: str) -> int:
    return text.count("\ufffd")


def _replacing(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding, "replace")
    except (LookupError, UnicodeError):  # no such encoding, or none of text
        return data.decode("utf-8", "replace")
