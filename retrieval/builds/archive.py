"""The form of a backup: a plain tar archive that first lists every other member with its size and SHA-256.

An archive of given contents has one form, byte for byte, and no other is read. So names, links, sizes and paths are
never a stranger's to choose, and a flipped bit is found wherever it is, in padding and headers too.
"""

import hashlib
import json
import re
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from corpus.errors import IndexDamaged, IndexMismatch
from retrieval.builds.manifest import MEND, File

FORMAT = 1
LIST = "onrecord-backup.json"
_LONGEST_LIST = 4_000_000
"""Bytes: some 30,000 members."""
_NAME = re.compile(r"(build|library)(/\.?[A-Za-z0-9_-][A-Za-z0-9_.-]*)+")
_STEP = 1 << 20
_END = bytes(2 * tarfile.BLOCKSIZE)

Spill = Callable[[bytes], object]


@dataclass(frozen=True, slots=True)
class Contents:
    """What an archive holds: one build and the library it is of."""

    build: str
    created: str
    """When the build was made; ISO 8601, UTC."""
    files: Mapping[str, File]
    """By name: ``build/…`` below the build's folder, ``library/library.db``."""

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files.values())


def write(contents: Contents, sources: Mapping[str, Path], stream: BinaryIO) -> None:
    """Write the archive. Raises IndexDamaged for a source that is not what the contents say, OSError."""
    listed = _listed(contents)
    stream.write(_header(LIST, len(listed)) + listed + _padding(len(listed)))
    for name, file in contents.files.items():
        stream.write(_header(name, file.size))
        with sources[name].open("rb") as source:
            if _copied(source, file.size, stream.write) != file.sha256 or source.read(1):
                raise IndexDamaged(f"{sources[name]} is damaged, it is not as it was written: {MEND}")
        stream.write(_padding(file.size))
    stream.write(_END)


def read_contents(stream: BinaryIO) -> Contents:
    """The list at the beginning of ``stream``. Raises IndexDamaged, IndexMismatch."""
    head = stream.read(tarfile.BLOCKSIZE)
    try:
        size = tarfile.TarInfo.frombuf(head, "ascii", "strict").size
        if not 0 < size <= _LONGEST_LIST or head != _header(LIST, size):
            raise IndexDamaged("it is no backup, or its beginning is damaged")
        listed = stream.read(size)
        content = json.loads(listed)
        if content["format"] != FORMAT:
            raise IndexMismatch(f"it has format {content['format']}, this Onrecord reads {FORMAT}")
        files = {name: File(**file) for name, file in content["files"].items()}
        contents = Contents(content["build"], content["created"], files)
        same = _listed(contents) == listed and stream.read(-size % tarfile.BLOCKSIZE) == _padding(size)
    except (tarfile.HeaderError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise IndexDamaged("it is no backup, or its beginning is damaged") from exc
    if not same or not all(map(_is_fit, files.items())):
        raise IndexDamaged("its list of files is damaged")
    return contents


def unpack(contents: Contents, stream: BinaryIO, place: Callable[[str], Path]) -> None:
    """Write every file that follows its list in ``stream`` to ``place(name)``. Raises IndexDamaged, OSError."""
    for name, file in contents.files.items():
        if stream.read(tarfile.BLOCKSIZE) != _header(name, file.size):
            raise IndexDamaged(f"it is damaged before {name}")
        target = place(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as out:
            digest = _copied(stream, file.size, out.write)
        if digest != file.sha256 or stream.read(-file.size % tarfile.BLOCKSIZE) != _padding(file.size):
            raise IndexDamaged(f"it is cut short or damaged in {name}")
    if stream.read(len(_END) + 1) != _END:
        raise IndexDamaged("it is cut short or damaged at its end")


@contextmanager
def named(file: Path) -> Iterator[None]:
    """Damage is said of ``file``."""
    try:
        yield
    except IndexDamaged as exc:
        raise IndexDamaged(f"{file} cannot be restored, {exc}: take another backup") from exc
    except IndexMismatch as exc:
        raise IndexMismatch(f"{file} cannot be restored, {exc}") from exc


def _listed(contents: Contents) -> bytes:
    content = {"format": FORMAT, **asdict(contents)}
    content["seal"] = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return json.dumps(content, indent=1).encode()


def _is_fit(item: tuple[str, File]) -> bool:
    name, file = item
    return (
        _NAME.fullmatch(name) is not None
        and len(name) <= tarfile.LENGTH_NAME
        and type(file.size) is int
        and file.size >= 0
        and isinstance(file.sha256, str)
    )


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size = size
    return info.tobuf(tarfile.GNU_FORMAT, "ascii", "strict")


def _padding(size: int) -> bytes:
    return bytes(-size % tarfile.BLOCKSIZE)


def _copied(source: BinaryIO, size: int, spill: Spill) -> str:
    """The SHA-256 of ``size`` bytes of ``source``, or of as many as there are, all of them spilled."""
    digest = hashlib.sha256()
    while size and (block := source.read(min(size, _STEP))):
        digest.update(block)
        spill(block)
        size -= len(block)
    return digest.hexdigest()
