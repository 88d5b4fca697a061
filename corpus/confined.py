"""Parsing of files that anybody may have written, in a child process that may neither run long nor grow.

``call`` asks the one child that is kept and asked again; ``stream`` starts one of its own for a file with
many answers. A child that takes longer than ``SECONDS`` over one answer is ended by its own alarm, one that
needs more than ``MEMORY`` is refused it, and one that crashes takes nothing with it: each is an ``Unfit``.
Requests are a line of JSON and the bytes, answers are lines of JSON; nothing is pickled.

Not handled: systems without alarms and limits (Windows), where only crashes are contained.
"""

import atexit
import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from corpus.decoding import Unfit

SECONDS = 60
"""Most time for one answer; the slowest of 181 news pages took 0.4 s on two busy cores."""
MEMORY = 2_000_000_000
"""Most address space of a child, in bytes; with trafilatura and 181 pages read it was 233 MB."""
_LONGEST = 200_000_000
"""Bytes of one answer."""
_ROOT = str(Path(__file__).resolve().parents[1])
_START = "import sys; sys.path.insert(0, sys.argv[1]); from corpus.confined import serve; serve()"

Answer = dict[str, Any]
"""What JSON can carry."""
Reader = Callable[..., Answer]
"""A module's own function: the bytes and, beside them, words → an answer."""


class _Child:
    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603  this very interpreter and this very file
            [sys.executable, "-P", "-c", _START, _ROOT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # an interrupt at the terminal is the parent's to handle
        )

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        self._process.kill()
        with contextlib.suppress(OSError):
            self._process.communicate()

    def answers(
        self, read: Callable[..., object], data: bytes, words: tuple[str | None, ...], *, many: bool
    ) -> Iterator[Answer]:
        """All answers to one request. Raises ``Unfit``; the child may be dead after that."""
        asked, answered = self._process.stdin, self._process.stdout
        if asked is None or answered is None:
            raise RuntimeError("the child was started without its pipes")
        head = json.dumps([read.__module__, read.__qualname__, many, words, len(data), SECONDS])
        with contextlib.suppress(BrokenPipeError):  # it died; there is no answer, which says so
            asked.write(head.encode() + b"\n" + data)
            asked.flush()
        while True:
            line = answered.readline()
            if not line.endswith(b"\n"):
                raise Unfit(self._cause())
            found, reason = json.loads(line)
            if reason is not None:
                raise Unfit(reason)
            if found is None:
                return
            yield found

    def _cause(self) -> str:
        code = self._process.wait()
        if code == -signal.SIGALRM:
            return f"took longer than {SECONDS} seconds to read: remove it, or save it again in another way"
        if code > 0:
            return f"the program that reads such files cannot be run (code {code}): install onrecord again"
        return "the program that reads such files broke down on it: save it again in another way"


_lock = threading.Lock()
_kept: list[_Child] = []


def call(read: Reader, data: bytes, *words: str | None) -> Answer:
    """``read(data, *words)`` in the kept child. ``read`` is a module's function; its ``Unfit`` is raised here."""
    with _lock:
        while _kept and not _kept[-1].is_alive():
            _kept.pop().end()
        if not _kept:
            _kept.append(_Child())
        (found,) = _kept[-1].answers(read, data, words, many=False)
        return found


def stream(read: Callable[..., Iterator[Answer]], data: bytes, *words: str | None) -> Iterator[Answer]:
    """As ``call``, for a ``read`` with many answers; each has ``SECONDS``, the time it is used here not counted."""
    child = _Child()
    try:
        yield from child.answers(read, data, words, many=True)
    finally:
        child.end()


@atexit.register
def _end() -> None:
    while _kept:
        _kept.pop().end()


def serve() -> None:
    """The child's life: requests from standard input, answers to standard output, until either closes."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    _limit()
    with contextlib.suppress(BrokenPipeError):
        while head := sys.stdin.buffer.readline():
            module, name, many, words, size, seconds = json.loads(head)
            data = sys.stdin.buffer.read(size)
            read = getattr(importlib.import_module(module), name)
            _answer(read if many else partial(_once, read), data, words, seconds, answers)


def _once(read: Reader, data: bytes, *words: str | None) -> Iterator[Answer]:
    yield read(data, *words)


def _limit() -> None:
    try:
        import resource  # noqa: PLC0415  not everywhere
    except ImportError:
        return
    for limit, value in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, value))


def _answer(
    read: Callable[..., Iterator[Answer]], data: bytes, words: list[str], seconds: int, answers: BinaryIO
) -> None:
    reason = None
    try:
        _alarm(seconds)
        for found in read(data, *words):
            _send([found, None], answers)
            _alarm(seconds)
    except Unfit as exc:
        reason = str(exc)
    except RecursionError:
        reason = "nested too deeply to be read: save it again in another way"
    except MemoryError:
        reason = f"needs more than {MEMORY // 1_000_000} MB to be read: split it"
    except BrokenPipeError:
        raise
    except ModuleNotFoundError as exc:
        reason = f"needs {exc.name}, which is not installed: install onrecord again"
    except Exception as exc:  # noqa: BLE001  parsers meet damage with every kind of error there is
        reason = f"damaged, or not what its name says ({type(exc).__name__}): save it again"
    _send([None, reason], answers)


def _send(answer: list[object], answers: BinaryIO) -> None:
    line = json.dumps(answer).encode()
    if len(line) > _LONGEST:
        raise Unfit(f"holds more than {_LONGEST // 1_000_000} MB: split it")
    _alarm(0)  # the parent takes its time
    answers.write(line + b"\n")
    answers.flush()


def _alarm(seconds: int) -> None:
    """Ends this process in ``seconds``, whatever it is doing then; 0 takes that back."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)
