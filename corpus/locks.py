"""One holder at a time: a lock of the operating system on a file that also tells who holds it.

The system lets go of the lock when its process ends, however that comes about. The file stays, and what it says is
read only while the lock is held.
"""

import contextlib
import fcntl
import os
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from itertools import takewhile
from pathlib import Path

from corpus.errors import IndexBusy


@contextlib.contextmanager
def held(file: Path, doing: str) -> Iterator[None]:
    """Hold the lock on ``file`` meanwhile; raises as ``take``."""
    lock = take(file, doing)
    try:
        yield
    finally:
        release(lock)


def take(file: Path, doing: str) -> int:
    """The lock on ``file``, held until ``release``.

    Raises IndexBusy, naming the process that has it and saying that it is ``doing``; OSError.
    """
    lock = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as exc:
        message = f"{_holder(lock)} is {doing}: wait for it to end"
        os.close(lock)
        raise IndexBusy(message) from exc
    except BaseException:
        os.close(lock)
        raise
    with contextlib.suppress(OSError):  # on a full disk the lock holds, without a name
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n{_now()}\n{_command()}\n".encode(errors="replace"), 0)
    return lock


def release(lock: int) -> None:
    with contextlib.suppress(OSError):
        os.ftruncate(lock, 0)
    os.close(lock)


def _holder(lock: int) -> str:
    """Who wrote into the file; a process that is no longer there cannot be who holds it."""
    try:
        pid, since, command = os.pread(lock, 1000, 0).decode().splitlines()
        os.kill(int(pid), 0)
    except PermissionError:  # it is there, and somebody else's
        pass
    except (OSError, ValueError, OverflowError):
        return "another process"
    day, _, time = since.partition(" ")
    return f'process {pid} ("{command}", since {time if day == _now().partition(" ")[0] else since})'


def _command() -> str:
    """The program and its commands, without what they were given: a question is nobody else's business."""
    words = takewhile(re.compile(r"[a-z]+").fullmatch, sys.argv[1:3])
    program = Path(sys.argv[0])
    return " ".join([program.parent.name if program.name == "__main__.py" else program.name, *words])


def _now() -> str:
    return f"{datetime.now().astimezone():%Y-%m-%d %H:%M}"
