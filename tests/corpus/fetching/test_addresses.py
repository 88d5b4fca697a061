import ipaddress
import threading
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import FetchError
from corpus.fetching.addresses import NONE, Allowance, ask_system, checked, is_public
from corpus.fetching.term import Term


def term(seconds: float = 10) -> Term:
    return Term(seconds, threading.Event())


@pytest.mark.parametrize(
    "address",
    """0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.0.1 169.254.169.254 172.16.0.1
    172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9
    224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255
    :: ::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1 100::1 2001::1
    2001:db8::1 2002:7f00:1::1 2002:808:808::1 3fff::1 5f00::1 fc00::1 fd12::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1
    """.split(),
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    "1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.0 172.15.0.1 172.32.0.1 192.0.1.1 223.255.255.255 "
    "2606:4700::1 2a00:1450::1 2001:4860:4860::8888".split(),
)
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@given(st.ip_addresses())
def test_nothing_is_public_that_the_standard_library_knows_to_be_private(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if is_public(address):
        assert address.is_global
        kinds = ("private", "loopback", "link_local", "reserved", "multicast", "unspecified")
        assert not [kind for kind in kinds if getattr(address, f"is_{kind}")]


@pytest.mark.parametrize(
    "spelling",
    "127.1 2130706433 0x7f000001 0x7f.0.0.1 0177.0.0.1 017700000001 0 127.0.0.1 ::1 ::ffff:7f00:1 localhost".split(),
)
def test_every_spelling_of_this_machine_is_refused(spelling: str) -> None:
    with pytest.raises(FetchError, match=r"not a public address|no server of the name"):
        checked(spelling, 80, ask_system, NONE, term())


def test_the_system_reads_the_spellings_of_c_libraries() -> None:
    """Which is why the addresses that come back are checked, and not the text of the host."""
    assert [ask_system(spelling, 80) for spelling in ("127.1", "2130706433", "0x7f.1", "0177.0.0.1")] == [
        ["127.0.0.1"]
    ] * 4


@pytest.mark.parametrize("answers", [["8.8.8.8", "10.0.0.1"], ["::1", "8.8.8.8"], ["fe80::1%eth0"], []])
def test_one_address_that_is_not_public_refuses_them_all(answers: list[str]) -> None:
    with pytest.raises(FetchError):
        checked("news.example", 80, lambda *_: answers, NONE, term())


def test_public_addresses_are_given_once_each() -> None:
    found = checked("news.example", 443, lambda *_: ["8.8.8.8", "2606:4700:0::1", "8.8.8.8"], NONE, term())
    assert found == ["8.8.8.8", "2606:4700::1"]


@pytest.mark.parametrize("port", [1, 22, 25, 81, 1023])
def test_ports_of_other_services_are_refused(port: int) -> None:
    with pytest.raises(FetchError, match=f"has port {port}"):
        checked("news.example", port, lambda *_: ["8.8.8.8"], NONE, term())


def test_an_allowance_is_for_one_host_and_port_and_for_loopback_alone() -> None:
    allow = Allowance(frozenset({("news.example", 81)}))
    assert checked("news.example", 81, lambda *_: ["127.0.0.1"], allow, term()) == ["127.0.0.1"]
    for host, port, answer in [
        ("news.example", 8081, "127.0.0.1"),
        ("other.example", 8081, "127.0.0.1"),
        ("news.example", 81, "10.0.0.1"),
        ("news.example", 81, "169.254.169.254"),
    ]:
        with pytest.raises(FetchError):
            checked(host, port, lambda *_, answer=answer: [answer], allow, term())


@pytest.mark.parametrize("failure", [OSError("no name"), UnicodeError("label too long"), ValueError("null")])
def test_a_name_that_cannot_be_looked_up(failure: Exception) -> None:
    def resolver(host: str, port: int) -> Sequence[str]:
        raise failure

    with pytest.raises(FetchError, match=r"no server of the name news\.example is known"):
        checked("news.example", 80, resolver, NONE, term())


def test_a_resolver_that_never_answers_takes_no_longer_than_the_fetch_may() -> None:
    over = threading.Event()

    def resolver(host: str, port: int) -> Sequence[str]:
        over.wait(30)
        return ["8.8.8.8"]

    with pytest.raises(FetchError, match=r"took longer than 0\.1 s"):
        checked("news.example", 80, resolver, NONE, term(0.1))
    over.set()
