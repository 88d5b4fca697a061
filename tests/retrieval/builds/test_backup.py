"""One archive of a build and its library: whole or refused, and put back at once or not at all."""

import io
import json
import os
import random
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from corpus import database
from corpus.article import Document
from corpus.database import Database
from corpus.errors import IndexBusy, IndexDamaged, IndexMissing, IndexUnusable, UsageError
from corpus.library import snapshots
from corpus.library.library import Library
from retrieval.build import build
from retrieval.builds import archive, manifest, room, shelf
from retrieval.builds.backup import backup, restore
from retrieval.builds.manifest import File
from retrieval.search import Index
from tests.retrieval.builds.processes import ROOT

FIRST, SECOND = "first.txt", "second.txt"


def make(index: Path, documents: list[Document], encoder: Any, article: Path) -> str:
    """A build of ``documents``, and a library that holds ``article``."""
    article.parent.mkdir(exist_ok=True)
    article.write_text(f"The mayor of {article.stem} said on Monday that the bridge would open in May.")
    with Library.open(index / "library") as library:
        library.add(str(article))
        library.update(words=110, overlap=1)
        state = library.state()
    return build(
        documents, index, encoder, sources=["news"], cache=index.parent / "cache", library=state
    ).build


def held(index: Path) -> list[str]:
    """Names of the articles in the library."""
    with Library.open(index / "library", writing=False) as library:
        return [
            found.article.path.rpartition("/")[2]
            for found in library.documents()
            if isinstance(found, Document)
        ]


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.fixture(scope="module")
def place(news: list[Document], fake_encoder_type: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``old``, an index of one article; ``new``, one of three; ``old.tar``, a backup of the first."""
    place = tmp_path_factory.mktemp("backups")
    for name, documents, article in (("old", news[:1], FIRST), ("new", news, SECOND)):
        make(place / name, documents, fake_encoder_type(), place / "articles" / article)
    backup(place / "old", place / "old.tar")
    return place


@pytest.fixture
def index(place: Path, tmp_path: Path) -> Path:
    """A copy of ``new``."""
    return Path(shutil.copytree(place / "new", tmp_path / "index"))


def test_it_is_a_plain_archive_of_what_it_lists(place: Path) -> None:
    described = manifest.verify(place / "old")
    with tarfile.open(place / "old.tar") as opened:
        names = opened.getnames()
        listed = json.loads(opened.extractfile("onrecord-backup.json").read())  # type: ignore[union-attr]
        members = {name: opened.extractfile(name).read() for name in names[1:]}  # type: ignore[union-attr]
    assert names == ["onrecord-backup.json", *listed["files"]]
    assert (listed["build"], listed["created"]) == (described.build, described.created)
    files = {f"build/{name}" for name in described.files}
    assert set(members) == files | {"build/manifest.json", "library/library.db"}
    for name, content in members.items():
        assert listed["files"][name]["size"] == len(content)
    assert sorted(path.name for path in place.iterdir()) == ["articles", "cache", "new", "old", "old.tar"]


def test_into_an_empty_folder(place: Path, tmp_path: Path, fake_encoder: Any) -> None:
    described = restore(place / "old.tar", tmp_path / "here")
    assert manifest.verify(tmp_path / "here") == described == manifest.verify(place / "old")
    assert held(tmp_path / "here") == [FIRST]
    with Library.open(tmp_path / "here" / "library") as library:
        assert library.state() == described.library
    with closing(Index.open(tmp_path / "here", fake_encoder)) as index:
        assert index.article(0).id == "border"


def test_over_an_index_what_was_there_is_kept(place: Path, index: Path) -> None:
    before = manifest.current(index).name
    described = restore(place / "old.tar", index)
    assert manifest.verify(index) == described
    assert held(index) == [FIRST]
    assert {build.name for build in shelf.kept(index)} == {before, described.build}
    manifest.whole(index / "builds" / before)
    (dated,) = (index / "library").glob("library-*.db")
    with closing(Database(dated)) as kept:
        assert kept.rows("SELECT path FROM items")[0][0].endswith(SECOND)
    assert not list((index / "library").glob("restored-*"))


def test_over_the_very_build_even_damaged(place: Path, tmp_path: Path) -> None:
    index = Path(shutil.copytree(place / "old", tmp_path / "index"))
    path = manifest.current(index) / "rows.sqlite"
    path.write_bytes(path.read_bytes()[:-1])
    (index / "library" / "library.db").write_bytes(b"no database at all")
    described = restore(place / "old.tar", index)
    assert described.build == f"{manifest.current(place / 'old').name}-2"
    assert manifest.verify(index) == described
    assert held(index) == [FIRST]


def test_a_library_that_is_written_to_is_copied_as_it_was_last_kept(index: Path, tmp_path: Path) -> None:
    with Library.open(index / "library") as library, library._tables.transaction():
        library._tables.put("INSERT INTO facts VALUES ('half', 'done')")
        backup(index, tmp_path / "x.tar")
    restore(tmp_path / "x.tar", tmp_path / "here")
    with closing(Database(tmp_path / "here" / "library" / "library.db")) as copied:
        assert copied.rows("SELECT name FROM facts") == [("format",)]


def test_an_index_without_a_library(place: Path, index: Path, tmp_path: Path) -> None:
    alone = Path(shutil.copytree(place / "old", tmp_path / "alone", ignore=shutil.ignore_patterns("library")))
    backup(alone, tmp_path / "x.tar")
    restore(tmp_path / "x.tar", index)
    assert manifest.verify(index).build == manifest.current(place / "old").name
    assert held(index) == [SECOND]


def test_a_file_is_not_replaced_unasked(place: Path, index: Path, tmp_path: Path) -> None:
    target = tmp_path / "x.tar"
    target.write_bytes(b"mine")
    with pytest.raises(UsageError, match=r"is there already: .* --force"):
        backup(index, target)
    assert target.read_bytes() == b"mine"
    backup(index, target, force=True)
    assert restore(target, tmp_path / "here").build == manifest.current(index).name
    with pytest.raises(UsageError, match="there is no folder"):
        backup(index, tmp_path / "none" / "x.tar")
    with pytest.raises(UsageError, match="is a folder: name a file"):
        backup(index, tmp_path, force=True)
    with pytest.raises(IndexMissing):
        backup(tmp_path / "none", tmp_path / "y.tar")


def test_damage_is_not_carried_away(index: Path, tmp_path: Path) -> None:
    for path in (manifest.current(index) / "words" / "meta.json", index / "library" / "library.db"):
        content = path.read_bytes()
        path.write_bytes(
            content[:-1] + b"x" if path.suffix == ".json" else content[:5000] + bytes(len(content) - 5000)
        )
        with pytest.raises(IndexDamaged, match=f"{path.name} is damaged"):
            backup(index, tmp_path / "x.tar")
        path.write_bytes(content)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index"]


def harmed(content: bytes) -> Iterator[bytes]:
    """Each bit of each header and of the list flipped in turn is too many: one of every block, and some of the rest."""
    chance = random.Random(5)  # noqa: S311  the same harm in every run
    for begin in range(0, len(content), 512):
        at = begin + chance.randrange(min(512, len(content) - begin))
        yield content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]
    for _ in range(100):
        yield content[: chance.randrange(len(content))]
    yield content + b"\0"


def test_one_flipped_bit_or_a_cut_anywhere_is_refused(place: Path, index: Path, tmp_path: Path) -> None:
    """Of an archive small enough to be harmed in every block."""
    files = {"build/manifest.json": b"{}" * 400, "build/words/a": b"", "library/library.db": b"x" * 512}
    known = {name: File(len(data), sha256(data).hexdigest()) for name, data in files.items()}
    sources = {}
    for number, (name, data) in enumerate(files.items()):
        sources[name] = tmp_path / str(number)
        sources[name].write_bytes(data)
    stream = io.BytesIO()
    archive.write(archive.Contents("1", "2", known), sources, stream)
    small = stream.getvalue()
    for number, content in enumerate([small, *harmed(small)]):
        placed = tmp_path / "out" / str(number)
        stream = io.BytesIO(content)
        try:
            archive.unpack(archive.read_contents(stream), stream, lambda name, placed=placed: placed / name)  # type: ignore[misc]
        except IndexDamaged:
            assert number
        else:
            assert not number


def test_a_harmed_backup_leaves_all_as_it_was(place: Path, index: Path, tmp_path: Path) -> None:
    content = (place / "old.tar").read_bytes()
    chosen = list(harmed(content))[::301]
    for number, bad in enumerate([*chosen, b"", b"no archive", bytes(10_000)]):
        file = tmp_path / f"{number}.tar"
        file.write_bytes(bad)
        with pytest.raises(IndexDamaged, match=rf"{number}\.tar cannot be restored, .*: take another backup"):
            restore(file, index)
    locks = {".lock": b"", "library/.lock": b""}
    assert tree(index) | locks == tree(place / "new") | locks


NAMES = [
    "../x",
    "/x",
    "build/../../x",
    "build//x",
    "build/./x",
    "library/../x",
    "build/x\n",
    "x",
    "build/",
    "builds/x",
    "",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_leads_elsewhere_is_refused(name: str, tmp_path: Path) -> None:
    source = tmp_path / "x"
    source.write_bytes(b"evil")
    known = {"build/manifest.json": File(4, manifest.sha256(source)), name: File(4, manifest.sha256(source))}
    stream = io.BytesIO()
    archive.write(archive.Contents("1", "2", known), dict.fromkeys(known, source), stream)
    (tmp_path / "evil.tar").write_bytes(stream.getvalue())
    with pytest.raises(IndexDamaged, match="cannot be restored"):
        restore(tmp_path / "evil.tar", tmp_path / "here" / "index")
    assert not [path for path in tmp_path.rglob("x") if path != source]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE])
def test_links_and_other_members_are_refused(kind: bytes, place: Path, index: Path, tmp_path: Path) -> None:
    with tarfile.open(place / "old.tar") as opened, tarfile.open(tmp_path / "x.tar", "w") as written:
        for member in opened:
            info = member
            if member.name == "library/library.db":
                info = tarfile.TarInfo(member.name)
                info.type, info.linkname = kind, "/etc/passwd"
            written.addfile(info, opened.extractfile(member))
    with pytest.raises(IndexDamaged):
        restore(tmp_path / "x.tar", index)
    assert held(index) == [SECOND]


def test_a_build_that_is_not_the_listed_one_is_refused(place: Path, index: Path, tmp_path: Path) -> None:
    with (place / "old.tar").open("rb") as stream:
        contents = archive.read_contents(stream)
    build = manifest.current(place / "old")
    more = {**contents.files, "build/more": File(0, manifest.sha256(Path(os.devnull)))}
    sources = {f"build/{name}": build / name for name in (*manifest.read(build).files, "manifest.json")}
    sources |= {
        "build/more": Path(os.devnull),
        "library/library.db": place / "old" / "library" / "library.db",
    }
    known = {
        name: File(
            sources[name].stat().st_size if name != "build/more" else 0, manifest.sha256(sources[name])
        )
        for name in more
    }
    with (tmp_path / "x.tar").open("wb") as out:
        archive.write(archive.Contents(contents.build, contents.created, known), sources, out)
    with pytest.raises(IndexDamaged, match="its build is not the one of its list"):
        restore(tmp_path / "x.tar", index)


def test_room_is_asked_for_first(
    place: Path, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MARGIN", 10**18)
    with pytest.raises(IndexUnusable, match=r"what the backup holds in .* needs .* MB and .* MB are free"):
        restore(place / "old.tar", index)
    with pytest.raises(IndexUnusable, match=r"a backup in .* needs 1,000,000,000,00"):
        backup(index, tmp_path / "x.tar")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index"]
    assert tree(index) == tree(place / "new")


def test_a_library_in_use_is_waited_for(place: Path, index: Path) -> None:
    with Library.open(index / "library"), pytest.raises(IndexBusy, match="is reading articles into"):
        restore(place / "old.tar", index)
    assert held(index) == [SECOND]


STOPPED = """
import os, shutil, signal, sys
from pathlib import Path
from retrieval.builds.backup import restore
new, file, copies = map(Path, sys.argv[1:])
real = {name: getattr(os, name) for name in ("rename", "replace", "fsync", "link", "unlink", "mkdir", "open")}
def child(index, stop):
    calls = iter(range(1, stop))
    def stopped(call):
        def made(*given, **named):
            if next(calls, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*given, **named)
        return made
    for name, call in real.items():
        setattr(os, name, stopped(call))
    restore(file, index)
    os._exit(7)
for stop in range(1, 400):
    index = Path(shutil.copytree(new, copies / str(stop)))
    pid = os.fork() or child(index, stop)
    if os.waitpid(pid, 0)[1] != signal.SIGKILL:
        break
"""


def test_killed_at_any_moment_it_is_the_old_state_or_the_new(place: Path, tmp_path: Path) -> None:
    """Before every call that names, moves or syncs a file; ``pathlib`` calls those of ``os``."""
    old, new = manifest.current(place / "new").name, manifest.current(place / "old").name
    command = [sys.executable, "-c", STOPPED, str(place / "new"), str(place / "old.tar"), str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True)
    outcomes = []
    for index in sorted(tmp_path.iterdir(), key=lambda path: int(path.name)):
        answers = manifest.verify(index).build
        snapshots.settle(index, answers)
        outcomes.append((answers, *held(index)))
        assert not list((index / "library").glob("restored-*"))
    assert len(outcomes) > 50
    assert outcomes == sorted(outcomes, reverse=True)
    assert set(outcomes) == {(old, SECOND), (new, FIRST)}
    for index in (tmp_path / "20", tmp_path / str(len(outcomes) - 1)):
        assert restore(place / "old.tar", index).articles == 1
        assert not [path.name for path in (index / "builds").iterdir() if path.name.startswith(".")]


def test_a_killed_backup_is_swept_by_the_next(index: Path, tmp_path: Path) -> None:
    aside = tmp_path / ".x.tar.aside"
    aside.mkdir()
    for name in ("archive", "library.db", "library.db-journal", ".lock"):
        (aside / name).write_text("half of it", encoding="utf-8")
    backup(index, tmp_path / "x.tar")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index", "x.tar"]
    restore(tmp_path / "x.tar", tmp_path / "here")


def test_a_read_only_library_is_copied(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    database.copy(place / "old" / "library" / "library.db", tmp_path / "copy.db", mend="")
    with closing(Database(tmp_path / "copy.db")) as copied:
        assert copied.rows("SELECT count(*) FROM items") == [(1,)]
    assert sorted(path.name for path in (place / "old" / "library").iterdir()) == [".lock", "library.db"]
