"""Who reads a build keeps it; who removes one leaves nothing that looks like a build."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus.article import Document
from corpus.errors import IndexDamaged
from retrieval.build import Report
from retrieval.builds import lease, manifest, shelf
from retrieval.builds.lease import Lease
from retrieval.search import Index
from tests.retrieval.builds.processes import running

MakeIndex = Callable[..., Report]
READER = """
import sys
from pathlib import Path
from retrieval.builds import shelf
lent = shelf.lend(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
"""


def folders(index: Path) -> list[str]:
    return sorted(path.name for path in (index / "builds").iterdir())


@pytest.mark.parametrize("end", ["closes", "is killed"])
def test_another_process_keeps_its_build_until_it(
    end: str, make_index: MakeIndex, news: list[Document], tmp_path: Path
) -> None:
    index = tmp_path / "index"
    first = make_index(news).build
    with running(READER, index) as reader:
        newer = [make_index(news, keep=1).build for _ in range(2)]
        assert folders(index) == [first, newer[1]]
        if end == "is killed":
            reader.send_signal(signal.SIGKILL)
        reader.communicate("\n")
    assert folders(index) == [first, newer[1]]
    assert folders(index) == [first, newer[1]]
    newest = make_index(news, keep=1).build
    assert folders(index) == [newest]


def test_a_child_started_by_a_reader_keeps_nothing(
    make_index: MakeIndex, news: list[Document], tmp_path: Path
) -> None:
    make_index(news)
    lent = shelf.lend(tmp_path / "index")
    with subprocess.Popen(["sleep", "60"]) as child:
        lent.close()
        assert lease.remove(lent.build)
        child.kill()


def test_what_is_forgotten_is_let_go_of(folder: Path, tmp_path: Path, fake_encoder: Any) -> None:
    copied = Path(shutil.copytree(folder, tmp_path / "copied"))
    build = manifest.current(copied)
    Index.open(copied, fake_encoder)
    assert lease.remove(build)
    assert folders(copied) == []


def test_closing_twice_does_no_harm(folder: Path) -> None:
    lent = shelf.lend(folder)
    lent.close()
    before = os.open(os.devnull, os.O_RDONLY)  # takes the number that was closed
    lent.close()
    os.close(before)


def test_a_build_that_goes_before_the_lease_begins_is_not_lent(
    make_index: MakeIndex, news: list[Document], tmp_path: Path
) -> None:
    make_index(news)
    build = manifest.current(tmp_path / "index")
    before, meanwhile = Lease(build), Lease(build)
    assert before.holds
    build.rename(build.with_name("elsewhere"))
    assert not meanwhile.holds
    assert not Lease(build).holds


def test_readers_follow_current_while_builds_come_and_go(
    make_index: MakeIndex, news: list[Document], tmp_path: Path, fake_encoder: Any
) -> None:
    """The file is read again when its build went between reading its name and taking the lease."""
    index = tmp_path / "index"
    old = make_index(news).build
    new = make_index(news[:1]).build
    (index / "CURRENT").write_text(old, encoding="utf-8")
    real, asked = manifest.named, list[str]()

    def slow(folder: Path) -> str:
        name = real(folder)
        asked.append(name)
        if len(asked) == 1:
            (index / "CURRENT").write_text(new, encoding="utf-8")
            assert lease.remove(index / "builds" / old)
        return name

    manifest.named = slow
    try:
        opened = Index.open(index, fake_encoder)
    finally:
        manifest.named = real
    assert (opened.build, asked) == (new, [old, new])
    opened.close()


def test_what_cannot_be_locked_is_still_read(folder: Path, tmp_path: Path, fake_encoder: Any) -> None:
    """A build without a manifest is damage, and is told as such."""
    copied = Path(shutil.copytree(folder, tmp_path / "copied"))
    build = manifest.current(copied)
    (build / "manifest.json").unlink()
    with pytest.raises(IndexDamaged, match=r"manifest\.json cannot be read"):
        Index.open(copied, fake_encoder)
    assert lease.remove(build)


def test_a_removal_that_was_killed_is_swept_and_is_no_build(
    make_index: MakeIndex, news: list[Document], tmp_path: Path
) -> None:
    index = tmp_path / "index"
    old = make_index(news).build
    (index / "builds" / old).rename(index / "builds" / f".gone-{old}")
    assert shelf.kept(index) == []
    new = make_index(news).build
    assert folders(index) == [new]
