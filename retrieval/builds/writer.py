"""Who writes builds: one process at a time, aside, in a folder that is gone afterwards whatever happens."""

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from corpus import durable, locks
from corpus.errors import IndexUnusable
from retrieval.builds.lease import GONE
from retrieval.builds.shelf import BUILDS, answering

ASIDE = ".aside-"
_ADVICE = {
    errno.ENOSPC: "make room there",
    errno.EDQUOT: "the quota of this user is used up, make room",
    errno.EFBIG: "no file may become so large there, name another folder",
    errno.EROFS: "name a folder that can be written to",
    errno.EACCES: "name a folder that you may write to",
    errno.EPERM: "name a folder that you may write to",
}


def advice(exc: OSError) -> str:
    """What to do about a disk that refuses."""
    return _ADVICE.get(exc.errno or 0, "see to the disk")


@contextlib.contextmanager
def failures(folder: Path, what: str = "index") -> Iterator[None]:
    """What the disk refuses is IndexUnusable, in one line that tells what answers now."""
    before = answering(folder)
    try:
        yield
    except OSError as exc:
        now = answering(folder)
        left = "an earlier build still answers" if now == before else f"build {now} answers already"
        left = left if now else "nothing answers yet"
        reason = exc.strerror or str(exc)
        raise IndexUnusable(
            f"could not write the {what} in {folder} ({reason}); {left}: {advice(exc)}, then run it again"
        ) from exc


@contextlib.contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Nobody else writes here meanwhile; what a killed writer left is swept. Raises IndexBusy, OSError."""
    durable.make(folder / BUILDS)
    with locks.held(folder / ".lock", f"building the index in {folder}"):
        _sweep(folder)
        yield


@contextlib.contextmanager
def aside(folder: Path) -> Iterator[Path]:
    """A fresh folder to write a build into. For who holds the lock."""
    fresh = folder / BUILDS / f"{ASIDE}{os.getpid()}"
    try:
        fresh.mkdir()
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _sweep(folder: Path) -> None:
    (folder / "CURRENT.new").unlink(missing_ok=True)
    for left in (folder / BUILDS).glob(".*"):
        if left.name.startswith((ASIDE, GONE)):
            shutil.rmtree(left, ignore_errors=True)
