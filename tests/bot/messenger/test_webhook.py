"""The webhook, as a real process: who may post, what is taken, and what is told of what is not."""

import contextlib
import json
import re
import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.bot.messenger.process import (
    Bot,
    accepts,
    clean,
    ends,
    free_port,
    logged,
    quiet,
    ready,
    running,
    terminated,
)
from tests.bot_api import SERVER_ERROR, BotApi, wait_for

SECRET = "hook-secret_42"  # noqa: S105  opens nothing but this test
GIVEN = "X-Telegram-Bot-Api-Secret-Token"


@contextmanager
def hooked(api: BotApi, folder: Path, secret: str = SECRET) -> Iterator[tuple[str, Bot]]:
    port = free_port()
    url = f"http://127.0.0.1:{port}/a.b/hook"
    options = ("--webhook", url, "--secret", secret, "--port", str(port))
    with running(api.url, folder, *options) as process:
        wait_for(lambda: api.webhook.get("url") == url and accepts(port), 60, lambda: logged(folder))
        yield url, process


def update(number: int, text: str = "Did rain fall?", chat: int = 2) -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "P"}
    message = {"message_id": number, "date": 1, "chat": {"id": chat, "type": "private"}, "from": person}
    return {"update_id": number, "message": message | {"text": text}}


def test_updates_are_taken_from_telegram_alone(tmp_path: Path) -> None:
    with BotApi() as api, hooked(api, tmp_path) as (url, process):
        assert api.webhook["secret_token"] == SECRET
        assert "callback_query" in api.webhook["allowed_updates"]
        api.say("Did rain fall?", chat=1)
        assert [m.text[:4] for m in api.wait_sent(1, chat=1)] == ["Yes."]
        for headers in ({}, {GIVEN: "wrong"}, {GIVEN: ""}, {GIVEN: SECRET + "x"}):
            assert httpx.post(url, json=update(99), headers=headers).status_code == 403
        for other in (url + "/other", url.replace("a.b", "aXb"), url.replace("/a.b/hook", "/")):
            assert httpx.post(other, json=update(99), headers={GIVEN: SECRET}).status_code == 404
        assert httpx.get(url, headers={GIVEN: SECRET}).status_code == 405
        quiet(api, 2)
        assert not [c for c in api.calls if c.method == "getUpdates"]
        terminated(process)
    clean(tmp_path)
    assert SECRET not in logged(tmp_path)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"7",
        b'{"message": {}}',
        b'{"update_id": "7"}',
        b'{"update_id": -1}',
        b'{"update_id": true}',
        b'{"update_id": 1e400}',
        b'{"update_id": 99999999999999999999}',
        b"[" * 100_000,
        b'{"update_id": 7, "a": ' + b"[" * 900 + b"]" * 900 + b"}",
    ],
    ids=lambda body: body[:24].decode(errors="replace"),
)
def test_a_body_that_is_no_update(hook: tuple[str, Path, BotApi], body: bytes) -> None:
    url, folder, _ = hook
    status = httpx.post(url, content=body, headers={GIVEN: SECRET}).status_code
    assert status == (200 if body.startswith(b'{"update_id": 7') else 400)
    clean(folder)


@pytest.fixture(scope="module")
def hook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, BotApi]]:
    folder = tmp_path_factory.mktemp("hook")
    with BotApi() as api, hooked(api, folder) as (url, process):
        yield url, folder, api
        terminated(process)


def test_a_body_beyond_a_megabyte_is_not_read(hook: tuple[str, Path, BotApi]) -> None:
    url, folder, _ = hook
    whole = json.dumps(update(500, "x" * 2_000_000)).encode()
    with contextlib.suppress(httpx.TransportError):  # it may hang up before all is sent
        assert httpx.post(url, content=whole, headers={GIVEN: SECRET}).status_code in {400, 413}
    assert httpx.post(url, content=b"{", headers={GIVEN: SECRET}).status_code == 400
    clean(folder)


def test_strangers_who_hold_the_line_do_not_take_all_files(tmp_path: Path) -> None:
    with BotApi() as api, hooked(api, tmp_path) as (url, process), contextlib.ExitStack() as lines:
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (192, 192))
        place = ("127.0.0.1", httpx.URL(url).port or 0)
        held = [lines.enter_context(socket.create_connection(place, 20)) for _ in range(250)]
        with contextlib.suppress(ConnectionResetError):
            assert held[-1].recv(1) == b""
        for line in held[:3]:
            line.close()
        api.say("Did rain fall?", chat=1)
        api.wait_sent(1, chat=1)
    clean(tmp_path)
    assert "Exception in callback" not in logged(tmp_path)


def test_a_thing_posted_twice_is_answered_once(hook: tuple[str, Path, BotApi]) -> None:
    url, _, api = hook
    for _ in range(3):
        assert httpx.post(url, json=update(700, chat=70), headers={GIVEN: SECRET}).status_code == 200
    httpx.post(url, json=update(701, "Did snow fall?", chat=70), headers={GIVEN: SECRET})
    assert [m.shown("blockquote") for m in api.wait_sent(2, chat=70)] == [
        ["Did rain fall?"],
        ["Did snow fall?"],
    ]


def test_what_is_answered_with_200_outlives_a_kill(tmp_path: Path) -> None:
    with BotApi() as api:
        with hooked(api, tmp_path) as (url, process):
            for number in range(900, 905):
                body = update(number, f"sleep 0.3 seconds, {number}", chat=number)
                assert httpx.post(url, json=body, headers={GIVEN: SECRET}).status_code == 200
            process.kill()
            process.wait()
        assert len(api.sent()) < 5
        with running(api.url, tmp_path):
            api.wait_sent(5)
            ready(api, "getUpdates")
        assert sorted(m.data["chat_id"] for m in api.sent()) == list(range(900, 905))


def test_what_is_posted_while_the_bot_starts_is_kept(tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/hook"
    with BotApi() as api:
        api.faults["getMe"].extend([SERVER_ERROR] * 2)
        with running(api.url, tmp_path, "--webhook", url, "--secret", SECRET, "--port", str(port)):
            wait_for(lambda: accepts(port), 60, lambda: logged(tmp_path))
            assert httpx.post(url, json=update(99), headers={GIVEN: SECRET}).status_code == 200
            assert not [c for c in api.calls if c.method == "getMe"]
            api.wait_sent(1, chat=2)
    clean(tmp_path)


def test_no_secret_is_asked_for_where_the_owner_says_so(tmp_path: Path) -> None:
    with BotApi() as api, hooked(api, tmp_path, "off") as (url, _):
        assert "secret_token" not in api.webhook
        assert httpx.post(url, json=update(99)).status_code == 200
        api.wait_sent(1, chat=2)


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, BotApi() as api:
        port = str(taken.getsockname()[1])
        options = ("--webhook", "http://127.0.0.1/hook", "--port", port)
        with running(api.url, tmp_path, *options) as process:
            line = ends(tmp_path, process)
        assert re.fullmatch(
            rf"onrecord: 127\.0\.0\.1:{port} cannot be opened \(.*\): choose another port", line
        )
        with running(api.url, tmp_path, "--status-port", port) as process:
            assert process.wait(60) == 2
        assert api.calls == []
