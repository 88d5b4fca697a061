"""What a build is: ``manifest.json`` beside its files, and the small file CURRENT that names the build.

FOLDER/CURRENT            one line, the id of the build that answers
FOLDER/builds/ID/         rows.sqlite, words/, articles/, vectors.f32, of many vectors vectors.faiss, manifest.json; never changed once it is there
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import IndexDamaged, IndexMismatch, IndexMissing

if TYPE_CHECKING:
    from retrieval.encoder import Encoder

SCHEMA = 6
"""Raised whenever a build means something else than before: its files, its word analyzer, or how articles are read."""
ROWS, VECTORS, MANIFEST = "rows.sqlite", "vectors.f32", "manifest.json"
WORDS, ARTICLES = "words", "articles"  # word indexes of the passages and of whole articles
MEND = 'run "onrecord index build"'
NAME = re.compile(r"[0-9a-zA-Z][0-9a-zA-Z-]*")
"""Ids of builds. Those of a later time sort later."""


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
    encoder: Mapping[str, Any] = field(default_factory=dict)
    """What the encoder is made of, as far as it tells: see ``OnnxEncoder.facts``."""
    passage_settings: Mapping[str, int] = field(default_factory=dict)
    """Of the section [passages]."""
    library: str = ""
    """The state of the library that the build was made from; "" where it was made from none."""

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files.values())


def facts(encoder: object) -> dict[str, Any]:
    """What an encoder tells of itself; those of tests and of other makers may tell nothing."""
    return dict(getattr(encoder, "facts", {}))


def require(described: Manifest, build: Path, encoder: "Encoder") -> None:
    """Raises IndexMismatch, naming what differs, unless ``encoder`` gives the same vectors as the build's."""
    if described.fingerprint == encoder.fingerprint:
        return
    made, named = f"{described.model} ({described.dimension})", f"{encoder.name} ({encoder.dimension})"
    own = facts(encoder)
    others = [name for name in described.encoder if own.get(name) != described.encoder[name]]
    if made == named and others:
        made = f"{made} of {', '.join(f'{name} {said(described.encoder[name])}' for name in others)}"
        named = f"one of {', '.join(f'{name} {said(own.get(name))}' for name in others)}"
    raise IndexMismatch(f"{build} was made with {made}, the settings name {named}: {MEND}")


def measure(folder: Path) -> dict[str, File]:
    """Every file below ``folder`` but the manifest, and locks: tantivy may make one yet as its threads end."""
    passed = re.compile(rf"{re.escape(MANIFEST)}|\..*\.lock")
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and not passed.fullmatch(p.name))
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
    name = named(folder)
    while not (NAME.fullmatch(name) and (folder / "builds" / name).is_dir()):
        if (again := named(folder)) == name:
            raise IndexDamaged(f"{folder / 'CURRENT'} names no build that is there: {MEND}")
        name = again  # another build was switched to, and that one removed, in between
    return folder / "builds" / name


def named(folder: Path) -> str:
    """What CURRENT says. Raises IndexMissing, IndexDamaged."""
    try:
        return (folder / "CURRENT").read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError) as exc:
        raise IndexMissing(f"there is no index in {folder}: {MEND}") from exc
    except (OSError, ValueError) as exc:
        raise IndexDamaged(f"{folder / 'CURRENT'} cannot be read: {MEND}") from exc


def damage(manifest: Manifest, folder: Path, *, whole: bool) -> Iterator[str]:
    """A line for each file that has another size or, if ``whole``, another SHA-256."""
    for name, file in manifest.files.items():
        path = folder / name
        try:
            same = path.stat().st_size == file.size and (not whole or sha256(path) == file.sha256)
        except OSError as exc:
            yield f"{path} cannot be read ({exc.strerror}): {MEND}"
        else:
            if not same:
                yield f"{path} is damaged, it is not as it was written: {MEND}"


def check(manifest: Manifest, folder: Path, *, whole: bool) -> None:
    """As ``damage``. Raises IndexDamaged, naming the first file."""
    for line in damage(manifest, folder, whole=whole):
        raise IndexDamaged(line)


def verify(folder: Path) -> Manifest:
    """As ``whole``, of the current build. Raises IndexMissing too."""
    return whole(current(folder))


def whole(build: Path) -> Manifest:
    """The manifest of a build, after every byte of it was read. Raises IndexDamaged, IndexMismatch."""
    manifest = read(build)
    check(manifest, build, whole=True)
    return manifest


def said(value: object) -> str:
    """A fact in a sentence: texts in quotation marks, hashes by their first digits."""
    if not isinstance(value, str):
        return "unknown" if value is None else json.dumps(value)
    return value[:12] if re.fullmatch(r"[0-9a-f]{64}", value) else json.dumps(value, ensure_ascii=False)


def _seal(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
