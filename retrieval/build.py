"""Documents to an index on disk: written aside, verified, then switched to in one rename.

Whatever goes wrong before that rename leaves the last good build answering. One process writes at a time.
"""

import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from corpus.article import Document, Unreadable
from corpus.errors import CorpusError, IndexBusy, IndexUnusable
from retrieval import vectors, words
from retrieval.builds import manifest
from retrieval.builds.manifest import Manifest
from retrieval.encoder import Encoder, Progress
from retrieval.filling import Filled, fill

__all__ = ["Progress", "Report", "build"]

ASIDE = ".aside-"


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
    progress: Progress | None = None,
) -> Report:
    """Index ``documents`` into ``folder`` and switch to the new build; the newest ``keep`` builds remain.

    ``progress`` hears of the stages "reading" (total unknown), "embedding" (passages) and "checking".
    Raises CorpusError when there is nothing to index, IndexBusy when another process is writing, and
    IndexUnusable when the disk fails; the last good build stays then, as it does after an interrupt.
    """
    begun = time.monotonic()
    told = progress or (lambda _stage, _done, _total: None)
    with _failures(folder), _alone(folder), _aside(folder) as aside:
        filled = fill(documents, aside, encoder, cache=cache, told=told)
        if not filled.passages:
            raise CorpusError(_nothing(sources, filled.unreadable))
        described = _describe(filled, aside, encoder, sources)
        told("checking", 0, 1)
        _settle(described, aside)
        _switch(described.build, aside, folder)
        _prune(folder, described.build, keep)
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


@contextmanager
def _failures(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        message = (
            f"could not write the index in {folder} ({exc.strerror or exc}); an earlier build still answers"
        )
        raise IndexUnusable(message) from exc


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the lock of ``folder``; the system lets go of it even when the process is killed."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            raise IndexBusy(f"another process is building the index in {folder}: wait for it to end") from exc
        yield


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    """A fresh folder to write a build into, gone afterwards; leftovers of killed builds go first."""
    builds = folder / "builds"
    builds.mkdir(exist_ok=True)
    for leftover in builds.glob(f"{ASIDE}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    aside = builds / f"{ASIDE}{os.getpid()}"
    aside.mkdir()
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _describe(filled: Filled, aside: Path, encoder: Encoder, sources: Sequence[str]) -> Manifest:
    now = datetime.now(UTC)
    return Manifest(
        schema=manifest.SCHEMA,
        build=f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}",
        created=now.isoformat(timespec="seconds"),
        model=encoder.name,
        fingerprint=encoder.fingerprint,
        dimension=encoder.dimension,
        articles=filled.articles,
        sentences=filled.sentences,
        passages=filled.passages,
        unreadable=len(filled.unreadable),
        sources=tuple(sources),
        files=manifest.measure(aside),
    )


def _settle(described: Manifest, aside: Path) -> None:
    """Write the manifest, force everything to the disk and read it back."""
    manifest.write(described, aside)
    for path in [*aside.rglob("*"), aside]:
        manifest.sync(path)
    written = manifest.read(aside)
    manifest.check(written, aside, whole=True)
    vectors.Vectors(aside / manifest.VECTORS, dimension=written.dimension, count=written.passages)
    if words.Words(aside / manifest.WORDS).count != written.passages:
        raise IndexUnusable(
            "the word index lost passages while it was written; an earlier build still answers"
        )


def _switch(name: str, aside: Path, folder: Path) -> None:
    aside.rename(folder / "builds" / name)
    manifest.sync(folder / "builds")
    fresh = folder / "CURRENT.new"
    fresh.write_text(name + "\n", encoding="utf-8")
    manifest.sync(fresh)
    fresh.replace(folder / "CURRENT")
    manifest.sync(folder)


def _prune(folder: Path, current: str, keep: int) -> None:
    """Builds are named by their time. Readers of a removed one keep their open files."""
    older = sorted(
        p for p in (folder / "builds").iterdir() if p.name != current and not p.name.startswith(".")
    )
    for path in older[: max(0, len(older) - (keep - 1))]:
        shutil.rmtree(path, ignore_errors=True)


def _nothing(sources: Sequence[str], unreadable: Sequence[Unreadable]) -> str:
    reasons = [f"{one.path}: {one.reason}" for one in unreadable[:1]]
    passed_over = f" ({len(unreadable)} passed over, first {reasons[0]})" if reasons else ""
    where = ", ".join(sources)
    return f"no article could be read from {where}{passed_over}: add articles or name another corpus"
