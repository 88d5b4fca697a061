"""What a build is: ``manifest.json`` beside its files, and the small file CURRENT that names the build.

FOLDER/CURRENT            one line, the id of the build that answers
FOLDER/builds/ID/         rows.sqlite, words/, articles/, vectors.faiss, manifest.json
"""

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.errors import IndexDamaged, IndexMismatch, IndexMissing

SCHEMA = 5
"""Raised whenever a build means something else than before: its files, its word analyzer, or how articles are read."""
ROWS, VECTORS, MANIFEST = "rows.sqlite", "vectors.faiss", "manifest.json"
WORDS, ARTICLES = "words", "articles"  # word indexes of the passages and of whole articles
MEND = 'run "onrecord index build"'
READ_WHOLE = 128_000_000  # bytes; a build up to this size is hashed at every opening, in at most 0.1 s


@dataclass(frozen=True, slots=True)
class File:
    """One file of a build."""

    size: int
    """Bytes."""
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything there is to know about a build without opening it."""

    schema: int
    build: str
    created: str
    """ISO 8601, UTC."""
    model: str
    fingerprint: str
    """The encoder's; vectors of encoders with another fingerprint do not compare with this build's."""
    dimension: int
    articles: int
    sentences: int
    passages: int
    unreadable: int
    """Files and records that were passed over."""
    sources: tuple[str, ...]
    files: dict[str, File]
    """By path relative to the build, with forward slashes."""

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files.values())


def measure(folder: Path) -> dict[str, File]:
    """Every file below ``folder`` but the manifest."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {p.relative_to(folder).as_posix(): File(p.stat().st_size, sha256(p)) for p in paths}


def sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write(manifest: Manifest, folder: Path) -> None:
    content = asdict(manifest)
    sealed = content | {"seal": _seal(content)}
    (folder / MANIFEST).write_text(json.dumps(sealed, indent=1), encoding="utf-8")


def read(folder: Path) -> Manifest:
    """The manifest in the build ``folder``, checked for itself. Raises IndexDamaged, IndexMismatch."""
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["schema"] != SCHEMA:
            raise IndexMismatch(
                f"{folder} has format {content['schema']}, this Onrecord reads {SCHEMA}: {MEND}"
            )
        if content.pop("seal") != _seal(content):
            raise IndexDamaged(f"{path} was changed after it was written: {MEND}")
        files = {name: File(**file) for name, file in content.pop("files").items()}
        return Manifest(**content | {"sources": tuple(content["sources"]), "files": files})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise IndexDamaged(f"{path} cannot be read ({exc}): {MEND}") from exc


def current(folder: Path) -> Path:
    """The folder of the build that answers. Raises IndexMissing, IndexDamaged."""
    try:
        name = (folder / "CURRENT").read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError) as exc:
        raise IndexMissing(f"there is no index in {folder}: {MEND}") from exc
    except (OSError, ValueError) as exc:
        raise IndexDamaged(f"{folder / 'CURRENT'} cannot be read: {MEND}") from exc
    if not re.fullmatch(r"[0-9a-zA-Z][0-9a-zA-Z-]*", name) or not (folder / "builds" / name).is_dir():
        raise IndexDamaged(f"{folder / 'CURRENT'} names no build that is there: {MEND}")
    return folder / "builds" / name


def check(manifest: Manifest, folder: Path, *, whole: bool) -> None:
    """Compare the size of every file, and its SHA-256 if ``whole``. Raises IndexDamaged, naming the file."""
    for name, file in manifest.files.items():
        path = folder / name
        try:
            same = path.stat().st_size == file.size and (not whole or sha256(path) == file.sha256)
        except OSError as exc:
            raise IndexDamaged(f"{path} cannot be read ({exc.strerror}): {MEND}") from exc
        if not same:
            raise IndexDamaged(f"{path} is damaged, it is not as it was written: {MEND}")


def verify(folder: Path) -> Manifest:
    """Read every byte of the current build. Raises IndexMissing, IndexDamaged, IndexMismatch."""
    build = current(folder)
    manifest = read(build)
    check(manifest, build, whole=True)
    return manifest


def sync(path: Path) -> None:
    """Make a file or a folder's entries survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _seal(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
