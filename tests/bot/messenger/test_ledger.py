"""What is remembered of messages, and of their ids."""

from itertools import islice
from pathlib import Path

from bot.messenger.memory.ledger import Entry
from bot.messenger.memory.state import Memory
from bot.messenger.outgoing.ids import Ids

MONTH = 31 * 24 * 3600


def test_an_entry_goes_from_sending_to_what_became_of_it(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "state.sqlite3")
    ledger = memory.ledger
    assert ledger.find("1:0") is None
    ledger.sending("1:0", 7, 41)
    assert ledger.find("1:0") == Entry("sending", 7, 41, None, "")
    memory.close()
    memory = Memory(tmp_path / "state.sqlite3")
    memory.ledger.sent("1:0", 7, 42)
    memory.ledger.sent("2:0", -7, 43)
    memory.ledger.failed("3:0", 7, "ConnectError")
    memory.ledger.gone("4:0", 8, "Forbidden")
    assert memory.ledger.find("1:0") == Entry("sent", 7, None, 42, "")
    assert [e.settled for n in range(1, 5) if (e := memory.ledger.find(f"{n}:0"))] == [
        True,
        True,
        False,
        True,
    ]
    assert memory.ledger.recent(1) == [(-7, 43)]
    assert memory.ledger.recent(9) == [(7, 42), (-7, 43)]
    assert memory.ledger.counts() == {"sent": 2, "failed": 1, "gone": 1}
    memory.close()


def test_what_is_a_month_old_is_forgotten(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "state.sqlite3")
    for number in range(4):
        memory.ledger.sent(f"{number}:0", 7, number)
    memory.database.write("UPDATE ledger SET at = at - ?", [(MONTH,)])
    for number in range(10, 12):
        memory.ledger.sent(f"{number}:0", 7, number)
    assert memory.ledger.counts() == {"sent": 2}
    memory.close()


def test_private_chats_and_basic_groups_count_together_and_supergroups_each_for_itself() -> None:
    ids = Ids()
    for chat, number in ((7, 10), (-7, 12), (-1_000_000_000_007, 500), (8, 11)):
        ids.add(chat, number)
    ids.reached(9, 14)
    assert [ids.highest(chat) for chat in (1, -1, -1_000_000_000_007, -1_000_000_000_008)] == [
        14,
        14,
        500,
        None,
    ]
    assert list(islice(ids.unknown(7, 9), 3)) == [13, 14, 15]
    assert list(islice(ids.unknown(-1_000_000_000_007, 498), 3)) == [499, 501, 502]


def test_the_oldest_ids_are_forgotten_first() -> None:
    ids = Ids()
    for number in range(1, 20_001):
        ids.add(7, number)
    assert next(ids.unknown(7, 5_000)) == 20_001
    assert next(ids.unknown(7, 1_000)) == 1_001
    for chat in range(5_000):
        ids.add(-1_000_000_000_000 - chat, 3)
    assert ids.highest(-1_000_000_000_000) is None
    assert ids.highest(-1_000_000_004_999) == 3
