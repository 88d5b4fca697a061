import pytest

from corpus.errors import FetchError
from corpus.fetching.links import LONGEST, host, link, onward, port, shown


@pytest.mark.parametrize(
    ("address", "normal"),
    [
        ("HTTPS://News.Example:443/a/../b#c", "https://news.example/b"),
        ("http://news.example:80", "http://news.example/"),
        (
            "https://новости.рф/статья?д=1",
            "https://xn--b1amnebsh.xn--p1ai/%D1%81%D1%82%D0%B0%D1%82%D1%8C%D1%8F?%D0%B4=1",
        ),
        ("https://xn--b1amnebsh.xn--p1ai:8443/", "https://xn--b1amnebsh.xn--p1ai:8443/"),
        ("http://[2606:2800:220:1::1]:8080/x", "http://[2606:2800:220:1::1]:8080/x"),
        ("http://news.example/%0d%0aSet-Cookie:a", "http://news.example/%0d%0aSet-Cookie:a"),
    ],
)
def test_addresses_that_may_be_asked_for(address: str, normal: str) -> None:
    url = link(address)
    assert f"{url.scheme}://{url.netloc.decode()}{url.raw_path.decode()}" == normal


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("file:///etc/passwd", "has file: where only http: and https: are read"),
        ("ftp://news.example/a", "has ftp: where"),
        ("gopher://news.example/a", "has gopher: where"),
        ("data:text/html,<p>News", "has data: where"),
        ("javascript:alert(1)", "has javascript: where"),
        ("news.example/a", "has no scheme where"),
        ("", "has no scheme where"),
        ("http://user:pass@news.example/", "holds a user name or password"),
        ("http://user@news.example/", "holds a user name or password"),
        ("http://public.example\\@10.0.0.1/", "holds a user name or password"),
        ("http://10.0.0.1\\.public.example/", "names no host"),
        ("http:///a", "names no host"),
        ("http://a%00b/", "names no host"),
        ("http://[fe80::1%25eth0]/", "names no host"),
        ("http://[fe80::1%eth0]/", "names no host"),
        ("http://[::1/", "no"),
        (f"http://{'a' * 254}/", "names no host"),
        ("http://news.example:0/", "has port 0"),
        ("http://news.example:65536/", "has port 65536"),
        ("http://news.example:-1/", "has port -1"),
        ("http://news.example:http/", "not an address"),
        ("http://news.example/\r\nHost: other", "not an address"),
        ("http://news.example\n/", "not an address"),
        ("http://news.example/\ud800", "not an address"),
        ("http://300.1.1.1/", "not an address"),
        ("http://☃️‍.example/", "not an address"),
        ("http://news.example/" + "a" * LONGEST, "longer than 8,000 characters"),
    ],
)
def test_addresses_that_may_not(address: str, reason: str) -> None:
    with pytest.raises(FetchError) as failure:
        link(address)
    assert reason in str(failure.value)
    assert str(failure.value).isprintable()


def test_hosts_are_the_ones_that_are_asked() -> None:
    assert (host(link("https://новости.рф")), port(link("https://новости.рф"))) == (
        "xn--b1amnebsh.xn--p1ai",
        443,
    )
    assert (host(link("http://[::1]:81")), port(link("http://[::1]:81"))) == ("::1", 81)


def test_redirects_are_relative_to_where_they_come_from() -> None:
    start = link("https://news.example/a/b?c")
    assert str(onward(start, "d")) == "https://news.example/a/d"
    assert str(onward(start, "//other.example/d#e")) == "https://other.example/d"


@pytest.mark.parametrize(
    "location", [None, "", "file:///etc/passwd", "//u:p@news.example/", "http://[", "\ud800"]
)
def test_redirects_that_lead_nowhere(location: str | None) -> None:
    with pytest.raises(FetchError):
        onward(link("https://news.example/"), location)


def test_foreign_text_is_one_line() -> None:
    assert shown("a\r\nb\x1b[2J\u202e\ud800c") == "a\ufffd\ufffdb\ufffd[2J\ufffd\ufffdc"
    assert shown("a" * 300) == "a" * 200 + "…"
