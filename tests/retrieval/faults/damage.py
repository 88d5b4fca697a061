"""What can befall the files of a finished build: bits flip, files are cut, and files of two builds are mixed."""

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import IndexUnusable

Attempt = Callable[[], object]
CHANGE = ("flip", "cut")


@dataclass(frozen=True, slots=True)
class Harmed:
    """One file with one harm done to it."""

    path: Path
    change: str
    """"flip" or "cut"."""
    at: int
    """The byte, or the bytes that are left."""


def build_files(folder: Path) -> list[Path]:
    """Every file that the index in ``folder`` stands on, CURRENT first, but for what tantivy locks."""
    build = folder / "builds" / (folder / "CURRENT").read_text(encoding="utf-8").strip()
    files = (p for p in build.rglob("*") if p.is_file() and not p.name.startswith(".tantivy-"))
    return [folder / "CURRENT", *sorted(files)]


def harmed(folder: Path, times: int, seed: int) -> Iterator[Harmed]:
    """Harms one file after the other, each in turn, and takes the harm back afterwards."""
    choices = random.Random(seed)  # noqa: S311  to be repeated, not to be secret
    files = build_files(folder)
    for number in range(times):
        path, change = files[number % len(files)], CHANGE[choices.randrange(2)]
        content = path.read_bytes()
        at = choices.randrange(len(content)) if content else 0
        bad = bytearray(content)
        if not content:
            change, bad = "grow", bytearray(b"\0")
        elif change == "cut":
            del bad[at:]
        else:
            bad[at] ^= 1 << choices.randrange(8)
        path.write_bytes(bad)
        yield Harmed(path, change, at)
        path.write_bytes(content)


def refusal(attempt: Attempt) -> str:
    """The line by which ``attempt`` refuses, or nothing."""
    try:
        attempt()
    except IndexUnusable as exc:
        return str(exc)
    return ""


def mixtures(old: Path, new: Path) -> Iterator[tuple[str, Path]]:
    """Copies, one at a time, of the index ``old`` with one thing of the index ``new`` in it: what, and the copy."""
    *_, ours = sorted((old / "builds").iterdir())
    *_, theirs = sorted((new / "builds").iterdir())
    copy = old.with_name("mixed")
    inside = copy / "builds" / ours.name
    for source in sorted(theirs.rglob("*")):
        name = source.relative_to(theirs).as_posix()
        if name.startswith(".tantivy-") or "/.tantivy-" in name:
            continue
        shutil.copytree(old, copy)
        if source.is_dir():
            shutil.rmtree(inside / name)
            shutil.copytree(source, inside / name)
        else:
            shutil.copy(source, inside / name)
        yield name, copy
        shutil.rmtree(copy)
