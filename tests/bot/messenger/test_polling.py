"""Long polling, as a real process: what a person sees, what survives, and what ends it."""

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import bot_api
from tests.bot.messenger.process import (
    START,
    clean,
    ends,
    free_port,
    logged,
    quiet,
    ready,
    running,
    terminated,
)
from tests.bot_api import ME, BotApi, Fault, wait_for

SET_TOKEN = "set ONRECORD_TELEGRAM_TOKEN to the one @BotFather gave you"  # noqa: S105  a hint


@pytest.fixture(scope="module")
def polling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[BotApi, Path]]:
    folder = tmp_path_factory.mktemp("bot")
    with BotApi(hang=2) as server, running(server.url, folder, "--timeout", "1"):
        ready(server)
        yield server, folder


@pytest.fixture
def api(polling: tuple[BotApi, Path]) -> BotApi:
    return polling[0]


def test_a_question_is_answered_once(api: BotApi) -> None:
    asked = api.say("Did Serik say rain is coming?", chat=11)
    (answer,) = api.wait_sent(1, chat=11)
    assert answer.text.startswith("Yes.")
    assert answer.shown("blockquote") == ["Did Serik say rain is coming?"]
    assert "parse_mode" not in answer.data
    assert answer.data["reply_parameters"]["message_id"] == asked
    time.sleep(0.3)
    assert len(api.sent(11)) == 1


def test_it_asks_for_the_updates_it_handles(api: BotApi) -> None:
    assert api.updates.allowed is not None
    assert {"message", "edited_message", "callback_query", "inline_query", "guest_message"} <= set(
        api.updates.allowed
    )


def test_an_update_delivered_twice_is_answered_once(api: BotApi) -> None:
    message = api.say("Did rain fall?", chat=12)
    api.wait_sent(1, chat=12)
    api.updates.repeat(api.heard[12, message])
    api.say("Did snow fall?", chat=12)
    api.wait_sent(2, chat=12)
    time.sleep(0.3)
    assert len(api.sent(12)) == 2


def test_updates_out_of_order_are_all_answered(api: BotApi) -> None:
    with api.updates.reordered():
        for number in range(5):
            api.say(f"Question {number}?", chat=13)
    texts = [m.shown("blockquote")[0] for m in api.wait_sent(5, chat=13)]
    assert texts == [f"Question {number}?" for number in reversed(range(5))]


def test_updates_it_does_not_know_leave_no_traceback(polling: tuple[BotApi, Path]) -> None:
    api, folder = polling
    chat = {"id": 31, "type": "private"}
    channel = {"id": -1031, "type": "channel", "title": "C"}
    member = {"user": ME, "status": "member"}
    change = {"chat": chat, "from": bot_api.person(31), "date": 1, "old_chat_member": member}
    api.push(channel_post={"message_id": 2, "date": 1, "chat": channel, "text": "Did rain fall?"})
    api.push(poll_answer={"poll_id": "1", "option_ids": [0], "user": bot_api.person(31)})
    api.push(my_chat_member=change | {"new_chat_member": member | {"status": "left"}})
    api.push(something_new={"a": 1})
    api.push(something_new="text")
    api.push()
    api.say(None, chat=31, pinned_message={"message_id": 1, "date": 1, "chat": chat})
    quiet(api, 31)
    clean(folder)


def test_an_update_that_cannot_be_read_is_passed_over(polling: tuple[BotApi, Path]) -> None:
    api, folder = polling
    api.push(message={"message_id": "confidentialmatter"})
    api.say("Did rain fall?", chat=30)
    api.wait_sent(1, chat=30)
    assert re.search(r"update \d+ cannot be read \(\w+[^)]*\); passed over", logged(folder))
    assert "confidentialmatter" not in logged(folder)


def test_a_failing_answer_is_told_and_logged_without_the_question(polling: tuple[BotApi, Path]) -> None:
    api, folder = polling
    api.say("fail over confidentialmatter", chat=36)
    (told,) = api.wait_sent(1, chat=36)
    assert told.text.startswith("Something went wrong here")
    assert "ValueError at " in logged(folder)
    assert "confidentialmatter" not in logged(folder)


@pytest.mark.parametrize(
    "fault",
    [
        bot_api.SERVER_ERROR,
        bot_api.RESET,
        bot_api.MALFORMED,
        bot_api.flood(1),
        bot_api.CONFLICT,
        bot_api.LATE_RESET,
    ],
    ids=lambda fault: fault.description,
)
def test_polling_survives_a_fault(api: BotApi, fault: Fault) -> None:
    chat = 400 + len(api.calls)
    api.faults["getUpdates"].append(fault)
    api.say("Did rain fall?", chat=chat)
    api.wait_sent(1, chat=chat)


def test_sigterm_finishes_the_answer_in_hand_and_leaves_the_rest(tmp_path: Path) -> None:
    with BotApi() as api:
        with running(api.url, tmp_path, "--poll", "0.2") as process:
            ready(api)
            api.say("sleep 1.5 seconds", chat=1)
            ready(api, "sendChatAction")
            api.say("Did rain fall?", chat=1)
            bot_api.wait_for(lambda: api.updates.pending == 0, 10, lambda: "not taken")
            terminated(process)
        assert [m.shown("blockquote") for m in api.sent(1)] == [["sleep 1.5 seconds"]]
        with running(api.url, tmp_path) as process:
            api.wait_sent(2, chat=1)
            terminated(process)
        assert [m.shown("blockquote")[0] for m in api.sent(1)] == ["sleep 1.5 seconds", "Did rain fall?"]
    clean(tmp_path)


@pytest.mark.parametrize(
    ("faults", "line"),
    [
        (
            [bot_api.CONFLICT] * 4,
            "onrecord: another process receives this bot's messages: stop it, then start this one again",
        ),
        ([bot_api.REVOKED], f"onrecord: Telegram refused the token: {SET_TOKEN}"),
    ],
    ids=["409", "401"],
)
def test_what_ends_polling(tmp_path: Path, faults: list[Fault], line: str) -> None:
    with BotApi() as api, running(api.url, tmp_path) as process:
        ready(api)
        api.faults["getUpdates"].extend(faults)
        assert ends(tmp_path, process) == line


def test_a_token_revoked_while_an_answer_is_sent(tmp_path: Path) -> None:
    with BotApi() as api:
        with running(api.url, tmp_path) as process:
            ready(api)
            api.faults["sendMessage"].append(bot_api.REVOKED)
            api.say("Did rain fall?", chat=1)
            assert ends(tmp_path, process) == f"onrecord: Telegram refused the token: {SET_TOKEN}"
        with running(api.url, tmp_path):
            api.wait_sent(1, chat=1)


def test_a_token_that_telegram_does_not_know(tmp_path: Path) -> None:
    with BotApi() as api, running(api.url, tmp_path, token="1:unknown") as process:  # noqa: S106  as it says
        assert ends(tmp_path, process) == f"onrecord: Telegram refused the token: {SET_TOKEN}"


def test_an_unreachable_api(tmp_path: Path) -> None:
    port = free_port()
    with running(f"http://127.0.0.1:{port}", tmp_path) as process:
        assert ends(tmp_path, process) == (
            f"onrecord: Telegram at 127.0.0.1:{port} cannot be reached (NetworkError): "
            "check the network, then start again"
        )


@pytest.mark.parametrize(
    ("method", "fault"), [("getMe", bot_api.flood(3600)), ("deleteWebhook", bot_api.TIMEOUT)], ids=str
)
def test_it_ends_when_told_though_telegram_keeps_it_waiting(
    tmp_path: Path, method: str, fault: Fault
) -> None:
    with BotApi(hang=60) as api:
        api.faults[method].append(fault)
        with running(api.url, tmp_path) as process:
            wait_for(lambda: not api.faults[method], START, lambda: f"no {method}")
            terminated(process)
    clean(tmp_path)


def test_one_process_for_one_bot(tmp_path: Path) -> None:
    with BotApi() as api, ExitStack() as stack:
        first = stack.enter_context(running(api.url, tmp_path))
        ready(api)
        second = stack.enter_context(running(api.url, tmp_path))
        line = ends(tmp_path, second)
        assert re.fullmatch(
            rf'onrecord: process {first.pid} \(".*", since \d\d:\d\d\) is running this bot: '
            "stop it, then start this one again",
            line,
        )
        api.say("Did rain fall?", chat=1)
        api.wait_sent(1, chat=1)
