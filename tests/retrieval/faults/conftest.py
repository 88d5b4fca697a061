"""Where builders are harmed: two corpora, and indexes that a fault may leave in any state."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.retrieval.faults import corpora, harms
from tests.retrieval.faults.builder import Builder
from tests.retrieval.faults.site import Site


@pytest.fixture(scope="session")
def memory() -> Iterator[Path]:
    """A folder in memory where there is one: a killed process leaves the same there, and it is quicker."""
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
    with tempfile.TemporaryDirectory(prefix="onrecord-faults-", dir=place) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def both(memory: Path) -> Path:
    """The folder of the two corpora."""
    folder = memory / "corpora"
    folder.mkdir()
    corpora.write(folder)
    return folder


@pytest.fixture(scope="session")
def preload(memory: Path) -> Path | None:
    """failing_calls.c, compiled; None where it cannot be."""
    return harms.compiled(memory)


@pytest.fixture(scope="module")
def site(memory: Path, both: Path, preload: Path | None) -> Iterator[Site]:
    """A whole build of the old corpus, and a builder of the new."""
    with tempfile.TemporaryDirectory(dir=memory) as folder, closing(Builder(both, preload)) as builder:
        yield Site.made(Path(folder), builder)


@pytest.fixture
def counted(site: Site, preload: Path | None) -> Site:
    """A site whose builder's calls can be made to fail."""
    if not preload:
        pytest.skip("no C compiler, or not Linux: calls cannot be made to fail")
    return site
