"""Updates on the disk: taken once ever, in order, erased when done."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.messenger.memory import journal
from bot.messenger.memory.journal import TRIES, Journal
from bot.messenger.memory.state import Memory


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state.sqlite"


@pytest.fixture
def kept(file: Path) -> Iterator[Journal]:
    with closing(Memory(file)) as memory:
        yield memory.journal


def test_each_is_taken_once(kept: Journal) -> None:
    assert kept.take([(7, "a"), (5, "b"), (7, "a")]) == [(7, "a"), (5, "b")]
    assert kept.take([(5, "b"), (6, "c")]) == [(6, "c")]
    assert kept.take([]) == []


def test_what_waits_stays_in_the_order_it_came(kept: Journal) -> None:
    kept.take([(7, "a"), (5, "b")])
    kept.take([(1, "c")])
    kept.done(5)
    assert kept.waiting() == [(7, "a"), (1, "c")]


def test_it_outlives_the_process(file: Path) -> None:
    with closing(Memory(file)) as memory:
        memory.journal.take([(7, "a"), (5, "b")])
        memory.journal.done(7)
    with closing(Memory(file)) as memory:
        assert memory.journal.waiting() == [(5, "b")]
        assert memory.journal.take([(7, "a"), (5, "b")]) == []


@pytest.mark.parametrize("times", [1, 1000], ids=["short", "beyond a page of the file"])
def test_what_is_done_is_erased(file: Path, times: int) -> None:
    with closing(Memory(file)) as memory:
        memory.journal.take([(7, "a confidential matter " * times)])
        memory.journal.done(7)
        assert memory.database.flush()
        assert memory.database.rows("SELECT update_id, body FROM journal") == [(7, None)]
    assert b"confidential" not in file.read_bytes()


def test_its_owner_alone_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "bot" / "state.sqlite"
    with closing(Memory(file)) as memory:
        memory.journal.take([(7, "a confidential matter")])
        rights = {path.name: path.stat().st_mode & 0o777 for path in (file.parent, *file.parent.iterdir())}
    assert rights.pop("bot") == 0o700
    assert len(rights) == 3
    assert set(rights.values()) == {0o600}


def test_it_is_begun_three_times_at_most(kept: Journal) -> None:
    kept.take([(7, "a")])
    assert [kept.begin(7) for _ in range(TRIES + 1)] == [True] * TRIES + [False]


def test_what_was_put_off_does_not_count(kept: Journal) -> None:
    kept.take([(7, "a")])
    for _ in range(TRIES + 5):
        assert kept.begin(7)
        kept.put_off(7)


def test_numbers_that_begin_anew_are_taken(kept: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.take([(7, "a"), (8, "waits")])
    kept.done(7)
    monkeypatch.setattr(journal, "_KEPT", -1)
    assert kept.take([(7, "b"), (8, "c")]) == [(7, "b")]
    assert kept.waiting() == [(8, "waits"), (7, "b")]


def test_what_telegram_offers_no_more_is_forgotten(
    file: Path, kept: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "_MOST", 10)
    for start in range(0, 5000, 100):
        kept.take([(number, "x") for number in range(start, start + 100)])
        for number in range(start, start + 100):
            if number != 3:
                kept.done(number)
    with closing(Memory(file)) as other:
        ((count,),) = other.database.rows("SELECT count(*) FROM journal")
        assert count < 200
        assert other.journal.waiting() == [(3, "x")]
