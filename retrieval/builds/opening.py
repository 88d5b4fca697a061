"""Whether a build is as it was written, told before anything of it is loaded.

A small build is hashed at every opening. A large one is hashed whole when any of its files bears other stamps than at
the last time; those are noted beside the builds, in ``.checked/ID.json``. A change made through the file system always
changes them. What rots on the disk under unchanged stamps is found by ``onrecord index verify``.
"""

import contextlib
import json
from pathlib import Path

from retrieval.builds import manifest
from retrieval.builds.manifest import MANIFEST, Manifest

HASHED = 8_000_000
"""Bytes; a build up to this size is hashed at every opening, which takes at most some 10 ms."""
NOTES = ".checked"

Stamps = dict[str, list[int]]
"""By file: size in bytes, times of the last change of its content and of itself in ns, inode."""


def check(described: Manifest, build: Path) -> None:
    """Raises IndexDamaged, naming the first file that is not as it was written."""
    large = described.size > HASHED
    if large and _noted(build) == _stamps(described, build):
        return
    before = _stamps(described, build)
    manifest.check(described, build, whole=False)
    manifest.check(described, build, whole=True)
    if large:
        _note(build, before)


def note(described: Manifest, files: Path, build: Path) -> None:
    """The ``files`` were found whole just now, and will be those of ``build``."""
    if described.size > HASHED:
        _note(build, _stamps(described, files))


def sweep(builds: Path) -> None:
    """Notes on builds that are gone, go."""
    for path in (builds / NOTES).glob("*"):
        if not (builds / path.stem).is_dir():
            path.unlink(missing_ok=True)


def _stamps(described: Manifest, build: Path) -> Stamps | None:
    try:
        found = {name: (build / name).stat() for name in (MANIFEST, *described.files)}
    except OSError:
        return None
    return {name: [s.st_size, s.st_mtime_ns, s.st_ctime_ns, s.st_ino] for name, s in found.items()}


def _noted(build: Path) -> object:
    """What was noted; never equal to stamps where nothing was."""
    try:
        return json.loads((build.parent / NOTES / f"{build.name}.json").read_bytes())
    except (OSError, ValueError):
        return False


def _note(build: Path, stamps: Stamps | None) -> None:
    """Where nothing can be written, the build is hashed again next time."""
    path = build.parent / NOTES / f"{build.name}.json"
    fresh = path.with_suffix(".new")
    with contextlib.suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        fresh.write_text(json.dumps(stamps), encoding="utf-8")
        fresh.replace(path)
