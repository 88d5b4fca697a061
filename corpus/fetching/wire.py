"""One request and its answer. The connection is guarded where it is made, so that nothing can go round the checks.

The only importer of httpcore, which, unlike a browser-like client, knows no cookies, proxies or redirects.
"""

import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpcore
import httpx

from corpus.errors import FetchError
from corpus.fetching.addresses import Allowance, Resolver, checked
from corpus.fetching.limits import Limits
from corpus.fetching.links import shown
from corpus.fetching.term import TICK, Term
from corpus.fetching.unpacking import Body, too_large

_MOST_ADDRESSES = 4  # of one host, tried in turn


class Passing(FetchError):
    """A failure that another try may get past."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    reason: str
    headers: httpx.Headers
    body: bytes
    """Read and unpacked for status 200 and 203; nothing of it is read for any other."""


class Guard(httpcore.NetworkBackend):
    """Connects to checked addresses alone; made anew for each fetch, within which a name is resolved once."""

    def __init__(self, limits: Limits, allow: Allowance, resolver: Resolver, term: Term) -> None:
        self.limits = limits
        self.term = term
        self._allow = allow
        self._resolver = resolver
        self._known: dict[tuple[str, int], list[str]] = {}
        self._system = httpcore.SyncBackend()

    def addresses(self, host: str, port: int) -> list[str]:
        """The checked addresses of ``host``, the same for the whole fetch; raises ``FetchError``."""
        key = (host, port)
        if key not in self._known:
            self._known[key] = checked(host, port, self._resolver, self._allow, self.term)
        return self._known[key]

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  the term of the fetch rules, here and below
        local_address: str | None = None,  # noqa: ARG002  never given
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002  never given
    ) -> httpcore.NetworkStream:
        """Connects to the address, not the name; TLS and the Host header keep the name."""
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in self.addresses(host, port)[:_MOST_ADDRESSES]:
            try:
                stream = self._system.connect_tcp(address, port, min(self.limits.silence, self.term.left()))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as exc:
                failure = exc
            else:
                return _Line(stream, self.limits, self.term)
        raise failure or httpcore.ConnectError("no address")


class _Line(httpcore.NetworkStream):
    """A connection that ends when the time, the bytes or the server's right to be silent are used up."""

    def __init__(self, stream: httpcore.NetworkStream, limits: Limits, term: Term) -> None:
        self._stream = stream
        self._limits = limits
        self._term = term
        self._received = 0

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        quiet = time.monotonic() + self._limits.silence
        while True:
            try:
                data = self._stream.read(max_bytes, min(TICK, self._term.left()))
                break
            except httpcore.ReadTimeout:
                if time.monotonic() >= quiet:
                    raise
        self._received += len(data)
        if self._received > self._limits.received:
            raise FetchError(too_large(self._limits.received))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, min(self._limits.silence, self._term.left()))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        try:
            seconds = min(self._limits.silence, self._term.left())
            self._stream = self._stream.start_tls(ssl_context, server_hostname, seconds)
        except BaseException:
            self.close()
            raise
        return self

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def ask(url: httpx.URL, headers: dict[str, str], guard: Guard, trust: ssl.SSLContext | None) -> Reply:
    """One GET. Raises ``Passing`` where another try may help, ``FetchError`` where not; nothing else."""
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    basic = {"Host": url.netloc.decode("ascii"), "Connection": "close", "Accept-Encoding": "gzip"}
    try:
        with (
            httpcore.HTTPConnection(target.origin, trust, network_backend=guard) as connection,
            connection.stream("GET", target, headers=[*basic.items(), *headers.items()]) as response,
        ):
            return _reply(response, guard.limits)
    except httpcore.TimeoutException as exc:
        raise Passing(f"no word from it for {guard.limits.silence:g} s: try again later") from exc
    except (httpcore.NetworkError, httpcore.RemoteProtocolError) as exc:
        if isinstance(exc.__cause__, ssl.SSLCertVerificationError):
            reason = exc.__cause__.verify_message
            raise FetchError(
                f"its certificate cannot be trusted ({shown(reason)}): check the address"
            ) from exc
        raise Passing(f"the connection failed ({shown(str(exc))}): try again later") from exc
    except (httpcore.LocalProtocolError, OSError, ValueError) as exc:
        raise FetchError(f"cannot be asked for ({shown(str(exc))}): check the address") from exc


def _reply(response: httpcore.Response, limits: Limits) -> Reply:
    headers = httpx.Headers(response.headers)
    reason = bytes(response.extensions.get("reason_phrase", b"")).decode("ascii", "replace")
    body = b""
    if response.status in (200, 203):
        if int(headers.get("content-length", "0")) > limits.received:  # the digits were checked by h11
            raise FetchError(too_large(limits.received))
        unpacked = Body(headers.get("content-encoding", "").strip().lower(), limits)
        for piece in response.iter_stream():
            unpacked.add(piece)
        body = unpacked.whole()
    return Reply(response.status, reason, headers, body)
