"""The Telegram bot as a process: polling or webhook, and what ends it. What it says is in replies.

Answering runs in a few worker threads, so that the event loop stays free. A send that fails on the way is
tried again: an answer may then, rarely, arrive twice, which is better than not at all.
"""

import logging
import re
import secrets
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr
from telegram import LinkPreviewOptions, Update
from telegram.constants import UpdateType
from telegram.error import Conflict, Forbidden, InvalidToken, TelegramError
from telegram.ext import Application, Defaults

from bot.answer import Answer
from bot.messenger.redaction import redacted
from bot.messenger.replies import FAILED, Context, Desk, Replies, send
from bot.messenger.transport import Pace, Polls
from bot.render.message import Message
from corpus.errors import UsageError

_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # Bot API, setWebhook
_SPARE = 64  # updates handled beside the questions under way: commands, and telling people it is busy
_REFUSED = "Telegram refused the token: set ONRECORD_TELEGRAM_TOKEN to the one @BotFather gave you"
_COMMANDS = [
    ("help", "How to ask"),
    ("sources", "The outlets I have read"),
    ("about", "What I am and which index answers"),
]

_LOG = logging.getLogger(__name__)
App = Application[Any, Any, Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram posts updates (``url``) and where this process listens for them."""

    url: str
    secret: SecretStr
    """Telegram sends it with every update; empty makes a new one at each start."""
    listen: str = "127.0.0.1"
    port: int = 8443


def run(
    ask: Callable[[str], Answer],
    *,
    token: SecretStr,
    sources: Callable[[], Sequence[tuple[str, int]]],
    about: Callable[[], str],
    api_url: str = "https://api.telegram.org",
    webhook: Webhook | None = None,
    workers: int = 2,
    waiting: int = 256,
    longest: int = 1000,
    timeout: float = 20.0,
    start_retries: int = 5,
) -> None:
    """Serve until SIGTERM or SIGINT, then finish the questions in hand and return.

    Args:
        ask: answers one question; called from ``workers`` threads at once.
        token: the bot's token.
        sources: outlets with their number of articles, largest first.
        about: the text of /about.
        api_url: address of the Bot API, without a path.
        webhook: None polls.
        workers: threads that answer.
        waiting: questions that may wait for a free thread; those beyond are told to come back.
        longest: characters of the longest question taken.
        timeout: seconds to wait for Telegram to take a message.
        start_retries: times the first contact is tried again.

    Raises:
        UsageError: the token or webhook cannot be used, Telegram cannot be reached, or another process
            polls with the same token.
    """
    key = _checked(token)
    hook = _with_secret(webhook) if webhook else None
    _quiet()
    with (
        redacted(key.partition(":")[2], hook.secret.get_secret_value() if hook else ""),
        ThreadPoolExecutor(workers, thread_name_prefix="answer") as threads,
    ):
        bot = _Bot(key, api_url, concurrent=workers + waiting + _SPARE, timeout=timeout)
        Replies(Desk(ask, threads, workers + waiting), sources, about, longest).register(bot.application)
        bot.serve(hook, start_retries)


def _checked(token: SecretStr) -> str:
    key = token.get_secret_value()
    if not _TOKEN.fullmatch(key):
        what = "is not one" if key else "is missing"
        raise UsageError(
            f"the Telegram token {what}: set ONRECORD_TELEGRAM_TOKEN to the one @BotFather gave you"
        )
    return key


def _with_secret(webhook: Webhook) -> Webhook:
    parts = urlsplit(webhook.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError(f'the webhook "{webhook.url}" is not a web address: give one as https://host/path')
    secret = webhook.secret.get_secret_value() or secrets.token_urlsafe(32)
    if not _WEBHOOK_SECRET.fullmatch(secret):
        raise UsageError("the webhook secret cannot be used: take 1 to 256 of the characters A-Z a-z 0-9 _ -")
    return replace(webhook, secret=SecretStr(secret))


def _quiet() -> None:
    """The HTTP client logs addresses, which hold the token; the library logs updates whole."""
    for name in ("httpx", "httpcore", "tornado"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)


class _Bot:
    def __init__(self, key: str, api_url: str, *, concurrent: int, timeout: float) -> None:
        self._host = urlsplit(api_url).netloc
        self._ended_by: str | None = None
        address = api_url.rstrip("/")
        self.application: App = (
            Application.builder()
            .token(key)
            .base_url(f"{address}/bot")
            .base_file_url(f"{address}/file/bot")
            .job_queue(None)
            .rate_limiter(Pace())
            .concurrent_updates(concurrent)
            .defaults(Defaults(link_preview_options=LinkPreviewOptions(is_disabled=True)))
            .read_timeout(timeout)
            .pool_timeout(timeout)
            .get_updates_request(Polls(self._refused, timeout))
            .post_init(self._introduce)
            .build()
        )
        self.application.add_error_handler(self._failed)

    def serve(self, hook: Webhook | None, start_retries: int) -> None:
        try:
            self._run(hook, start_retries)
        except InvalidToken:
            # The library's message repeats the token, so it is not chained.
            self._ended_by = self._ended_by or _REFUSED
        except TelegramError as error:
            text = f"Telegram at {self._host} cannot be reached ({type(error).__name__})"
            raise UsageError(f"{text}: check the network, then start again") from error
        except OSError as error:
            place = f"{hook.listen}:{hook.port}" if hook else self._host
            raise UsageError(f"{place} cannot be opened ({error.strerror}): choose another port") from error
        if self._ended_by:
            raise UsageError(self._ended_by)

    def _run(self, hook: Webhook | None, start_retries: int) -> None:
        wanted = [UpdateType.MESSAGE]
        if hook is None:
            self.application.run_polling(allowed_updates=wanted, bootstrap_retries=start_retries)
            return
        self.application.run_webhook(
            listen=hook.listen,
            port=hook.port,
            url_path=re.escape(urlsplit(hook.url).path),
            webhook_url=hook.url,
            secret_token=hook.secret.get_secret_value(),
            allowed_updates=wanted,
            bootstrap_retries=start_retries,
        )

    async def _introduce(self, application: App) -> None:
        with suppress(TelegramError):  # the menu is a convenience
            await application.bot.set_my_commands(_COMMANDS)

    async def _failed(self, update: object, context: Context) -> None:
        """Log where it failed, never what was asked, and tell the person who asked."""
        error = context.error
        if isinstance(error, Conflict):
            self._end("another process receives this bot's messages: stop it, then start this one again")
        elif not isinstance(update, Update):
            if not self._ended_by:
                _LOG.warning("Telegram cannot be reached (%s); trying again", type(error).__name__)
        elif not isinstance(error, Forbidden):  # forbidden: blocked, or removed from the group
            _LOG.error("a question failed: %s", _place(error))
            if update.message:
                with suppress(TelegramError):
                    await send(update.message, (Message(FAILED),))

    def _refused(self) -> None:
        self._end(_REFUSED)

    def _end(self, reason: str) -> None:
        self._ended_by = self._ended_by or reason
        self.application.stop_running()


def _place(error: BaseException | None) -> str:
    """``ValueError at answering.py:88``; an error's own message may hold the question."""
    frames = traceback.extract_tb(error.__traceback__) if error else []
    where = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"
