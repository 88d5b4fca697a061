"""One build and the library it is of, carried away in one file and put back from it."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from corpus import durable, locks
from corpus.errors import IndexDamaged, IndexUnusable, UsageError
from corpus.library import snapshots
from corpus.library.library import FILE, FOLDER, LOCK
from retrieval.builds import archive, manifest, room, shelf, writer
from retrieval.builds.archive import Contents
from retrieval.builds.manifest import MANIFEST, File, Manifest

_LIBRARY = f"library/{FILE}"


def backup(folder: Path, file: Path, *, force: bool = False) -> Contents:
    """Write what answers in ``folder``, and the library as it is now, to ``file``: aside first, then in one rename.

    Writers need not stop meanwhile. A file that is there is replaced if ``force``, else UsageError is raised.
    Raises IndexMissing, IndexDamaged before anything damaged is carried away, IndexUnusable when the disk fails.
    """
    if file.is_dir():
        raise UsageError(f"{file} is a folder: name a file")
    if not force and os.path.lexists(file):
        raise UsageError(f"{file} is there already: name another file, or replace it with --force")
    if not file.absolute().parent.is_dir():
        raise UsageError(f"there is no folder {file.absolute().parent}: make it, or name another file")
    with _failures(file), contextlib.closing(shelf.lend(folder)) as lent, _aside(file) as aside:
        described = manifest.read(lent.build)
        room.require(aside, described.size + 2 * _size(folder / FOLDER / FILE), "a backup")
        sources = {f"build/{name}": lent.build / name for name in (MANIFEST, *described.files)}
        files = {f"build/{name}": known for name, known in described.files.items()}
        if snapshots.copy(folder, aside / FILE):
            sources[_LIBRARY] = aside / FILE
        files |= {name: _measured(sources[name]) for name in sources.keys() - files.keys()}
        contents = Contents(described.build, described.created, dict(sorted(files.items())))
        with (aside / "archive").open("wb") as stream:
            archive.write(contents, sources, stream)
        durable.sync(aside / "archive")
        (aside / "archive").replace(file)
        durable.sync(file.absolute().parent)
    return contents


def restore(file: Path, folder: Path) -> Manifest:
    """Have the build in ``file`` answer in ``folder``, and its library take the place of the one there.

    Every byte is written aside and checked first. The build that answered stays, and so does the library, under its
    date. Raises UsageError for a file that cannot be read, IndexDamaged and IndexMismatch for one that is no whole
    backup, IndexBusy, IndexUnusable when the disk is full or fails; all is as it was then.
    """
    try:
        stream = file.open("rb")
    except OSError as exc:
        raise UsageError(f"{file} cannot be read ({exc.strerror}): name a backup") from exc
    with stream, writer.failures(folder), _alone(folder), writer.aside(folder) as aside, archive.named(file):
        contents = archive.read_contents(stream)
        room.require(folder, contents.size, "what the backup holds")
        name = _unused(contents.build, folder)
        waiting = snapshots.waiting(folder, name)
        try:
            archive.unpack(contents, stream, lambda n: waiting if n == _LIBRARY else aside / n)
            described = _checked(contents, aside / "build", name)
            if _LIBRARY in contents.files:
                snapshots.check(waiting)
                durable.sync(waiting)
                durable.sync(waiting.parent)
            shelf.switch(name, aside / "build", folder)
        finally:
            snapshots.settle_held(folder, shelf.answering(folder))
    return described


def _checked(contents: Contents, build: Path, name: str) -> Manifest:
    """The unpacked build, forced to the disk under the name it will have, with every byte read again."""
    if f"build/{MANIFEST}" not in contents.files:
        raise IndexDamaged("its list of files is damaged")
    described = manifest.read(build)
    listed = {f"build/{path}": file for path, file in described.files.items()}
    others = {f"build/{MANIFEST}", _LIBRARY}
    if listed != {path: file for path, file in contents.files.items() if path not in others}:
        raise IndexDamaged("its build is not the one of its list")
    if described.build != name:
        described = replace(described, build=name)
        manifest.write(described, build)
    durable.sync_tree(build)
    manifest.check(described, build, whole=True)
    return described


def _unused(build: str, folder: Path) -> str:
    """The build's id, or the next that is free: what is there may be damaged, or be read."""
    if not manifest.NAME.fullmatch(build):
        raise IndexDamaged("its list of files is damaged")
    names = [build, *(f"{build}-{number}" for number in range(2, 1000))]
    return next(name for name in names if not (folder / shelf.BUILDS / name).exists())


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Neither the library nor the builds are written by another process."""
    durable.make(folder / FOLDER)
    with locks.held(folder / FOLDER / LOCK, f"reading articles into {folder / FOLDER}"), writer.lock(folder):
        snapshots.settle_held(folder, shelf.answering(folder))
        yield


@contextlib.contextmanager
def _aside(file: Path) -> Iterator[Path]:
    """A folder beside ``file`` to write it in, which a killed backup may have left."""
    aside = file.with_name(f".{file.name}.aside")
    aside.mkdir(exist_ok=True)
    with locks.held(aside / LOCK, f"writing {file}"):
        try:
            for left in aside.iterdir():
                if left.name != LOCK:
                    left.unlink()
            yield aside
        finally:
            shutil.rmtree(aside, ignore_errors=True)


@contextlib.contextmanager
def _failures(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        reason = exc.strerror or str(exc)
        raise IndexUnusable(
            f"could not write {file} ({reason}): {writer.advice(exc)}, then run it again"
        ) from exc


def _measured(path: Path) -> File:
    return File(path.stat().st_size, manifest.sha256(path))


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
