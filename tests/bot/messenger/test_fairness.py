"""Floods, limits and closed doors, as real processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.messenger.process import clean, quiet, ready, running, terminated
from tests.bot_api import ME, BotApi, wait_for

MANY = 10_000
BUSY, OFTEN = "Too many questions are waiting just now", "That was a lot of questions"
CLOSED = "I answer only the people whom my owner has let in. Your number at Telegram is 2."


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as server:
        yield server


def quoted(api: BotApi, chat: int) -> list[str]:
    return [m.shown("blockquote")[0] for m in api.sent(chat) if m.shown("blockquote")]


def notices(api: BotApi, chat: int) -> list[str]:
    return [m.text for m in api.sent(chat) if not m.shown("blockquote")]


def test_who_floods_the_bot_waits_for_himself_alone(api: BotApi, tmp_path: Path) -> None:
    others = range(2, 12)
    with running(api.url, tmp_path, "--workers", "1", per_user=MANY, waiting_each=5) as process:
        for number in range(200):
            api.say(f"sleep 0.2 seconds, {number}", chat=1)
        for chat in others:
            api.say("Did rain fall?", chat=chat)
        wait_for(lambda: all(len(quoted(api, c)) == 1 for c in others), 30, lambda: str(api.sent()))
        ahead = len(quoted(api, 1))
        wait_for(lambda: len(quoted(api, 1)) >= 5, 30, lambda: str(quoted(api, 1)))
        terminated(process)
    assert ahead < 5  # he had not even his first ones
    assert quoted(api, 1)[:5] == [f"sleep 0.2 seconds, {number}" for number in range(5)]
    assert len(quoted(api, 1)) < 10
    assert [text.startswith(BUSY) for text in notices(api, 1)] == [True]
    assert not [text for chat in others for text in notices(api, chat)]
    clean(tmp_path)


def test_who_floods_a_group_takes_no_place_of_its_others(api: BotApi, tmp_path: Path) -> None:
    group, me = -100, f"@{ME['username']}"
    with running(api.url, tmp_path, per_user=MANY, per_group=MANY, waiting_each=5):
        for number in range(30):
            api.say(f"{me} sleep 0.2 seconds, {number}", chat=group, by=1)
        asked = api.say(f"{me} Did rain fall?", chat=group, by=2)
        wait_for(lambda: "Did rain fall?" in quoted(api, group), 30, lambda: str(quoted(api, group)))
    (answer,) = (m for m in api.sent(group) if m.shown("blockquote") == ["Did rain fall?"])
    assert answer.data["reply_parameters"]["message_id"] == asked
    assert len(quoted(api, group)) < 5  # of the flood not even its first ones were before it


def test_beyond_the_bound_of_all_everyone_is_told_once(api: BotApi, tmp_path: Path) -> None:
    with running(api.url, tmp_path, "--workers", "1", waiting=2):
        for chat in (1, 2, 3, 4):
            api.say("sleep 0.7 seconds", chat=chat)
        api.say("Did rain fall?", chat=4)
        for chat in (1, 2, 3, 4):
            api.wait_sent(1, chat=chat)
    assert [len(quoted(api, chat)) for chat in (1, 2, 3, 4)] == [1, 1, 0, 0]
    assert [text.startswith(BUSY) for chat in (3, 4) for text in notices(api, chat)] == [True, True]


def test_a_person_and_a_group_have_their_questions_a_minute(api: BotApi, tmp_path: Path) -> None:
    group, me = -100, f"@{ME['username']}"
    with running(api.url, tmp_path, per_user=3, per_group=5, waiting_each=50) as process:
        for number in range(6):
            api.say(f"Did rain fall, {number}?", chat=1)
        for number in range(8):
            api.say(f"{me} Did snow fall, {number}?", chat=group, by=20 + number)
            api.say("We talk among ourselves.", chat=group, by=20)
        api.wait_sent(4, chat=1)
        api.wait_sent(6, chat=group)
        terminated(process)
    assert quoted(api, 1) == [f"Did rain fall, {number}?" for number in range(3)]
    assert quoted(api, group) == [f"Did snow fall, {number}?" for number in range(5)]
    assert [text.startswith(OFTEN) for text in notices(api, 1) + notices(api, group)] == [True, True]


def test_a_closed_bot_answers_those_whom_its_owner_lists(api: BotApi, tmp_path: Path) -> None:
    me = f"@{ME['username']}"
    with running(api.url, tmp_path, users=[1], groups=[-100], admins=[9]):
        ready(api)
        for chat in (1, 2, 2, 9):
            api.say("Did rain fall?", chat=chat)
        api.say(f"{me} Did rain fall?", chat=-100, by=2)
        api.say(f"{me} Did rain fall?", chat=-200, by=1)
        for chat in (1, 2, 9, -100):
            api.wait_sent(1, chat=chat)
        query = api.inline("Did rain fall?", by=2)
        assert api.wait_answer(query)["results"] == []
        quiet(api, -200)
    assert [quoted(api, chat) for chat in (1, 9, -100)] == [["Did rain fall?"]] * 3
    assert notices(api, 2) == [CLOSED]
    assert quoted(api, 2) == []


def test_a_restart_does_not_refuse_a_stranger_anew(api: BotApi, tmp_path: Path) -> None:
    for answers in (1, 2):
        with running(api.url, tmp_path, users=[1]) as process:
            api.say("Did rain fall?", chat=2)
            api.say("Did rain fall?", chat=1)
            api.wait_sent(answers, chat=1)
            api.wait_sent(1, chat=2)
            terminated(process)
    assert notices(api, 2) == [CLOSED]
