"""How far a build is: bars on a terminal, plain lines elsewhere, on standard error."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STEP = 10  # per cent between two plain lines


@contextmanager
def shown() -> Iterator[Callable[[str, int, int], None]]:
    """Something to call with ``(stage, done, total)``; a total of 0 is not known yet."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=None)
            bars.update(tasks[stage], completed=done, total=total or None)

        yield tell


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
