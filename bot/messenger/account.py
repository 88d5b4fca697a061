"""The bot's account at Telegram: its token, and where it is reached; the first contact."""

import asyncio
import logging
import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

from pydantic import SecretStr
from telegram.error import BadRequest, InvalidToken, RetryAfter

from corpus.errors import Unreachable, UsageError

NO_SECRET = "off"  # noqa: S105  the word that turns it off
REFUSED = "Telegram refused the token: set ONRECORD_TELEGRAM_TOKEN to the one @BotFather gave you"

_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # Bot API, setWebhook
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 10.0

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Account:
    token: SecretStr
    api_url: str = "https://api.telegram.org"
    """Of the Bot API, without a path."""
    timeout: float = 10.0
    """Seconds to wait for Telegram to take a message."""
    start_retries: int = 5
    """Times the first contact is tried again."""
    poll: float = 30.0
    """Seconds that a poll waits for an update."""

    @property
    def number(self) -> int:
        """Of the bot; no secret. Raises UsageError, as ``key``."""
        return int(self.key.partition(":")[0])

    @property
    def key(self) -> str:
        """The token. Raises UsageError when it cannot be one."""
        key = self.token.get_secret_value()
        if not _TOKEN.fullmatch(key):
            what = "is not one" if key else "is missing"
            raise UsageError(
                f"the Telegram token {what}: set ONRECORD_TELEGRAM_TOKEN to the one @BotFather gave you"
            )
        return key

    async def reach(self, call: Callable[[], Awaitable[object]]) -> None:
        """Make a call that must succeed before anything else, trying again. Raises UsageError, Unreachable."""
        for attempt in range(self.start_retries + 1):
            try:
                await call()
            except Exception as error:  # noqa: BLE001  the library stumbles in many ways over what is no answer
                pause = self._pause(error, attempt)
            else:
                return
            if pause > _LONGEST_PAUSE:
                _LOG.warning("Telegram asks to be left alone for %.0f s", pause)
            await asyncio.sleep(pause)

    def _pause(self, error: Exception, attempt: int) -> float:
        """Seconds before the next attempt. Raises UsageError, Unreachable where there is to be none."""
        if isinstance(error, InvalidToken):
            # The library's message repeats the token, so it is not chained.
            raise UsageError(REFUSED) from None
        host = urlsplit(self.api_url).netloc
        if isinstance(error, BadRequest):
            raise UsageError(f"Telegram at {host} refuses to start the bot ({error}): see to it") from error
        if attempt == self.start_retries:
            text = f"Telegram at {host} cannot be reached ({type(error).__name__})"
            raise Unreachable(f"{text}: check the network, then start again") from error
        if isinstance(error, RetryAfter):
            return seconds(error)
        return min(_FIRST_PAUSE * 2.0**attempt, _LONGEST_PAUSE)


def seconds(error: RetryAfter) -> float:
    """How long Telegram says to wait."""
    wait = error.retry_after  # a number, or a duration where the library is told so
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram posts updates (``url``) and where this process listens for them."""

    url: str
    secret: SecretStr
    """Telegram sends it with every update. Empty makes a new one at each start; "off" asks for none, for a server
    of the Bot API that sends none: then whoever reaches the address can speak for anyone."""
    listen: str = "127.0.0.1"
    port: int = 8443

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def asked(self) -> str:
        """What every update must bring; empty asks for nothing."""
        secret = self.secret.get_secret_value()
        return "" if secret == NO_SECRET else secret

    def settled(self) -> "Webhook":
        """With a secret. Raises UsageError for an address or a secret that cannot be used."""
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise UsageError(f'the webhook "{self.url}" is not a web address: give one as https://host/path')
        secret = self.secret.get_secret_value() or secrets.token_urlsafe(32)
        if not WEBHOOK_SECRET.fullmatch(secret):
            raise UsageError(
                "the webhook secret cannot be used: take 1 to 256 of the characters A-Z a-z 0-9 _ -"
            )
        return replace(self, secret=SecretStr(secret))


@dataclass(frozen=True, slots=True)
class Status:
    """Where /health and /metrics are; port 0 is nowhere."""

    listen: str = "127.0.0.1"
    port: int = 0
