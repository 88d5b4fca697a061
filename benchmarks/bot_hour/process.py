"""The bot as a process: real index, real models, everything logged; its memory watched from outside."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.bot_api import TOKEN, BotApi, wait_for

ROOT = Path(__file__).resolve().parents[2]
SECRET = "hook-secret_0123456789_for-the-test-server"  # noqa: S105  opens nothing but a server for tests
_START_SECONDS = 300.0
"""The first start makes the models ready and builds the index."""
_STOP_SECONDS = 60.0


@dataclass(slots=True)
class BotProcess:
    """``onrecord bot``, loud, in a folder of its own, which keeps index, state and log through restarts."""

    api: BotApi
    folder: Path
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    starts: list[float] = field(default_factory=list)
    """Seconds from each start until it took updates."""
    began: float = 0.0
    known: int = 0
    """Calls before it was last started, and ``began`` when."""

    @classmethod
    def in_folder(cls, api: BotApi, folder: Path, models: Path, *, webhook: bool) -> Self:
        """``models`` are those made ready before, if there are any: they are not made again."""
        data = folder / "data"
        data.mkdir(parents=True)
        models.mkdir(parents=True, exist_ok=True)
        (data / "models").symlink_to(models)
        settings = {"TOKEN": TOKEN, "API_URL": api.url, "LOG_LEVEL": "debug", "LOG_FORMAT": "json"}
        if webhook:
            port = _free_port()
            address = f"http://127.0.0.1:{port}/hook"
            settings |= {"WEBHOOK_URL": address, "WEBHOOK_SECRET": SECRET, "PORT": str(port)}
        named = {f"ONRECORD_TELEGRAM_{name}": value for name, value in settings.items()}
        return cls(api, folder, os.environ | named | {"ONRECORD_DATA": str(data)})

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def start(self) -> None:
        """Returns when it takes updates. Raises SystemExit when it ends instead."""
        self.launch()
        wait_for(self.is_ready, _START_SECONDS, lambda: "the bot does not start")

    def launch(self) -> None:
        self.began, self.known = time.monotonic(), len(self.api.calls)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "benchmarks.bot_hour.loud",
                    "bot",
                    "--corpus",
                    str(ROOT / "corpus" / "articles"),
                ],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def is_ready(self) -> bool:
        """Whether it takes updates since it was launched; to be asked until it does."""
        if self.process and self.process.poll() is not None:
            raise SystemExit(f"the bot ended with exit code {self.process.returncode}: see {self.log}")
        last = "setWebhook" if "ONRECORD_TELEGRAM_WEBHOOK_URL" in self.environment else "deleteWebhook"
        ready = any(call.method == last for call in self.api.calls[self.known :])
        if ready:
            self.starts.append(round(time.monotonic() - self.began, 2))
        return ready

    @property
    def ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()

    def stop(self) -> int:
        """The exit code after SIGTERM."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            return -9


@contextmanager
def watched(bot: BotProcess) -> Iterator[list[tuple[float, float]]]:
    """Seconds since the start, and MB resident in the bot and its children: one sample a second, while it lasts."""
    samples: list[tuple[float, float]] = []
    began, stop = time.monotonic(), threading.Event()

    def watch() -> None:
        while not stop.wait(1.0):
            if bot.process and not bot.ended:
                samples.append((time.monotonic() - began, _resident(bot.process.pid) / 1e6))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield samples
    finally:
        stop.set()
        thread.join()


def _resident(pid: int) -> int:
    """Bytes; 0 for a process that has ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        tasks = Path(f"/proc/{pid}/task").glob("*/children")
        children = [int(child) for task in tasks for child in task.read_text().split()]
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(map(_resident, children))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
