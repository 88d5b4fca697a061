"""Builds on a disk of their own that is filled or made read-only, which an ordinary user may mount on Linux.

    unshare --user --map-root-user --mount python -m tests.retrieval.faults.small_disk FOLDER CORPORA

FOLDER is empty; the outcomes are told as JSON lines: the KB that were left, or -1 for a read-only disk, what answered,
how the builder ended, and what is wrong.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import asdict
from itertools import product
from pathlib import Path

from tests.retrieval.faults.builder import ROOT, Builder
from tests.retrieval.faults.site import Outcome, Site

ROOMS = (0, 16, 64, 256, 512, 1024, 1400, 1800, 6000)
"""In KB; beside the last there is enough for the second half of a build."""
BEGUN = ("index/builds/.aside-*", "cache/vectors.sqlite")
"""What is there once a build has found room enough to begin, and room enough to embed."""
LARGE = 128_000
READ_ONLY = -1


def main() -> None:
    disk, corpora = map(Path, sys.argv[1:])
    _mount(disk, f"size={LARGE}k")
    with closing(Builder(corpora)) as builder:
        site = Site.made(disk, builder)
        for room, outcome in _outcomes(site):
            sys.stdout.write(json.dumps({"room": room} | asdict(outcome)) + "\n")
            sys.stdout.flush()


def _outcomes(site: Site) -> Iterator[tuple[int, Outcome]]:
    _remount(site.base, f"size={_used(site.base)}k")
    yield 0, site.judged(site.builder.run(**site.job), lambda: _remount(site.base, f"size={LARGE}k"))
    for begun, room in product(BEGUN, ROOMS):
        shutil.rmtree(site.base / "cache", ignore_errors=True)
        site.builder.start(**site.job)
        while not list(site.base.glob(begun)):
            time.sleep(0.0005)
        _shrink(site.base, room)
        yield room, site.judged(site.builder.wait(), lambda: _remount(site.base, f"size={LARGE}k"))
    _remount(site.base, "ro")
    ended = site.builder.run(**site.job)
    yield READ_ONLY, site.judged(ended, lambda: _remount(site.base, "rw"))


def _shrink(disk: Path, room: int) -> None:
    """Leave so many KB, more if a builder takes some meanwhile."""
    while True:
        with suppress(subprocess.CalledProcessError):
            return _remount(disk, f"size={_used(disk) + room}k")


def outcomes(disk: Path, corpora: Path) -> list[tuple[int, Outcome]] | None:
    """All of them, from a process of its own; None where no disk may be mounted."""
    command = ["unshare", "--user", "--map-root-user", "--mount", sys.executable, "-m", __name__]
    try:
        subprocess.run([*command[:4], "mount", "-t", "tmpfs", "none", disk], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    known = {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [*command, disk, corpora], check=True, env=os.environ | known, stdout=subprocess.PIPE, text=True
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    return [(one.pop("room"), Outcome(**one | {"violations": tuple(one["violations"])})) for one in told]


def _mount(disk: Path, option: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", option, "none", disk], check=True)


def _remount(disk: Path, option: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{option}", disk], check=True, stderr=subprocess.DEVNULL)


def _used(disk: Path) -> int:
    """In KB."""
    found = os.statvfs(disk)
    return (found.f_blocks - found.f_bfree) * found.f_frsize // 1024


if __name__ == "__main__":
    main()
