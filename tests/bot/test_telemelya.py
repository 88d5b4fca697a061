"""A second opinion: the webhook mode against telemelya, a Bot API server that others wrote, on a Redis of its own.

What telemelya cannot show: secrets of webhooks, groups and topics, guests, polling, refusals ("not modified", unknown
ids), limits and faults; it answers 404 to setMyCommands. It wants an object store for media, which nothing here
sends: an HTTP server that says yes to everything stands in for that.
"""

import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.bot_api import wait_for

REDIS = shutil.which("redis-server")
pytest.importorskip("telemelya", reason="telemelya is not installed: pip install telemelya")
pytestmark = pytest.mark.skipif(
    REDIS is None, reason="redis-server is not installed: apt install redis-server"
)

ROOT = Path(__file__).parents[2]
TOKEN = "123456789:AAFakeTokenForTelemelya_0123456789abcd"  # noqa: S105  opens nothing but this server
Json = dict[str, Any]


class Yes(BaseHTTPRequestHandler):
    """A bucket that is always there."""

    def do_HEAD(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


class Telemelya:
    def __init__(self, url: str) -> None:
        self._client = httpx.Client(
            base_url=f"{url}/api/v1/test",
            headers={"Authorization": "Bearer any"},
            params={"bot_token": TOKEN},
            timeout=20,
        )

    def close(self) -> None:
        self._client.close()

    def post(self, path: str, **content: Any) -> Json:
        answer = self._client.post(path, json=content)
        assert answer.status_code == 200, answer.text
        assert answer.json()["delivery"]["status_code"] == 200
        return dict(answer.json())

    def responses(self, method: str) -> list[Json]:
        everything = self._client.get("/responses").json()["responses"]
        return [response for response in everything if response["method"] == method]

    def wait(self, method: str, number: int = 1) -> list[Json]:
        wait_for(lambda: len(self.responses(method)) >= number, 20, lambda: f"no {method}")
        return self.responses(method)


@contextmanager
def process(log: Path, *command: str, **surroundings: str) -> Iterator[subprocess.Popen[bytes]]:
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command,
            cwd=log.parent,
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)} | surroundings,
            stdout=output,
            stderr=output,
        ) as running,
    ):
        try:
            yield running
        finally:
            running.send_signal(signal.SIGTERM)
            try:
                running.wait(20)
            except subprocess.TimeoutExpired:
                running.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> Callable[[], bool]:
    def connects() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    return connects


@pytest.fixture(scope="module")
def telemelya(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Telemelya, Path]]:
    folder = tmp_path_factory.mktemp("telemelya")
    redis, server, hook = free_port(), free_port(), free_port()
    store = ThreadingHTTPServer(("127.0.0.1", 0), Yes)
    thread = threading.Thread(target=store.serve_forever)
    with ExitStack() as leave:
        thread.start()
        leave.callback(thread.join)
        leave.callback(store.server_close)
        leave.callback(store.shutdown)
        options = ("--port", str(redis), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
        leave.enter_context(process(folder / "redis.log", str(REDIS), *options))
        wait_for(listens(redis), 20, (folder / "redis.log").read_text)
        url = f"http://127.0.0.1:{server}"
        application = ("-m", "uvicorn", "telemelya.server.app:app", "--port", str(server))
        surroundings = {
            "REDIS_URL": f"redis://127.0.0.1:{redis}/0",
            "MINIO_ENDPOINT": f"127.0.0.1:{store.server_port}",
        }
        leave.enter_context(process(folder / "server.log", sys.executable, *application, **surroundings))
        wait_for(listens(server), 60, (folder / "server.log").read_text)
        command = ("-m", "tests.run_bot", url, "--token", TOKEN, "--state", str(folder / "state"))
        webhook = ("--webhook", f"http://127.0.0.1:{hook}/hook", "--secret", "off", "--port", str(hook))
        leave.enter_context(process(folder / "bot.log", sys.executable, *command, *webhook))
        wait_for(listens(hook), 30, (folder / "bot.log").read_text)
        api = Telemelya(url)
        leave.callback(api.close)
        wait_for(lambda: _hooked(url), 20, (folder / "bot.log").read_text)
        yield api, folder / "bot.log"


def _hooked(url: str) -> bool:
    return bool(httpx.post(f"{url}/bot{TOKEN}/getWebhookInfo").json()["result"]["url"])


def test_a_message_a_press_and_the_edit_it_makes(telemelya: tuple[Telemelya, Path]) -> None:
    api, _ = telemelya
    api.post("/send_update", chat_id=71, text="Is it raining?")
    (answer,) = api.wait("sendMessage")
    assert answer["chat_id"] == 71
    assert "Is it raining?" in answer["text"]
    buttons = [button for row in answer["reply_markup"]["inline_keyboard"] for button in row]
    (context,) = [b["callback_data"] for b in buttons if str(b.get("callback_data")).endswith(":c")]

    api.post("/send_update", chat_id=71, callback_data=context, callback_message_id=answer["message_id"])
    (edit,) = api.wait("editMessageText")
    assert edit["message_id"] == answer["message_id"]
    assert "It was a grey day. Is it raining? Nobody was surprised." in edit["text"]
    assert len(api.wait("answerCallbackQuery")) == 1


def test_a_command(telemelya: tuple[Telemelya, Path]) -> None:
    api, _ = telemelya
    before = len(api.responses("sendMessage"))
    api.post("/send_update", chat_id=72, command="/about")
    assert "build 7f3a" in api.wait("sendMessage", before + 1)[-1]["text"]


def test_an_inline_query_and_the_result_that_is_sent(telemelya: tuple[Telemelya, Path]) -> None:
    api, _ = telemelya
    asked = api.post("/send_inline_query", query="Is it raining?", chat_id=73)
    (answer,) = api.wait("answerInlineQuery")
    assert answer["inline_query_id"] == asked["inline_query_id"]
    (result,) = answer["results"]
    assert "Is it raining?" in result["input_message_content"]["message_text"]


def test_nothing_went_wrong_in_the_bot(telemelya: tuple[Telemelya, Path]) -> None:
    text = telemelya[1].read_text()
    assert "Traceback" not in text
    assert TOKEN.partition(":")[2] not in text
