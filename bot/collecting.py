"""Keeps an index as its sources are: the library is brought up to date, and the index built from it if need be."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.article import Unreadable
from corpus.errors import CorpusError, IndexUnusable
from corpus.library import snapshots
from corpus.library.entries import Changes, Kind, Root
from corpus.library.library import FOLDER, Library, is_address
from corpus.places import places, require
from retrieval.build import Report, build
from retrieval.builds import manifest, shelf
from retrieval.builds.writer import failures
from retrieval.encoder import Encoder, Progress

if TYPE_CHECKING:
    from corpus.library.entries import Fetch

Allowed = Callable[[Root], bool]
"""Whether an address may be asked."""


def _nobody(_: Root) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an update did."""

    changes: Changes
    unreadable: tuple[Unreadable, ...]
    """Files, pages and records that could not be read, those of earlier updates included."""
    report: Report | None
    """Of the new build; None where the last one already held all that."""


@dataclass(frozen=True, slots=True)
class Collector:
    """The library and the index in ``folder``; what ``sources`` and ``feeds`` name goes before what was added."""

    folder: Path
    sources: tuple[Path, ...]
    feeds: tuple[str, ...]
    may_poll: bool
    """Whether ``feeds`` may be fetched; an address that was added always may."""
    starter: Path
    """Read where nothing is named and nothing was added."""
    words: int
    """Of a passage, and its ``overlap`` in sentences."""
    overlap: int
    encoder: Callable[[Progress], Encoder]
    cache: Path
    keep: int
    """Builds that stay on disk, and for how many days at least any other does."""
    keep_days: int

    def build(self, progress: Progress) -> Outcome:
        """Read everything that is on this machine anew and index it. Raises CorpusError when there is nothing."""
        self._require_articles()
        with self._library() as library:
            changes = self._update(library, progress, whole=True)
            return self._indexed(library, changes, progress)

    def update(self, progress: Progress) -> Outcome:
        """Read what changed, feeds and pages included, and index that. Raises as ``build``."""
        self._require_articles()
        with self._library() as library:
            return self._refreshed(library, progress, lambda root: root.typed or self.may_poll)

    def add(self, named: Collection[str], kind: Kind | None, progress: Progress) -> Outcome:
        """Add folders, files and addresses, and read them. Raises UsageError, and as ``build``."""
        with self._library() as library:
            added = {library.add(place, kind if is_address(place) else None).number for place in named}
            return self._refreshed(library, progress, lambda root: root.number in added)

    def remove(self, named: Collection[str], progress: Progress) -> Outcome:
        """Take back what was added. Raises UsageError, and as ``build``."""
        with self._library() as library:
            for place in named:
                library.remove(place)
            return self._refreshed(library, progress, _nobody)

    def _require_articles(self) -> None:
        """Raises CorpusError before anything is written for folders that hold nothing."""
        if self.sources and not (self.folder / FOLDER).exists() and not places(self.sources):
            raise CorpusError(_nothing(map(str, self.sources)))

    def _library(self) -> Library:
        require(self.sources)
        with failures(self.folder, "library"):
            snapshots.settle(self.folder, shelf.answering(self.folder))
            return Library.open(self.folder / FOLDER)

    def _refreshed(self, library: Library, progress: Progress, may_fetch: Allowed) -> Outcome:
        changes = self._update(library, progress, may_fetch)
        if self._is_indexed(library, progress):
            return Outcome(changes, tuple(library.failures()), None)
        return self._indexed(library, changes, progress)

    def _update(
        self, library: Library, progress: Progress, may_fetch: Allowed = _nobody, *, whole: bool = False
    ) -> Changes:
        own = any(root.typed for root in library.roots()) or (self.feeds and self.may_poll)
        with failures(self.folder, "library"):
            library.configure(self.sources or (() if own else (self.starter,)), self.feeds)
            addresses = {root.place for root in library.roots() if root.kind != "path" and may_fetch(root)}
            if not addresses:
                return self._read(library, progress, whole=whole)
            from corpus.fetching.client import Fetcher  # noqa: PLC0415  most corpora lie on this machine

            with Fetcher() as fetcher:
                return self._read(library, progress, fetcher.fetch, addresses)

    def _read(
        self,
        library: Library,
        progress: Progress,
        fetch: "Fetch | None" = None,
        addresses: Collection[str] = (),
        *,
        whole: bool = False,
    ) -> Changes:
        return library.update(
            words=self.words,
            overlap=self.overlap,
            fetch=fetch,
            may_fetch=addresses,
            whole=whole,
            progress=progress,
        )

    def _indexed(self, library: Library, changes: Changes, progress: Progress) -> Outcome:
        if not changes.unchanged + changes.new + changes.changed + changes.failed:
            raise CorpusError(_nothing(root.given for root in library.roots()))
        report = build(
            library.documents(),
            self.folder,
            self.encoder(progress),
            sources=_named(library),
            cache=self.cache,
            keep=self.keep,
            keep_days=self.keep_days,
            passage_settings={"words": self.words, "overlap": self.overlap},
            library=library.state(),
            progress=progress,
        )
        return Outcome(changes, report.unreadable, report)

    def _is_indexed(self, library: Library, progress: Progress) -> bool:
        """Whether the build that answers was made from the library as it is."""
        try:
            built = manifest.read(manifest.current(self.folder))
        except IndexUnusable:
            return False
        if built.library != library.state() or list(built.sources) != _named(library):
            return False
        return built.fingerprint == self.encoder(progress).fingerprint


def _nothing(sources: Iterable[str]) -> str:
    return f"no articles in {', '.join(sources)}: add files there, or name another --corpus"


def _named(library: Library) -> list[str]:
    """The sources, as the index tells them."""
    return [
        str(Path(root.place).resolve()) if root.kind == "path" else root.place for root in library.roots()
    ]
