"""Waits for changes in a folder. The only importer of watchfiles."""

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

QUIET = 1_600
"""Milliseconds without a further change, at most, before changes are told together; as watchfiles has it."""
WAKE = 1_000
"""Milliseconds after which a stop is noticed, and once after the start: what changed before is told then."""


def changes(folder: Path, ignored: Sequence[Path], stop: threading.Event) -> Iterator[None]:
    """One item soon after the start, then one for each lot of changes below ``folder``, until ``stop`` is set.

    Hidden files, and all that is below the ``ignored`` folders, may change unseen.
    """
    from watchfiles import watch

    def counts(_: object, path: str) -> bool:
        changed = Path(path)
        hidden = any(part.startswith(".") for part in changed.relative_to(folder).parts)
        return not hidden and not any(changed.is_relative_to(other) for other in ignored)

    started = False
    for lot in watch(
        folder,
        watch_filter=counts,
        debounce=QUIET,
        rust_timeout=WAKE,
        yield_on_timeout=True,
        stop_event=stop,
        raise_interrupt=False,
    ):
        if lot or not started:
            yield
        started = True


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """Set by the first SIGINT or SIGTERM, so that what is being done comes to its end; a second one ends it."""
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def heard(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        restore()

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    for number in before:
        signal.signal(number, heard)
    try:
        yield stop
    finally:
        restore()
