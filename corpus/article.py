"""The nouns of the corpus. All frozen; every offset counts characters of ``Article.text``."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Voice = Literal["direct", "reported", "narrator"]
"""Who speaks: a named source in quotation marks, the same in the outlet's words, or the outlet itself."""

Span = tuple[int, int]
"""Half-open character range ``(start, end)`` of ``Article.text``."""

Days = tuple[date, date]
"""The first and the last day of a time, both included."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it was read. The text never changes: quotes are slices of it."""

    id: str
    """The id given, else the file's name."""
    text: str
    """The source text: decoded file, JSONL ``text`` field, or text extracted from HTML."""
    body: tuple[Span, ...]
    """Blocks (paragraphs, headline, list items) that belong to the article, in order; the rest is furniture."""
    path: str
    """Where it was read from, as the user gave it."""
    title: str | None = None
    title_span: Span | None = None
    """The headline's place where it stands in ``text``; None when it came from metadata alone."""
    outlet: str | None = None
    author: str | None = None
    published: date | None = None
    updated: date | None = None
    """When the page was last changed, which is no date of the article's."""
    url: str | None = None
    language: str | None = None
    """ISO 639-1, of the body."""
    origins: tuple[tuple[str, str], ...] = ()
    """Pairs (field, where it was read from): "front matter", "line 3"; one for every field that may be None."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an article's body: ``article.text[start:end]``."""

    start: int
    end: int
    voice: Voice = "narrator"
    speaker: str | None = None
    """Fullest form of the speaker's name in this article; None for the narrator or when uncertain."""
    heading: bool = False
    when: Days | None = None
    """The days it tells of, where it names one time clearly; see ``corpus.times.events``."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of sentences, embedded and searched as one: ``article.text[start:end]``."""

    start: int
    end: int
    first: int
    """Index of its first sentence in the document's sentences."""
    last: int
    """Index one past its last sentence."""


@dataclass(frozen=True, slots=True)
class Document:
    """An article with its sentences (in order, disjoint) and passages (in order, overlapping)."""

    article: Article
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file or record that was passed over, and why: data, not a log line."""

    path: str
    reason: str
