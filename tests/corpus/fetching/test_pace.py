import threading
import time
from datetime import UTC, datetime

import pytest

from corpus.errors import FetchError
from corpus.fetching.pace import Pace, retry_after
from corpus.fetching.term import Term

NOW = datetime(2024, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("0", 0),
        ("120", 120),
        ("Fri, 01 Mar 2024 12:00:30 GMT", 30),
        ("Fri, 01 Mar 2024 12:00:30", 30),
        ("Fri, 01 Mar 2024 11:00:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("²", None),
        ("9" * 400, None),
        ("Fri, 99 Mar 99999 12:00:00 GMT", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


def test_turns_are_spaced_by_host() -> None:
    pace, term = Pace(), Term(60, threading.Event())
    start = time.monotonic()
    for host in ("a.example", "b.example", "a.example", "a.example"):
        pace.turn(host, 0.1, term)
    assert time.monotonic() - start >= 0.2


def test_a_turn_beyond_the_term_is_refused_and_not_taken() -> None:
    pace = Pace()
    pace.hold("a.example", 50)
    for _ in range(3):
        with pytest.raises(FetchError, match=r"asks to be left alone for (50|4\d) s"):
            pace.turn("a.example", 10, Term(5, threading.Event()))
    pace.turn("b.example", 10, Term(5, threading.Event()))


def test_a_hold_is_bounded() -> None:
    pace = Pace()
    pace.hold("a.example", 1e12)
    with pytest.raises(FetchError, match=r"left alone for (3600|35\d\d) s"):
        pace.turn("a.example", 1, Term(5, threading.Event()))


def test_waiting_ends_when_the_fetcher_is_closed() -> None:
    stop = threading.Event()
    pace = Pace()
    pace.hold("a.example", 50)
    threading.Timer(0.05, stop.set).start()
    with pytest.raises(FetchError, match="stopped"):
        pace.turn("a.example", 1, Term(60, stop))


def test_hosts_that_may_be_asked_again_are_forgotten() -> None:
    pace, term = Pace(), Term(60, threading.Event())
    for number in range(1_500):
        pace.turn(f"{number}.example", 0, term)
    assert len(pace._free) <= 1_001
