"""Readers, in threads and in another process, that go on asking one build while others are made and removed.

    python -m tests.retrieval.faults.readers FOLDER STOP

opens an index, asks it until the file STOP is there, and tells what it found.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from itertools import cycle
from pathlib import Path

from retrieval.search import Index
from tests.retrieval.faults import corpora
from tests.retrieval.faults.builder import ROOT
from tests.retrieval.faults.site import Outcome, Site, builds

THREADS = 4


def asked_during_rebuilds(site: Site, queries: int, rebuilds: int) -> list[Outcome]:
    """An outcome for every query: at least so many, of threads here and of another process.

    One build is kept: the one that is read would be removed from under its readers if they held no lease. When they
    have let go of it, one more build must leave itself alone.
    """
    known = site.expected[site.serving].split(b"\n")
    expected = dict(zip(corpora.questions(), known, strict=False))
    stop = site.base / "stop"
    other = subprocess.Popen(
        [sys.executable, "-m", __name__, site.folder, stop],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    )
    assert other.stdout
    assert other.stdout.readline() == b"open\n"
    found: list[tuple[str, bytes]] = []
    done = threading.Event()
    with closing(Index.open(site.folder, site.encoder)) as index:

        def enough() -> bool:
            return done.is_set() and len(found) >= queries

        readers = [threading.Thread(target=_ask, args=(index, found, enough)) for _ in range(THREADS)]
        for reader in readers:
            reader.start()
        broken = [line for _ in range(rebuilds) for line in _rebuilt(site)]
        done.set()
        for reader in readers:
            reader.join()
    stop.touch()
    found += [(question, line.encode()) for question, line in json.loads(other.communicate()[0])]
    stop.unlink()
    broken += _rebuilt(site)
    if len(builds(site.folder)) != 1:
        broken.append("what nobody reads any more is not removed")
    site.mend()
    given = [
        Outcome("old" if line == expected[question] else "a mix", "asked", ()) for question, line in found
    ]
    wrong = [f"{question}: another answer" for question, line in found if line != expected[question]]
    return [*given, Outcome("new", "rebuilt", (*broken, *wrong), not broken)]


def _ask(index: Index, found: list[tuple[str, bytes]], enough: Callable[[], bool]) -> None:
    for question in cycle(corpora.questions()):
        found.append((question, corpora.found(index, question)))
        if enough():
            return


def _rebuilt(site: Site) -> list[str]:
    """Build the other corpus, of which one build stays; what is wrong then."""
    ended = site.build(keep=1)
    site.serving = site.other
    answered = site.answering()
    return [] if ended.built and answered == site.serving else [f"rebuilt: {ended}, then {answered}"]


def main() -> None:
    folder, stop = map(Path, sys.argv[1:])
    with closing(Index.open(folder, corpora.Words())) as index:
        sys.stdout.write("open\n")
        sys.stdout.flush()
        found: list[tuple[str, bytes]] = []
        _ask(index, found, lambda: stop.exists() and len(found) >= corpora.QUESTIONS)
    sys.stdout.write(json.dumps([(question, line.decode()) for question, line in found]))


if __name__ == "__main__":
    main()
