"""The two small web servers: where Telegram posts updates, and where the runner's tools look.

Neither speaks TLS: what faces the internet does, in front of the first; the second is for this machine.
"""

import asyncio
import hmac
import json
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from bot.messenger.incoming.inbox import Raw, is_update
from corpus.errors import OnrecordError, UsageError

_LARGEST = 1 << 20
"""Bytes of a body; an update is a message of 4,096 characters and what it replies to."""
_SLOWEST = 20.0
"""Seconds to send a body in."""
_IDLE = 60.0
"""Seconds that a connection may say nothing."""
_CONNECTIONS = 128
"""At once, to one server; Telegram opens at most 100 (Bot API, setWebhook). Without a bound those of a stranger take all
the files that a process may open, and with them the way to Telegram."""
_GIVEN = "X-Telegram-Bot-Api-Secret-Token"

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Health:
    ok: bool
    build: str
    queue: int
    """Questions under way and waiting."""


class Servers:
    """Those that are open; close them before the event loop ends."""

    def __init__(self) -> None:
        self._open: list[HTTPServer] = []

    def webhook(
        self, address: str, port: int, path: str, secret: str, take: Callable[[Sequence[Raw]], None]
    ) -> None:
        """Updates posted to ``path`` go to ``take``; an empty secret asks for none. Raises UsageError."""
        routes = [(_literal(path), _Hook, {"secret": secret.encode(), "take": take})]
        self._listen(routes, address, port)

    def status(
        self, address: str, port: int, health: Callable[[], Health], metrics: Callable[[], tuple[bytes, str]]
    ) -> None:
        """GET /health and /metrics. Raises UsageError."""
        routes = [("/health", _Health, {"health": health}), ("/metrics", _Metrics, {"metrics": metrics})]
        self._listen(routes, address, port)

    def stop(self) -> None:
        """Take no further connection."""
        for server in self._open:
            server.stop()

    async def close(self) -> None:
        self.stop()
        for server in self._open:
            await server.close_all_connections()

    def _listen(self, routes: list[Any], address: str, port: int) -> None:
        try:
            sockets = bind_sockets(port, address)
        except OSError as error:
            place = f"{address}:{port}"
            raise UsageError(f"{place} cannot be opened ({error.strerror}): choose another port") from error
        application = Application(routes, log_function=_unlogged, default_handler_class=_Nothing)
        server = _Server(
            application, max_body_size=_LARGEST, body_timeout=_SLOWEST, idle_connection_timeout=_IDLE
        )
        server.add_sockets(sockets)
        self._open.append(server)


class _Server(HTTPServer):
    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        """Beyond the bound it is closed unread: whoever means it tries again."""
        if len(self._connections) < _CONNECTIONS:
            super().handle_stream(stream, address)
        else:
            stream.close()


class _Quiet(RequestHandler):
    """Says its status and nothing else."""

    def write_error(self, status_code: int, **_: Any) -> None:
        self.finish(HTTPStatus(status_code).phrase)

    def set_default_headers(self) -> None:
        self.clear_header("Server")

    def log_exception(self, *args: Any) -> None:
        """By its place alone: see ``_Hook``; tornado would log the request."""
        error = args[1] if len(args) > 1 else None
        if isinstance(error, Exception) and not hasattr(error, "status_code"):
            _LOG.error("a request failed", exc_info=error)


class _Nothing(_Quiet):
    def prepare(self) -> None:
        self.send_error(HTTPStatus.NOT_FOUND)


class _Hook(_Quiet):
    def initialize(self, secret: bytes, take: Callable[[Sequence[Raw]], None]) -> None:
        self._secret, self._take = secret, take

    def post(self) -> None:
        """200 once the journal has it; what is not 200, Telegram sends again."""
        given = self.request.headers.get(_GIVEN, "").encode()
        if not hmac.compare_digest(given, self._secret) and self._secret:
            self.send_error(HTTPStatus.FORBIDDEN)
            return
        try:
            update = json.loads(self.request.body)
        except (ValueError, RecursionError):
            update = None
        if not is_update(update):
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        try:
            self._take([update])
        except (OSError, OnrecordError) as error:
            _LOG.error("the journal cannot be written (%s)", type(error).__name__)
            self.send_error(HTTPStatus.SERVICE_UNAVAILABLE)


class _Health(_Quiet):
    def initialize(self, health: Callable[[], Health]) -> None:
        self._health = health

    async def get(self) -> None:
        health = await asyncio.to_thread(
            self._health
        )  # the first to ask after a switch waits for the new build
        self.set_status(HTTPStatus.OK if health.ok else HTTPStatus.SERVICE_UNAVAILABLE)
        self.write({"ok": health.ok, "build": health.build, "queue": health.queue})


class _Metrics(_Quiet):
    def initialize(self, metrics: Callable[[], tuple[bytes, str]]) -> None:
        self._metrics = metrics

    async def get(self) -> None:
        body, kind = await asyncio.to_thread(self._metrics)  # as above
        self.set_header("Content-Type", kind)
        self.write(body)


def _unlogged(_: RequestHandler) -> None:
    """Addresses of requests are nobody's business."""


def _literal(path: str) -> str:
    return re.escape(path or "/")
