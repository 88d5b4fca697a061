"""Two builders, or builders and readers, at once."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.retrieval.faults import harms, readers
from tests.retrieval.faults.builder import Builder
from tests.retrieval.faults.site import Site, debris


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


def test_rebuilds_during_1000_queries_change_no_answer(site: Site) -> None:
    outcomes = readers.asked_during_rebuilds(site, 1000, rebuilds=6)
    assert not [one.violations for one in outcomes if one.violations]
    assert len(outcomes) > 1000
