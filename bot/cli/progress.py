"""How far a build is: bars on a terminal, plain lines elsewhere, on standard error."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

STEP = 10  # per cent between two plain lines


@contextmanager
def shown() -> Iterator[Callable[[str, int, int], None]]:
    """Something to call with ``(stage, done, total)``; a total of 0 is not known yet."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    bars = _Bars()
    try:
        yield bars
    finally:
        bars.stop()


class _Bars:
    """A bar for each stage; nothing is drawn, nor loaded, before there is a stage."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        self._progress = self._progress or _started()
        if stage not in self._tasks:
            self._tasks[stage] = self._progress.add_task(stage, total=None)
        self._progress.update(self._tasks[stage], completed=done, total=total or None)

    def stop(self) -> None:
        if self._progress:
            self._progress.stop()


def _started() -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    progress = Progress(*columns, console=Console(stderr=True), transient=True)
    progress.start()
    return progress


class _Lines:
    """A line as a stage begins, at every tenth of it and no more."""

    def __init__(self) -> None:
        self._said: dict[str, int] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        step = 100 * done // total // STEP if total else 0
        if step > self._said.get(stage, -1):
            self._said[stage] = step
            sys.stderr.write(f"{stage}: {done} of {total}\n" if total else f"{stage} ...\n")
            sys.stderr.flush()
