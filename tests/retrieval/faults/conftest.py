"""Where builders are harmed: two corpora, and indexes that a fault may leave in any state."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
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
def sites(memory: Path, both: Path, preload: Path | None) -> Iterator[tuple[Site, Site]]:
    """Two, each with a whole build of the old corpus and a builder, to harm both at once."""
    with ExitStack() as stack:
        folders = [stack.enter_context(tempfile.TemporaryDirectory(dir=memory)) for _ in range(2)]
        builders = [stack.enter_context(closing(Builder(both, preload))) for _ in range(2)]
        first, second = map(Site.made, map(Path, folders), builders)
        yield first, second


@pytest.fixture(scope="module")
def site(memory: Path, both: Path) -> Iterator[Site]:
    """A whole build of the old corpus, and a builder of the new."""
    with tempfile.TemporaryDirectory(dir=memory) as folder, closing(Builder(both)) as builder:
        yield Site.made(Path(folder), builder)


@pytest.fixture
def counted(sites: tuple[Site, Site], preload: Path | None) -> tuple[Site, Site]:
    """Sites whose builders' calls can be made to fail."""
    if not preload:
        pytest.skip("no C compiler, or not Linux: calls cannot be made to fail")
    return sites
