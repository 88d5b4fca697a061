"""The nouns of the library. All frozen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from corpus.fetching.client import Fetched

Kind = Literal["path", "page", "feed", "sitemap"]
"""A folder or file; the address of one page, of a feed, of a sitemap. A page that proves a feed becomes one."""

Progress = Callable[[str, int, int], None]
"""Told of (stage, done, total); a total of 0 is not known."""


@dataclass(frozen=True, slots=True)
class Root:
    """A source: what the owner added or the settings name."""

    number: int
    place: str
    """Absolute path, or address."""
    given: str
    """The path as the user wrote it last; as ``place`` for an address."""
    kind: Kind
    typed: bool
    """Added by the owner, so that it stays until the owner removes it."""
    since: str
    """ISO 8601, UTC."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is read: a file, or what stands at an address."""

    number: int
    place: str
    """Absolute path, or address."""
    root: int
    position: int
    """Among the items of its root."""
    path: str
    """Where its articles are said to come from: the place on one line, as the user wrote it."""
    stamp: str | None
    """How it looked from outside when it was read; None when it has to be read again."""
    reader: int | None
    """The ``READING`` it was read by."""
    sha256: str | None
    """Of the bytes it was read from; None when it has to be read again."""
    media: str | None
    """Of an address: the ending of the name of a file with those bytes, and the encoding that was declared."""
    reason: str | None
    """Why it could not be read last."""
    told: str | None
    """JSON: what the feed or sitemap it was found in says of it."""
    gone: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """What an update found. Articles are counted, but for ``read`` and ``failed``."""

    read: int
    """Files and pages opened because they were new, had changed or had failed before."""
    new: int
    changed: int
    unchanged: int
    removed: int
    failed: int
    """Files and addresses that cannot be read, those of earlier updates included."""


class Fetch(Protocol):
    """As ``Fetcher.fetch``. Raises OnrecordError with one line for the user."""

    def __call__(
        self, address: str, *, etag: str | None = None, modified: str | None = None
    ) -> "Fetched": ...
