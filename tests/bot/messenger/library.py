"""A small index that grows, and the bot over it as a process."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from corpus.article import Article
from corpus.reading import digest, read
from retrieval.build import build
from retrieval.encoder import Encoder
from tests.bot.messenger.process import ROOT, START, Bot
from tests.bot_api import BotApi, wait_for
from tests.conftest import KEPT


class Library:
    """Articles that are added one by one, each time with a new build."""

    def __init__(self, folder: Path, encoder: Encoder, starter: Path, models: Path) -> None:
        self.folder, self.index = folder, folder / "index"
        self._encoder, self._models = encoder, models
        self._articles = [found for found in read([starter]) if isinstance(found, Article)]

    def build(self) -> str:
        documents = [digest(article) for article in self._articles]
        return build(documents, self.index, self._encoder, sources=["made up"], cache=KEPT / "cache").build

    def add(self, name: str, text: str, outlet: str = "Northern Post", day: date = date(2023, 12, 1)) -> str:
        """The new build."""
        self._articles.append(
            Article(
                name,
                text,
                ((0, len(text)),),
                name,
                outlet=outlet,
                published=day,
                url=f"https://a.example/{name}",
            )
        )
        return self.build()

    @contextmanager
    def bot(self, api: BotApi, **options: Any) -> Iterator[Bot]:
        """Its state stays for the next."""
        command = [sys.executable, "-m", "tests.bot.messenger.run_live", api.url]
        places = [self.index, self._models, self.folder / "state"]
        polls = sum(call.method == "deleteWebhook" for call in api.calls)
        with (
            (self.folder / "log").open("ab") as output,
            subprocess.Popen(
                [*command, *map(str, places), json.dumps(options)], cwd=ROOT, stdout=output, stderr=output
            ) as process,
        ):
            try:
                wait_for(
                    lambda: sum(call.method == "deleteWebhook" for call in api.calls) > polls,
                    START,
                    lambda: f"it does not poll: {self.log[-2000:]}",
                )
                yield process
            finally:
                process.kill()

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()
