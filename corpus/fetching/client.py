"""The one way in: an address to its bytes, within limits, politely, and from public servers alone.

Whether anything may be fetched at all is for the caller to know, who makes a ``Fetcher`` only where the settings
allow it or the owner typed the address.
"""

import re
import ssl
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from types import TracebackType
from typing import Self

import httpx

from corpus.errors import FetchError
from corpus.fetching import links, robots
from corpus.fetching.addresses import NONE, Allowance, Resolver, ask_system
from corpus.fetching.limits import Limits
from corpus.fetching.pace import Pace, retry_after
from corpus.fetching.term import Term
from corpus.fetching.wire import Guard, Passing, Reply, ask

AGENT = "Onrecord/1 (reads the news for its owner)"
_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_REDIRECTS = (301, 302, 303, 307, 308)
_VALIDATOR = re.compile(r"[\x20-\x7e]{1,1000}")
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([^\s;\"']{1,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave."""

    address: str
    """As it was given."""
    final: str
    """After redirects, normalised, without fragment; links in the body are relative to it."""
    status: int
    """200 or 203; 304 where it is ``not_modified``."""
    kind: str
    """Media type in lower case, such as ``text/html``; empty where none was sent. Not checked against the body."""
    charset: str | None
    """As the server declares it, which is often wrong: for the reader to judge."""
    body: bytes
    """Unpacked; empty where not modified."""
    etag: str | None
    """To be given to the next ``fetch`` of the same address."""
    modified: str | None
    """Last-Modified; as ``etag``."""
    read_at: datetime
    """UTC."""

    @property
    def not_modified(self) -> bool:
        """It is as it was when ``etag`` or ``modified`` were given out."""
        return self.status == 304


class Fetcher:
    """Fetches for any number of threads. ``close`` ends what they wait for, within the time of one connect."""

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        allow: Allowance = NONE,
        agent: str = AGENT,
        resolver: Resolver = ask_system,
    ) -> None:
        self._limits = limits or Limits()
        self._allow = allow
        self._agent = agent
        self._token = re.split(r"[/\s]", agent, maxsplit=1)[0]
        self._resolver = resolver
        self._pace = Pace()
        self._sites = robots.Sites()
        self._stop = threading.Event()

    def fetch(self, address: str, *, etag: str | None = None, modified: str | None = None) -> Fetched:
        """What ``address`` holds, or that it is not modified; anything else raises ``FetchError``."""
        held = {"If-None-Match": etag, "If-Modified-Since": modified}
        asked = {name: value for name, value in held.items() if value and _VALIDATOR.fullmatch(value)}
        guard = Guard(self._limits, self._allow, self._resolver, Term(self._limits.seconds, self._stop))
        try:
            url, reply = self._follow(links.link(address), guard, asked)
            _expect(url, reply, (200, 203, 304) if asked else (200, 203))
        except FetchError as exc:
            raise FetchError(f"{links.shown(address)}: {exc}") from exc
        return _fetched(address, url, reply, etag, modified)

    def close(self) -> None:
        self._stop.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        """Authorities from certifi, or from SSL_CERT_FILE or SSL_CERT_DIR where the user has set them."""
        return httpx.create_ssl_context()

    def _follow(
        self, url: httpx.URL, guard: Guard, asked: dict[str, str], *, as_robots: bool = False
    ) -> tuple[httpx.URL, Reply]:
        """The answer that is no redirect, and whose it is; each hop is checked as if it had been given."""
        start = url
        for _ in range(self._limits.redirects + 1):
            try:
                guard.addresses(links.host(url), links.port(url))
                rules = robots.Rules() if as_robots else self._rules(url, guard)
                _permit(url, rules)
                reply = self._ask(url, guard, asked, max(rules.delay, self._limits.pause))
                if reply.status not in _REDIRECTS:
                    return url, reply
                onward = links.onward(url, reply.headers.get("location"))
            except FetchError as exc:
                if url is start:
                    raise
                raise type(exc)(f"redirected to {links.shown(str(url))}: {exc}") from exc
            url = onward
        raise FetchError(f"redirected more than {self._limits.redirects} times: check the address")

    def _ask(self, url: httpx.URL, guard: Guard, asked: dict[str, str], pause: float) -> Reply:
        """One answer, asked for again while the server is busy, silent or breaks off."""
        headers = {"User-Agent": self._agent, "Accept": _ACCEPT, **asked}
        trust = self._trust if url.scheme == "https" else None
        for tried in range(1, self._limits.tries + 1):
            self._pace.turn(links.host(url), pause, guard.term)
            after = None
            try:
                reply = ask(url, headers, guard, trust)
                if not _is_passing(reply):
                    return reply
                after = retry_after(reply.headers.get("retry-after"))
            except Passing:
                if tried == self._limits.tries:
                    raise
            self._pace.hold(
                links.host(url), self._limits.backoff * 2 ** (tried - 1) if after is None else after
            )
        return reply

    def _rules(self, url: httpx.URL, guard: Guard) -> robots.Rules:
        """What the site of ``url`` asks of robots (RFC 9309, 2.3.1): nothing where it has no robots.txt."""
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        if rules := self._sites.known(origin):
            return rules
        try:
            _, reply = self._follow(httpx.URL(f"{origin}/robots.txt"), guard, {}, as_robots=True)
        except Passing:
            rules = robots.Rules(closed=True)
        else:
            rules = robots.read(reply.body, self._token) if reply.status in (200, 203) else robots.Rules()
            if _is_passing(reply):
                rules = robots.Rules(closed=True)
        self._sites.keep(origin, rules)
        return rules


def _is_passing(reply: Reply) -> bool:
    """The server is busy, slow or broken; later it may not be."""
    return reply.status in (408, 429) or reply.status >= 500


def _permit(url: httpx.URL, rules: robots.Rules) -> None:
    if rules.closed:
        raise FetchError(f"the robots.txt of {links.host(url)} could not be read: try again later")
    if not rules.allow(url.raw_path.decode("ascii")):
        raise FetchError(
            f"the robots.txt of {links.host(url)} asks programs to keep out: save the page and add it"
        )


def _expect(url: httpx.URL, reply: Reply, wanted: tuple[int, ...]) -> None:
    if reply.status in wanted:
        return
    if reply.status in (401, 402, 403, 451):
        advice = "save the page in a browser and add it"
    else:
        advice = "try again later" if _is_passing(reply) else "check the address"
    answer = f"{reply.status} {links.shown(reply.reason, 40)}".strip()
    raise FetchError(f"answered {answer} at {links.shown(str(url))}: {advice}")


def _fetched(address: str, url: httpx.URL, reply: Reply, etag: str | None, modified: str | None) -> Fetched:
    declared = reply.headers.get("content-type", "")
    charset = _CHARSET.search(declared)
    not_modified = reply.status == 304
    return Fetched(
        address=address,
        final=str(url),
        status=reply.status,
        kind=links.shown(declared.partition(";")[0].strip().lower()),
        charset=charset[1] if charset else None,
        body=reply.body,
        etag=_validator(reply, "etag") or (etag if not_modified else None),
        modified=_validator(reply, "last-modified") or (modified if not_modified else None),
        read_at=datetime.now(UTC),
    )


def _validator(reply: Reply, name: str) -> str | None:
    value = reply.headers.get(name)
    return value if value and _VALIDATOR.fullmatch(value) else None
