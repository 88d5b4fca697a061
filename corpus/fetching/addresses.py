"""Who may be connected to: public addresses alone, or this machine where a test says so by name and port."""

import ipaddress
import queue
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.errors import FetchError
from corpus.fetching.term import TICK, Term

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Sequence[str]]
"""Host and port to IP addresses as text; raises ``OSError`` or ``ValueError`` where there are none."""

_REFUSED_4 = [
    ipaddress.IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # "this network"
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, and the metadata of cloud machines
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
]
"""https://www.iana.org/assignments/iana-ipv4-special-registry, spelled out because ``ipaddress`` knows a different
part of it in every Python release, and calls multicast global."""

_UNICAST_6 = ipaddress.IPv6Network("2000::/3")
"""All that was ever given out as public IPv6. Outside it: loopback, mapped IPv4, NAT64, local and multicast."""
_REFUSED_6 = [
    ipaddress.IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments, among them Teredo, which holds IPv4 addresses
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which holds IPv4 addresses
        "3fff::/20",  # documentation
    )
]


@dataclass(frozen=True, slots=True)
class Allowance:
    """Host and port pairs, as written in an address, that may be answered by this machine. For tests."""

    pairs: frozenset[tuple[str, int]] = frozenset()

    def covers(self, host: str, port: int) -> bool:
        return (host, port) in self.pairs


NONE = Allowance()


def is_public(address: IPAddress) -> bool:
    """Whether it may be anybody's server, and is not a place in this machine's own networks."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in block for block in _REFUSED_4)
    return address in _UNICAST_6 and not any(address in block for block in _REFUSED_6)


def ask_system(host: str, port: int) -> list[str]:
    """What this machine's resolver says; the spellings of IPv4 that C libraries take (0x7f.1) it reads too."""
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def checked(host: str, port: int, resolver: Resolver, allow: Allowance, term: Term) -> list[str]:
    """The addresses of ``host``, asked for once. One that is not public refuses them all: ``FetchError``.

    A name with one public and one inner address is no honest name, and which one is used would be luck.
    """
    allowed = allow.covers(host, port)
    if not (allowed or port in (80, 443) or port >= 1024):  # SSH, mail and the like take no articles
        raise FetchError(f"has port {port}, which is not for web pages: check the address")
    try:
        found = [ipaddress.ip_address(answer) for answer in _answers(host, port, resolver, term)]
    except (OSError, ValueError) as exc:
        raise FetchError(f"no server of the name {host} is known: check the address or the network") from exc
    if not found:
        raise FetchError(f"no server of the name {host} is known: check the address or the network")
    for address in found:
        if not (is_public(address) or (allowed and address.is_loopback)):
            raise FetchError(
                f"{host} is {address}, not a public address, and is not asked: check the address"
            )
    return [str(address) for address in dict.fromkeys(found)]


def _answers(host: str, port: int, resolver: Resolver, term: Term) -> Sequence[str]:
    """In a thread of its own: the system's resolver can be neither interrupted nor told how long to take."""
    box: queue.SimpleQueue[Sequence[str] | OSError | ValueError] = queue.SimpleQueue()

    def look() -> None:
        try:
            box.put(resolver(host, port))
        except (OSError, ValueError) as exc:
            box.put(exc)

    threading.Thread(target=look, name=f"look up {host}", daemon=True).start()
    while True:
        try:
            answer = box.get(timeout=min(TICK, term.left()))
        except queue.Empty:
            continue
        if isinstance(answer, Exception):
            raise answer
        return answer
