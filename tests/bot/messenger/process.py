"""The bot as a process of its own against a Bot API server on loopback: started, awaited, killed."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bot_api import TOKEN, BotApi, wait_for

ROOT = Path(__file__).parents[3]
Bot = subprocess.Popen[bytes]
START = 60.0
"""Seconds for a process to be up, on a busy machine."""


@contextmanager
def running(url: str, folder: Path, *options: str, token: str = TOKEN, **settings: Any) -> Iterator[Bot]:
    """A bot that keeps its state and its log in ``folder``, so that another may go on where it ended."""
    command = [sys.executable, "-m", "tests.run_bot", url, "--token", token, "--state", str(folder / "state")]
    with (
        (folder / "log").open("ab") as output,
        subprocess.Popen(
            [*command, "--options", json.dumps(settings), *options], cwd=ROOT, stdout=output, stderr=output
        ) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def ready(api: BotApi, method: str = "setMyShortDescription") -> None:
    """Wait for the first call of a method since the list of calls was emptied; without one, until it polls."""
    wait_for(lambda: any(c.method == method for c in api.calls), START, lambda: f"no {method}: {api.calls}")


def logged(folder: Path) -> str:
    return (folder / "log").read_text()


def clean(folder: Path) -> None:
    """No traceback and no token in the log."""
    text = logged(folder)
    assert "Traceback" not in text
    assert TOKEN.partition(":")[2] not in text


def ends(folder: Path, process: Bot) -> str:
    """The one line it says on its way out, after a run that must end by itself."""
    assert process.wait(START) == 2
    clean(folder)
    (line,) = [line for line in logged(folder).splitlines() if line.startswith("onrecord: ")]
    return line


def terminated(process: Bot) -> None:
    process.send_signal(signal.SIGTERM)
    assert process.wait(START) == 0


def quiet(api: BotApi, chat: int, seconds: float = 0.5) -> None:
    """Nothing is said in the chat although the bot has had the time."""
    time.sleep(seconds)
    assert api.sent(chat) == []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
