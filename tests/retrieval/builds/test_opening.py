"""Large builds are hashed when their files' stamps are new; whatever was changed is found before it is loaded."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus.article import Document
from corpus.errors import IndexDamaged
from retrieval.build import Report
from retrieval.builds import manifest, opening
from retrieval.search import Index

MakeIndex = Callable[..., Report]


@pytest.fixture
def large(
    monkeypatch: pytest.MonkeyPatch, make_index: MakeIndex, news: list[Document], tmp_path: Path
) -> Path:
    """The folder of a build that counts as large."""
    monkeypatch.setattr(opening, "HASHED", 0)
    make_index(news)
    return manifest.current(tmp_path / "index")


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that were hashed."""
    names, real = list[str](), manifest.sha256

    def noted(path: Path) -> str:
        names.append(path.name)
        return real(path)

    monkeypatch.setattr(manifest, "sha256", noted)
    return names


def check(build: Path) -> None:
    opening.check(manifest.read(build), build)


def test_a_build_that_was_made_here_is_not_hashed_again(large: Path, hashed: list[str]) -> None:
    check(large)
    assert hashed == []


def test_a_small_build_is_hashed_at_every_opening(folder: Path, hashed: list[str]) -> None:
    build = manifest.current(folder)
    check(build)
    check(build)
    assert len(hashed) == 2 * len(manifest.read(build).files)
    assert not (build.parent / opening.NOTES).exists()


def test_a_copy_is_hashed_once(large: Path, hashed: list[str], tmp_path: Path) -> None:
    copied = Path(shutil.copytree(large, tmp_path / "elsewhere" / "builds" / large.name))
    check(copied)
    assert len(hashed) == len(manifest.read(large).files)
    hashed.clear()
    check(copied)
    assert hashed == []


@pytest.mark.parametrize("note", ["", "{", "null", "[1]", '{"rows.sqlite": [0, 0, 0, 0]}'])
def test_a_note_that_says_something_else_is_not_believed(large: Path, hashed: list[str], note: str) -> None:
    (large.parent / opening.NOTES / f"{large.name}.json").write_text(note, encoding="utf-8")
    check(large)
    assert hashed
    hashed.clear()
    check(large)
    assert hashed == []


def test_a_change_of_the_same_size_and_date_is_found(large: Path, fake_encoder: Any, tmp_path: Path) -> None:
    for name in manifest.read(large).files:
        path = large / name
        before, content = path.stat(), path.read_bytes()
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        with pytest.raises(IndexDamaged, match=f"{path.name} is damaged"):
            Index.open(tmp_path / "index", fake_encoder)
        path.write_bytes(content)
        check(large)


def test_where_no_note_can_be_written_it_is_hashed_every_time(large: Path, hashed: list[str]) -> None:
    shutil.rmtree(large.parent / opening.NOTES)
    (large.parent / opening.NOTES).write_text("in the way", encoding="utf-8")
    for _ in range(2):
        hashed.clear()
        check(large)
        assert len(hashed) == len(manifest.read(large).files)


def test_notes_go_with_their_builds(large: Path, make_index: MakeIndex, news: list[Document]) -> None:
    new = make_index(news, keep=1).build
    notes = large.parent / opening.NOTES
    assert [path.name for path in notes.iterdir()] == [f"{new}.json"]
    assert set(json.loads((notes / f"{new}.json").read_text())) > {"manifest.json", "rows.sqlite"}
