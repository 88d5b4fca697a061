"""What can befall a builder: it is killed, its calls fail, its disk fills. Each harm is followed by a judgement."""

import errno
import os
import random
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from enum import IntEnum
from pathlib import Path

from tests.retrieval.faults.builder import Builder, Step
from tests.retrieval.faults.site import Outcome, Site

SHIM = Path(__file__).with_name("failing_calls.c")


class Kind(IntEnum):
    """Calls that change files, numbered as in failing_calls.c."""

    WRITE = 0
    SYNC = 1
    RENAME = 2
    CREATE = 3
    RESIZE = 4
    MODE = 5


ERRORS = {
    Kind.WRITE: (errno.ENOSPC, errno.EDQUOT, errno.EIO),
    Kind.SYNC: (errno.EIO, errno.ENOSPC, errno.EDQUOT),
    Kind.RENAME: (errno.ENOSPC, errno.EIO, errno.EROFS),
    Kind.CREATE: (errno.ENOSPC, errno.EROFS, errno.EMFILE),
    Kind.RESIZE: (errno.ENOSPC, errno.EIO),
    Kind.MODE: (errno.EROFS, errno.EPERM),
}
"""Those that the manual pages name for such a call."""


def compiled(folder: Path) -> Path | None:
    """failing_calls.c as a library in ``folder``; None where there is no compiler or no Linux to load it."""
    compiler = shutil.which("cc")
    if not compiler or os.uname().sysname != "Linux":
        return None
    library = folder / "failing_calls.so"
    made = subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", library, SHIM, "-ldl"], check=False, capture_output=True
    )
    return None if made.returncode else library


def at_once(sites: Sequence[Site], harm: Callable[[Site, int], Iterable[Outcome]]) -> list[Outcome]:
    """What ``harm(site, number)`` comes to at every site, each in a thread of its own."""
    with ThreadPoolExecutor(len(sites)) as pool:
        found = pool.map(lambda number: list(harm(sites[number], number)), range(len(sites)))
        return [outcome for outcomes in found for outcome in outcomes]


def killed_at_random(site: Site, times: int, seed: int) -> Iterator[Outcome]:
    """SIGKILL at moments spread over the time that a build takes, and a little over its end."""
    moments = random.Random(seed)  # noqa: S311  to be repeated, not to be secret
    assert not site.next_build()
    site.serving = site.other
    for _ in range(times):
        shutil.rmtree(site.base / "cache", ignore_errors=True)
        builder = site.builder.start(**site.job)
        time.sleep(moments.uniform(0, 1.05 * site.seconds))
        with suppress(ProcessLookupError):  # it was quicker than those before
            os.kill(builder, signal.SIGKILL)
        yield site.judged(site.builder.wait())


def steps(site: Site) -> list[Step]:
    """Every moment at which a function of the builder is entered or left; the index then is of the other corpus."""
    ended = site.build(listing=True)
    assert ended.built, ended
    site.serving = site.other
    return list(ended.steps)


def killed_at(site: Site, fatal: Iterable[Step]) -> Iterator[Outcome]:
    for step in fatal:
        yield site.judged(site.build(step=step))


def traced(site: Site) -> list[tuple[Kind, str]]:
    """The calls of a whole build in their order, with paths below the site; the index then is of the other corpus.

    tantivy renames its small files past the C library: those are not among them, and cannot be made to fail.
    """
    trace = site.base / "trace"
    trace.unlink(missing_ok=True)
    ended = site.build(trace=str(trace))
    assert ended.built, ended
    site.serving = site.other
    lines = (line.split(maxsplit=1) for line in trace.read_text(encoding="utf-8").splitlines())
    return [(Kind(int(kind)), path) for kind, path in lines]


def calls(site: Site) -> Counter[Kind]:
    """How many calls of each kind a build makes."""
    return Counter(kind for kind, _ in traced(site))


def killed_before(site: Site, kind: Kind, numbers: Iterable[int]) -> Iterator[Outcome]:
    """SIGKILL just before the nth call of a kind."""
    for number in numbers:
        yield site.judged(site.build(call=[kind, number, 0, 0]))


def failing(site: Site, kind: Kind, numbers: Iterable[int], seed: int) -> Iterator[Outcome]:
    """The nth call of a kind fails, once or with all that come after it."""
    choices = random.Random(seed)  # noqa: S311
    for number in numbers:
        error, lasting = choices.choice(ERRORS[kind]), choices.randrange(2)
        yield site.judged(site.build(call=[kind, number, error, lasting]))


def without_room(site: Site, sizes: Sequence[int]) -> Iterator[Outcome]:
    """No file may grow beyond so many bytes; the system itself fails the write, from whichever language."""
    for size in sizes:
        yield site.judged(site.build(size=size))


def two_at_once(site: Site, second: Builder, times: int, seed: int) -> Iterator[Outcome]:
    """Another builder begins a little later, or sooner, than the first; one of them is killed now and then.

    The outcome is that of the second, judged with what the first came to.
    """
    choices = random.Random(seed)  # noqa: S311
    assert not site.next_build()
    site.serving = site.other
    for number in range(times):
        shutil.rmtree(site.base / "cache", ignore_errors=True)
        first = site.builder.start(**site.job)
        time.sleep(choices.uniform(0, site.seconds) if number % 4 else 0)
        second.start(**site.job)
        if number % 5 == 4:
            with suppress(ProcessLookupError):
                os.kill(first, signal.SIGKILL)
        ended = [site.builder.wait(), second.wait()]
        built = next((one for one in ended if one.built), None)
        outcome = site.judged(built or ended[0])
        strange = [e.message for e in ended if e.error not in ("", "IndexBusy")]
        if not built and number % 5 != 4:
            strange.append("neither of two builders has built")
        told = f"{ended[1].error}: {ended[1].message}" if ended[1].error else "built"
        yield replace(outcome, told=told, violations=(*outcome.violations, *strange))
