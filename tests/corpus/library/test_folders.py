"""Folders and files in the library: what is read again, what stays, what each version was."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from corpus.article import Article, Document, Unreadable
from corpus.errors import CorpusError, IndexBusy, IndexDamaged, UsageError
from corpus.library.entries import Changes
from corpus.library.library import FILE, Library
from corpus.reading import digest, read

ROOT = Path(__file__).resolve().parents[3]
LONG_AGO = 1_700_000_000


def written(path: Path, text: str) -> Path:
    """A file that was written long ago, so that how it looks is trusted."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path


def report(number: int) -> str:
    return f"The mayor of town {number} said on Monday that bridge {number} would open in May."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(5):
        written(tmp_path / "news" / f"{number}.txt", report(number))
    return tmp_path / "news"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as opened:
        yield opened


def update(library: Library, *, words: int = 110, whole: bool = False) -> Changes:
    return library.update(words=words, overlap=1, whole=whole)


def articles(library: Library) -> dict[str, str]:
    return {one.article.id: one.article.text for one in library.documents() if isinstance(one, Document)}


def test_documents_are_those_of_a_plain_reading(library: Library, starter: Path) -> None:
    library.configure([starter])
    changes = update(library)
    assert changes == Changes(read=18, new=18, changed=0, unchanged=0, removed=0, failed=0)
    plain = [digest(found) for found in read([starter]) if isinstance(found, Article)]
    assert list(library.documents()) == plain


def test_only_what_changed_is_read(library: Library, folder: Path) -> None:
    library.add(str(folder))
    assert update(library) == Changes(5, 5, 0, 0, 0, 0)
    state = library.state()
    assert update(library) == Changes(0, 0, 0, 5, 0, 0)
    assert library.state() == state
    written(folder / "3.txt", "The mayor denied it.")
    assert update(library) == Changes(1, 0, 1, 4, 0, 0)
    assert articles(library)["3.txt"] == "The mayor denied it."
    assert library.state() != state


def test_a_touched_file_is_not_read(library: Library, folder: Path) -> None:
    library.add(str(folder))
    update(library)
    os.utime(folder / "2.txt")
    assert update(library) == Changes(0, 0, 0, 5, 0, 0)


def test_a_change_that_keeps_size_and_time_is_seen(library: Library, folder: Path) -> None:
    library.add(str(folder))
    update(library)
    written(folder / "2.txt", report(2).replace("May", "Mai"))
    assert update(library).changed == 1


def test_a_whole_update_reads_everything(library: Library, folder: Path) -> None:
    library.add(str(folder))
    update(library)
    assert update(library, whole=True) == Changes(5, 0, 0, 5, 0, 0)


def test_other_passages_are_made_without_reading(library: Library, tmp_path: Path) -> None:
    written(tmp_path / "a.txt", "\n\n".join(map(report, range(30))))
    library.add(str(tmp_path / "a.txt"))
    update(library)
    (before,) = library.documents()
    assert update(library, words=30) == Changes(0, 0, 0, 1, 0, 0)
    (after,) = library.documents()
    assert isinstance(before, Document)
    assert isinstance(after, Document)
    assert after.sentences == before.sentences
    assert len(after.passages) > len(before.passages)


def test_a_removed_file_leaves_with_its_articles(library: Library, folder: Path) -> None:
    library.add(str(folder))
    update(library)
    (folder / "1.txt").unlink()
    assert update(library) == Changes(0, 0, 0, 4, 1, 0)
    assert sorted(articles(library)) == ["0.txt", "2.txt", "3.txt", "4.txt"]
    written(folder / "1.txt", report(1))
    assert update(library) == Changes(1, 1, 0, 4, 0, 0)
    assert list(articles(library)) == ["0.txt", "1.txt", "2.txt", "3.txt", "4.txt"]


def test_a_failed_file_stays_visible_until_it_is_read(library: Library, folder: Path) -> None:
    written(folder / "bad.txt", "")
    library.add(str(folder))
    assert update(library) == Changes(6, 5, 0, 0, 0, 1)
    failed = [Unreadable(str(folder / "bad.txt"), "the file is empty")]
    assert library.failures() == failed
    assert update(library) == Changes(1, 0, 0, 5, 0, 1)
    assert library.failures() == failed
    assert [one for one in library.documents() if isinstance(one, Unreadable)] == failed
    written(folder / "bad.txt", report(9))
    assert update(library) == Changes(1, 1, 0, 5, 0, 0)
    assert library.failures() == []


def test_a_file_that_can_be_read_no_more_keeps_its_last_article(library: Library, folder: Path) -> None:
    library.add(str(folder))
    update(library)
    written(folder / "1.txt", "")
    assert update(library) == Changes(1, 0, 0, 5, 0, 1)
    assert articles(library)["1.txt"] == report(1)
    assert [one.path for one in library.failures()] == [str(folder / "1.txt")]


def test_records_that_were_passed_over_stay_visible(library: Library, tmp_path: Path) -> None:
    lines = [json.dumps({"text": report(0)}), "{oops", json.dumps({"text": report(1)})]
    file = written(tmp_path / "rows.jsonl", "\n".join(lines))
    library.add(str(file))
    assert update(library) == Changes(1, 2, 0, 0, 0, 0)
    for _ in range(2):
        (flaw,) = library.failures()
        assert flaw.path == str(file)
        assert flaw.reason.startswith("line 2: not valid JSON")
        assert update(library).read == 0
    written(file, "\n".join([lines[0], lines[2]]))
    assert update(library) == Changes(1, 1, 0, 1, 1, 0)  # the article of line 3 is that of line 2 now
    assert library.failures() == []


def test_every_version_stays_and_quotes_of_it_hold(library: Library, folder: Path) -> None:
    library.add(str(folder))
    update(library)
    quote = report(3)[10:30]
    written(folder / "3.txt", "Correction: nobody said anything.")
    update(library)
    (folder / "3.txt").unlink()
    update(library)
    old = library.version("3.txt", sha256(report(3).encode()).hexdigest())
    assert old.text[10:30] == quote
    new = library.version("3.txt", sha256(b"Correction: nobody said anything.").hexdigest())
    assert (new.id, new.path, new.text) == (
        "3.txt",
        str(folder / "3.txt"),
        "Correction: nobody said anything.",
    )
    with pytest.raises(CorpusError, match=r"has no version 0123 of 3\.txt"):
        library.version("3.txt", "0123")


def test_new_metadata_is_a_new_version(library: Library, tmp_path: Path) -> None:
    file = written(tmp_path / "a.jsonl", json.dumps({"id": "a", "text": report(0), "title": "Bridge"}))
    library.add(str(file))
    update(library)
    written(file, json.dumps({"id": "a", "text": report(0), "title": "A bridge opens", "author": "Dana Ohl"}))
    assert update(library) == Changes(1, 0, 1, 0, 0, 0)
    (document,) = library.documents()
    assert isinstance(document, Document)
    assert (document.article.title, document.article.author) == ("A bridge opens", "Dana Ohl")


def test_the_page_itself_is_kept(library: Library, tmp_path: Path) -> None:
    page = f"<html><body><article><h1>Bridge</h1><p>{report(0)}</p><p>{report(1)}</p></article></body></html>"
    library.add(str(written(tmp_path / "page.html", page)))
    library.add(str(written(tmp_path / "plain.txt", report(2))))
    update(library)
    texts = articles(library)
    assert library.raw("page.html", sha256(texts["page.html"].encode()).hexdigest()) == page.encode()
    assert library.raw("plain.txt", sha256(report(2).encode()).hexdigest()) is None


def test_ids_are_those_of_a_plain_reading_and_stay(library: Library, tmp_path: Path) -> None:
    news = tmp_path / "news"
    for name in ("2022/page.txt", "2023/page.txt", "2023/2023/page.txt"):
        written(news / name, report(len(name)))
    written(news / "rows.jsonl", "\n".join([json.dumps({"id": 7, "text": report(0)})] * 3))
    library.configure([news])
    update(library)
    plain = [one.id for one in read([news]) if isinstance(one, Article)]
    before = [one.article for one in library.documents() if isinstance(one, Document)]
    assert [one.id for one in before] == plain
    written(news / "2021/page.txt", report(99))
    (news / "2022/page.txt").unlink()
    update(library)
    after = {one.article.path: one.article.id for one in library.documents() if isinstance(one, Document)}
    kept = {one.path: one.id for one in before if "2022" not in one.path}
    assert {path: id_ for path, id_ in after.items() if path in kept} == kept
    assert after[str(news / "2021/page.txt")] == "2021/page.txt"
    assert len(set(after.values())) == len(after) == 4


def test_settings_take_back_what_they_gave_and_nothing_else(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    own = written(tmp_path / "own" / "own.txt", report(7))
    library.configure([folder])
    library.add(str(own.parent))
    update(library)
    assert list(articles(library)) == ["0.txt", "1.txt", "2.txt", "3.txt", "4.txt", "own.txt"]
    library.configure([])
    assert update(library).removed == 5
    assert list(articles(library)) == ["own.txt"]
    assert [(root.place, root.kind, root.typed) for root in library.roots()] == [
        (str(own.parent), "path", True)
    ]
    library.configure([own.parent])
    library.configure([])
    assert update(library) == Changes(0, 0, 0, 1, 0, 0)
    library.remove(str(own.parent))
    assert update(library) == Changes(0, 0, 0, 0, 1, 0)
    assert library.roots() == []


def test_paths_are_told_as_they_were_given(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    library.configure([Path("news")])
    update(library)
    assert next(iter(library.documents())).article.path == "news/0.txt"  # type: ignore[union-attr]
    monkeypatch.chdir(folder)
    library.configure([Path()])
    assert update(library) == Changes(0, 0, 0, 5, 0, 0)
    assert next(iter(library.documents())).article.path == "0.txt"  # type: ignore[union-attr]


def test_what_is_not_there(library: Library, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"no such file or folder: .*nowhere: check the path"):
        library.configure([tmp_path / "nowhere"])
    with pytest.raises(UsageError, match=r"no such file or folder: nowhere: add what is there"):
        library.add("nowhere")
    library.add(str(folder))
    with pytest.raises(UsageError, match=rf"nowhere was not added; these were: {folder}"):
        library.remove("nowhere")
    update(library)
    folder.rename(tmp_path / "away")  # a disk that is not there today takes nothing with it
    assert update(library) == Changes(0, 0, 0, 5, 0, 1)
    assert library.failures() == [
        Unreadable(str(folder), 'no such file or folder: put it back, or run "onrecord corpus remove" for it')
    ]
    (tmp_path / "away").rename(folder)
    assert update(library) == Changes(0, 0, 0, 5, 0, 0)
    assert library.failures() == []


def test_odd_names(library: Library, tmp_path: Path) -> None:
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/a\nb \xff\xe2\x80\xae.txt")
    written(Path(odd), report(0))
    library.add(odd)
    assert update(library) == Changes(1, 1, 0, 0, 0, 0)
    assert update(library) == Changes(0, 0, 0, 1, 0, 0)
    (document,) = library.documents()
    assert isinstance(document, Document)
    assert document.article.path.isprintable()
    library.remove(odd)


def test_one_process_writes_and_others_read(library: Library, folder: Path, tmp_path: Path) -> None:
    library.add(str(folder))
    update(library)
    with pytest.raises(
        IndexBusy, match=rf'process {os.getpid()} \(".*", since .*\) is reading articles into .*: wait'
    ):
        Library.open(tmp_path / "library")
    with Library.open(tmp_path / "library", writing=False) as reader:
        assert len(list(reader.documents())) == 5


def test_a_damaged_library_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database at all" * 100)
    with pytest.raises(IndexDamaged, match=r'library\.db is damaged .*run "onrecord corpus add"'):
        Library.open(tmp_path)


def test_killed_in_the_middle_it_goes_on_from_there(tmp_path: Path) -> None:
    for number in range(40):
        written(tmp_path / "news" / f"{number:02}.txt", report(number))
    program = textwrap.dedent(
        """
        import os, signal, sys
        from pathlib import Path
        from corpus.library.library import Library

        def told(stage, done, total):
            if (stage, done) == ("reading", 25):
                os.kill(os.getpid(), signal.SIGKILL)

        with Library.open(Path(sys.argv[1])) as library:
            library.add(sys.argv[2])
            library.update(words=110, overlap=1, progress=told)
        """
    )
    command = [sys.executable, "-c", program, str(tmp_path / "library"), str(tmp_path / "news")]
    child = subprocess.run(command, cwd=ROOT, check=False)
    assert child.returncode == -signal.SIGKILL
    with Library.open(tmp_path / "library") as library:
        assert [root.place for root in library.roots()] == [str(tmp_path / "news")]
        changes = update(library)
        assert changes.read == changes.new == 15
        assert changes.unchanged == 25
        assert len(articles(library)) == 40
