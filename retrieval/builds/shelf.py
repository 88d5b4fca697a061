"""The builds of an index: which answers, which are kept, and for how long.

CURRENT is replaced in one rename, and names a whole build at every moment.
"""

import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from corpus import durable
from corpus.errors import IndexUnusable
from retrieval.builds import lease, manifest, opening
from retrieval.builds.lease import Lease
from retrieval.builds.manifest import NAME

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


def _made(build: Path) -> datetime:
    try:
        return datetime.fromisoformat(manifest.read(build).created)
    except (IndexUnusable, ValueError):
        return datetime.min.replace(tzinfo=UTC)  # what cannot be read is not kept for its age
