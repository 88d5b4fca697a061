"""Documents to an index on disk: written aside, verified, then switched to in one rename.

Whatever goes wrong before that rename leaves the last good build answering. One process writes at a time.
The steps of ``build`` are functions of this module: lock, aside, fill, describe, settle, switch, prune.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from corpus import durable
from corpus.article import Document, Unreadable
from corpus.errors import CorpusError, IndexUnusable
from retrieval import vectors, words
from retrieval.builds import manifest, opening, room
from retrieval.builds.manifest import Manifest
from retrieval.builds.shelf import BUILDS, prune, switch
from retrieval.builds.writer import aside, failures, lock
from retrieval.encoder import Encoder, Progress
from retrieval.filling import Filled, fill

__all__ = ["Progress", "Report", "build"]


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did."""

    build: str
    articles: int
    sentences: int
    passages: int
    embedded: int
    """Passages that no earlier build had embedded."""
    unreadable: tuple[Unreadable, ...]
    seconds: float


def build(
    documents: Iterable[Document | Unreadable],
    folder: Path,
    encoder: Encoder,
    *,
    sources: Sequence[str],
    cache: Path,
    keep: int = 3,
    keep_days: int = 0,
    passage_settings: Mapping[str, int] | None = None,
    library: str = "",
    progress: Progress | None = None,
) -> Report:
    """Index ``documents`` into ``folder`` and switch to the new build.

    The newest ``keep`` builds remain, those younger than ``keep_days`` days, and any that is read. The manifest
    remembers ``passage_settings`` and ``library``, the state that the documents are of.
    ``progress`` hears of the stages "reading" (total unknown), "embedding" (passages) and "checking".
    Raises CorpusError when there is nothing to index, IndexBusy when another process is writing, and
    IndexUnusable when the disk is full or fails; the last good build stays then, as it does after an interrupt.
    """
    begun = time.monotonic()
    told = progress or (lambda _stage, _done, _total: None)
    with failures(folder), lock(folder), aside(folder) as fresh:
        room.require(folder, _size(folder), "a new build")
        filled = fill(_within(documents, folder, encoder), fresh, encoder, cache=cache, told=told)
        if not filled.passages:
            raise CorpusError(_nothing(sources, filled.unreadable))
        described = describe(filled, fresh, encoder, sources, passage_settings or {}, library)
        told("checking", 0, 1)
        settle(described, fresh)
        opening.note(described, fresh, folder / BUILDS / described.build)
        switch(described.build, fresh, folder)
        prune(folder, keep=keep, days=keep_days)
        told("checking", 1, 1)
    seconds = time.monotonic() - begun
    return Report(
        described.build,
        filled.articles,
        filled.sentences,
        filled.passages,
        filled.embedded,
        filled.unreadable,
        seconds,
    )


def describe(
    filled: Filled,
    fresh: Path,
    encoder: Encoder,
    sources: Sequence[str],
    passage_settings: Mapping[str, int],
    library: str,
) -> Manifest:
    """What the files in ``fresh`` are."""
    now = datetime.now(UTC)
    return Manifest(
        schema=manifest.SCHEMA,
        build=f"{now:%Y%m%d-%H%M%S-%f}",
        created=now.isoformat(timespec="seconds"),
        model=encoder.name,
        fingerprint=encoder.fingerprint,
        dimension=encoder.dimension,
        articles=filled.articles,
        sentences=filled.sentences,
        passages=filled.passages,
        unreadable=len(filled.unreadable),
        sources=tuple(sources),
        files=manifest.measure(fresh),
        encoder=manifest.facts(encoder),
        passage_settings=dict(passage_settings),
        library=library,
    )


def settle(described: Manifest, fresh: Path) -> None:
    """Write the manifest, force everything to the disk, read it back and open it. Raises OSError, IndexDamaged."""
    manifest.write(described, fresh)
    durable.sync_tree(fresh)
    written = manifest.read(fresh)
    manifest.check(written, fresh, whole=True)
    vectors.Vectors(fresh / manifest.VECTORS, dimension=written.dimension, count=written.passages)
    if words.Words(fresh / manifest.WORDS).count != written.passages:
        raise IndexUnusable(
            "the word index lost passages while it was written; an earlier build still answers"
        )


def _size(folder: Path) -> int:
    """Bytes of the build that answers: what the next one may well need."""
    try:
        return manifest.read(manifest.current(folder)).size
    except IndexUnusable:
        return 0


def _within(
    documents: Iterable[Document | Unreadable], folder: Path, encoder: Encoder
) -> Iterator[Document | Unreadable]:
    """``documents``; after the last, and before they are embedded, there must be room for their vectors."""
    passages = 0
    for document in documents:
        if isinstance(document, Document):
            passages += len(document.passages)
        yield document
    room.require(folder, 4 * encoder.dimension * passages, "a new build")


def _nothing(sources: Sequence[str], unreadable: Sequence[Unreadable]) -> str:
    reasons = [f"{one.path}: {one.reason}" for one in unreadable[:1]]
    passed_over = f" ({len(unreadable)} passed over, first {reasons[0]})" if reasons else ""
    where = ", ".join(sources)
    return f"no article could be read from {where}{passed_over}: add articles or name another corpus"
