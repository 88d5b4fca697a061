"""What ``onrecord bot --check`` finds, before the bot is started or while it runs: one line each.

Nothing is changed: no webhook set, no message sent.
"""

import asyncio
import errno
import os
import platform
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import telegram

from bot import __version__
from bot.answer import Answer
from bot.messenger.account import NO_SECRET, WEBHOOK_SECRET
from bot.messenger.operations.check_account import account
from bot.messenger.operations.findings import Finding, note, ok, wrong
from bot.messenger.operations.reports import reporting
from bot.messenger.options import Options
from corpus import locks
from corpus.errors import IndexBusy, IndexMissing, OnrecordError, UsageError

TELEGRAMS_PORTS = {443, 80, 88, 8443}
"""Bot API, setWebhook: "Ports currently supported for webhooks"."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The settings that are looked at. Addresses to listen on are (host, port); port 0 is none."""

    token: str
    api_url: str
    options: Options
    lock: Path
    """Held by a bot that runs; the state lies beside it."""
    status: tuple[str, int]
    webhook: str = ""
    """Empty: polling is wanted."""
    secret: str = ""
    listen: tuple[str, int] = ("127.0.0.1", 8443)
    reports: str = ""
    """Sentry's address for errors; empty: none are reported."""


def findings(wanted: Checked, smoke: Callable[[], Answer]) -> Iterator[Finding]:
    """As ``check``, each as it is found."""
    found = check(wanted, smoke)

    async def following() -> Finding | None:
        return await anext(found, None)

    with asyncio.Runner() as runner:
        while finding := runner.run(following()):
            yield finding


async def check(wanted: Checked, smoke: Callable[[], Answer]) -> AsyncIterator[Finding]:
    """Look at everything, whatever is wrong with what came before; ``smoke`` asks a question of the index."""
    yield _versions()
    running = False
    for finding in _state(wanted.lock):
        running = running or finding.tells_of_running
        yield finding
    yield _index(smoke)
    for finding in _doors(wanted, running=running):
        yield finding
    try:
        with reporting(wanted.reports):
            pass
    except UsageError as error:
        yield wrong(str(error))
    async for finding in account(wanted.token, wanted.api_url, wanted.options, wanted.webhook):
        yield finding


def _versions() -> Finding:
    library = f"python-telegram-bot {telegram.__version__} (Bot API {telegram.__bot_api_version__})"
    return ok(f"onrecord {__version__}, Python {platform.python_version()}, {library}")


def _state(lock: Path) -> Iterator[Finding]:
    try:
        lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        yield wrong(f"the state folder {lock.parent} cannot be made ({error.strerror}): set data to another")
        return
    if not os.access(lock.parent, os.W_OK | os.X_OK):
        yield wrong(
            f"the state folder {lock.parent} cannot be written: give this user the right to, or set data"
        )
        return
    try:
        with locks.held(lock, "running this bot"):
            yield ok(f"the state folder {lock.parent} can be written, and no bot is using it")
    except IndexBusy as error:
        yield Finding("note", f"the bot is running: {str(error).rpartition(':')[0]}", tells_of_running=True)
    except OSError as error:
        yield wrong(f"{lock} cannot be written ({error.strerror}): give this user the right to")


def _index(smoke: Callable[[], Answer]) -> Finding:
    try:
        answer = smoke()
    except IndexMissing:
        return note("there is no index yet: the bot builds it as it starts")
    except OnrecordError as error:
        return wrong(f"the index does not answer: {error}")
    except OSError as error:
        return wrong(f"the index cannot be read ({error.strerror}: {error.filename}): see to the file")
    if not answer.passages:
        return wrong(
            f"build {answer.build} finds nothing for the title of an article of its own: build it anew"
        )
    return ok(f"build {answer.build} answers, with {answer.model}, in {answer.took_ms:.0f} ms")


def _doors(wanted: Checked, *, running: bool) -> Iterator[Finding]:
    if wanted.webhook:
        yield from _webhook(wanted)
        yield _door(wanted.listen, "webhook server", running=running)
    host, port = wanted.status
    if port and wanted.webhook and wanted.status == wanted.listen:
        yield wrong(f"/health and /metrics: {host}:{port} is the webhook server's: choose another port")
    elif port:
        yield _door((host, port), "/health and /metrics", running=running)
    else:
        yield note("no /health and no /metrics: telegram.status_port opens them")


def _webhook(wanted: Checked) -> Iterator[Finding]:
    try:
        parts = urlsplit(wanted.webhook)
        port = parts.port or (80 if parts.scheme == "http" else 443)
    except ValueError:
        parts, port = urlsplit(""), 0
    at_telegram = urlsplit(wanted.api_url).hostname == "api.telegram.org"
    if not parts.hostname or parts.scheme not in {"http", "https"}:
        yield wrong("the webhook is no web address: give one as https://host/path")
    elif at_telegram and parts.scheme != "https":
        yield wrong("the webhook must be https: Telegram posts to no other")
    elif at_telegram and port not in TELEGRAMS_PORTS:
        yield wrong(f"the webhook's port {port} is closed to Telegram: take 443, 80, 88 or 8443")
    else:
        yield ok(f"the webhook is to be at {parts.hostname}, port {port}")
    if wanted.secret == NO_SECRET:
        yield note("the webhook asks for no secret: whoever reaches its address can speak for anyone")
    elif not wanted.secret:
        yield note("no webhook secret is set: each start makes a new one")
    elif not WEBHOOK_SECRET.fullmatch(wanted.secret):
        yield wrong("the webhook secret cannot be used: take 1 to 256 of the characters A-Z a-z 0-9 _ -")


def _door(place: tuple[str, int], what: str, *, running: bool) -> Finding:
    """A port that the bot, which is running, holds is as it should be."""
    host, port = place
    try:
        families = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        for family, kind, protocol, _, address in families:
            with socket.socket(family, kind, protocol) as tried:
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                tried.bind(address)
    except OSError as error:
        if running:
            return ok(f"{what}: {host}:{port} is in use, as it should be while the bot runs")
        return wrong(
            f"{what}: {host}:{port} cannot be opened ({error.strerror}): choose another {_other(error)}"
        )
    return ok(f"{what}: {host}:{port} can be opened")


def _other(error: OSError) -> str:
    return "port" if error.errno in {errno.EADDRINUSE, errno.EACCES} else "address"
