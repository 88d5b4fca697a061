"""Two builders, or builders and readers, at once."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import cycle
from pathlib import Path

import pytest

from retrieval.search import Index
from tests.retrieval.faults import corpora, harms
from tests.retrieval.faults.builder import ROOT, Builder
from tests.retrieval.faults.site import Site, builds, debris


@pytest.fixture(scope="module")
def second(both: Path) -> Iterator[Builder]:
    with closing(Builder(both)) as builder:
        yield builder


def test_of_two_builders_one_wins(site: Site, second: Builder) -> None:
    outcomes = list(harms.two_at_once(site, second, 20, seed=5))
    assert not [one.violations for one in outcomes if one.violations]
    assert any(one.told.startswith("IndexBusy") for one in outcomes)


def test_the_second_says_who_holds_it_and_follows_a_dead_one(site: Site, second: Builder) -> None:
    first = site.builder.start(**site.job)
    while not list((site.folder / "builds").glob(".aside-*")):
        time.sleep(0.001)
    os.kill(first, signal.SIGSTOP)
    refused = second.run(**site.job)
    os.kill(first, signal.SIGKILL)
    assert site.builder.wait().signal == signal.SIGKILL
    assert (refused.error, refused.ours) == ("IndexBusy", True)
    assert f"process {first} " in refused.message
    before = site.serving
    assert site.answering() == before
    assert second.run(**site.job).built
    assert site.answering() == site.other
    assert debris(site.base) == []
    site.mend()


def test_rebuilds_during_1000_queries_change_no_answer(site: Site, tmp_path: Path) -> None:
    """One build is kept: the one that is read is pruned, or would be, from under its readers."""
    expected = dict(zip(corpora.questions(), site.expected[site.serving].split(b"\n"), strict=False))
    wrong, asked = list[str](), list[str]()
    reader = subprocess.Popen(
        [sys.executable, "-m", "tests.retrieval.faults.reader", site.folder, tmp_path / "stop"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    )
    assert reader.stdout
    assert reader.stdout.readline() == b"open\n"
    done = threading.Event()
    with closing(Index.open(site.folder, site.encoder)) as index:

        def ask(first: int) -> None:
            for question in cycle([*expected][first:] + [*expected][:first]):
                if corpora.found(index, question) != expected[question]:
                    wrong.append(question)
                asked.append(question)
                if done.is_set() and len(asked) >= 1000:
                    return

        threads = [threading.Thread(target=ask, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        serving = site.serving
        for _ in range(6):
            assert site.build(keep=1).built
            assert site.answering() == site.other
            site.serving = site.other
        done.set()
        for thread in threads:
            thread.join()
    (tmp_path / "stop").touch()
    told, *found = json.loads(reader.communicate()[0])
    assert len(asked) >= 1000
    assert wrong == []
    assert told > 100
    assert [[one.encode() for one in answers] for answers in found] == [[one] for one in expected.values()]
    assert serving == site.serving
    assert site.build(keep=1).built
    assert debris(site.base) == []
    assert len(builds(site.folder)) == 1
    site.mend()
