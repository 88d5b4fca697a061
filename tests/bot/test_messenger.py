"""The bot as a real process against a Bot API server on loopback: what a person in Telegram would see."""

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.messenger.replies import BUSY, FAILED, HINT
from tests import bot_api
from tests.bot_api import ME, TOKEN, BotApi

ROOT = Path(__file__).parents[2]
GROUP = -100
SECRET = "hook-secret_42"  # noqa: S105  opens nothing but this test
Bot = subprocess.Popen[bytes]


@contextmanager
def running(url: str, log: Path, *options: str, token: str = TOKEN) -> Iterator[Bot]:
    command = [sys.executable, "-m", "tests.run_bot", url, "--token", token, *options]
    with (
        log.open("wb") as output,
        subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def ready(api: BotApi, method: str = "deleteWebhook") -> None:  # the last call before it polls
    bot_api.wait_for(
        lambda: any(c.method == method for c in api.calls), 30, lambda: f"no {method}: {api.calls}"
    )


def quiet(api: BotApi, chat: int, seconds: float = 0.5) -> None:
    """Nothing is said in the chat although the bot has had the time."""
    time.sleep(seconds)
    assert api.sent(chat) == []


@pytest.fixture(scope="module")
def polling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[BotApi, Path]]:
    log = tmp_path_factory.mktemp("bot") / "log"
    with BotApi() as server, running(server.url, log, "--timeout", "1"):
        ready(server)
        yield server, log


@pytest.fixture
def api(polling: tuple[BotApi, Path]) -> BotApi:
    return polling[0]


def test_a_question_is_answered_once_with_text_and_entities(api: BotApi) -> None:
    asked = api.say("Did Serik say rain is coming?", chat=11)
    (answer,) = api.wait_sent(1, chat=11)
    assert answer.text == (
        "Yes.\n"
        "1 statement, 1 report · answered: 90 % sure\n"
        "\n"
        "Did Serik say rain is coming?\n"
        "— Aida Serik, direct speech · Daily Line · 1 June 2024"
    )
    assert answer.shown("bold") == ["Yes."]
    assert answer.shown("blockquote") == ["Did Serik say rain is coming?"]
    assert answer.shown("text_link") == ["Daily Line"]
    assert "parse_mode" not in answer.data
    assert answer.data["link_preview_options"] == {"is_disabled": True}
    assert answer.data["reply_parameters"]["message_id"] == asked
    time.sleep(0.3)
    assert len(api.sent(11)) == 1


@pytest.mark.parametrize(
    "question", ["<b>bold</b> &amp; *x* _y_ [a](tg://b) `c`?", "Дождь 🙂 <i>идёт</i>?\n> да"]
)
def test_markup_in_a_question_arrives_verbatim(api: BotApi, question: str) -> None:
    chat = 12 + len(question)
    api.say(question, chat=chat)
    (answer,) = api.wait_sent(1, chat=chat)
    assert answer.shown("blockquote") == [question]


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("/start", "Ask me about the news"),
        ("/help", "Just write a question"),
        ("/sources", "Articles by outlet\nDaily Line: 3\nBaku Wire: 1"),
        ("/about", "Onrecord, build 7f3a"),
        ("/nonsense", HINT),
    ],
)
def test_commands(api: BotApi, command: str, shown: str) -> None:
    chat = sum(command.encode())
    api.say(command, chat=chat)
    (reply,) = api.wait_sent(1, chat=chat)
    assert reply.text.startswith(shown)


def mention(offset: int, name: str = str(ME["username"])) -> dict[str, Any]:
    return {"entities": [{"type": "mention", "offset": offset, "length": len(name) + 1}]}


def test_in_a_group_a_mention_asks(api: BotApi) -> None:
    api.say("🙂 @Onrecord_Test_Bot, is it raining?", chat=GROUP - 1, **mention(3))
    (answer,) = api.wait_sent(1, chat=GROUP - 1)
    assert answer.shown("blockquote") == ["🙂 , is it raining?"]


def test_in_a_group_a_reply_to_the_bot_asks(api: BotApi) -> None:
    earlier = {
        "message_id": 1,
        "date": 1,
        "chat": {"id": GROUP - 2, "type": "group", "title": "G"},
        "from": ME,
    }
    api.say("And tomorrow?", chat=GROUP - 2, reply_to_message=earlier)
    (answer,) = api.wait_sent(1, chat=GROUP - 2)
    assert answer.shown("blockquote") == ["And tomorrow?"]


def test_in_a_group_a_bare_mention_gets_the_hint(api: BotApi) -> None:
    api.say(f"@{ME['username']}", chat=GROUP - 3, **mention(0))
    assert [m.text for m in api.wait_sent(1, chat=GROUP - 3)] == [HINT]


def test_what_is_not_meant_for_the_bot_stays_unanswered(api: BotApi) -> None:
    chat = GROUP - 4
    person = bot_api.person(5)
    api.say("Is it raining?", chat=chat)
    api.say("@another_bot is it raining?", chat=chat, **mention(0, "another_bot"))
    api.say("/nonsense", chat=chat)
    api.say(None, chat=chat, location={"latitude": 1.0, "longitude": 2.0})
    api.say(f"@{ME['username']} hi", chat=chat, **mention(0) | {"from": person | {"is_bot": True}})
    quiet(api, chat)


def test_other_updates_are_ignored_without_a_traceback(polling: tuple[BotApi, Path]) -> None:
    api, log = polling
    chat = {"id": 31, "type": "private"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": bot_api.person(31), "text": "Is it raining?"}
    channel = {"id": -1031, "type": "channel", "title": "C"}
    member = {"user": ME, "status": "member"}
    change = {"chat": chat, "from": bot_api.person(31), "date": 1, "old_chat_member": member}
    api.push(edited_message=message | {"edit_date": 2})
    api.push(channel_post={"message_id": 2, "date": 1, "chat": channel, "text": "Is it raining?"})
    api.push(poll_answer={"poll_id": "1", "option_ids": [0], "user": bot_api.person(31)})
    api.push(my_chat_member=change | {"new_chat_member": member | {"status": "left"}})
    api.push(inline_query={"id": "1", "from": bot_api.person(31), "query": "x", "offset": ""})
    api.push(something_new={"a": 1})
    api.say(None, chat=31, pinned_message=message)
    quiet(api, 31)
    assert "Traceback" not in log.read_text()


def test_an_update_that_cannot_be_read_is_passed_over(polling: tuple[BotApi, Path]) -> None:
    api, log = polling
    api.push(message={"message_id": "confidentialmatter"})
    api.say("Is it raining?", chat=30)
    api.wait_sent(1, chat=30)
    text = log.read_text()
    assert re.search(r"update \d+ cannot be read \(\w+\); passed over", text)
    assert "confidentialmatter" not in text


def test_a_private_message_without_text_gets_a_hint(api: BotApi) -> None:
    api.say(None, chat=32, location={"latitude": 1.0, "longitude": 2.0})
    assert [m.text for m in api.wait_sent(1, chat=32)] == [HINT]


def test_a_very_long_question_is_refused_politely(api: BotApi) -> None:
    api.say("🙂" * 2048, chat=33)
    (reply,) = api.wait_sent(1, chat=33)
    assert reply.text == "That question has 2,048 characters; please ask in at most 1,000 characters."


def test_a_long_answer_comes_in_several_messages(api: BotApi) -> None:
    question = "long " + "wort 🙂 " * 140
    api.say(question, chat=34)
    messages = api.wait_sent(4, chat=34)  # the verdict line, then the quote in three
    quoted = [part for m in messages for part in m.shown("blockquote")]
    assert "".join(quoted) == question.strip() * 8
    assert api.refused == []


def test_typing_is_shown_while_it_works(api: BotApi) -> None:
    api.say("sleep 0.5 seconds", chat=35)
    (answer,) = api.wait_sent(1, chat=35)
    (typing,) = [c for c in api.calls if c.method == "sendChatAction" and c.data["chat_id"] == 35]
    assert typing.data["action"] == "typing"
    assert typing.at < answer.at


def test_a_failing_answer_is_told_and_logged_without_the_question(polling: tuple[BotApi, Path]) -> None:
    api, log = polling
    api.say("fail over confidentialmatter", chat=36)
    assert [m.text for m in api.wait_sent(1, chat=36)] == [FAILED]
    text = log.read_text()
    assert "a question failed: ValueError at " in text
    assert "confidentialmatter" not in text


@pytest.mark.parametrize(
    ("fault", "wait"),
    [(bot_api.flood(1), 1.0), (bot_api.SERVER_ERROR, 0.4), (bot_api.RESET, 0.4), (bot_api.TIMEOUT, 1.0)],
)
def test_an_answer_survives_a_fault_while_sending(api: BotApi, fault: bot_api.Fault, wait: float) -> None:
    chat = 40 + fault.status + len(fault.description)
    api.faults["sendMessage"].append(fault)
    began = time.monotonic()
    api.say("Is it raining?", chat=chat)
    (answer,) = api.wait_sent(1, chat=chat)
    assert answer.at - began > wait
    time.sleep(0.3)
    assert len(api.sent(chat)) == 1


def test_polling_survives_faults(api: BotApi) -> None:
    api.faults["getUpdates"].extend([bot_api.SERVER_ERROR, bot_api.RESET])
    api.say("Is it raining?", chat=41)
    api.wait_sent(1, chat=41)


def test_no_token_in_the_logs(polling: tuple[BotApi, Path]) -> None:
    assert TOKEN.partition(":")[2] not in polling[1].read_text()


def test_questions_beyond_the_queue_are_told_to_come_back(tmp_path: Path) -> None:
    with BotApi() as api, running(api.url, tmp_path / "log", "--waiting", "1"):
        ready(api)
        for chat in range(1, 6):
            api.say("sleep 1 second", chat=chat)
        texts = [m.text for m in api.wait_sent(5)]
    assert texts[:2] == [BUSY, BUSY]
    assert [text.startswith("Yes.") for text in texts[2:]] == [True] * 3


def test_sigterm_finishes_the_answer_in_hand(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with BotApi() as api, running(api.url, log) as process:
        ready(api)
        api.say("sleep 1.5 seconds", chat=1)
        ready(api, "sendChatAction")
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert [m.text[:4] for m in api.sent(1)] == ["Yes."]
    assert "Traceback" not in log.read_text()


SET_TOKEN = "set ONRECORD_TELEGRAM_TOKEN to the one @BotFather gave you"  # noqa: S105  a hint


def ends(log: Path, process: Bot) -> str:
    """The one line it says on its way out, after a run that must end by itself."""
    assert process.wait(30) == 2
    lines = log.read_text().splitlines()
    assert "Traceback" not in log.read_text()
    (line,) = [line for line in lines if line.startswith("onrecord: ")]
    assert TOKEN.partition(":")[2] not in log.read_text()
    return line


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        (
            bot_api.CONFLICT,
            "onrecord: another process receives this bot's messages: stop it, then start this one again",
        ),
        (
            bot_api.REVOKED,
            f"onrecord: Telegram refused the token: {SET_TOKEN}",
        ),
    ],
)
def test_what_ends_polling(tmp_path: Path, fault: bot_api.Fault, line: str) -> None:
    log = tmp_path / "log"
    with BotApi() as api, running(api.url, log) as process:
        ready(api)
        api.faults["getUpdates"].append(fault)
        assert ends(log, process) == line


@pytest.mark.parametrize(
    ("token", "line"),
    [
        (
            "",
            f"onrecord: the Telegram token is missing: {SET_TOKEN}",
        ),
        (
            "no token",
            f"onrecord: the Telegram token is not one: {SET_TOKEN}",
        ),
        (
            "1:unknown",
            f"onrecord: Telegram refused the token: {SET_TOKEN}",
        ),
    ],
)
def test_a_token_that_cannot_be_used(tmp_path: Path, token: str, line: str) -> None:
    log = tmp_path / "log"
    with BotApi() as api, running(api.url, log, token=token) as process:
        assert ends(log, process) == line


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_an_unreachable_api(tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    with running(f"http://127.0.0.1:{port}", log) as process:
        assert ends(log, process) == (
            f"onrecord: Telegram at 127.0.0.1:{port} cannot be reached (NetworkError): "
            "check the network, then start again"
        )


@contextmanager
def hooked(log: Path) -> Iterator[tuple[BotApi, str]]:
    port = free_port()
    url = f"http://127.0.0.1:{port}/hook"
    with (
        BotApi() as api,
        running(api.url, log, "--webhook", url, "--secret", SECRET, "--port", str(port)) as process,
    ):
        ready(api, "setWebhook")
        bot_api.wait_for(lambda: accepts(port), 10, lambda: "nothing listens")
        yield api, url
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_webhook(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with hooked(log) as (api, url):
        assert api.webhook["secret_token"] == SECRET
        assert api.webhook["allowed_updates"] == ["message"]
        api.say("Is it raining?", chat=1)
        assert [m.text[:4] for m in api.wait_sent(1, chat=1)] == ["Yes."]
        update = {
            "update_id": 99,
            "message": {"message_id": 1, "date": 1, "chat": {"id": 2, "type": "private"}},
        }
        for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "wrong"}):
            assert httpx.post(url, json=update, headers=headers).status_code == 403
        assert httpx.post(url + "/other", json=update).status_code == 404
        quiet(api, 2)
        assert not [c for c in api.calls if c.method == "getUpdates"]
    text = log.read_text()
    assert "Traceback" not in text
    assert SECRET not in text
    assert TOKEN.partition(":")[2] not in text


def test_webhook_port_in_use(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with socket.create_server(("127.0.0.1", 0)) as taken, BotApi() as api:
        port = taken.getsockname()[1]
        with running(api.url, log, "--webhook", "http://127.0.0.1/hook", "--port", str(port)) as process:
            line = ends(log, process)
    assert re.fullmatch(rf"onrecord: 127\.0\.0\.1:{port} cannot be opened \(.*\): choose another port", line)
