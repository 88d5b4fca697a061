"""Errors as a sentry server receives them."""

import gzip
import json
import logging
import sqlite3
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from bot.messenger.operations.redaction import redacted
from bot.messenger.operations.reports import MISSING, reporting
from corpus.errors import UsageError
from retrieval.encoder import Encoder
from tests.bot.messenger.installed import SLOW, Running
from tests.bot_api import TOKEN, BotApi, wait_for

SECRET = "AAFtokenTokenToken_0123456"  # noqa: S105  opens nothing


class Received(BaseHTTPRequestHandler):
    bodies: list[bytes]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        packed = self.headers.get("Content-Encoding") == "gzip"
        self.bodies.append(gzip.decompress(body) if packed else body)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def sentry() -> Iterator[tuple[str, list[bytes]]]:
    """An address to report to, and what arrives there."""
    bodies: list[bytes] = []
    handler = type("Handler", (Received,), {"bodies": bodies})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://key@127.0.0.1:{server.server_port}/3", bodies
        server.shutdown()
        thread.join()


def failing(question: str) -> None:
    person = {"name": "Aigul", "question": question}
    try:
        int(person["question"])
    except ValueError as error:
        raise LookupError(f"https://x/bot42:{SECRET}/getMe for {question}") from error


def test_kinds_and_places_alone(sentry: tuple[str, list[bytes]]) -> None:
    address, bodies = sentry
    asked = "Did they resign?"[::-1]  # nowhere in the source as it is written
    with redacted(SECRET), reporting(address, [SECRET]):
        try:
            failing(asked)
        except LookupError:
            logging.getLogger("a.library").exception("failed for %s", asked)
        logging.getLogger("a.library").error("no error to tell of: %s", asked)
    (body,) = bodies
    assert asked.encode() not in body
    assert SECRET.encode() not in body
    event: dict[str, Any] = json.loads(body.splitlines()[2])
    cause, raised = event["exception"]["values"]
    assert (cause["type"], raised["type"]) == ("ValueError", "LookupError")
    assert "value" not in raised
    frame = raised["stacktrace"]["frames"][-1]
    assert (frame["function"], frame["context_line"].strip()[:17]) == ("failing", "raise LookupError")
    assert "vars" not in frame
    assert not event.keys() & {
        "breadcrumbs",
        "request",
        "user",
        "server_name",
        "extra",
        "logentry",
        "modules",
    }


def test_without_an_address_nothing_is_sent(sentry: tuple[str, list[bytes]]) -> None:
    address, bodies = sentry
    with redacted(), reporting(address, [SECRET]):
        pass
    with redacted(), reporting(""):
        logging.getLogger("bot.x").error("failed", exc_info=ValueError("x"))
    assert bodies == []


def test_a_handler_that_fails(
    sentry: tuple[str, list[bytes]], models: Path, encoder: Encoder, tmp_path: Path
) -> None:
    """In a bot as it is installed, with everything in the log."""
    assert encoder.dimension == 384  # exported by now
    address, bodies = sentry
    question = "From when may lorries cross the bridge?"
    with BotApi() as api:
        running = Running(tmp_path, models, api)
        running.settings["ONRECORD_TELEGRAM_SENTRY_DSN"] = address
        process = running.start()
        try:
            with sqlite3.connect(running.state / "state.sqlite") as link:
                link.execute("DROP TABLE shown")
            assert "Something went wrong" in running.send(question)["text"]
            wait_for(lambda: bool(bodies), SLOW, running.said)
        finally:
            process.kill()
            process.wait()
    secret = TOKEN.partition(":")[2]
    for text in (b"".join(bodies).decode(), running.said()):
        assert "IndexDamaged" in text
        assert secret not in text
        assert "lorries" not in text.lower()


def test_an_address_that_is_none() -> None:
    with pytest.raises(UsageError, match="no address of a sentry project"), reporting("nowhere"):
        pass


def test_the_extra_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    with pytest.raises(UsageError) as told, reporting("http://key@127.0.0.1:1/3"):
        pass
    assert str(told.value) == MISSING
