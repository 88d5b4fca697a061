"""The bot as a process of its own over literal answers: ``python -m tests.run_bot URL --token TOKEN --state FOLDER``.

The answer quotes the question, so that a test sees what arrived. "sleep N …" takes N seconds, "long …" is quoted
eight times over, "fail …" raises with the question in the error's text, "die …" ends the process as kill -9 does.
"""

import argparse
import json
import os
import signal
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.answer import Answer, Quote, Statement
from bot.messenger import application
from bot.messenger.account import Account, Status, Webhook
from bot.messenger.operations import logs
from bot.messenger.operations.jobs import Commands
from bot.messenger.options import Options
from corpus.errors import OnrecordError

_BEFORE, _AFTER = "It was a grey day. ", " Nobody was surprised."


class Literal:
    """An Engine. An article's id holds its text, so that a process started anew knows it too."""

    build, model = "7f3a", "literal"

    def answer(self, question: str, *, topic: str | None = None) -> Answer:
        first, _, rest = question.partition(" ")
        if first == "fail":
            raise ValueError(question)
        if first == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if first == "sleep":
            time.sleep(float(rest.split()[0]))
        text = question * 8 if first == "long" else question
        return self._quoting(question, text if topic is None else f"{text} ({topic})")

    def on_topic(self, topic: str) -> Answer:
        return self._quoting(topic, topic)

    def text(self, article_id: str) -> str | None:
        return f"{_BEFORE}{article_id}{_AFTER}"

    def around(self, quote: Quote, sentences: int = 2) -> tuple[str, str] | None:  # noqa: ARG002
        return (_BEFORE, _AFTER) if quote.text == quote.article_id else None

    def outlets(self) -> tuple[tuple[str, int], ...]:
        return ("Daily Line", 3), ("Baku Wire", 1)

    def _quoting(self, question: str, text: str) -> Answer:
        start, day = len(_BEFORE), date(2024, 6, 1)
        address, end = "https://a.example/", start + len(text)
        quote = Quote(text, text, None, "Daily Line", None, day, address, "a.txt", start, end)
        statement = Statement("yes", "Aida Serik", "direct", (quote,))
        return Answer(question, True, None, "yes", 0.9, (statement,), (), self.build, "test", 1.0)  # noqa: FBT003


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--token", required=True)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--options", type=json.loads, default={}, help="of Options, as JSON")
    parser.add_argument("--webhook")
    parser.add_argument("--secret", default="")
    parser.add_argument("--port", type=int, default=8443)
    parser.add_argument("--status-port", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=20.0)
    parser.add_argument("--poll", type=float, default=5.0)
    given = parser.parse_args()
    logs.configure("debug", "lines", key=given.token)
    webhook = Webhook(given.webhook, SecretStr(given.secret), port=given.port) if given.webhook else None
    account = Account(SecretStr(given.token), given.url, given.timeout, start_retries=2, poll=given.poll)
    numbers = {"users", "groups", "admins"}
    options: dict[str, Any] = {
        name: frozenset(v) if name in numbers else v for name, v in given.options.items()
    }
    try:
        application.run(
            Literal(),
            account,
            given.state,
            commands=Commands((sys.executable, "-m", "bot")),
            options=Options(**options),
            webhook=webhook,
            status=Status(port=given.status_port),
            workers=given.workers,
        )
    except OnrecordError as error:
        sys.stderr.write(f"onrecord: {error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
