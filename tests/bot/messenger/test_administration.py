"""What an administrator does from Telegram, against the bot as it is installed: real processes, a real index."""

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.evaluation.dataset import load
from retrieval.encoder import Encoder
from tests.bot.messenger.installed import ADMIN, SECOND, SLOW, THIRD, Running
from tests.bot.test_cli import onrecord
from tests.bot_api import SERVER_ERROR, TOKEN, BotApi, buttons_of, wait_for

STRANGER, GROUP = 8, -100
MILL = "The paper mill in Orda stays open, its director Aida Serik said on Friday. “We will not close the mill,” Serik "
MILL += "said.\n"
POST = "The ferry across lake Ilm sails again from June, minister Timur Abenov said."


@pytest.fixture(scope="module")
def bot(
    models: Path, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Running, subprocess.Popen[bytes]]]:
    assert encoder.dimension == 384  # exported by now
    with BotApi() as api:
        running = Running(tmp_path_factory.mktemp("running"), models, api)
        process = running.start()
        try:
            yield running, process
        finally:
            process.kill()
            process.wait()


@pytest.fixture
def running(bot: tuple[Running, subprocess.Popen[bytes]]) -> Running:
    return bot[0]


def labels(message: Any) -> list[str]:
    return [button["text"] for button in buttons_of(message)]


def test_a_file_is_added_and_answers(running: Running) -> None:
    question = "Will the paper mill in Orda close?"
    assert "stays open" not in running.send(question)["text"]
    name = "../../Mill <b>stays</b> @all.md"
    asked = running.reply(lambda: running.api.document(name, MILL.encode(), ADMIN))
    assert asked["text"] == f"Add this article?\n\n{name}"
    assert {entity["type"] for entity in asked["entities"]} == {"code"}  # nobody is called
    assert labels(asked) == ["Add", "No"]
    running.press(asked, "Add")
    done = running.settled(asked, "Done.")
    assert "articles: 1 new, 0 changed" in done
    assert "2 articles" in done
    assert labels(running.api.shown(ADMIN, asked["message_id"])) == []
    assert "The paper mill in Orda stays open" in running.send(question)["text"]
    kept = [path.name for path in (running.state / "files").iterdir()]
    assert kept == ["mill-b-stays-b-all-file-0.md"]
    assert running.audit()[-1] == ("add", "done")


def test_a_forwarded_post_is_added_word_for_word(running: Running) -> None:
    channel = {"id": -1009, "type": "channel", "title": "Ilm Daily", "username": "ilm_daily"}
    origin = {"type": "channel", "chat": channel, "message_id": 5, "date": 1_717_000_000}
    asked = running.reply(lambda: running.api.forward(POST, SECOND, origin), SECOND)
    assert asked["text"] == "Add this article?\n\nIlm Daily"
    running.press(asked, "Add")
    running.settled(asked, "Done.")
    (kept,) = (running.state / "files").glob("telegram-*.jsonl")
    article = json.loads(kept.read_text(encoding="utf-8"))
    assert (article["text"], article["outlet"], article["url"]) == (
        POST,
        "Ilm Daily",
        "https://t.me/ilm_daily/5",
    )
    answer = running.send("Does the ferry across lake Ilm sail again?", SECOND)
    assert "The ferry across lake Ilm sails again from June" in answer["text"]
    assert "Ilm Daily" in answer["text"]


def test_nothing_is_added_without_a_yes(running: Running) -> None:
    files = set((running.state / "files").iterdir())
    asked = running.send("https://news.example/a", THIRD)
    assert asked["text"] == "Add this article?\n\nhttps://news.example/a"
    running.press(asked, "No")
    assert running.settled(asked, "Not added.") == "Not added."
    assert running.audit()[-1] == ("add", "declined")
    refused = running.reply(lambda: running.api.document("photo.jpg", b"x", THIRD), THIRD)
    assert refused["text"].startswith("That cannot be added.")
    assert set((running.state / "files").iterdir()) == files


def test_what_cannot_be_had_is_told(running: Running) -> None:
    lost = running.reply(lambda: running.api.document("lost.md", b"x", THIRD), THIRD)
    running.api.faults["getFile"].append(SERVER_ERROR)
    running.press(lost, "Add")
    assert running.settled(lost, "That failed.") == "That failed.\n\nNetworkError"
    assert running.audit()[-1] == ("add", "failed: NetworkError")


def test_what_cannot_be_read_is_told(running: Running) -> None:
    asked = running.send("/add http://127.0.0.1:9/--help", THIRD)
    told = running.settled(asked, "That could not be read.")
    assert "not read: http://127.0.0.1:9/--help" in told
    assert running.audit()[-1][1].startswith("not read: http://127.0.0.1:9/--help")
    again = running.settled(running.send("/reindex", THIRD), "Done.")
    assert "127.0.0.1:9" not in again  # what could not be read is no source
    assert "0 failed" in again
    assert (
        running.send("/add", THIRD)["text"]
        == "Send a link after the command: /add https://example.org/article"
    )


def test_a_source_that_fails_is_not_taken_for_the_article_that_is_added(running: Running) -> None:
    place = ("--corpus", "articles", "--index", "index")
    lost = "http://127.0.0.1:9/lost.html"
    command = ("corpus", "add", *place, lost)
    assert "not read: " + lost in onrecord(*command, data=running.folder / "data", cwd=running.folder).err
    text = b"The lighthouse on cape Tor is lit again, keeper Ida Renn said."
    asked = running.reply(lambda: running.api.document("tor.md", text, SECOND), SECOND)
    running.press(asked, "Add")
    assert "articles: 1 new" in running.settled(asked, "Done.")
    assert running.audit()[-1] == ("add", "done")
    told = running.settled(running.send(f"/add {lost}", THIRD), "That could not be read.")
    assert "has port 9" in told
    sources = onrecord("index", "info", "--json", *place, data=running.folder / "data", cwd=running.folder)
    assert lost in json.loads(sources.out)["sources"]  # it was one before
    for gone in (lost, str(next((running.state / "files").glob("tor-*")))):
        removed = onrecord("corpus", "remove", *place, gone, data=running.folder / "data", cwd=running.folder)
        assert removed.code == 0, removed.err


def test_rebuilding_shows_how_far_it_is_and_can_be_stopped(running: Running) -> None:
    shown = running.send("/reindex all", SECOND)
    running.settled(shown, "Done.")
    edits = [
        c
        for c in running.api.calls
        if c.method == "editMessageText" and c.data["message_id"] == shown["message_id"]
    ]
    assert "Reading and indexing" in edits[0].text
    assert "4 articles" not in edits[-1].text
    assert "3 articles" in edits[-1].text
    stopped = running.send("/reindex all", SECOND)
    running.settled(stopped, "Reading and indexing")
    running.press(stopped, "Stop")
    assert running.settled(stopped, "Stopped") == "Stopped. The index answers as before."
    assert [outcome for action, outcome in running.audit() if action == "reindex"][-2:] == ["done", "stopped"]
    assert (
        "The paper mill in Orda stays open"
        in running.send("Will the paper mill in Orda close?", THIRD)["text"]
    )


def test_status_and_audit(running: Running) -> None:
    status = running.send("/status")["text"]
    assert "Articles: 3, passages: 3" in status
    assert "No errors since the start." in status
    assert " UTC\nRunning for " in status
    assert "Questions under way and waiting: 0" in status  # /status itself is none
    assert "Answers today (UTC): " in status
    assert "Chats that watch topics: 0" in status
    audit = running.send("/audit")["text"].splitlines()
    assert "reindex all: stopped" in audit[0]
    assert f" {ADMIN} add ../../Mill" in audit[-1]


def test_votes_come_as_a_set_that_can_be_evaluated(running: Running, tmp_path: Path) -> None:
    assert running.send("/export", SECOND)["text"] == "There are no votes yet."
    right, wrong = (
        running.send("Will the paper mill in Orda close?", THIRD),
        running.send("From when may lorries cross?"),
    )
    running.press(right, "👍")
    running.press(wrong, "👎")
    running.api.say("/export", SECOND)
    calls = running.api.calls
    wait_for(lambda: sum(call.method == "sendDocument" for call in calls) == 2, SLOW, running.said)
    for file in (call.data["document"] for call in calls if call.method == "sendDocument"):
        (tmp_path / file["file_name"]).write_bytes(file["content"])
    (labelled,) = load(tmp_path).questions
    assert (labelled.question, labelled.kind, labelled.verdict) == (
        "Will the paper mill in Orda close?",
        "yesno",
        "no",
    )
    assert labelled.quotes == ("The paper mill in Orda stays open, its director Aida Serik said on Friday.",)
    unlabelled = json.loads((tmp_path / "to-label.jsonl").read_text(encoding="utf-8"))
    assert (unlabelled["question"], unlabelled["answerable"]) == ("From when may lorries cross?", None)
    files = running.state / "files"
    command = ("eval", str(tmp_path), "--corpus", "articles", "--corpus", str(files), "--json")
    done = onrecord(*command, data=running.folder / "data", cwd=running.folder)
    assert done.code == 0, done.err
    assert json.loads(done.out)["questions"] == 1


def test_for_others_there_is_none_of_it(running: Running) -> None:
    deeds = len(running.audit())
    for command in ("/reindex", "/status", "/export", "/audit", "/add https://a.example"):
        running.api.say(command, STRANGER)
        running.api.say(command, GROUP, by=ADMIN)
    running.api.document("mill.md", MILL.encode(), STRANGER)
    running.api.say("https://a.example/x", STRANGER)
    running.send("Will the paper mill in Orda close?", STRANGER)
    in_group = running.send(
        "/ask Will the paper mill in Orda close?", GROUP
    )  # in turn: what is first is all there is
    assert [call.message_id for call in running.api.sent(GROUP)] == [in_group["message_id"]]
    assert "stays open" in in_group["text"]
    assert len(running.audit()) == deeds
    told = "\n".join(call.text for call in running.api.sent(STRANGER))
    assert "Add this article?" not in told
    assert "passages:" not in told
    asked = running.send("https://news.example/b", THIRD)
    running.press(asked, "Add", by=STRANGER)  # forwarded messages lose their buttons; an id may be guessed
    assert running.audit()[-1] == ("add", "asked")
    running.press(asked, "No")


def test_a_kill_is_told_of_and_the_end_is_polite(bot: tuple[Running, subprocess.Popen[bytes]]) -> None:
    running, process = bot
    killed = running.send("/reindex all", SECOND)
    running.settled(killed, "Reading and indexing")
    process.kill()
    process.wait()
    again = running.start()
    try:
        assert "was broken off" in running.settled(killed, "started anew")
        stopped = running.send("/reindex all")
        running.settled(stopped, "Reading and indexing")
        again.send_signal(signal.SIGTERM)
        assert again.wait(SLOW) == 0
        assert running.settled(stopped, "shut down").startswith("Stopped, as the bot is shut down.")
    finally:
        again.kill()
        again.wait()
    outcomes = [outcome for action, outcome in running.audit() if action == "reindex"][-2:]
    assert outcomes == ["broken off by a restart", "stopped"]


def test_the_log_tells_who_did_what_and_holds_no_word_of_it(running: Running) -> None:
    log = running.said()
    records = [json.loads(line) for line in log.splitlines() if '"event": "administration"' in line]
    first = next(r for r in records if r["deed"] == 1 and r["outcome"] == "done")
    assert (first["admin"], first["action"], first["level"]) == (ADMIN, "add", "info")
    assert "broken off by a restart" in {r["outcome"] for r in records if r["action"] == "reindex"}
    for word in (TOKEN.partition(":")[2], "Orda", "mill", "ferry", "Ilm", "news.example"):
        assert word not in log
