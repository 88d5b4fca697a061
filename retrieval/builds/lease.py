"""A build that is read stays on disk: its readers share a lock on its manifest, and what removes it wants it alone.

The system lets go of the lock when a reader's process ends, however that comes about. Opening for reading is enough
to take it, so it works where nothing may be written; on a file system without locks, readers go without.
"""

import fcntl
import os
import shutil
import weakref
from pathlib import Path

from corpus import durable
from retrieval.builds.manifest import MANIFEST

GONE = ".gone-"
"""What a build is renamed to before its files go, so that what a kill leaves never looks like a build."""


class Lease:
    """A build that nobody removes until ``close``, the end of this object or that of the process."""

    def __init__(self, build: Path) -> None:
        self.build = build
        self._lock: int | None = None
        try:
            self._lock = os.open(build / MANIFEST, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:  # whoever reads the manifest next says what is wrong with it
            return
        self._end = weakref.finalize(self, os.close, self._lock)
        _flock(self._lock, fcntl.LOCK_SH)

    @property
    def holds(self) -> bool:
        """Whether the build was still there when the lease began."""
        if self._lock is None:
            return self.build.is_dir()
        try:
            return os.path.samestat(os.fstat(self._lock), (self.build / MANIFEST).stat())
        except OSError:
            return False

    def close(self) -> None:
        """Let go of it; more than once does no harm."""
        if self._lock is not None:
            self._end()


def remove(build: Path) -> bool:
    """Remove a build that nobody reads; False where somebody does, or where it cannot be."""
    lock = _opened(build / MANIFEST)
    try:
        if lock is not None and not _flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB):
            return False
        gone = build.with_name(f"{GONE}{build.name}")
        build.rename(gone)
        try:
            durable.sync(build.parent)
        except OSError:  # after a power cut it may have its name again, so it has to be whole
            gone.rename(build)
            raise
    except OSError:
        return False
    finally:
        if lock is not None:
            os.close(lock)
    shutil.rmtree(gone, ignore_errors=True)
    return True


def _opened(manifest: Path) -> int | None:
    """For writing, without which NFS gives no lock of one's own, if that may be; without a manifest nobody reads."""
    for mode in (os.O_RDWR, os.O_RDONLY):
        try:
            return os.open(manifest, mode | os.O_CLOEXEC)
        except OSError:
            continue
    return None


def _flock(lock: int, operation: int) -> bool:
    """False where another holds it; True too on a file system that has no locks."""
    try:
        fcntl.flock(lock, operation)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
