"""Free space, asked for before anything is written. What a quota leaves cannot be asked for: writing fails then."""

import shutil
from pathlib import Path

from corpus.errors import IndexUnusable

MARGIN = 32_000_000
"""Bytes on top of what is known to be needed; alone where nothing is."""


def require(folder: Path, needed: int, what: str) -> None:
    """Raises IndexUnusable unless ``needed`` bytes and the margin are free on the disk of ``folder``."""
    needed += MARGIN
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise IndexUnusable(
            f"{what} in {folder} needs {_mb(needed)} MB and {_mb(free)} MB are free: make room there first;"
            " what was there is as it was"
        )


def _mb(size: int) -> str:
    return f"{-(-size // 1_000_000):,}"
