"""What was read from one item goes into the library, whole or not at all."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from corpus.article import Article, Unreadable
from corpus.cleaning.template_lines import page, template_lines, without
from corpus.database import Database
from corpus.decoding import Unfit
from corpus.library import written
from corpus.library.entries import Item
from corpus.library.sources import Sources
from corpus.library.versions import Shelved, Versions
from corpus.library.written import Written
from corpus.reading import DIGEST, READING, Names, Taken, digest, folder_name, why

_AT_ONCE = 64
"""Articles of a transaction while digesting anew; what a crash can cost."""


class Keeper:
    """Keeps articles of one update and counts them; ``whole`` digests even what has not changed."""

    def __init__(self, tables: Database, *, words: int, overlap: int, whole: bool = False) -> None:
        self.sources, self.versions = Sources(tables), Versions(tables)
        self.read = self.new = self.changed = self.removed = 0
        self.now = datetime.now(UTC).isoformat(timespec="seconds")
        self._tables = tables
        self._words, self._overlap, self._whole = words, overlap, whole
        self._settings = json.dumps([words, overlap, DIGEST])
        self._names = Names(self.versions.names())

    def take(
        self,
        item: Item,
        found: Iterable[Taken | Unreadable],
        *,
        digest: str,
        stamp: str | None,
        raw: bytes | None = None,
        media: str | None = None,
    ) -> None:
        """All that ``found`` yields is what the item holds now; its bytes are kept if they are given.

        Where reading ends early or gives no article, the articles of the last time stay and the item failed.
        """
        self.read += 1
        with self._tables.transaction():
            reading, before = _Reading(found), self.versions.of(item)
            met = self._articles(item, reading, before)
            reason = reading.ended or (reading.flaws.pop(0) if reading.flaws and not met else None)
            self.sources.pass_over(item, reading.flaws)
            if reason:
                self.sources.failed(item, self.now, reason)
                return
            self._lose(before[name] for name in before.keys() - met)
            if raw is not None:
                self.versions.put_raw(raw)
            self.sources.was_read(item, self.now, stamp, digest, reader=READING, media=media)

    def list(self, item: Item, data: bytes, *, stamp: str) -> None:
        """It is a feed or sitemap, which holds no article itself."""
        with self._tables.transaction():
            self.sources.keep_listing(item, data)
            digest = sha256(data).hexdigest()
            self.sources.was_read(item, self.now, stamp, digest, reader=READING, media=None)

    def fail(self, item: Item, reason: str) -> None:
        """It cannot be read now; its articles stay."""
        with self._tables.transaction():
            self.sources.failed(item, self.now, reason)

    def is_same(self, item: Item, stamp: str | None) -> None:
        """It was looked at, and holds what it held."""
        with self._tables.transaction():
            self.sources.is_same(item, self.now, stamp)

    def drop(self, item: Item) -> None:
        """It is there no more."""
        with self._tables.transaction():
            self._lose(self.versions.of(item).values())
            self.sources.drop(item)

    def digest(self) -> Iterator[tuple[int, int]]:
        """Digest every article that has none, or one of other settings or another body.

        Yields how many of how many articles were looked at.
        """
        changes = self.new + self.changed + self.removed
        if not (changes or self._whole or self.versions.is_undigested(self._settings)):
            return
        versions = self.versions.current()
        articles = map(self.versions.read, versions)
        templates = template_lines(filter(None, map(page, articles)))
        for begin in range(0, len(versions), _AT_ONCE):
            with self._tables.transaction():
                for version in versions[begin : begin + _AT_ONCE]:
                    self._digest(version, without(self.versions.read(version), templates))
            yield min(begin + _AT_ONCE, len(versions)), len(versions)

    def _articles(
        self, item: Item, reading: "_Reading", before: dict[tuple[str, int], Shelved]
    ) -> set[tuple[str, int]]:
        """Names of the articles that were kept."""
        met: set[tuple[str, int]] = set()
        nth: Counter[str] = Counter()
        for position, taken in enumerate(reading):
            name = (taken.article.id, nth[taken.article.id])
            try:
                version = written.write(taken.article)
            except ValueError:
                reading.flaws.append("it holds lone surrogates, halves of characters: mend the text")
                continue
            nth[name[0]] += 1
            met.add(name)
            self._article(item, name, position, version, taken.raw, before.get(name))
        return met

    def _article(
        self,
        item: Item,
        name: tuple[str, int],
        position: int,
        version: Written,
        raw: bytes | None,
        before: Shelved | None,
    ) -> None:
        same = before is not None and (before.sha256, before.known) == (version.sha256, version.known)
        if before and same and not before.gone and before.position == position:
            return
        id_ = before.id if before else self._names.free(name[0], folder_name(Path(item.place)))
        if before and same:
            number = before.version
        else:
            kept = self.versions.put_raw(raw) if raw is not None else None
            number = self.versions.add(id_, version, item.path, kept, self.now)
        self.new += before is None or before.gone
        self.changed += before is not None and not before.gone and not same
        self.versions.stand(id_, item, name, position, number)

    def _digest(self, version: int, article: Article) -> None:
        if self._whole or not self.versions.is_digested(version, self._settings, article):
            made = digest(article, words=self._words, overlap=self._overlap)
            self.versions.put_digest(version, self._settings, made)

    def _lose(self, articles: Iterable[Shelved]) -> None:
        for article in articles:
            if not article.gone:
                self.versions.lose(article)
                self.removed += 1


class _Reading:
    """The articles of an item; what is wrong with others, and why it ended if that was too early."""

    def __init__(self, found: Iterable[Taken | Unreadable]) -> None:
        self._found = found
        self.flaws: list[str] = []
        self.ended: str | None = None

    def __iter__(self) -> Iterator[Taken]:
        try:
            for one in self._found:
                if isinstance(one, Unreadable):
                    self.flaws.append(one.reason)
                else:
                    yield one
        except (Unfit, OSError) as exc:
            self.ended = why(exc)
