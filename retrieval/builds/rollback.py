"""The way back to an older build."""

from collections.abc import Sequence
from pathlib import Path

from corpus.errors import IndexMissing, IndexUnusable, UsageError
from corpus.library import snapshots
from retrieval.builds import manifest, shelf, writer
from retrieval.builds.manifest import Manifest


def rollback(folder: Path, wanted: str | None = None) -> Manifest:
    """Have an older build answer: the one ``wanted``, else the newest whole one older than the one that answers.

    Every byte of it is read first. Raises UsageError for one that is not there, IndexMissing when there is none to go
    back to, IndexDamaged or IndexMismatch for one that could not answer, IndexBusy, and IndexUnusable when the disk
    fails; the build that answered goes on then.
    """
    if not shelf.kept(folder):
        raise IndexMissing(f"there is no index in {folder}: {manifest.MEND}")
    with writer.failures(folder), writer.lock(folder):
        current, builds = shelf.answering(folder), shelf.kept(folder)
        snapshots.settle(folder, current)
        if wanted:
            described = _named(wanted, builds, folder)
        else:
            described = _newest_whole([b for b in builds if not current or b.name < current], builds, folder)
        shelf.point(described.build, folder)
        return described


def _named(wanted: str, builds: Sequence[Path], folder: Path) -> Manifest:
    if (build := folder / shelf.BUILDS / wanted) in builds:
        return manifest.whole(build)
    raise UsageError(f"there is no build {wanted} in {folder}: choose from {_names(builds)}")


def _newest_whole(older: Sequence[Path], builds: Sequence[Path], folder: Path) -> Manifest:
    reason = f"there is no older build in {folder} to go back to"
    for build in older:
        try:
            return manifest.whole(build)
        except IndexUnusable as exc:
            reason = f"no older build in {folder} is whole, {exc}"
    raise IndexMissing(f"{reason}; name one that is kept: {_names(builds)}")


def _names(builds: Sequence[Path]) -> str:
    return ", ".join(build.name for build in builds)
