"""SIGTERM and SIGHUP end a command as Ctrl-C does: everything unwinds, and nothing is left half done."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_TOLD = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def unwinding() -> Iterator[None]:
    """The first such signal raises SystemExit of 128 + its number; further ones wait for what unwinds.

    What was ignored stays ignored, as under nohup. Does nothing but in the main thread.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _TOLD}
    ours = [number for number, handler in before.items() if handler is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, before[number])


def _end(number: int, _: FrameType | None) -> None:
    for told in _TOLD:
        signal.signal(told, signal.SIG_IGN)
    raise SystemExit(128 + number)
