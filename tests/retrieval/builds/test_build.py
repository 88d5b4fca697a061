import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.article import Document, Unreadable
from corpus.errors import CorpusError, IndexBusy, IndexDamaged, IndexMismatch, IndexMissing, IndexUnusable
from retrieval.build import Report
from retrieval.builds import manifest
from retrieval.filling import embedded_text
from retrieval.search import Index

MakeIndex = Callable[..., Report]


def folders(index: Path) -> list[str]:
    return sorted(path.name for path in (index / "builds").iterdir())


def test_a_build_reports_what_it_did(make_index: MakeIndex, news: list[Document], tmp_path: Path) -> None:
    bad = Unreadable("bad.txt", "it is binary")
    report = make_index([news[0], bad, *news[1:]])
    assert (report.articles, report.sentences, report.passages, report.embedded) == (3, 6, 6, 6)
    assert report.unreadable == (bad,)
    described = manifest.verify(tmp_path / "index")
    assert (described.build, described.model, described.dimension) == (report.build, "fake", 64)
    assert (described.articles, described.passages, described.unreadable) == (3, 6, 1)
    assert described.sources == ("news",)
    assert {"rows.sqlite", "vectors.f32", "words/meta.json", "articles/meta.json"} <= set(described.files)
    assert folders(tmp_path / "index") == [report.build]


def test_a_rebuild_embeds_only_what_is_new(
    make_index: MakeIndex, news: list[Document], document: Any, tmp_path: Path
) -> None:
    make_index(news)
    assert make_index(news).embedded == 0
    assert make_index([*news, document("new", "Something fresh.")]).embedded == 1


def test_progress_names_its_stages(make_index: MakeIndex, news: list[Document]) -> None:
    told: list[tuple[str, int, int]] = []
    make_index(news, progress=lambda *stage: told.append(stage))
    stages = list(dict.fromkeys(stage for stage, _, _ in told))
    assert (stages[:2], stages[-1]) == (["reading", "embedding"], "checking")
    assert ("reading", 3, 0) in told
    assert ("embedding", 6, 6) in told


def test_the_newest_builds_are_kept(make_index: MakeIndex, news: list[Document], tmp_path: Path) -> None:
    names = [make_index(news, keep=2).build for _ in range(4)]
    assert folders(tmp_path / "index") == names[-2:]


@pytest.mark.parametrize("documents", [[], [Unreadable("bad.txt", "it is binary")]])
def test_nothing_to_index_keeps_the_old_build(
    make_index: MakeIndex, news: list[Document], tmp_path: Path, documents: list[Any]
) -> None:
    old = make_index(news).build
    with pytest.raises(CorpusError, match="no article could be read from news"):
        make_index(documents)
    assert manifest.verify(tmp_path / "index").build == old
    assert folders(tmp_path / "index") == [old]


@pytest.mark.parametrize("failure", [KeyboardInterrupt, ValueError, MemoryError])
def test_a_failure_keeps_the_old_build_and_leaves_nothing(
    make_index: MakeIndex, news: list[Document], tmp_path: Path, failure: type[BaseException]
) -> None:
    def failing() -> Iterator[Document]:
        yield news[0]
        raise failure

    old = make_index(news).build
    with pytest.raises(failure):
        make_index(failing())
    assert manifest.verify(tmp_path / "index").build == old
    assert folders(tmp_path / "index") == [old]


def test_a_full_disk_is_one_line(make_index: MakeIndex, news: list[Document], tmp_path: Path) -> None:
    def failing() -> Iterator[Document]:
        yield news[0]
        raise OSError(28, "No space left on device")

    with pytest.raises(IndexUnusable, match=r"could not write the index in .* \(No space left on device\)"):
        make_index(failing())


KILLED = """
import os, signal, sys
from pathlib import Path
from corpus.article import Article, Document, Passage, Sentence
from retrieval.build import build
class Killer:
    name, fingerprint, dimension = "fake", "fake-1", 64
    def encode(self, texts, **_):
        os.kill(os.getpid(), signal.SIGKILL)
one = Document(Article("x", "text", ((0, 4),), "x"), (Sentence(0, 4),), (Passage(0, 4, 0, 1),))
build([one], Path(sys.argv[1]), Killer(), sources=["x"], cache=Path(sys.argv[2]))
"""


def test_a_killed_build_leaves_the_old_one_and_the_next_sweeps_up(
    make_index: MakeIndex, news: list[Document], tmp_path: Path
) -> None:
    old = make_index(news).build
    root = str(Path(__file__).resolve().parents[3])
    command = [sys.executable, "-c", KILLED, str(tmp_path / "index"), str(tmp_path / "other")]
    killed = subprocess.run(command, check=False, env=os.environ | {"PYTHONPATH": root}, capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    assert len(folders(tmp_path / "index")) == 2
    assert manifest.verify(tmp_path / "index").build == old
    new = make_index(news).build
    assert folders(tmp_path / "index") == sorted([old, new])


def test_one_writer_at_a_time(make_index: MakeIndex, news: list[Document], tmp_path: Path) -> None:
    make_index(news)
    with (tmp_path / "index" / ".lock").open() as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(IndexBusy, match="another process is building"):
            make_index(news)
    make_index(news)


def test_half_characters_make_an_article_unreadable(
    make_index: MakeIndex, news: list[Document], document: Any
) -> None:
    report = make_index([*news, document("half", "Broken \ud83d here.")])
    assert report.articles == 3
    assert [one.path for one in report.unreadable] == ["half.txt"]


def test_titles_are_embedded_with_passages_they_do_not_stand_in() -> None:
    assert embedded_text("Title", "Some text.") == "Title. Some text."
    assert embedded_text("Title", "Title\n\nSome text.") == "Title\n\nSome text."
    assert embedded_text(None, "Some text.") == "Some text."


def test_a_missing_index_says_what_to_run(tmp_path: Path, fake_encoder: Any) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(IndexMissing, match='run "onrecord index build"'):
            Index.open(folder, fake_encoder)


def test_another_model_is_refused_by_name(folder: Path, fake_encoder: Any) -> None:
    fake_encoder.name, fake_encoder.fingerprint, fake_encoder.dimension = "other", "other-1", 32
    with pytest.raises(
        IndexMismatch, match=r'made with fake \(64\), the settings name other \(32\): run "onrec'
    ):
        Index.open(folder, fake_encoder)


@pytest.fixture
def copied(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "copied"))


@pytest.mark.parametrize("name", ["rows.sqlite", "vectors.f32", "words/meta.json", "manifest.json"])
@pytest.mark.parametrize("harm", ["cut", "flip", "remove", "grow"])
def test_a_damaged_file_is_named(copied: Path, fake_encoder: Any, name: str, harm: str) -> None:
    path = manifest.current(copied) / name
    content = path.read_bytes()
    half = len(content) // 2
    flipped = content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :]
    if harm == "remove":
        path.unlink()
    else:
        path.write_bytes({"cut": content[:half], "flip": flipped, "grow": content + b"x"}[harm])
    for attempt in (lambda: Index.open(copied, fake_encoder), lambda: manifest.verify(copied)):
        with pytest.raises(IndexDamaged, match=rf'{Path(name).name} .*run "onrecord index build"') as caught:
            attempt()
        assert "\n" not in str(caught.value)


def test_an_older_format_is_refused(copied: Path, fake_encoder: Any) -> None:
    path = manifest.current(copied) / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"schema": 0}), encoding="utf-8")
    with pytest.raises(IndexMismatch, match=rf"has format 0, this Onrecord reads {manifest.SCHEMA}"):
        Index.open(copied, fake_encoder)


@pytest.mark.parametrize("content", ["", "../../etc", "20200101-000000-abcdef", "a\nb", "\0"])
def test_current_names_a_build_or_is_damage(copied: Path, fake_encoder: Any, content: str) -> None:
    (copied / "CURRENT").write_text(content, encoding="utf-8")
    with pytest.raises(IndexDamaged, match="CURRENT names no build"):
        Index.open(copied, fake_encoder)


def test_a_reader_keeps_its_build_while_others_are_made_and_removed(
    make_index: MakeIndex, news: list[Document], tmp_path: Path, fake_encoder: Any
) -> None:
    build = make_index(news).build
    index = Index.open(tmp_path / "index", fake_encoder)
    newer = [make_index(news[:1], keep=1).build for _ in range(2)]
    assert folders(tmp_path / "index") == [build, newer[1]]
    assert index.search("central bank rate")[0].article_id == "rates"
    assert index.article(1) == news[1].article
    index.close()
    newest = make_index(news[:1], keep=1).build
    assert folders(tmp_path / "index") == [newest]
