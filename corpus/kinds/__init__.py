"""What each kind of file holds: its source text, its blocks, and the metadata given beside the text.

A text, a Markdown file, a web page, a PDF, a mail and a saved page are one article each; JSONL, web
archives, Telegram exports and feeds hold many. Each kind has a module, which alone imports, and only when
it reads, the library it needs.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from corpus.kinds import channel, crawl, feeds, lines, mail, page, printed, text
from corpus.kinds.record import Flaw, Record

__all__ = ["ARTICLE_LIKE", "SUFFIXES", "Flaw", "Record", "is_article_like", "is_readable_name", "records"]

_READERS: dict[str, Callable[[Path], Iterator[Record | Flaw]]] = {
    ".txt": text.plain,
    ".md": text.markdown,
    ".jsonl": lines.records,
    ".jsonl.gz": lines.records,
    ".html": page.records,
    ".html.gz": page.records,
    ".htm": page.records,
    ".pdf": printed.records,
    ".eml": mail.records,
    ".mht": mail.records,
    ".mhtml": mail.records,
    ".warc": crawl.records,
    ".warc.gz": crawl.records,
    ".rss": feeds.records,
    ".atom": feeds.records,
    ".xml": feeds.records,
    "result.json": channel.records,
}
SUFFIXES = tuple(_READERS)
"""Names of files that can be read end in one of these, in either case."""
ARTICLE_LIKE = (".doc", ".docx", ".odt", ".rtf", ".epub", ".mbox", ".msg", ".arc", ".arc.gz", ".wacz")
"""Kinds that may hold articles and are not read: in a folder they are named as unreadable, not passed over."""


def is_article_like(name: str) -> bool:
    """A kind of file that may hold an article but is not read."""
    return name.lower().endswith(ARTICLE_LIKE)


def is_readable_name(name: str) -> bool:
    return name.lower().endswith(SUFFIXES)


def records(path: Path) -> Iterator[Record | Flaw]:
    """The articles of one file. Raises ``Unfit`` or ``OSError`` when the whole file cannot be read."""
    name = path.name.lower()
    read = next((_READERS[suffix] for suffix in SUFFIXES if name.endswith(suffix)), text.plain)
    return read(path)
