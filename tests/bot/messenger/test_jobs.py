"""Commands as processes of their own: real ones, small."""

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest

from bot.messenger.operations import jobs
from bot.messenger.operations.jobs import Commands, Ended, run

SAYING = "import sys\nfor line in {lines!r}: print(line, file=sys.stderr)\nprint('out')\nsys.exit({code})"


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def ended(code: str) -> tuple[Ended, list[str]]:
    """What a program came to, and its progress."""
    far: list[str] = []
    return asyncio.run(run(python(code), far.append)), far


def test_progress_is_parted_from_what_is_told() -> None:
    lines = [
        "reading ...",
        "digesting: 5 of 18",
        "not read: x: no such file",
        "",
        "digesting: 18 of 18",
        "done: 3 of it",
    ]
    result, far = ended(SAYING.format(lines=lines, code=3))
    assert far == ["reading ...", "digesting: 5 of 18", "digesting: 18 of 18"]
    assert result == Ended(3, ("not read: x: no such file", "done: 3 of it"), b"out\n")
    assert not result.ok
    assert not result.stopped


def test_the_last_lines_are_kept_and_none_is_too_long() -> None:
    result, _ = ended("import sys\nprint('x' * 200_000, *range(30), sep='\\n', file=sys.stderr)")
    assert result.ok
    assert result.told == tuple(map(str, range(10, 30)))
    long, _ = ended("import sys\nprint('x' * 200_000, file=sys.stderr)")
    assert long.told
    assert all(0 < len(line) <= 500 for line in long.told)


def test_it_gets_no_secret_of_the_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_TELEGRAM_TOKEN", "secret")
    monkeypatch.setenv("onrecord_telegram_sentry_dsn", "secret")
    monkeypatch.setenv("ONRECORD_MODEL", "kept")
    result, _ = ended("import os; print(sorted(n for n in os.environ if n.upper().startswith('ONRECORD_')))")
    assert b"ONRECORD_MODEL" in result.output
    assert b"telegram" not in result.output.lower()


def test_places_are_no_options() -> None:
    commands = Commands(("python", "-m", "bot"), ("--index", "i x"))
    assert commands.line("corpus", "add", places=("--help", "; rm x")) == [
        *("python", "-m", "bot", "corpus", "add", "--index", "i x", "--", "--help", "; rm x")
    ]
    assert commands.line("index", "update") == ["python", "-m", "bot", "index", "update", "--index", "i x"]


@pytest.mark.parametrize("deaf", [False, True])
def test_cancelled_it_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, deaf: bool) -> None:
    monkeypatch.setattr(jobs, "_GRACE", 0.5)
    ignoring = "signal.signal(signal.SIGTERM, signal.SIG_IGN); " if deaf else ""
    mark = tmp_path / "pid"
    code = f"import os, signal, time, pathlib; {ignoring}pathlib.Path({str(mark)!r}).write_text(str(os.getpid())); "

    async def main() -> None:
        task = asyncio.create_task(run(python(f"{code}time.sleep(60)")))
        until = time.monotonic() + 30
        while not (mark.is_file() and mark.read_text(encoding="utf-8")) and time.monotonic() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.02)  # it is another process that is waited for
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text(encoding="utf-8")), 0)


def test_a_program_that_is_not_there() -> None:
    with pytest.raises(OSError, match="no-such-program"):
        asyncio.run(run(["/no-such-program"]))
