import io
import sys

import pytest

from bot.cli import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_plain_lines_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", written := io.StringIO())
    with progress.shown() as tell:
        tell("reading", 1, 0)
        tell("reading", 2, 0)
        for done in range(1001):
            tell("embedding", done, 1000)
    lines = written.getvalue().splitlines()
    assert lines == ["reading ...", *(f"embedding: {done} of 1000" for done in range(0, 1001, 100))]


def test_bars_on_a_terminal_and_nothing_before_the_first_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", written := Terminal())
    monkeypatch.setenv("TERM", "xterm")
    with progress.shown():
        pass
    assert written.getvalue() == ""
    with progress.shown() as tell:
        tell("embedding", 0, 36)
        tell("embedding", 36, 36)
    assert "embedding" in written.getvalue()
    assert "36/36" in written.getvalue()
