from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from corpus.article import Article, Document, Passage, Sentence
from corpus.errors import IndexDamaged
from retrieval.store import Place, Store
from retrieval.storing import Writer

FULL = Document(
    Article(
        id="a/1",
        text="Head line.\n\nSaid “no” — 🙂 twice.",
        body=((0, 10), (12, 32)),
        path="in/a.md",
        title="Head line.",
        title_span=(0, 10),
        outlet="Outlet",
        author="A. Author",
        published=date(2023, 9, 28),
        updated=date(2023, 9, 29),
        url="https://example.org/a?b=c",
        language="en",
        origins=(("title", "line 1"), ("outlet", "the domain")),
    ),
    (
        Sentence(0, 10, heading=True, when=(date(2022, 1, 1), date(2022, 12, 31))),
        Sentence(12, 32, "direct", "Kassym-Jomart Tokayev"),
    ),
    (Passage(0, 32, 0, 2),),
)
BARE = Document(Article(id="b", text="x", body=(), path="b"), (), ())


@pytest.fixture
def store(tmp_path: Path, news: list[Document]) -> Iterator[Store]:
    writer = Writer(tmp_path / "rows.sqlite")
    for document in (FULL, BARE, *news):
        writer.add(document)
    assert (writer.articles, writer.sentences, writer.passages) == (5, 8, 7)
    writer.close()
    store = Store(tmp_path / "rows.sqlite")
    yield store
    store.close()


def test_what_is_read_is_what_was_written(store: Store, news: list[Document]) -> None:
    for row, document in enumerate((FULL, BARE, *news)):
        assert store.article(row) == document.article
        assert tuple(store.sentences(row)) == document.sentences
    assert store.counts() == {"articles": 5, "sentences": 8, "passages": 7}


def test_places_and_texts_of_passages(store: Store) -> None:
    places = store.places([2, 0])
    assert places[0] == Place(0, 0, "a/1", 0, 32, 0, 2)
    assert (places[2].article_id, places[2].first) == ("border", 1)
    assert store.texts(0, 2) == [
        ("Head line.", "Head line.\n\nSaid “no” — 🙂 twice."),
        ("No parallel imports", "Kazakhstan does not participate in parallel imports, Tokayev said."),
    ]


def test_copies_share_the_row_of_the_earliest(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "copies.sqlite")
    for _ in range(4):
        writer.add(BARE)
    writer.mark_copies([2, 0])
    writer.close()
    store = Store(tmp_path / "copies.sqlite")
    assert store.originals([0, 1, 2, 3]) == {0: 2, 2: 2}
    assert store.originals([1]) == {}
    assert store.article(2) == BARE.article
    store.close()


def test_a_row_that_is_not_there_is_damage(store: Store) -> None:
    with pytest.raises(IndexDamaged, match="no article 99"):
        store.article(99)


def test_conditions_on_passages(store: Store) -> None:
    def rows(since: Any = None, until: Any = None, outlets: Any = None, speakers: Any = None) -> list[int]:
        matching = store.matching(since, until, outlets, speakers)
        passages: list[int] = matching.passages.tolist()
        of = {article for article, row in store.passages_of(range(5)) if row in passages}
        assert of <= set(matching.articles.tolist())
        assert [row for row in range(-1, 8) if row in matching] == passages
        return passages

    assert rows() == [0, 1, 2, 3, 4, 5, 6]
    assert rows(since=date(2023, 9, 28)) == [0, 1, 2, 3, 4]
    assert rows(until=date(2023, 9, 28)) == [0, 1, 2]
    assert rows(since=date(2023, 9, 29), until=date(2024, 1, 19)) == [3, 4]
    assert rows(outlets=["Kazinform"]) == [3, 4]
    assert rows(outlets=[]) == []
    assert rows(speakers=["Kassym-Jomart Tokayev", "Timur Suleimenov"]) == [0, 1, 4]
    assert rows(outlets=["Kazinform"], speakers=["Kassym-Jomart Tokayev"]) == []


def test_threads_may_share_a_store(store: Store) -> None:
    read: list[str] = []
    threads = [Thread(target=lambda: read.extend(store.article(0).id for _ in range(50))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read == ["a/1"] * 400


@pytest.mark.parametrize("content", [b"", b"no database " * 1000])
def test_another_file_is_damage(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "rows.sqlite").write_bytes(content)
    store = Store(tmp_path / "rows.sqlite")
    with pytest.raises(IndexDamaged, match=r"rows\.sqlite is damaged"):
        store.counts()
    store.close()


def test_a_missing_file_is_damage(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged):
        Store(tmp_path / "none.sqlite")
