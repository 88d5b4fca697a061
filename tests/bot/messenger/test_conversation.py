"""A conversation with the bot as people start it, over a real index that is built anew meanwhile."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from corpus.article import Article
from corpus.reading import digest, read
from retrieval.build import build
from retrieval.encoder import Encoder
from tests.bot.messenger.process import ROOT, Bot, ready
from tests.bot_api import TOKEN, BotApi, buttons_of, wait_for

IMPORTS = "Did Kazakhstan say it joins parallel imports?"
DENIAL = "Kazakhstan does not take part in parallel imports to Russia."


@dataclass(frozen=True, slots=True)
class Desk:
    """Articles, the index of them, and where the bot remembers."""

    folder: Path
    encoder: Encoder
    models: Path

    def build(self) -> None:
        found = [a for a in read([self.folder / "articles"]) if isinstance(a, Article)]
        documents = (digest(article) for article in found)
        build(documents, self.folder / "index", self.encoder, sources=[], cache=self.models.parent / "cache")

    @contextmanager
    def bot(self, api: BotApi) -> Iterator[Bot]:
        """As ``onrecord bot`` is started."""
        told = {
            "ONRECORD_DATA": str(self.folder / "data"),
            "ONRECORD_TELEGRAM_TOKEN": TOKEN,
            "ONRECORD_TELEGRAM_API_URL": api.url,
        }
        command = [sys.executable, "-m", "bot", "bot", "--index", str(self.folder / "index")]
        api.calls.clear()
        with (
            (self.folder / "log").open("ab") as log,
            subprocess.Popen(command, cwd=ROOT, env=os.environ | told, stdout=log, stderr=log) as process,
        ):
            try:
                ready(api, "deleteWebhook")
                yield process
            finally:
                process.kill()

    def article(self, part: str) -> Path:
        (found,) = (self.folder / "articles").glob(f"*{part}*")
        return found


@pytest.fixture(scope="module")
def prepared(starter: Path, encoder: Encoder, models: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(starter, folder / "articles")
    (folder / "data").mkdir()
    (folder / "data" / "models").symlink_to(models)
    desk = Desk(folder, encoder, models)
    desk.build()
    return desk


@pytest.fixture(scope="module")
def api(prepared: Desk) -> Iterator[BotApi]:
    with BotApi() as server, prepared.bot(server):
        yield server


def asked(api: BotApi, chat: int, question: str) -> int:
    before = len(api.sent(chat))
    api.say(question, chat=chat)
    return api.wait_sent(before + 1, chat=chat)[-1].message_id


def labels(api: BotApi, chat: int, message_id: int) -> list[str]:
    return [button["text"] for button in buttons_of(api.shown(chat, message_id))]


def pressed(api: BotApi, chat: int, message_id: int, button: str, shows: str) -> dict[str, Any]:
    """The message, once the button has made it show that."""
    api.press(chat, message_id, button)
    wait_for(
        lambda: shows in api.shown(chat, message_id)["text"], 20, lambda: str(api.shown(chat, message_id))
    )
    return api.shown(chat, message_id)


def test_pages_and_order(api: BotApi) -> None:
    answer = asked(api, 1, IMPORTS)
    first = api.shown(1, answer)["text"]
    assert first.startswith("No. It said the opposite.")
    assert DENIAL in first
    assert {"1/2", "›", "Newest first"} <= set(labels(api, 1, answer))
    pressed(api, 1, answer, "›", "2 of 2")
    assert "2/2" in labels(api, 1, answer)
    assert pressed(api, 1, answer, "‹", "It said the opposite.")["text"] == first
    api.press(1, answer, "Newest first")
    wait_for(lambda: "Best first" in labels(api, 1, answer), 20, lambda: str(labels(api, 1, answer)))
    newest = api.shown(1, answer)["text"]
    assert newest.index("2 October 2023") < newest.index(DENIAL)
    assert len(api.sent(1)) == 1


def test_context_stands_in_the_article(api: BotApi, prepared: Desk) -> None:
    answer = asked(api, 2, IMPORTS)
    shown = pressed(api, 2, answer, "Context", "In context")["text"]
    around = shown.partition("In context\n")[2].rpartition("\n—")[0]
    assert DENIAL in around
    assert len(around) > 2 * len(DENIAL)
    assert around in prepared.article("no-parallel-imports").read_text()


def test_follow_ups_in_english_and_russian(api: BotApi) -> None:
    asked(api, 3, IMPORTS)
    for question in ("when was that?", "and who said it?", "когда это было?"):
        told = api.shown(3, asked(api, 3, question))["text"]
        assert "Kassym-Jomart Tokayev" in told, question
        assert "29 September 2023" in told, question
    for question in ("and what did Germany say?", "а Германия?"):
        told = api.shown(3, asked(api, 3, question))["text"]
        assert "nothing in these articles answers" in told, question
    asked(api, 3, "/forget")
    told = api.shown(3, asked(api, 3, "when was that?"))["text"]
    assert "Tokayev" not in told.partition("Not an answer")[0]


def test_an_answer_outlives_restarts_and_builds_until_its_articles_change(
    prepared: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(prepared.folder, folder, symlinks=True, ignore=shutil.ignore_patterns("bot", "log"))
    desk = Desk(folder, prepared.encoder, prepared.models)
    with BotApi() as api:
        with desk.bot(api) as process:
            answer = asked(api, 5, IMPORTS)
            process.send_signal(signal.SIGKILL)
            process.wait()
        added = "The lake rose by a metre in May, the institute of waters in Velin said on Monday. It fell again in June."
        (folder / "articles" / "added.txt").write_text(added)
        desk.build()
        with desk.bot(api):
            pressed(api, 5, answer, "Context", "In context")
            source = desk.article("no-parallel-imports")
            source.write_text(source.read_text().replace(DENIAL, DENIAL.replace("does", "did")))
            desk.build()
            toast = api.wait_answer(api.press(5, answer, "Back"))
            assert toast["text"].startswith("The articles have changed since")
            assert toast["show_alert"]
            wait_for(lambda: labels(api, 5, answer) == ["Ask again"], 20, lambda: str(labels(api, 5, answer)))
            assert DENIAL in api.shown(5, answer)["text"]  # what was read stays as it was
            fresh = pressed(api, 5, answer, "Ask again", "No.")
            assert DENIAL not in fresh["text"]
            assert api.sent(5) == []  # by this process
            assert "👍" in labels(api, 5, answer)
