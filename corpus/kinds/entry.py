"""A link to an article, as feeds and sitemaps list them."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Entry:
    """One listed page; None where the list does not say."""

    address: str | None
    title: str | None = None
    published: date | None = None
    """The outlet's own day."""
    updated: date | None = None
    author: str | None = None
    summary: str | None = None
    """A few sentences, as text."""
    text: str | None = None
    """The whole article as text, where the feed carries more than a summary."""
    changed: str | None = None
    """When the list last changed, as written there; a page is worth reading again when this differs."""
