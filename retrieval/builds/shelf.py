"""The builds of an index: which answers, which are kept, and the way back to an older one.

CURRENT is replaced in one rename, and names a whole build at every moment.
"""

import contextlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from corpus.errors import IndexMissing, IndexUnusable, UsageError
from retrieval.builds import durable, lease, manifest, opening
from retrieval.builds.lease import Lease
from retrieval.builds.manifest import NAME, Manifest

BUILDS = "builds"


def lend(folder: Path) -> Lease:
    """The build that answers, which stays on disk until the lease is closed. Raises as ``manifest.current``."""
    while True:
        lent = Lease(manifest.current(folder))
        if lent.holds:
            return lent
        lent.close()  # it was removed in between, for another one answers


def kept(folder: Path) -> list[Path]:
    """The builds there are, newest first."""
    found = (path for path in (folder / BUILDS).glob("*") if NAME.fullmatch(path.name) and path.is_dir())
    return sorted(found, reverse=True)


def answering(folder: Path) -> str | None:
    """The id that CURRENT names, whether that build is there or not."""
    try:
        return manifest.named(folder)
    except IndexUnusable:
        return None


def switch(name: str, aside: Path, folder: Path) -> None:
    """Give the finished build in ``aside`` its name, and have it answer. Raises OSError; all is as before then."""
    build = folder / BUILDS / name
    aside.rename(build)
    try:
        durable.sync(build.parent)
        point(name, folder)
    except BaseException:
        if answering(folder) != name:
            with contextlib.suppress(OSError):
                build.rename(aside)
        raise


def point(name: str, folder: Path) -> None:
    """Have the build of that name answer."""
    durable.write(folder / "CURRENT", f"{name}\n")


def prune(folder: Path, *, keep: int, days: int = 0) -> None:
    """Remove builds nobody reads that are neither among the newest ``keep`` nor younger than ``days`` days.

    As restic's ``--keep-last`` and ``--keep-within``. The one that answers counts among the newest, and stays.
    """
    current = answering(folder)
    others = [build for build in kept(folder) if build.name != current]
    since = datetime.now(UTC) - timedelta(days=days)
    for build in others[keep - 1 :]:
        if not days or _made(build) < since:
            lease.remove(build)
    opening.sweep(folder / BUILDS)


def rollback(folder: Path, wanted: str | None = None) -> Manifest:
    """Have an older build answer: the one ``wanted``, else the newest whole one before the one that answers.

    Every byte of it is read first. For who holds the lock of the index alone. Raises UsageError for one that is not
    there, IndexMissing when there is none to go back to, and IndexUnusable for what is wrong with it.
    """
    current = answering(folder)
    builds = kept(folder)
    if wanted:
        if wanted not in {build.name for build in builds}:
            raise UsageError(f"there is no build {wanted} in {folder}: {_there(builds)}")
        described = whole(folder / BUILDS / wanted)
    else:
        described = _newest_whole(folder, [b for b in builds if not current or b.name < current])
    point(described.build, folder)
    return described


def whole(build: Path) -> Manifest:
    """Its manifest, after every byte was read. Raises IndexDamaged, IndexMismatch."""
    described = manifest.read(build)
    manifest.check(described, build, whole=True)
    return described


def _newest_whole(folder: Path, builds: Sequence[Path]) -> Manifest:
    reason = f"there is no older build in {folder} to go back to"
    for build in builds:
        try:
            return whole(build)
        except IndexUnusable as exc:
            reason = f"no older build in {folder} is whole ({exc})"
    raise IndexMissing(f"{reason}: {manifest.MEND}")


def _made(build: Path) -> datetime:
    try:
        return datetime.fromisoformat(manifest.read(build).created)
    except (IndexUnusable, ValueError):
        return datetime.min.replace(tzinfo=UTC)  # what cannot be read is not kept for its age


def _there(builds: Sequence[Path]) -> str:
    names = ", ".join(build.name for build in builds)
    return f"there are {names}" if names else manifest.MEND
