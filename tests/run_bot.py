"""The bot as a process of its own over literal answers: ``python -m tests.run_bot URL [--webhook URL PORT]``.

The answer quotes the question, so that a test sees what arrived. "sleep N …" takes N seconds, "fail …"
raises with the question in the error's text.
"""

import argparse
import logging
import sys
import time
from datetime import date

from pydantic import SecretStr

from bot.answer import Answer, Quote, Statement
from bot.messenger import application as messenger
from corpus.errors import OnrecordError


def ask(question: str) -> Answer:
    first, _, rest = question.partition(" ")
    if first == "fail":
        raise ValueError(question)
    if first == "sleep":
        time.sleep(float(rest.split()[0]))
    text = question * 8 if first == "long" else question
    quote = Quote(
        text, "a.txt", None, "Daily Line", None, date(2024, 6, 1), "https://a.example/", "a.txt", 0, len(text)
    )
    statement = Statement("yes", "Aida Serik", "direct", (quote,))
    return Answer(question, True, None, "yes", 0.9, (statement,), (), "7f3a", "test", 1.0)  # noqa: FBT003


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--token", required=True)
    parser.add_argument("--webhook")
    parser.add_argument("--secret", default="")
    parser.add_argument("--port", type=int, default=8443)
    parser.add_argument("--waiting", type=int, default=256)
    parser.add_argument("--timeout", type=float, default=20.0)
    options = parser.parse_args()
    logging.basicConfig(level=logging.DEBUG)
    hook = (
        messenger.Webhook(options.webhook, SecretStr(options.secret), port=options.port)
        if options.webhook
        else None
    )
    try:
        messenger.run(
            ask,
            token=SecretStr(options.token),
            sources=lambda: [("Daily Line", 3), ("Baku Wire", 1)],
            about=lambda: "Onrecord, build 7f3a",
            api_url=options.url,
            webhook=hook,
            waiting=options.waiting,
            timeout=options.timeout,
            start_retries=2,
        )
    except OnrecordError as error:
        sys.stderr.write(f"onrecord: {error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
