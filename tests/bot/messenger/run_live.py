"""The bot as a process over a real index: ``python -m tests.bot.messenger.run_live URL INDEX MODELS STATE``.

It looks for a new build several times a second.
"""

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.answering.answerer import Answerer
from bot.answering.pair_reader import PairReader
from bot.live import Live
from bot.messenger import application
from bot.messenger.account import Account
from bot.messenger.handlers.news import telling
from bot.messenger.operations import logs
from bot.messenger.operations.jobs import Commands
from bot.messenger.options import Options
from retrieval import encoder
from retrieval.search import Index
from tests.bot_api import TOKEN


def main() -> None:
    url, index, models, state, options = sys.argv[1:]
    telling.EVERY = 0.2
    model, reader = encoder.load("all-MiniLM-L6-v2", Path(models)), PairReader.shipped()

    def opened() -> Answerer:
        return Answerer(Index.open(Path(index), model), reader=reader)

    logs.configure("debug", "lines", key=TOKEN)
    live = Live(Path(index), opened, print)
    account = Account(SecretStr(TOKEN), url, 5.0, start_retries=2, poll=5.0)
    application.run(
        live,
        account,
        Path(state),
        commands=Commands((sys.executable, "-m", "bot")),
        options=Options(**_options(json.loads(options))),
    )


def _options(given: dict[str, Any]) -> dict[str, Any]:
    return {name: frozenset(v) if isinstance(v, list) else v for name, v in given.items()}


if __name__ == "__main__":
    main()
