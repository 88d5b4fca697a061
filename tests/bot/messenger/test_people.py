"""What the bot remembers of people and chats."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messenger.memory.people import People
from corpus.database import Database


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state.sqlite"


@pytest.fixture
def people(file: Path) -> Iterator[People]:
    database = Database(file, People.SCHEMA)
    yield People(database)
    database.close()


def test_a_language_is_kept_by_person_and_by_group_across_restarts(people: People, file: Path) -> None:
    people.choose(7, "ru")
    people.choose(-100, "kk")
    people.choose(7, "en")
    later = Database(file, People.SCHEMA)
    assert [People(later).chosen(who) for who in (7, -100, 8)] == ["en", "kk", None]
    later.close()
    people.choose(7, None)
    assert people.chosen(7) is None


def test_a_chat_that_moved_is_followed_with_its_language(people: People) -> None:
    people.choose(-1, "ru")
    people.moved(-1, -1001)
    people.moved(-1001, -1002)
    assert [people.place(chat) for chat in (-1, -1001, -1002, -5)] == [-1002, -1002, -1002, -5]
    assert people.chosen(-1002) == "ru"


def test_a_chat_that_is_gone_gets_nothing_until_it_is_back(people: People) -> None:
    people.gone(7)
    assert people.place(7) is None
    people.back(8)
    assert people.place(7) is None
    people.back(7)
    assert people.place(7) == 7


def test_where_a_chat_that_moved_is_gone_nothing_can_arrive_by_the_old_number(people: People) -> None:
    people.moved(-1, -1001)
    people.gone(-1)
    assert (people.place(-1), people.place(-1001)) == (None, None)
    people.back(-1001)
    assert people.place(-1) == -1001


@settings(max_examples=40, deadline=None)
@given(st.lists(st.permutations([-4, -3, -2, -1]).map(lambda ids: (ids[0], ids[1])), max_size=8))
def test_moves_in_any_order_lead_to_the_chat_that_was_named_last(moves: list[tuple[int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "state.sqlite", People.SCHEMA)
        people = People(database)
        for old, new in moves:
            people.moved(old, new)
            assert people.place(old) == people.place(new) == new
        database.close()
