"""The books of ``benchmarks.bot_hour``: what is lost, doubled or written down is seen to be."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from benchmarks.bot_hour.books import FAILURES, REFUSALS, Asked, Books, Outcome, What
from benchmarks.bot_hour.process import SECRET
from benchmarks.bot_hour.results import went_wrong
from benchmarks.bot_hour.searching import log_figures, secrets_in
from tests.bot_api import TOKEN, BotApi


@pytest.fixture
def books() -> Iterator[Books]:
    with BotApi() as api:
        yield Books(api)


def says(books: Books, text: str, chat: int, under: int) -> None:
    content = {"chat_id": chat, "text": text, "reply_parameters": {"message_id": under}}
    assert httpx.post(f"{books.api.url}/bot{TOKEN}/sendMessage", json=content).status_code == 200


@pytest.mark.parametrize(
    ("what", "texts", "outcome"),
    [
        ("message", [], "lost"),
        ("message", ["Yes."], "answered"),
        ("message", ["Yes.", "Yes."], "doubled"),
        ("message", [REFUSALS[-1]], "refused"),
        ("message", [FAILURES[0]], "failed"),
        ("silence", [], "quiet"),
        ("silence", ["Yes."], "spoken"),
    ],
)
def test_what_becomes_of_a_message(books: Books, what: What, texts: list[str], outcome: Outcome) -> None:
    asked = books.add(Asked("question", what, 7, books.api.say("Is it raining?"), 7))
    for text in texts:
        says(books, text, 7, int(asked.number))
    books.follow()
    assert books.outcome(asked) == outcome


def test_a_group_that_moves_is_answered_where_it_went(books: Books) -> None:
    asked = books.add(Asked("question", "message", -5, books.api.say("Is it raining?", -5), 7))
    books.moved[-5] = books.api.migrate(-5)
    assert books.outcome(asked) == "lost"
    says(books, "Yes.", books.moved[-5], int(asked.number))
    books.follow()
    assert books.outcome(asked) == "answered"


def test_what_replies_to_nothing_in_a_moved_group_answers_what_it_shares(books: Books) -> None:
    rain, wind = (
        books.add(Asked("question", "message", -5, books.api.say(text, -5), 7))
        for text in ("Is it raining?", "Is it windy?")
    )
    books.moved[-5] = new = books.api.migrate(-5)
    shared = {"inline_keyboard": [[{"text": "Share", "switch_inline_query": "Is it windy?"}]]}
    content = {"chat_id": new, "text": "Yes.", "reply_markup": shared}
    assert httpx.post(f"{books.api.url}/bot{TOKEN}/sendMessage", json=content).status_code == 200
    books.follow()
    assert [books.outcome(asked) for asked in (rain, wind)] == ["lost", "answered"]


def test_a_query_that_another_overtook_is_not_lost(books: Books) -> None:
    first, second = (
        books.add(Asked("inline", "inline", 7, books.api.inline(text, 7), 7))
        for text in ("Is", "Is it raining?")
    )
    assert [books.outcome(first), books.outcome(second)] == ["lost", "lost"]
    content: dict[str, object] = {"inline_query_id": second.number, "results": []}
    httpx.post(f"{books.api.url}/bot{TOKEN}/answerInlineQuery", json=content)
    assert [books.outcome(first), books.outcome(second)] == ["overtaken", "answered"]


def test_secrets_are_found_wherever_they_stand(tmp_path: Path) -> None:
    (tmp_path / "log").write_text(f'{{"level": "error", "event": "at /bot{TOKEN}/getMe"}}\nTraceback (most\n')
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "file").write_bytes(b"\0" + SECRET.encode() + b"\0")
    (tmp_path / "clean").write_text("nothing")
    assert secrets_in(tmp_path) == {"log": 1, "state/file": 1}
    assert log_figures(tmp_path / "log")["lines"] == {"error": 1, "plain": 1}


def test_exceptions_are_seen_as_the_log_tells_them(tmp_path: Path) -> None:
    raised = {
        "level": "error",
        "event": "news failed",
        "error": "ValueError at bot/live.py:9",
        "trail": ["bot/live.py:9"],
    }
    records = [
        raised | {"logger": "bot.messenger.handlers.news.telling"},
        raised | {"logger": "telegram.request.BaseRequest"},
        {"level": "error", "event": "a message was given up", "logger": "bot.messenger.outgoing.delivery"},
        [],
    ]
    (tmp_path / "log").write_text("\n".join(map(json.dumps, records)))
    found = log_figures(tmp_path / "log")
    assert found["exceptions"] == {"news failed: ValueError at bot/live.py:9": 1}
    assert found["lines"] == {"error": 3, "plain": 1}


QUIET = {"tracebacks": 0, "exceptions": {}, "questions_written_down": 0}
GOOD = {"outcomes": {"question": {"answered": 3, "refused": 1}}, "log": QUIET, "secrets": {}, "exit_code": 0}


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({}, False),
        ({"outcomes": {"flood": {"passed over": 9, "lost": 1}}}, False),
        ({"outcomes": {"question": {"lost": 1}}}, True),
        ({"outcomes": {"press": {"doubled": 1}}}, True),
        ({"outcomes": {"not for the bot": {"spoken": 1}}}, True),
        ({"secrets": {"log": 1}}, True),
        ({"log": QUIET | {"exceptions": {"x": 1}}}, True),
        ({"log": QUIET | {"questions_written_down": 1}}, True),
        ({"exit_code": -9}, True),
    ],
)
def test_what_fails_the_hour(changed: dict[str, Any], *, wrong: bool) -> None:
    assert went_wrong(GOOD | changed) is wrong
