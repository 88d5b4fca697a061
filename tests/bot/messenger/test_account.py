"""Tokens and webhooks that cannot be used are told in one line, before anything is tried."""

import asyncio
from dataclasses import replace

import pytest
from pydantic import SecretStr
from telegram.error import NetworkError

from bot.messenger.account import Account, Webhook
from corpus.errors import Unreachable, UsageError

SET_TOKEN = "set ONRECORD_TELEGRAM_TOKEN to the one @BotFather gave you"  # noqa: S105  a hint


@pytest.mark.parametrize(
    ("token", "line"),
    [
        ("", f"the Telegram token is missing: {SET_TOKEN}"),
        ("no token", f"the Telegram token is not one: {SET_TOKEN}"),
        ("12:ab/../cd", f"the Telegram token is not one: {SET_TOKEN}"),
    ],
)
def test_a_token_that_cannot_be_one(token: str, line: str) -> None:
    with pytest.raises(UsageError) as raised:
        _ = Account(SecretStr(token)).number
    assert str(raised.value) == line


def test_a_network_that_is_away_may_come_back() -> None:
    async def call() -> None:
        raise NetworkError("away")

    account = replace(Account(SecretStr("12:ab"), "https://api.example"), start_retries=0)
    with pytest.raises(Unreachable) as raised:
        asyncio.run(account.reach(call))
    assert str(raised.value) == (
        "Telegram at api.example cannot be reached (NetworkError): check the network, then start again"
    )


def test_the_number_of_a_bot_is_no_secret() -> None:
    account = Account(SecretStr("12:ab_CD-9"))
    assert (account.number, account.key) == (12, "12:ab_CD-9")
    assert "ab_CD" not in repr(account)


@pytest.mark.parametrize(
    ("url", "secret", "line"),
    [
        (
            "ftp://a.example/",
            "",
            'the webhook "ftp://a.example/" is not a web address: give one as https://host/path',
        ),
        ("a.example", "", 'the webhook "a.example" is not a web address: give one as https://host/path'),
        (
            "https://a.example/",
            "so secret!",
            "the webhook secret cannot be used: take 1 to 256 of the characters A-Z a-z 0-9 _ -",
        ),
    ],
)
def test_a_webhook_that_cannot_be_used(url: str, secret: str, line: str) -> None:
    with pytest.raises(UsageError) as raised:
        Webhook(url, SecretStr(secret)).settled()
    assert str(raised.value) == line


def test_a_webhook_has_a_secret_unless_its_owner_turns_it_off() -> None:
    made = [Webhook("https://a.example/b", SecretStr("")).settled().asked for _ in range(2)]
    assert [len(secret) for secret in made] == [43, 43]
    assert made[0] != made[1]
    assert Webhook("https://a.example/b", SecretStr("abc")).settled().asked == "abc"
    assert Webhook("https://a.example/b", SecretStr("off")).settled().asked == ""
    assert Webhook("https://a.example/b", SecretStr("off")).path == "/b"
