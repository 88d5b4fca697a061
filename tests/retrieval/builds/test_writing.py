"""One writer at a time; what the disk refuses is one line, and nothing is left of what was begun."""

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.article import Document
from corpus.errors import IndexBusy, IndexMismatch, IndexUnusable
from retrieval.build import Report
from retrieval.builds import manifest, room
from retrieval.search import Index
from tests.retrieval.builds.processes import running

MakeIndex = Callable[..., Report]
WRITER = """
import sys
from pathlib import Path
from retrieval.builds import writer
sys.argv[0] = "onrecord"
with writer.lock(Path(sys.argv[1])), writer.aside(Path(sys.argv[1])) as aside:
    (aside / "half").write_text("of a build")
    (aside.parent / ".gone-1").mkdir(exist_ok=True)
    print("ready", flush=True)
    sys.stdin.readline()
"""


def names(index: Path) -> list[str]:
    return sorted(
        path.relative_to(index).as_posix() for path in (*index.iterdir(), *(index / "builds").iterdir())
    )


def test_the_second_writer_is_told_and_the_next_sweeps_up(
    make_index: MakeIndex, news: list[Document], tmp_path: Path
) -> None:
    index = tmp_path / "index"
    old = make_index(news).build
    clean = names(index)
    with running(WRITER, index) as other:
        message = (
            rf'process {other.pid} \("onrecord", since ..:..\) is building the index in {index}: wait for it'
        )
        with pytest.raises(IndexBusy, match=message):
            make_index(news)
        assert manifest.verify(index).build == old
    assert f"builds/.aside-{other.pid}" in names(index)
    (index / "CURRENT.new").write_text("half", encoding="utf-8")
    make_index(news, keep=1)
    assert len(names(index)) == len(clean)
    assert not [name for name in names(index) if name.startswith(("builds/.", "CURRENT."))]


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "make room there"),
        (errno.EDQUOT, "the quota of this user is used up, make room"),
        (errno.EFBIG, "no file may become so large there, name another folder"),
        (errno.EROFS, "name a folder that can be written to"),
        (errno.EIO, "see to the disk"),
    ],
)
def test_what_the_disk_refuses(
    make_index: MakeIndex, news: list[Document], tmp_path: Path, number: int, advice: str
) -> None:
    def failing() -> Iterator[Document]:
        yield news[0]
        raise OSError(number, os.strerror(number))

    index = tmp_path / "index"
    with pytest.raises(
        IndexUnusable, match=rf"\({os.strerror(number)}\); nothing answers yet: {advice}, then"
    ):
        make_index(failing())
    assert names(index) == [".lock", "builds"]
    make_index(news)
    clean = names(index)
    with pytest.raises(
        IndexUnusable, match=rf"could not write .*; an earlier build still answers: {advice}, then"
    ):
        make_index(failing())
    assert names(index) == clean


def test_room_is_asked_for_before_anything_is_read(
    make_index: MakeIndex, news: list[Document], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index"
    make_index(news)
    clean, size = names(index), manifest.verify(index).size
    read: list[Document] = []

    def reading() -> Iterator[Document]:
        for document in news:
            read.append(document)
            yield document

    disk = shutil.disk_usage(index)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: disk._replace(free=room.MARGIN + size - 1))
    with pytest.raises(
        IndexUnusable, match=r"a new build in .* needs \d+ MB and \d+ MB are free: make room there"
    ):
        make_index(reading())
    assert (read, names(index)) == ([], clean)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: disk._replace(free=room.MARGIN + size))
    make_index(reading())


def test_room_for_vectors_is_asked_for_before_they_are_made(
    make_index: MakeIndex,
    news: list[Document],
    tmp_path: Path,
    fake_encoder: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    disk = shutil.disk_usage(tmp_path)
    needed = room.MARGIN + 6 * 64 * 4
    monkeypatch.setattr(shutil, "disk_usage", lambda _: disk._replace(free=needed - 1))
    with pytest.raises(IndexUnusable, match="make room there first"):
        make_index(news)
    assert fake_encoder.seen == []
    assert names(tmp_path / "index") == [".lock", "builds"]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: disk._replace(free=needed))
    make_index(news)


FACTS = {"weights": "ab" * 32, "pooling": "mean", "query prefix": "query: ", "max_tokens": 256}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"query prefix": ""},
            r'fake \(64\) of query prefix "query: ", the settings name one of query prefix ""',
        ),
        ({"pooling": "cls"}, r'of pooling "mean", the settings name one of pooling "cls"'),
        ({"weights": "cd" * 32}, r"of weights abababababab, the settings name one of weights cdcdcdcdcdcd"),
        (
            {"max_tokens": 128, "pooling": None},
            r'"mean", max_tokens 256, .* of pooling unknown, max_tokens 128',
        ),
        ({}, r"made with fake \(64\), the settings name fake \(64\)"),
    ],
)
def test_another_encoder_is_refused_by_what_differs(
    make_index: MakeIndex,
    news: list[Document],
    tmp_path: Path,
    fake_encoder: Any,
    change: dict[str, object],
    message: str,
) -> None:
    fake_encoder.facts = FACTS
    make_index(news, passage_settings={"words": 110, "overlap": 1}, library="state")
    described = manifest.verify(tmp_path / "index")
    assert (described.encoder, described.library) == (FACTS, "state")
    assert described.passage_settings == {"words": 110, "overlap": 1}
    fake_encoder.fingerprint, fake_encoder.facts = "fake-2", FACTS | change
    with pytest.raises(IndexMismatch, match=rf'{message}: run "onrecord index build"'):
        Index.open(tmp_path / "index", fake_encoder)


def test_every_damaged_file_is_told(make_index: MakeIndex, news: list[Document], tmp_path: Path) -> None:
    make_index(news)
    build = manifest.current(tmp_path / "index")
    described = manifest.read(build)
    assert list(manifest.damage(described, build, whole=True)) == []
    (build / "rows.sqlite").unlink()
    (build / "words" / "meta.json").write_bytes(b"")
    lines = list(manifest.damage(described, build, whole=True))
    assert [line.partition(" ")[0] for line in lines] == [
        str(build / "rows.sqlite"),
        str(build / "words" / "meta.json"),
    ]
