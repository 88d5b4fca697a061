"""A web server on loopback that says exactly what a test tells it to, byte by byte."""

import contextlib
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

Answer = bytes | Callable[[socket.socket], None]
"""Bytes to send, or what does the sending; the connection is closed after it."""


def page(
    body: bytes = b"<p>News.</p>", *headers: str, status: str = "200 OK", length: int | None = None
) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def moved(location: str, status: str = "302 Found") -> bytes:
    return page(b"", f"Location: {location}", status=status)


class Site:
    """Answers each path with its answers in order, the last one for good; others, robots.txt too, with 404."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.requests: list[bytes] = []
        self.stopping = threading.Event()
        self._tls = tls
        self._served: Counter[str] = Counter()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._listen)]

    def says(self, path: str, *answers: Answer) -> None:
        self.answers[path] = list(answers)

    def asked_for(self, path: str) -> int:
        return sum(request.split(b" ")[1] == path.encode() for request in self.requests)

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, contextlib.suppress(OSError):  # the fetcher may hang up whenever it likes
                if self._tls:
                    connection = self._tls.wrap_socket(connection, server_side=True)
                with connection:
                    self._answer(connection)
        finally:
            connection.close()

    def _answer(self, connection: socket.socket) -> None:
        connection.settimeout(30)
        request = b""
        while b"\r\n\r\n" not in request:
            data = connection.recv(65_536)
            if not data:
                return
            request += data
        self.requests.append(request)
        path = request.split(b" ")[1].decode()
        answers = self.answers.get(path, [page(b"", status="404 Not Found")])
        answer = answers[min(self._served[path], len(answers) - 1)]
        self._served[path] += 1
        if isinstance(answer, bytes):
            connection.sendall(answer)
        else:
            answer(connection)


def endless(head: bytes, piece: bytes) -> Answer:
    """``head``, then ``piece`` again and again until nobody listens."""

    def send(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(piece)

    return send


def dripping(site: Site, head: bytes, piece: bytes = b"a", seconds: float = 0.05) -> Answer:
    """``head``, then a ``piece`` now and then."""

    def send(connection: socket.socket) -> None:
        connection.sendall(head)
        while not site.stopping.wait(seconds):
            connection.sendall(piece)

    return send


def resolving(*answers: Sequence[str]) -> tuple[Callable[[str, int], Sequence[str]], list[str]]:
    """A resolver that gives these answers in order, the last one for good; and the names it was asked for."""
    asked: list[str] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return answers[min(len(asked), len(answers)) - 1]

    return resolve, asked
