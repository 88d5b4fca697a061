"""Indexes that earlier formats left behind (see make.py), under the code of today."""

import hashlib
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.app import App
from corpus.errors import IndexMismatch
from corpus.library.library import Library
from corpus.library.tables import FORMAT
from retrieval.builds import manifest
from retrieval.encoder import Encoder
from retrieval.search import Index
from tests.bot.test_cli import Done, onrecord

HERE = Path(__file__).parent
MADE_IN = b"/tmp/onrecord-golden"  # where make.py made them
LATER = "“Lorries may cross the bridge from Tuesday,” mayor Anna Ohl said."
EARLIER = list(range(1, manifest.SCHEMA))
WITH_LIBRARY = [number for number in EARLIER if number >= 4]
QUESTION = "from when may lorries cross the bridge?"
HITS = [
    ("bridge.md", 100, 165, 0.04918, 0.80675, 4.22337),
    ("mill.md", 75, 163, 0.016129, 0.19807, 0.0),
    ("rates.md", 78, 181, 0.015873, -0.02656, 0.0),
]
"""Article, start and end of the passage, score, cosine and BM25, as they were then."""

Unpack = Callable[[int], Path]
Run = Callable[..., Done]


@pytest.fixture
def unpack(tmp_path: Path) -> Unpack:
    """``unpack(format)`` gives the folder of that golden index, beside its articles as they were then."""

    def unpacked(number: int) -> Path:
        with tarfile.open(HERE / f"format-{number}.tar.xz") as packed:
            packed.extractall(tmp_path, filter="data")
        (tmp_path / "articles").mkdir()
        for name, text in texts()[:3]:
            (tmp_path / "articles" / name).write_text(text, encoding="utf-8")
        if number in WITH_LIBRARY:
            _move(tmp_path / "index" / "library" / "library.db", tmp_path)
        return tmp_path / "index"

    return unpacked


def _move(library: Path, to: Path) -> None:
    """As if the articles had always been here: files are known by their places."""
    with closing(sqlite3.connect(library)) as tables, tables:
        for table in ("roots", "items"):
            for number, place in tables.execute(f"SELECT number, place FROM {table}").fetchall():  # noqa: S608
                moved = place.replace(MADE_IN, str(to).encode())
                assert moved != place
                tables.execute(f"UPDATE {table} SET place = ? WHERE number = ?", (moved, number))  # noqa: S608


@pytest.fixture
def data(tmp_path: Path, models: Path, encoder: Encoder) -> Path:
    """The data folder, with the model ready."""
    assert encoder.dimension == 384
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "models").symlink_to(models)
    return tmp_path / "data"


@pytest.fixture
def run(data: Path) -> Run:
    """``onrecord`` over the index that was unpacked and its articles."""
    places = ["--corpus", "articles", "--index", "index"]
    return lambda *command: onrecord(*command, *places, data=data, cwd=data.parent)


@pytest.fixture
def app(data: Path) -> App:
    """The same in this process."""
    return App.of([data.parent / "articles"], data.parent / "index", None)


def texts() -> list[tuple[str, str]]:
    """Every version of every article that was indexed, by id; first those of the last build."""
    first = {path.name: path.read_text(encoding="utf-8") for path in sorted((HERE / "articles").iterdir())}
    front, end, _ = first["bridge.md"].rpartition("---\n")
    last = [
        ("bridge.md", f"{front}{end}\n{LATER}\n"),
        *((name, first[name]) for name in ("mill.md", "rates.md")),
    ]
    return [*last, ("bridge.md", first["bridge.md"]), ("harvest.md", first["harvest.md"])]


def test_every_format_there_was_has_a_golden_index() -> None:
    there = {path.name for path in HERE.glob("format-*")}
    assert there == {f"format-{number}.tar.xz" for number in range(1, manifest.SCHEMA + 1)}


def test_the_format_of_today_gives_the_hits_it_gave_when_it_was_made(
    unpack: Unpack, encoder: Encoder
) -> None:
    folder = unpack(manifest.SCHEMA)
    assert manifest.verify(folder).build == manifest.current(folder).name
    index = Index.open(folder, encoder)
    hits = index.search(QUESTION, k=3)
    told = [index.article(hit.article) for hit in hits]
    index.close()
    assert [(hit.article_id, hit.start, hit.end) for hit in hits] == [hit[:3] for hit in HITS]
    assert [(hit.score, hit.cosine, hit.bm25) for hit in hits] == [
        pytest.approx(hit[3:], abs=1e-4) for hit in HITS
    ]
    assert [(article.id, article.text) for article in told] == [
        next(one for one in texts() if one[0] == name) for name, *_ in HITS
    ]


@pytest.mark.parametrize("number", EARLIER)
def test_an_earlier_format_is_refused_by_name_with_what_mends_it(
    unpack: Unpack, run: Run, encoder: Encoder, number: int
) -> None:
    folder = unpack(number)
    line = f'has format {number}, this Onrecord reads {manifest.SCHEMA}: run "onrecord index build"'
    with pytest.raises(IndexMismatch, match=line):
        Index.open(folder, encoder)
    done = run("ask", QUESTION)
    assert (done.code, done.out) == (3, "")
    build = (folder / "CURRENT").read_text(encoding="utf-8").strip()
    assert done.err == f"onrecord: index/builds/{build} {line}\n"


@pytest.mark.parametrize("number", EARLIER)
def test_a_build_over_an_earlier_format_mends_it(
    unpack: Unpack, app: App, encoder: Encoder, number: int
) -> None:
    folder = unpack(number)
    old = builds(folder)
    outcome = app.build(quiet)
    assert outcome.report
    index = Index.open(folder, encoder)
    found = index.search(QUESTION, k=1)[0]
    text = index.article(found.article).text
    index.close()
    assert index.build == outcome.report.build
    assert (found.article_id, text) == texts()[0]
    assert builds(folder) == {*old, index.build}


def test_the_command_that_mends_it_and_no_way_back(unpack: Unpack, run: Run) -> None:
    folder = unpack(EARLIER[-1])
    done = run("index", "build")
    assert (done.code, done.out) == (0, "")
    build = manifest.current(folder).name
    back = run("index", "rollback")
    assert (back.code, back.out, back.err.count("\n")) == (3, "", 1)
    assert f"has format {EARLIER[-1]}, this Onrecord reads {manifest.SCHEMA}" in back.err
    assert manifest.current(folder).name == build
    assert run("ask", QUESTION, "--json").answer["index"]["build"] == build


@pytest.mark.parametrize("number", WITH_LIBRARY)
def test_an_update_keeps_every_version_of_every_article(unpack: Unpack, app: App, number: int) -> None:
    folder = unpack(number)
    outcome = app.update(quiet)
    assert outcome.report
    found = outcome.changes
    assert (found.new, found.changed + found.unchanged, found.removed, found.failed) == (0, 3, 0, 0)
    assert manifest.current(folder).name == outcome.report.build
    with Library.open(folder / "library", writing=False) as library:
        for name, text in texts():
            article = library.version(name, hashlib.sha256(text.encode()).hexdigest())
            assert (article.id, article.text) == (name, text)


def test_a_library_of_another_format_says_what_to_do(unpack: Unpack, run: Run) -> None:
    library = unpack(EARLIER[-1]) / "library" / "library.db"
    with closing(sqlite3.connect(library)) as tables, tables:
        tables.execute("UPDATE facts SET value = '0' WHERE name = 'format'")
    before = library.read_bytes()
    done = run("index", "update")
    assert (done.code, done.out, done.err.count("\n")) == (3, "", 1)
    assert f"library.db has format 0, this Onrecord reads {FORMAT}: put back a copy of it, or" in done.err
    assert library.read_bytes() == before


def builds(folder: Path) -> set[str]:
    return {path.name for path in (folder / "builds").iterdir() if path.name[0] != "."}


def quiet(_stage: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""
