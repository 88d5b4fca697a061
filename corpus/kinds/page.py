"""Web pages as files: one article each."""

from collections.abc import Iterator
from pathlib import Path

from corpus import layout
from corpus.credits import authors, declared, outlets
from corpus.decoding import load
from corpus.kinds import extracted as pages
from corpus.kinds.record import Record, address, word


def records(path: Path) -> Iterator[Record]:
    yield record(load(path))


def record(data: bytes, charset: str | None = None) -> Record:
    """The article of the page ``data``; ``charset`` as its sender named it. Raises ``Unfit``."""
    found = pages.extract(data, charset)
    outlet = outlets.best(found.outlet, found.declared.names, found.url)
    return Record(
        found.text,
        tuple(layout.plain(found.text)),
        title=word(found.title and outlets.without_site(found.title, outlet, found.url)),
        outlet=word(outlet),
        author=word(authors.tidy(found.author, outlet)),
        published=found.declared.published,
        updated=found.declared.updated,
        url=address(found.url),
        language=found.declared.language,
        origin=declared.METADATA,
        origins=(("published", found.declared.origin),),
        raw=data,
        chosen=True,
    )
