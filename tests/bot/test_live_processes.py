"""A bot, a chat and a batch that run while another process builds the index anew."""

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from retrieval.builds import manifest
from retrieval.encoder import Encoder
from tests.bot.test_cli import environment, onrecord
from tests.bot_api import TOKEN, BotApi, wait_for

ARTICLE = """---
title: Bridge opens
outlet: {outlet}
published: 2024-05-02
---

The bridge over the Sarn opens in spring, mayor Dana Ohl said. “Lorries may cross the bridge from {day},” Ohl said.
"""
QUESTION = "from when may lorries cross the bridge?"
Process = subprocess.Popen[bytes]


class Place:
    """A folder with an article, its index, and the processes that read it."""

    def __init__(self, folder: Path, models: Path) -> None:
        self.folder, self.index = folder, folder / "index"
        (folder / "articles").mkdir()
        (folder / "data").mkdir()
        (folder / "data" / "models").symlink_to(models)

    def write(self, outlet: str, day: str) -> None:
        (self.folder / "articles" / "bridge.md").write_text(
            ARTICLE.format(outlet=outlet, day=day), encoding="utf-8"
        )

    def run(self, *command: str) -> str:
        """The id of the build that answers afterwards."""
        done = onrecord(*command, "--index", str(self.index), data=self.folder / "data", cwd=self.folder)
        assert done.code == 0, done.err
        return manifest.current(self.index).name

    def build(self) -> str:
        return self.run("index", "build", "--corpus", "articles")

    def start(
        self, leave: ExitStack, *command: str, **surroundings: str
    ) -> tuple[Process, Callable[[], str]]:
        """A process and what it has written so far, to either output."""
        log = self.folder / f"{command[0]}.log"
        process = leave.enter_context(
            subprocess.Popen(
                [sys.executable, "-m", "bot", *command, "--index", str(self.index)],
                cwd=self.folder,
                env=environment(self.folder / "data", **surroundings),
                stdin=subprocess.PIPE,
                stdout=leave.enter_context(log.open("wb")),
                stderr=subprocess.STDOUT,
            )
        )
        leave.callback(process.kill)
        return process, lambda: log.read_text(encoding="utf-8")


def tell(process: Process, line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line.encode() + b"\n")
    process.stdin.flush()


@pytest.fixture
def place(tmp_path: Path, models: Path, encoder: Encoder) -> Place:
    assert encoder.dimension == 384  # exported by now
    return Place(tmp_path, models)


def test_a_bot_and_a_chat_move_to_new_builds_and_a_batch_keeps_its_own(place: Place) -> None:
    place.write("Sample Post", "Monday")
    first = place.build()
    with BotApi() as api, ExitStack() as leave:
        telegram = {"ONRECORD_TELEGRAM_TOKEN": TOKEN, "ONRECORD_TELEGRAM_API_URL": api.url}
        _, bot_said = place.start(leave, "bot", **telegram)
        chat, chat_said = place.start(leave, "chat")
        batch, batch_said = place.start(leave, "ask", "--batch", "-", "--json")
        asked, questions = iter(range(1, 99)), iter(range(1, 99))

        def bot(text: str) -> str:
            api.say(text)
            return str(api.wait_sent(next(asked), seconds=60)[-1].text)

        def in_chat(day: str) -> None:
            so_far = len(chat_said())
            tell(chat, QUESTION)
            wait_for(lambda: f"from {day}," in chat_said()[so_far:], 60, chat_said)

        def in_batch() -> Any:
            number = next(questions)
            tell(batch, json.dumps({"question": QUESTION}))
            wait_for(lambda: batch_said().count("\n") >= number, 60, batch_said)
            return json.loads(batch_said().splitlines()[-1])["index"]["build"]

        assert "from Monday," in bot(QUESTION)
        assert f"1 article; build {first}, model all-MiniLM-L6-v2." in bot("/about")
        in_chat("Monday")
        assert in_batch() == first

        place.write("Evening Line", "Tuesday")
        second = place.build()
        assert second != first
        assert "from Tuesday," in bot(QUESTION)
        assert f"build {second}" in bot("/about")
        assert "Evening Line: 1" in bot("/sources")
        in_chat("Tuesday")
        tell(chat, ":sources")
        wait_for(lambda: "Evening Line: 1" in chat_said(), 60, chat_said)
        assert in_batch() == first

        assert place.run("index", "rollback") == first
        assert "from Monday," in bot(QUESTION)
        in_chat("Monday")

        (place.index / "builds" / second / manifest.VECTORS).unlink()
        (place.index / "CURRENT").write_text(second, encoding="utf-8")
        assert "from Monday," in bot(QUESTION)
        assert f"build {first}" in bot("/about")
        in_chat("Monday")
        for said in (bot_said, chat_said):
            (line,) = (one for one in said().splitlines() if "goes on answering" in one)
            assert f"build {first} goes on answering: " in line
            assert second in line
        (record,) = (json.loads(one) for one in bot_said().splitlines() if "goes on answering" in one)
        assert (record["level"], record["logger"]) == ("error", "bot.live")  # so that /status tells of it too
