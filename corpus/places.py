"""Where articles are looked for: the files of folders, each once, in a stable order.

A link inside a folder is followed only to what lies in that folder; pipes and devices are never opened here.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus import kinds
from corpus.errors import CorpusError

_LEADS_OUT = "a link out of the folder, which is not followed: add what it leads to by its own path"


@dataclass(frozen=True, slots=True)
class Place:
    """A file to read, or what stands where one is looked for and must not be read."""

    path: Path
    refusal: str | None = None
    """Why it is not to be opened."""


def places(paths: Iterable[str | Path]) -> list[Place]:
    """Every file of ``paths``, with what must not be read. Raises ``CorpusError`` for a path that is not there."""
    chosen = [Path(path) for path in paths]
    require(chosen)
    seen: set[tuple[int, int]] = set()
    return [place for path in chosen for place in walk(path, seen)]


def require(paths: Iterable[Path]) -> None:
    """Raises ``CorpusError`` for a path that is not there."""
    for path in paths:
        if not os.path.lexists(path):
            raise CorpusError(f"no such file or folder: {shown(path)}: check the path given as corpus")


def walk(path: Path, seen: set[tuple[int, int]]) -> Iterator[Place]:
    """The files of one folder, or the file itself; what was ``seen`` before, by whatever name, is left out."""
    if not _is_new(path, seen):
        return
    if not path.is_dir():
        yield Place(path)
        return
    refused: list[Path] = []
    whole = path.resolve()
    for folder, folders, names in os.walk(
        path, followlinks=True, onerror=lambda e: refused.append(Path(e.filename))
    ):
        subfolders = [Path(folder, name) for name in sorted(folders) if not name.startswith(".")]
        files = [Path(folder, name) for name in sorted(names) if _may_hold_an_article(name)]
        out = {entry for entry in [*files, *subfolders] if entry.is_symlink() and _leads_out(entry, whole)}
        folders[:] = [entry.name for entry in subfolders if entry not in out and _is_new(entry, seen)]
        yield from (
            Place(file, _LEADS_OUT if file in out else None)
            for file in files
            if file in out or _is_new(file, seen)
        )
        yield from (Place(entry, _LEADS_OUT) for entry in subfolders if entry in out)
    yield from map(Place, refused)


def shown(path: Path) -> str:
    """``path`` on one line, in characters that can be stored and printed."""
    name = os.fsencode(path).decode("utf-8", "replace")
    return "".join(character if character.isprintable() else "\ufffd" for character in name)


def _may_hold_an_article(name: str) -> bool:
    known = kinds.is_readable_name(name) or kinds.is_article_like(name)
    return known and not name.startswith(".")


def _leads_out(link: Path, folder: Path) -> bool:
    """Whether ``link`` leads to something there is outside of ``folder``."""
    try:
        return not link.resolve(strict=True).is_relative_to(folder)
    except (OSError, RuntimeError):  # nowhere or in circles: reading it tells
        return False


def _is_new(path: Path, seen: set[tuple[int, int]]) -> bool:
    """Not met before, by whatever name; what cannot be looked at is always new, so that it is reported."""
    try:
        status = path.stat()
    except OSError:
        return True
    key = (status.st_dev, status.st_ino)
    new = key not in seen
    seen.add(key)
    return new
