"""What can befall the files of a finished build: bits flip, files are cut, and files of two builds are mixed."""

import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import IndexUnusable
from retrieval import search
from retrieval.search import Index
from tests.retrieval.faults.site import Outcome, Site

Attempt = Callable[[], object]
CHANGES = ("flip", "cut")


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


def harmed(folder: Path, times: int, seed: int, changes: Sequence[str] = CHANGES) -> Iterator[Harmed]:
    """Harms one file after the other, each in turn, and takes the harm back afterwards."""
    choices = random.Random(seed)  # noqa: S311  to be repeated, not to be secret
    files = build_files(folder)
    for number in range(times):
        path = files[number % len(files)]
        content = path.read_bytes()
        yield spoil(path, choices.choice(changes), choices)
        path.write_bytes(content)


def spoil(path: Path, change: str, choices: random.Random) -> Harmed:
    """Flips a bit or cuts the end off; an empty file can only grow."""
    content = bytearray(path.read_bytes())
    at = choices.randrange(len(content)) if content else 0
    if not content:
        change, content = "grow", bytearray(1)
    elif change == "cut":
        del content[at:]
    else:
        content[at] ^= 1 << choices.randrange(8)
    path.write_bytes(content)
    return Harmed(path, change, at)


def built_over(site: Site, seed: int, changes: Sequence[str] = CHANGES) -> Iterator[Outcome]:
    """A build over one of which a file is damaged, for every file and harm."""
    choices = random.Random(seed)  # noqa: S311
    for change in changes:
        for number in range(len(build_files(site.folder))):
            files = build_files(site.folder)
            damaged = (site.folder / "CURRENT").read_text(encoding="utf-8").strip()
            path = spoil(files[min(number, len(files) - 1)], change, choices).path
            line = refusal(lambda: Index.open(site.folder, site.encoder).close())
            broken = [one for one in site.next_build() if damaged not in one]  # that stays as it is
            built = not broken
            if path.name not in line and path.name != "CURRENT":
                broken.append(f"{path.name} is damaged, and not named: {line}")
            if broken:
                site.mend()
            else:
                site.serving = site.other
            yield Outcome("named" if line else "old", "built", tuple(broken), built)


@contextmanager
def libraries() -> Iterator[list[str]]:
    """The files that SQLite, tantivy and FAISS are let open meanwhile, told just before they do."""
    opened: list[str] = []
    real = {name: getattr(search, name) for name in ("Store", "Words", "Vectors")}

    def noting(opener: Callable[..., Any]) -> Callable[..., Any]:
        def note(path: Path, *more: Any, **named: Any) -> Any:
            opened.append(path.name)
            return opener(path, *more, **named)

        return note

    try:
        for name, opener in real.items():
            setattr(search, name, noting(opener))
        yield opened
    finally:
        for name, opener in real.items():
            setattr(search, name, opener)


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
