"""Web pages as files: one article each."""

from collections.abc import Iterator
from pathlib import Path

from corpus import layout, pages
from corpus.decoding import load
from corpus.kinds.record import Record, address, word


def records(path: Path) -> Iterator[Record]:
    yield record(load(path))


def record(data: bytes, charset: str | None = None) -> Record:
    """The article of the page ``data``; ``charset`` as its sender named it. Raises ``Unfit``."""
    found = pages.extract(data, charset)
    return Record(
        found.text,
        tuple(layout.plain(found.text)),
        title=word(found.title),
        outlet=word(found.outlet),
        author=word(found.author),
        published=found.published,
        url=address(found.url),
        raw=data,
    )
