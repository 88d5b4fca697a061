"""Which addresses may be asked for: absolute http or https, with a plain host and without credentials."""

import re

import httpx

from corpus.errors import FetchError

LONGEST = 8_000
"""Characters of an address; RFC 9110 (4.1) asks to support as many, and nothing printed is longer."""

_HOST = re.compile(r"[a-z0-9_.-]{1,253}|[0-9a-f:.]{2,45}")
"""A name as DNS has it (after IDNA), or an IP address. No zone: it would name one of this machine's networks."""


def link(address: str) -> httpx.URL:
    """The address, normalised and without fragment; raises ``FetchError``."""
    if len(address) > LONGEST:
        raise FetchError(f"longer than {LONGEST:,} characters: check the address")
    try:
        url = httpx.URL(address).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError) as exc:
        raise FetchError(f"not an address: {shown(str(exc))}") from exc
    return _fit(url)


def onward(url: httpx.URL, location: str | None) -> httpx.URL:
    """Where ``url`` redirects to; raises ``FetchError``."""
    if not location or len(location) > LONGEST:
        raise FetchError("redirects to nowhere: check the address")
    try:
        return _fit(url.join(location).copy_with(fragment=None))
    except (httpx.InvalidURL, ValueError) as exc:
        raise FetchError(f"redirects to {shown(location)}, which is no address: check the address") from exc


def host(url: httpx.URL) -> str:
    """In ASCII: an IDNA name, or an IP address without brackets."""
    return url.raw_host.decode("ascii")


def port(url: httpx.URL) -> int:
    if url.port is not None:
        return url.port
    return 443 if url.scheme == "https" else 80


def shown(text: str, most: int = 200) -> str:
    """Foreign text fit for one line of a message."""
    line = "".join(character if character.isprintable() else "\ufffd" for character in text[:most])
    return line if len(text) <= most else f"{line}…"


def _fit(url: httpx.URL) -> httpx.URL:
    if url.scheme not in ("http", "https"):
        scheme = f"{shown(url.scheme, 20)}:" if url.scheme else "no scheme"
        raise FetchError(f"has {scheme} where only http: and https: are read: check the address")
    if url.userinfo:
        raise FetchError("holds a user name or password, which are never sent: remove them from the address")
    if not _HOST.fullmatch(host(url)):
        raise FetchError("names no host that can be asked: check the address")
    if not 0 < port(url) < 65_536:
        raise FetchError(f"has port {port(url)}, which does not exist: check the address")
    return url
