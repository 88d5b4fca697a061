"""Which builds stay, and the way back to one of them."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from corpus import durable
from corpus.article import Document
from corpus.errors import IndexDamaged, IndexMissing, UsageError
from retrieval.build import build
from retrieval.builds import manifest, shelf
from retrieval.builds.rollback import rollback
from retrieval.search import Index


@pytest.fixture(scope="module")
def made(news: list[Document], fake_encoder_type: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index with builds of one, two and three articles."""
    base = tmp_path_factory.mktemp("three")
    for count in (1, 2, 3):
        build(news[:count], base / "index", fake_encoder_type(), sources=["news"], cache=base / "cache")
    return base / "index"


@pytest.fixture
def index(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "index"))


@pytest.fixture
def three(index: Path) -> list[str]:
    """The ids of the builds, oldest first."""
    return ids(index)


def ids(index: Path) -> list[str]:
    return [build.name for build in reversed(shelf.kept(index))]


def aged(build: Path, days: float) -> None:
    made = datetime.now(UTC) - timedelta(days=days)
    manifest.write(replace(manifest.read(build), created=made.isoformat(timespec="seconds")), build)


def test_by_number(three: list[str], index: Path) -> None:
    assert ids(index) == three
    shelf.prune(index, keep=2)
    assert ids(index) == three[1:]


def test_by_age_beyond_the_number(three: list[str], index: Path) -> None:
    for name, days in zip(three, (9, 6.9, 0), strict=True):
        aged(index / "builds" / name, days)
    shelf.prune(index, keep=1, days=7)
    assert ids(index) == three[1:]
    shelf.prune(index, keep=1, days=6)
    assert ids(index) == three[2:]


def test_what_cannot_be_read_is_not_kept_for_its_age(three: list[str], index: Path) -> None:
    (index / "builds" / three[0] / "manifest.json").write_text("{", encoding="utf-8")
    shelf.prune(index, keep=1, days=1)
    assert ids(index) == three[1:]


def test_what_answers_stays_however_old(three: list[str], index: Path) -> None:
    shelf.point(three[0], index)
    shelf.prune(index, keep=1)
    assert ids(index) == three[:1]


def test_back_one_build_at_a_time(three: list[str], index: Path, fake_encoder: Any) -> None:
    assert rollback(index).build == three[1]
    opened = Index.open(index, fake_encoder)
    assert (opened.build, opened.passages) == (three[1], 4)
    opened.close()
    assert rollback(index).build == three[0]
    with pytest.raises(IndexMissing, match=r"no older build in .* to go back to"):
        rollback(index)
    assert manifest.verify(index).build == three[0]
    assert rollback(index, three[2]).build == three[2]
    assert ids(index) == three


def test_a_damaged_build_is_passed_over_and_refused_by_name(three: list[str], index: Path) -> None:
    path = index / "builds" / three[1] / "vectors.f32"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(IndexDamaged, match="vectors"):
        rollback(index, three[1])
    assert manifest.verify(index).build == three[2]
    assert rollback(index).build == three[0]


@pytest.mark.parametrize("name", ["20200101-000000-000000", "../../x", "", "."])
def test_only_a_build_that_is_there(three: list[str], index: Path, name: str) -> None:
    if name:
        with pytest.raises(UsageError, match=f"there is no build .*choose from {three[2]}, {three[1]}"):
            rollback(index, name)
    assert manifest.verify(index).build == three[2]


def test_it_mends_a_current_that_names_nothing(three: list[str], index: Path) -> None:
    for content in (b"\xff", b"nothing there", None):
        if content is None:
            (index / "CURRENT").unlink()
        else:
            (index / "CURRENT").write_bytes(content)
        assert rollback(index).build == three[2]
        assert manifest.verify(index).build == three[2]


def test_without_an_index_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="there is no index"):
        rollback(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_a_switch_that_fails_leaves_all_as_it_was(
    three: list[str], index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for failing in range(2):
        calls = 0

        def sync(path: Path, failing: int = failing) -> None:
            nonlocal calls
            calls += 1
            if calls > failing:
                raise OSError(5, "Input/output error")

        aside = index / "builds" / ".aside-1"
        aside.mkdir()
        with monkeypatch.context() as broken:
            broken.setattr(durable, "sync", sync)
            with pytest.raises(OSError, match="Input/output"):
                shelf.switch("20990101-000000-000000", aside, index)
        assert aside.is_dir()
        aside.rmdir()
        assert sorted(p.name for p in index.iterdir()) == [".lock", "CURRENT", "builds"]
        assert manifest.verify(index).build == three[2]
        assert ids(index) == three
