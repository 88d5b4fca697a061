"""The bot as a process for the tests of one subject: started, waited for, stopped or killed."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bot_api import TOKEN, BotApi, wait_for

ROOT = Path(__file__).parents[3]
Bot = subprocess.Popen[bytes]


@contextmanager
def literal(api: BotApi, folder: Path, **options: Any) -> Iterator[Bot]:
    """Over answers that quote the question; ``options`` as the fields of Options."""
    command = [
        sys.executable,
        "-m",
        "tests.run_bot",
        api.url,
        "--token",
        TOKEN,
        "--state",
        str(folder / "state"),
    ]
    with started(api, [*command, "--options", json.dumps(options)], folder / "log") as process:
        yield process


@contextmanager
def started(
    api: BotApi, command: Sequence[str], log: Path, env: dict[str, str] | None = None
) -> Iterator[Bot]:
    """Until it polls; killed in the end."""
    polls = sum(call.method == "deleteWebhook" for call in api.calls)
    with (
        log.open("ab") as output,
        subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output, env=env) as process,
    ):
        try:
            wait_for(
                lambda: sum(c.method == "deleteWebhook" for c in api.calls) > polls,  # the last call before
                60,
                lambda: f"it does not poll: {log.read_text()[-2000:]}",
            )
            yield process
        finally:
            process.kill()


def settle(api: BotApi, seconds: float = 0.3) -> None:
    """Until everything that was said has been given to the bot, and a little longer for what should not follow."""
    wait_for(
        lambda: all(told.given for told in list(api.updates.deliveries.values())), 20, lambda: "not taken"
    )
    time.sleep(seconds)
