"""The server: HTTP on a loopback port, the token, faults, and a record of what the bot did."""

import asyncio
import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from tornado.httputil import HTTPFile, parse_body_arguments

from tests.bot_api.faults import CONFLICT, REVOKED, Fault, Faults, Json
from tests.bot_api.limits import Refused
from tests.bot_api.people import People, wait_for

TOKEN = "4242424242:AAFakeTokenForTheTestServerOnly_0123456"  # noqa: S105  opens nothing but this server

_TEXTS = {
    "text",
    "caption",
    "url",
    "secret_token",
    "name",
    "description",
    "short_description",
    "language_code",
}
"""Parameters that are strings even when they look like JSON."""


@dataclass(frozen=True, slots=True)
class Call:
    """A method the bot called with effect, and when (``time.monotonic``)."""

    method: str
    at: float
    data: Json = field(default_factory=dict)
    result: Any = None
    known: bool = True
    """False where a fault kept the answer from the bot."""

    @property
    def text(self) -> str:
        return str(self.data["text"])

    @property
    def message_id(self) -> int:
        return int(self.result["message_id"])

    def shown(self, kind: str) -> list[str]:
        """The parts of the text that carry an entity of that kind."""
        wide = self.text.encode("utf-16-le")
        return [
            wide[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le")
            for e in self.data.get("entities", [])
            if e["type"] == kind
        ]


class BotApi(People):
    """Use as a context manager; ``url`` is what a bot takes as the address of the Bot API.

    ``hang`` is how many seconds a "timeout" keeps a caller waiting before the connection breaks.
    """

    def __init__(self, *, hang: float = 30.0) -> None:
        super().__init__()
        self.calls: list[Call] = []
        self.faults = Faults()
        self.refused: list[str] = []
        """What the bot asked for and Telegram would not do."""
        self._hang, self._poller = hang, object()
        routes = [
            Route("/bot{token}/{method}", self._handle, methods=["GET", "POST"]),
            Route("/file/bot{token}/documents/{file_id}", self._download),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes), port=0, log_level="critical", lifespan="off", ws="none"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    def __exit__(self, *_: object) -> None:
        self.updates.close()
        self._server.should_exit = self._server.force_exit = True
        self._thread.join()

    # What a test sees

    @property
    def webhook(self) -> Json:
        return self.updates.webhook

    def push(self, **update: Any) -> int:
        """Put any update on its way, known or not; returns its id."""
        return self.updates.push(**update)

    def sent(self, chat: int | None = None) -> list[Call]:
        """Messages delivered so far, in order."""
        messages = [call for call in self.calls if call.method == "sendMessage"]
        return [m for m in messages if chat is None or m.data["chat_id"] == chat]

    def wait_sent(self, number: int, chat: int | None = None, seconds: float = 20.0) -> list[Call]:
        """The messages once there are ``number``; raises TimeoutError with what there is."""
        wait_for(lambda: len(self.sent(chat)) >= number, seconds, lambda: f"only {self.sent(chat)}")
        return self.sent(chat)

    def wait_answer(self, query: str, seconds: float = 20.0) -> Json:
        """What answered a press, an inline query or a guest message; raises TimeoutError."""
        known = self.queries.known[query]
        wait_for(lambda: bool(known.answers), seconds, lambda: f"{known.kind} {query} is not answered")
        return known.answers[0]

    def shown(self, chat: int, message_id: int) -> Json:
        """A message as it stands now, after all edits."""
        return self._message(chat, message_id)

    # What the bot sees

    async def _handle(self, request: Request) -> Response:
        method = request.path_params["method"]
        if request.path_params["token"] != TOKEN:
            return _failure(REVOKED)
        data = _parameters(request, await request.body())
        fault = self.faults.next(method, data)
        if fault and not fault.late:
            return await self._fail(fault)
        try:
            result = await self._get_updates(data) if method == "getUpdates" else self._call(method, data)
        except Refused as refusal:
            self.refused.append(f"{method}: {refusal}")
            return _failure(refusal.fault)
        self.calls.append(Call(method, time.monotonic(), data, result, known=fault is None))
        return await self._fail(fault) if fault else JSONResponse({"ok": True, "result": result})

    def _call(self, method: str, data: Json) -> Any:
        handler = None if method.startswith("_") else getattr(self.methods, method, None)
        if not callable(handler):
            raise Refused(Fault(404, "Not Found"))
        try:
            return handler(data)
        except KeyError as missing:
            raise Refused(f"parameter {missing} is required") from None

    async def _get_updates(self, data: Json) -> list[Json]:
        if self.updates.webhook.get("url"):
            raise Refused(
                Fault(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook")
            )
        self.updates.allowed = data.get("allowed_updates", self.updates.allowed)
        mine = self._poller = object()
        until, offset = time.monotonic() + data.get("timeout", 0), data.get("offset", 0)
        while not (self.updates.ready(offset) or self.faults["getUpdates"]) and time.monotonic() < until:
            await asyncio.sleep(0.01)  # updates come from other threads
            if self._poller is not mine:
                raise Refused(CONFLICT)
        return self.updates.poll(offset, data.get("limit", 100))

    async def _download(self, request: Request) -> Response:
        known = self.methods.files.get(request.path_params["file_id"])
        if request.path_params["token"] != TOKEN or known is None:
            return Response(status_code=404)
        return Response(known[1])

    async def _fail(self, fault: Fault) -> Response:
        if fault.status:
            return _failure(fault)
        if fault.description == "malformed":
            return Response('{"ok": true, "resu', media_type="application/json")
        if fault.description == "timeout":
            await asyncio.sleep(self._hang)
        return _Reset()


def _parameters(request: Request, body: bytes) -> Json:
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        return dict(json.loads(body or b"{}"))
    fields: dict[str, list[bytes]] = {name: [value.encode()] for name, value in request.query_params.items()}
    files: dict[str, list[HTTPFile]] = {}
    parse_body_arguments(kind, body, fields, files)
    given = {name: _value(name, values[-1].decode()) for name, values in fields.items()}
    return given | {
        name: {"file_name": file.filename, "content": file.body} for name, (file, *_) in files.items()
    }


def _value(name: str, text: str) -> Any:
    if name in _TEXTS:
        return text
    with suppress(ValueError):
        return json.loads(text)
    return text


def _failure(fault: Fault) -> Response:
    parameters = {"parameters": fault.parameters} if fault.parameters else {}
    body = {"ok": False, "error_code": fault.status, "description": fault.description} | parameters
    return JSONResponse(body, status_code=fault.status)


class _Reset(Response):
    """Breaks off in the middle of the answer; uvicorn then closes the connection."""

    async def __call__(self, _: Scope, __: Receive, send: Send) -> None:
        headers = [(b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
