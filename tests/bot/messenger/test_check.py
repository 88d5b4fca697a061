"""``onrecord bot --check`` as it is run, against a Bot API server on loopback."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.messenger.operations.check import Checked, findings
from bot.messenger.operations.reports import MISSING
from bot.messenger.options import Options
from corpus import locks
from corpus.errors import IndexMissing
from retrieval.encoder import Encoder
from tests.bot.test_cli import onrecord
from tests.bot_api import GONE, SERVER_ERROR, TOKEN, BotApi, Fault

FILE = "---\ntitle: Bridge opens\n---\n\nThe bridge over the Sarn opens in spring, mayor Dana Ohl said.\n"


@pytest.fixture(scope="module")
def api() -> Iterator[BotApi]:
    with BotApi() as api:
        yield api


def no_index() -> Any:
    raise IndexMissing('there is no index in x: run "onrecord index build"')


def found(api: BotApi, folder: Path, **more: Any) -> list[str]:
    """All lines but the first, of the versions."""
    wanted: dict[str, Any] = {
        "token": TOKEN,
        "api_url": api.url,
        "options": Options(),
        "lock": folder / "lock",
    }
    versions, *lines = findings(Checked(**(wanted | {"status": ("127.0.0.1", 0)} | more)), no_index)
    assert str(versions).startswith("ok    onrecord ")
    return [str(line) for line in lines]


def test_the_command_tells_one_line_each(api: BotApi, tmp_path: Path, models: Path, encoder: Encoder) -> None:
    assert encoder.dimension == 384  # exported by now
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "bridge.md").write_text(FILE, encoding="utf-8")
    data = tmp_path / "data"
    data.mkdir()
    (data / "models").symlink_to(models)
    settings: dict[str, Any] = {
        "ONRECORD_TELEGRAM_TOKEN": TOKEN,
        "ONRECORD_TELEGRAM_API_URL": api.url,
        "ONRECORD_TELEGRAM_ADMINS": "7",
        "ONRECORD_TELEGRAM_GROUPS": "-100",
    }
    place = ("--corpus", "articles", "--index", "index")
    assert onrecord("index", "build", *place, data=data, cwd=tmp_path).code == 0
    good = onrecord("bot", "--check", *place, data=data, cwd=tmp_path, **settings)
    assert good.code == 0, good.out
    assert (data / "bot" / TOKEN.partition(":")[0]).stat().st_mode & 0o777 == 0o700
    lines = good.out.splitlines()
    assert [line[:6] for line in lines] == ["ok    "] * 3 + ["note  ", "ok    ", "note  "] + ["ok    "] * 6
    assert " answers, with all-MiniLM-L6-v2, in " in lines[2]
    assert lines[4:] == [
        "ok    the token is that of @onrecord_test_bot",
        (
            "note  privacy mode is on: in groups /ask and replies reach it, mentions do not; to have them: "
            "@BotFather, /setprivacy, Disable, then add it to each group again"
        ),
        "ok    inline mode is on",
        "ok    guest mode is on",
        "ok    no webhook is set, as polling needs it",
        "ok    0 updates wait at Telegram",
        "ok    administrator 7 is known",
        "ok    the bot is a member of group -100",
    ]
    new = onrecord("bot", "--check", "--index", "none", data=data, cwd=tmp_path, **settings)
    assert new.code == 0  # as before the first start of a service
    assert "note  there is no index yet: the bot builds it as it starts" in new.out.splitlines()
    bad = onrecord("bot", "--check", "--corpus", "nowhere", data=data, cwd=tmp_path, **settings)
    assert bad.code == 2
    assert "wrong the index does not answer: no such file or folder: nowhere" in bad.out
    refused = onrecord(
        "bot", "--check", *place, data=data, cwd=tmp_path, **(settings | {"ONRECORD_TELEGRAM_TOKEN": "1:AAA"})
    )
    assert refused.code == 2
    assert refused.out.splitlines()[-1] == (
        "wrong Telegram refused the token: set ONRECORD_TELEGRAM_TOKEN to the one @BotFather gave you"
    )
    assert "AAA" not in refused.out + refused.err


def test_nobody_and_nothing_that_cannot_be_reached(api: BotApi, tmp_path: Path) -> None:
    assert (
        "note  no administrators: nobody can add articles or rebuild from Telegram (telegram.admins)"
        in found(api, tmp_path)
    )
    api.chats.refusals[9], api.chats.refusals[-5] = Fault(400, "Bad Request: chat not found"), GONE
    api.chats.members[-6, 4242424242] = "left"
    lines = found(api, tmp_path, options=Options(admins=frozenset({9}), groups=frozenset({-5, -6})))
    mend = "add the bot to it, or take the number out of telegram.groups"
    assert lines[-3:] == [
        "note  administrator 9 cannot be written to: they must write /start to the bot first",
        f"wrong the bot is no member of group -6: {mend}",
        f"wrong group -5 cannot be reached: {mend}",
    ]
    lines = found(api, tmp_path, options=Options(admins=frozenset({-9}), groups=frozenset({5})))
    assert lines[-2:] == [
        "wrong -9 is no person's number: those are above zero (telegram.admins, telegram.users)",
        "wrong 5 is no group's number: those are below zero (telegram.groups)",
    ]
    api.faults["getMe"].append(SERVER_ERROR)
    assert (
        found(api, tmp_path)[-1]
        == "wrong Telegram at 127.0.0.1 cannot be reached (NetworkError): check the network"
    )
    lines = found(api, tmp_path, api_url="http://127.0.0.1:9")
    assert lines[-1] == "wrong Telegram at 127.0.0.1 cannot be reached (NetworkError): check the network"


def test_webhooks(api: BotApi, tmp_path: Path) -> None:
    hook = "https://bot.example/hook"
    api.methods.setWebhook({"url": "https://old.example/x"})
    try:
        assert "note  a webhook is set, at old.example: the bot takes it away as it starts to poll" in found(
            api, tmp_path
        )
        lines = found(api, tmp_path, webhook=hook, secret="s" * 20)
        assert "ok    the webhook is to be at bot.example, port 443" in lines
        assert "note  Telegram knows another webhook: the bot sets its own as it starts" in lines
        api.methods.setWebhook({"url": hook})
        assert "ok    the webhook is set" in found(api, tmp_path, webhook=hook)
    finally:
        api.methods.deleteWebhook({})
    at_telegram = {"api_url": "https://api.telegram.org", "token": ""}  # never asked: there is no token
    for address, told in [
        ("http://bot.example/hook", "wrong the webhook must be https: Telegram posts to no other"),
        (
            "https://bot.example:444/",
            "wrong the webhook's port 444 is closed to Telegram: take 443, 80, 88 or 8443",
        ),
        ("bot.example", "wrong the webhook is no web address: give one as https://host/path"),
        ("https://bot.example:x/", "wrong the webhook is no web address: give one as https://host/path"),
    ]:
        assert told in found(api, tmp_path, webhook=address, **at_telegram)
    lines = found(api, tmp_path, webhook=hook, secret="two words")  # noqa: S106  opens nothing
    assert "wrong the webhook secret cannot be used: take 1 to 256 of the characters A-Z a-z 0-9 _ -" in lines


def test_ports_and_a_bot_that_runs(api: BotApi, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = f"/health and /metrics: 127.0.0.1:{port}"
        busy = f"wrong {told} cannot be opened (Address already in use): choose another port"
        assert busy in found(api, tmp_path, status=("127.0.0.1", port))
        with locks.held(tmp_path / "lock", "running this bot"):
            lines = found(api, tmp_path, status=("127.0.0.1", port))
        assert lines[0].startswith("note  the bot is running: process ")
        assert f"ok    {told} is in use, as it should be while the bot runs" in lines
    place = ("127.0.0.1", port)
    assert f"ok    {told} can be opened" in found(api, tmp_path, status=place)
    lines = found(api, tmp_path, status=place, webhook="https://bot.example/hook", listen=place)
    assert f"wrong {told} is the webhook server's: choose another port" in lines
    lines = found(api, tmp_path, status=("192.0.2.1", port))
    assert [line for line in lines if line.endswith("): choose another address")]
    (tmp_path / "file").touch()
    lines = found(api, tmp_path, lock=tmp_path / "file" / "lock")
    assert (
        lines[0]
        == f"wrong the state folder {tmp_path / 'file'} cannot be made (File exists): set data to another"
    )


def test_reports(api: BotApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = found(api, tmp_path, reports="https://key@sentry.example/1")
    assert not [line for line in good if "sentry" in line]
    bad = "wrong telegram.sentry_dsn is no address of a sentry project: copy it from there"
    assert bad in found(api, tmp_path, reports="nonsense")
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    assert f"wrong {MISSING}" in found(api, tmp_path, reports="https://key@sentry.example/1")
