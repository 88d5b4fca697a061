"""A Bot API server for tests: real HTTP on a loopback port, Telegram's limits, and faults on demand.

It holds one bot. A test pushes updates and reads what was sent; the bot, a process of its own, sees what
api.telegram.org would show it. Not here: files' contents, permissions, and Telegram's own flood limits.
"""

import asyncio
import itertools
import json
import threading
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qsl

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

TOKEN = "4242424242:AAFakeTokenForTheTestServerOnly_0123456"  # noqa: S105  opens nothing but this server
ME = {"id": 4242424242, "is_bot": True, "first_name": "Onrecord", "username": "onrecord_test_bot"}

_TEXT_UNITS, _ENTITIES = 4096, 100
_HANG = 30.0  # seconds a "timeout" fault keeps a caller waiting

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """What to answer instead, once; status 0 breaks the connection off, at once or after a hang."""

    status: int
    description: str = ""
    retry_after: int | None = None


RESET, TIMEOUT = Fault(0, "reset"), Fault(0, "timeout")
SERVER_ERROR = Fault(500, "Internal Server Error")
CONFLICT = Fault(
    409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
REVOKED = Fault(401, "Unauthorized")


def flood(seconds: int) -> Fault:
    return Fault(429, f"Too Many Requests: retry after {seconds}", seconds)


@dataclass(frozen=True, slots=True)
class Call:
    """A method the bot called with success, and when (``time.monotonic``)."""

    method: str
    at: float
    data: Json = field(default_factory=dict)

    @property
    def text(self) -> str:
        return str(self.data["text"])

    def shown(self, kind: str) -> list[str]:
        """The parts of the text that carry an entity of that kind."""
        wide = self.text.encode("utf-16-le")
        return [
            wide[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le")
            for e in self.data.get("entities", [])
            if e["type"] == kind
        ]


class _RefusedError(Exception):
    pass


class BotApi:
    """Use as a context manager; ``url`` is what a bot takes as the address of the Bot API."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self.refused: list[str] = []
        self.webhook: Json = {}
        self._updates: dict[int, Json] = {}
        self._ids = itertools.count(1)
        routes = [Route("/bot{token}/{method}", self._handle, methods=["GET", "POST"])]
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
        self._server.should_exit = self._server.force_exit = True
        self._thread.join()

    # What a test does

    def push(self, **update: Any) -> int:
        """Put an update on its way; the answer is the webhook's status, or 0 when the bot polls."""
        update["update_id"] = next(self._ids)
        if not self.webhook.get("url"):
            self._updates[update["update_id"]] = update
            return 0
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook.get("secret_token", "")}
        return httpx.post(self.webhook["url"], json=update, headers=headers).status_code

    def say(self, text: str | None, chat: int = 7, **fields: Any) -> int:
        """A person writes a message; returns its id. Chats below zero are groups."""
        number = next(self._ids)
        place = {"id": chat, "type": "group", "title": "G"} if chat < 0 else {"id": chat, "type": "private"}
        message = {"message_id": number, "date": 1_700_000_000, "chat": place, "from": person(abs(chat))}
        if text is not None:
            message["text"] = text
            if text.startswith("/"):
                length = len(text.split()[0])
                message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        self.push(message=message | fields)
        return number

    def sent(self, chat: int | None = None) -> list[Call]:
        """Messages delivered so far, in order."""
        messages = [call for call in self.calls if call.method == "sendMessage"]
        return [m for m in messages if chat is None or m.data["chat_id"] == chat]

    def wait_sent(self, number: int, chat: int | None = None, seconds: float = 20.0) -> list[Call]:
        """The messages once there are ``number``; raises TimeoutError with what there is."""
        wait_for(lambda: len(self.sent(chat)) >= number, seconds, lambda: f"only {self.sent(chat)}")
        return self.sent(chat)

    # What the bot sees

    async def _handle(self, request: Request) -> Response:
        method = request.path_params["method"]
        if request.path_params["token"] != TOKEN:
            return _failure(REVOKED)
        data = _parameters(request, await request.body())
        if self.faults[method]:
            return await _fail(self.faults[method].popleft())
        handler: Callable[[Json], Awaitable[Any]] | None = getattr(self, f"_{method}", None)
        if handler is None:
            return _failure(Fault(404, "Not Found"))
        try:
            result = await handler(data)
        except _RefusedError as error:
            self.refused.append(str(error))
            code = 409 if str(error).startswith("Conflict") else 400
            return _failure(Fault(code, str(error)))
        self.calls.append(Call(method, time.monotonic(), data))
        return JSONResponse({"ok": True, "result": result})

    async def _getMe(self, _: Json) -> Json:  # noqa: N802  the methods bear the Bot API's names
        abilities = ("can_join_groups", "can_read_all_group_messages", "supports_inline_queries")
        return ME | dict.fromkeys(abilities, True)

    async def _getUpdates(self, data: Json) -> list[Json]:  # noqa: N802
        if self.webhook.get("url"):
            raise _RefusedError("Conflict: can't use getUpdates method while webhook is active")
        for known in [number for number in list(self._updates) if number < data.get("offset", 0)]:
            del self._updates[known]
        until = time.monotonic() + data.get("timeout", 0)
        while not (self._updates or self.faults["getUpdates"]) and time.monotonic() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.01)  # updates come from another thread
        return list(self._updates.values())[: data.get("limit", 100)]

    async def _setWebhook(self, data: Json) -> bool:  # noqa: N802
        self.webhook = data
        return True

    async def _deleteWebhook(self, _: Json) -> bool:  # noqa: N802
        self.webhook = {}
        return True

    async def _sendMessage(self, data: Json) -> Json:  # noqa: N802
        _check_text(data)
        kind = "group" if data["chat_id"] < 0 else "private"
        return {
            "message_id": next(self._ids),
            "date": 1_700_000_000,
            "chat": {"id": data["chat_id"], "type": kind},
            "from": ME,
            "text": data["text"],
        }

    async def _editMessageText(self, data: Json) -> Json:  # noqa: N802
        return await self._sendMessage(data) | {"message_id": data["message_id"]}

    async def _getFile(self, data: Json) -> Json:  # noqa: N802
        return {
            "file_id": data["file_id"],
            "file_unique_id": data["file_id"],
            "file_path": "documents/file_0",
        }

    async def _accept(self, _: Json) -> bool:
        return True

    _sendChatAction = _setMyCommands = _answerCallbackQuery = _answerInlineQuery = _accept  # noqa: N815


def person(number: int) -> Json:
    return {"id": number, "is_bot": False, "first_name": f"Person {number}"}


def wait_for(ready: Callable[[], bool], seconds: float, otherwise: Callable[[], str]) -> None:
    """Return as soon as it is ready; raise TimeoutError after that many seconds."""
    until = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > until:
            raise TimeoutError(otherwise())
        time.sleep(0.02)


def _parameters(request: Request, body: bytes) -> Json:
    if request.headers.get("content-type", "").startswith("application/json"):
        return dict(json.loads(body or b"{}"))
    pairs = dict(parse_qsl(body.decode(), keep_blank_values=True)) | dict(request.query_params)
    return {
        name: value if name in {"text", "url", "secret_token"} else _value(value)
        for name, value in pairs.items()
    }


def _value(text: str) -> Any:
    with suppress(ValueError):
        return json.loads(text)
    return text


def _check_text(data: Json) -> None:
    """The limits of sendMessage, in Telegram's words; it drops entities beyond 100, here they are refused."""
    wide = data.get("text", "").encode("utf-16-le")
    length = len(wide) // 2
    if not data.get("text", "").strip():
        raise _RefusedError("Bad Request: message text is empty")
    if length > _TEXT_UNITS:
        raise _RefusedError("Bad Request: message is too long")
    entities = data.get("entities", [])
    if len(entities) > _ENTITIES:
        raise _RefusedError("Bad Request: too many entities")
    for entity in entities:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if start < 0 or end > length:
            where = (
                f"beginning at UTF-16 offset {start} ends after the end of the text at UTF-16 offset {end}"
            )
            raise _RefusedError(f"Bad Request: entity {where}")
        if any(0xDC <= wide[2 * place + 1] <= 0xDF for place in (start, end) if place < length):
            raise _RefusedError(f"Bad Request: entity at UTF-16 offset {start} cuts a UTF-16 symbol in two")


async def _fail(fault: Fault) -> Response:
    if fault.status:
        return _failure(fault)
    if fault is TIMEOUT:
        await asyncio.sleep(_HANG)
    return _Reset()


def _failure(fault: Fault) -> Response:
    parameters = {"parameters": {"retry_after": fault.retry_after}} if fault.retry_after else {}
    body = {"ok": False, "error_code": fault.status, "description": fault.description} | parameters
    return JSONResponse(body, status_code=fault.status)


class _Reset(Response):
    """Breaks off in the middle of the answer; uvicorn then closes the connection."""

    async def __call__(self, _: Scope, __: Receive, send: Send) -> None:
        headers = [(b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
