"""The time one fetch has."""

import threading
import time

from corpus.errors import FetchError

TICK = 0.25
"""Seconds between two looks at whether the fetcher was closed, wherever something is waited for."""


class Term:
    """Ends when its seconds are over, or at once when ``stop`` is set."""

    def __init__(self, seconds: float, stop: threading.Event) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds
        self._stop = stop

    def left(self) -> float:
        """Seconds left, more than 0; raises ``FetchError`` when there are none."""
        if self._stop.is_set():
            raise FetchError("fetching was stopped: start it again to read this")
        left = self._end - time.monotonic()
        if left <= 0:
            raise FetchError(f"took longer than {self._seconds:g} s: try again later, or allow more time")
        return left

    def wait(self, seconds: float) -> None:
        """Returns after so many seconds; raises ``FetchError`` at once if that is more than is left."""
        if seconds >= self.left():
            raise FetchError(f"asks to be left alone for {seconds:.0f} s: try again later")
        self._stop.wait(seconds)
        self.left()
