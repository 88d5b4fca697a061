"""When a host may be asked again: politely spaced requests, and longer pauses where it asks for them."""

import re
import threading
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from corpus.fetching.term import Term

LONGEST_HOLD = 3_600.0
"""Seconds a host is left alone at most, whatever its Retry-After says."""
_MANY = 1_000  # hosts remembered before those that may be asked again are forgotten


class Pace:
    """Shared by all threads of a fetcher."""

    def __init__(self) -> None:
        self._free: dict[str, float] = {}
        self._lock = threading.Lock()

    def turn(self, host: str, pause: float, term: Term) -> None:
        """Returns when ``host`` may be asked; the next turn comes ``pause`` seconds later.

        Raises ``FetchError`` at once, taking no turn, if that is not within ``term``.
        """
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._free.get(host, now))
            if turn - now < term.left():
                self._free[host] = turn + pause
            if len(self._free) > _MANY:
                self._free = {name: free for name, free in self._free.items() if free > now}
        term.wait(turn - now)

    def hold(self, host: str, seconds: float) -> None:
        """Nobody asks ``host`` for so many seconds, ``LONGEST_HOLD`` at most."""
        free = time.monotonic() + min(seconds, LONGEST_HOLD)
        with self._lock:
            self._free[host] = max(free, self._free.get(host, free))


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds that a Retry-After header asks for (RFC 9110, 10.2.3: a number or a date), or None."""
    if value is None:
        return None
    if re.fullmatch(r"[0-9]{1,9}", value):
        return float(value)
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (date - (now or datetime.now(UTC))).total_seconds())
