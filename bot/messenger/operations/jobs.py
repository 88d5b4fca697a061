"""Commands of this program as processes of their own: what reads articles is never loaded where questions are answered.

A command is a list of arguments, never a line for a shell; what people sent stands after ``--`` alone. It gets
none of the bot's secrets, and ends when the bot does.
"""

import asyncio
import os
import re
import signal
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

_SECRET = "ONRECORD_TELEGRAM_"  # noqa: S105  how the variables begin
_LINES, _LINE = 20, 500
"""Lines that are kept of what a command tells, and characters of one."""
_GRACE = 10.0
"""Seconds that a command has to unwind before it is killed."""
_FAR = re.compile(r"(.{1,80}): \d+ of \d+|.{1,80} \.\.\.")
"""As bot/cli/progress writes to what is no terminal."""


@dataclass(frozen=True, slots=True)
class Commands:
    """How this installation's commands are started so that they work on the index that answers."""

    prefix: tuple[str, ...]
    """As ``(sys.executable, "-m", "bot")``."""
    options: tuple[str, ...] = ()
    """As ``("--index", "/var/lib/onrecord/index")``; they follow the command."""

    def line(self, *words: str, places: tuple[str, ...] = ()) -> list[str]:
        """``places`` may be anything: they are no options."""
        return [*self.prefix, *words, *self.options, *(["--", *places] if places else [])]


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command came to."""

    code: int
    """Exit code; below zero the signal that ended it."""
    told: tuple[str, ...]
    """The last lines that it wrote to standard error, without its progress."""
    output: bytes = b""

    @property
    def ok(self) -> bool:
        return self.code == 0

    @property
    def stopped(self) -> bool:
        return self.code in {-signal.SIGTERM, -signal.SIGKILL, 128 + signal.SIGTERM}


def environment() -> dict[str, str]:
    """Ours, without the bot's secrets; variables are settings in small letters too."""
    return {name: value for name, value in os.environ.items() if not name.upper().startswith(_SECRET)}


async def run(line: list[str], far: Callable[[str], None] | None = None) -> Ended:
    """Run it to its end; ``far`` hears each line of progress. Cancelled, the command is stopped first. Raises OSError."""
    told = deque[str](maxlen=_LINES)
    async with _started(line) as process:
        output, errors = process.stdout, process.stderr
        if output is None or errors is None:
            raise ValueError("both were asked for")
        reading = asyncio.create_task(output.read())
        while raw := await _line(errors):
            text = raw.decode(errors="replace").strip()[:_LINE]
            if _FAR.fullmatch(text):
                if far:
                    far(text)
            elif text:
                told.append(text)
        return Ended(await process.wait(), tuple(told), await reading)


async def _line(stream: asyncio.StreamReader) -> bytes:
    """The next line, in pieces where it is too long to be held; empty at the end."""
    try:
        return await stream.readuntil()
    except asyncio.IncompleteReadError as error:
        return error.partial
    except asyncio.LimitOverrunError as error:
        return await stream.readexactly(error.consumed)


@asynccontextmanager
async def _started(line: list[str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """Ended when the block is left, however that comes about."""
    process = await asyncio.create_subprocess_exec(
        *line,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment(),
        start_new_session=True,  # Ctrl-C is for the bot, which then stops it in its own way
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            await asyncio.shield(_stop(process))


async def _stop(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _GRACE)
            return
        process.kill()
        await process.wait()
