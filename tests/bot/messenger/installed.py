"""The bot as it is installed, as a process of its own over a real index, and the server that it talks to."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bot.test_cli import environment
from tests.bot_api import TOKEN, BotApi, wait_for

ADMIN, SECOND, THIRD = 7, 17, 27  # several administrators, as one chat takes a message a second
SLOW = 60.0  # seconds, for a command on a busy machine
ARTICLE = "---\ntitle: Bridge opens\noutlet: Sample Post\npublished: 2024-05-02\n---\n\nThe bridge over the Sarn opens "
ARTICLE += "in spring, mayor Dana Ohl said. “Lorries may cross the bridge from Monday,” Ohl said.\n"


class Running:
    """A bot with an administrator, the server it talks to, and what is in its folder."""

    def __init__(self, folder: Path, models: Path, api: BotApi) -> None:
        self.folder, self.api = folder, api
        self.log = folder / "bot.log"
        self.state = folder / "data" / "bot" / TOKEN.partition(":")[0]
        (folder / "articles").mkdir()
        (folder / "articles" / "bridge.md").write_text(ARTICLE, encoding="utf-8")
        (folder / "data").mkdir()
        (folder / "data" / "models").symlink_to(models)
        self.place = ("--corpus", "articles", "--index", "index")
        self.settings = {
            "ONRECORD_TELEGRAM_TOKEN": TOKEN,
            "ONRECORD_TELEGRAM_API_URL": api.url,
            "ONRECORD_TELEGRAM_ADMINS": f"{ADMIN} {SECOND} {THIRD}",
            "ONRECORD_TELEGRAM_PER_USER": "1000",
            "ONRECORD_TELEGRAM_LOG_LEVEL": "debug",
        }

    def start(self) -> subprocess.Popen[bytes]:
        polls = self.polls
        with self.log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot", "bot", *self.place],
                cwd=self.folder,
                env=environment(self.folder / "data", **self.settings),
                stdout=output,
                stderr=output,
            )
        wait_for(lambda: self.polls > polls or process.poll() is not None, SLOW, self.said)
        assert process.poll() is None, self.said()
        return process

    @property
    def polls(self) -> int:
        return sum(call.method == "deleteWebhook" for call in self.api.calls)

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def send(self, text: str, chat: int = ADMIN) -> Any:
        """The first reply of the bot to a message, as it stands."""
        return self.reply(lambda: self.api.say(text, chat), chat)

    def reply(self, send: Callable[[], Any], chat: int = ADMIN) -> Any:
        before = len(self.api.sent(chat))
        send()
        call = self.api.wait_sent(before + 1, chat, SLOW)[before]
        return self.api.shown(chat, call.message_id)

    def settled(self, message: Any, text: str, seconds: float = SLOW) -> str:
        """What the message says once that is in it."""
        chat, number = message["chat"]["id"], message["message_id"]

        def now() -> str:
            return str(self.api.shown(chat, number)["text"])

        wait_for(lambda: text in now(), seconds, lambda: f"{now()!r} without {text!r}\n{self.said()}")
        return now()

    def press(self, message: Any, button: str, by: int | None = None) -> Any:
        query = self.api.press(message["chat"]["id"], message["message_id"], button, by)
        return self.api.wait_answer(query)

    def audit(self) -> list[tuple[str, str]]:
        with sqlite3.connect(self.state / "state.sqlite") as link:
            return link.execute("SELECT action, outcome FROM audit ORDER BY number").fetchall()
