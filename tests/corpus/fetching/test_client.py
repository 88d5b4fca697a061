import contextlib
import gzip
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.errors import FetchError
from corpus.fetching.addresses import NONE, Allowance, Resolver
from corpus.fetching.client import AGENT, Fetched, Fetcher
from corpus.fetching.limits import Limits
from tests.corpus.fetching.site import Site, dripping, endless, moved, page, resolving

HASTE = Limits(pause=0, backoff=0.01)
HOST = "news.example"
HERE = resolving(["127.0.0.1"])[0]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


def fetcher(site: Site, limits: Limits = HASTE, resolver: Resolver = HERE) -> Fetcher:
    return Fetcher(limits=limits, allow=Allowance(frozenset({(HOST, site.port)})), resolver=resolver)


def address(site: Site, path: str = "/a") -> str:
    return f"http://{HOST}:{site.port}{path}"


def get(site: Site, path: str = "/a", limits: Limits = HASTE) -> Fetched:
    with fetcher(site, limits) as fetching:
        return fetching.fetch(address(site, path))


def refused(site: Site, path: str = "/a", limits: Limits = HASTE) -> str:
    """The message with which the path is refused, which is one line and begins with the address."""
    with pytest.raises(FetchError) as failure:
        get(site, path, limits)
    message = str(failure.value)
    assert message.isprintable()
    assert message.startswith(f"{address(site, path)}: ")
    return message.removeprefix(f"{address(site, path)}: ")


def test_a_page(site: Site) -> None:
    headers = ["Content-Type: Text/HTML; charset=windows-1251", 'ETag: W/"1"', "Last-Modified: yesterday"]
    site.says("/a?b=c", page("Новость".encode("cp1251"), *headers))
    before = datetime.now(UTC)
    fetched = get(site, "/a?b=c#d")
    assert fetched.address == address(site, "/a?b=c#d")
    assert fetched.final == address(site, "/a?b=c")
    assert (fetched.status, fetched.kind, fetched.charset) == (200, "text/html", "windows-1251")
    assert fetched.body.decode("cp1251") == "Новость"
    assert (fetched.etag, fetched.modified, fetched.not_modified) == ('W/"1"', "yesterday", False)
    assert before <= fetched.read_at <= datetime.now(UTC)
    assert site.requests[1].split(b"\r\n") == [
        b"GET /a?b=c HTTP/1.1",
        f"Host: {HOST}:{site.port}".encode(),
        b"Connection: close",
        b"Accept-Encoding: gzip",
        f"User-Agent: {AGENT}".encode(),
        b"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        b"",
        b"",
    ]


@pytest.mark.parametrize(
    ("declared", "kind", "charset"),
    [
        ("text/html; charset=utf-99", "text/html", "utf-99"),  # wrong, and passed on: the reader judges
        ('text/html;x=y; Charset = "cp1251" ', "text/html", "cp1251"),
        ("text/html; charset=", "text/html", None),
        ("", "", None),
        (";;;=", "", None),
    ],
)
def test_what_the_server_declares_is_passed_on(
    site: Site, declared: str, kind: str, charset: str | None
) -> None:
    site.says("/a", page(b"\xff", f"Content-Type: {declared}"))
    fetched = get(site)
    assert (fetched.kind, fetched.charset, fetched.body) == (kind, charset, b"\xff")


def test_conditional_requests(site: Site) -> None:
    site.says("/a", page(b"", 'ETag: "2"', status="304 Not Modified"))
    with fetcher(site) as fetching:
        fetched = fetching.fetch(address(site), etag='"1"', modified="Fri, 01 Mar 2024 12:00:00 GMT")
        assert (
            b'\r\nIf-None-Match: "1"\r\nIf-Modified-Since: Fri, 01 Mar 2024 12:00:00 GMT\r\n'
            in site.requests[-1]
        )
        assert (fetched.not_modified, fetched.status, fetched.body) == (True, 304, b"")
        assert (fetched.etag, fetched.modified) == ('"2"', "Fri, 01 Mar 2024 12:00:00 GMT")
        with pytest.raises(FetchError, match="answered 304"):
            fetching.fetch(address(site))


def test_a_validator_that_is_no_header_is_not_sent(site: Site) -> None:
    site.says("/a", page())
    with fetcher(site) as fetching:
        assert not fetching.fetch(address(site), etag='"1"\r\nX-Evil: 1', modified="\ud800").not_modified
    assert b"Evil" not in site.requests[-1]
    assert b"If-" not in site.requests[-1]


# Who is asked.


@pytest.mark.parametrize(
    "target", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "localhost", "0x7f.1"]
)
def test_a_redirect_into_this_machine_is_refused(site: Site, target: str) -> None:
    allow = Allowance(frozenset({("127.0.0.1", site.port)}))
    reason = r"redirected to http.*(not a public address|no server of the name)"
    with Site() as inner, Fetcher(limits=HASTE, allow=allow) as fetching:
        site.says("/a", moved(f"http://{target}:{inner.port}/secret"))
        with pytest.raises(FetchError, match=reason):
            fetching.fetch(f"http://127.0.0.1:{site.port}/a")
    assert inner.requests == []


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://news.example/", "data:,a", "//u:p@news.example/"]
)
def test_a_redirect_is_checked_as_an_address(site: Site, target: str) -> None:
    site.says("/a", moved(target))
    message = refused(site)
    assert "only http: and https: are read" in message or "user name or password" in message


def test_nothing_on_this_machine_is_asked_without_an_allowance(site: Site) -> None:
    with (
        Fetcher(limits=HASTE, allow=NONE) as fetching,
        pytest.raises(FetchError, match=r"127\.0\.0\.1, not a public"),
    ):
        fetching.fetch(f"http://127.0.0.1:{site.port}/a")
    assert site.requests == []


def test_a_name_whose_answers_change_is_resolved_once(site: Site) -> None:
    site.says("/a", page())
    resolver, asked = resolving(["127.0.0.1"], ["10.0.0.1"])
    with fetcher(site, resolver=resolver) as fetching:
        assert fetching.fetch(address(site)).status == 200
        assert (asked, len(site.requests)) == ([HOST], 2)  # robots.txt and the page, on one answer
        with pytest.raises(FetchError, match=r"news\.example is 10\.0\.0\.1, not a public address"):
            fetching.fetch(address(site))
    assert len(site.requests) == 2


def test_the_next_address_is_tried_when_one_does_not_answer(site: Site) -> None:
    site.says("/a", page())
    with fetcher(site, resolver=resolving(["127.0.0.2", "127.0.0.1"])[0]) as fetching:
        assert fetching.fetch(address(site)).status == 200


def test_proxies_of_the_environment_are_not_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.says("/a", page())
    assert get(site).status == 200


def test_no_cookie_comes_back_and_no_credentials_go_on(site: Site) -> None:
    site.says("/a", page(b"", "Set-Cookie: id=1; Path=/", "Location: /b", status="302 Found"))
    site.says("/b", page())
    assert get(site).final == address(site, "/b")
    assert not any(
        b"cookie" in request.lower() or b"authorization" in request.lower() for request in site.requests
    )


# How much, and for how long.


def test_a_body_that_never_ends(site: Site) -> None:
    site.says("/a", endless(b"HTTP/1.1 200 OK\r\n\r\n", b"a" * 65_536))
    assert refused(site) == "larger than 20 MB: save the part you want and add it"


def test_a_body_that_is_announced_too_large_is_not_read(site: Site) -> None:
    site.says("/a", page(b"", length=10_000_000_000))
    assert refused(site).startswith("larger than 20 MB")


def test_chunks_that_never_end(site: Site) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    site.says("/a", endless(head, b"1;" + b"x" * 1_000 + b"\r\na\r\n"))
    assert refused(site, limits=Limits(pause=0, received=1_000_000)).startswith("larger than 1 MB")


def test_a_gzip_bomb(site: Site) -> None:
    bomb = gzip.compress(bytes(19_000_000))
    site.says("/a", page(bomb, "Content-Encoding: gzip"))
    assert refused(site) == "unpacks to over 100 times what was sent: nothing of it is kept"


def test_a_gzip_bomb_below_the_ratio(site: Site) -> None:
    site.says("/a", page(gzip.compress(bytes(3_000_000)), "Content-Encoding: gzip"))
    limits = Limits(pause=0, unpacked=2_000_000, ratio=10_000)
    assert refused(site, limits=limits).startswith("larger than 2 MB")


def test_gzip(site: Site) -> None:
    site.says("/a", page(gzip.compress(b"One. ") + gzip.compress(b"Two."), "Content-Encoding: GZip"))
    site.says("/b", page(gzip.compress(b"One.") + b"\r\n", "Content-Encoding: x-gzip"))
    site.says("/c", page(gzip.compress(b"One." * 50)[:-9], "Content-Encoding: gzip"))
    site.says("/d", page(b"<p>One.", "Content-Encoding: gzip"))
    site.says("/e", page(b"", "Content-Encoding: gzip"))
    assert get(site).body == b"One. Two."
    assert get(site, "/b").body == b"One."
    assert refused(site, "/c") == "its gzip data breaks off: try again later"
    assert refused(site, "/d") == "its gzip data is broken: save the page and add it"
    assert get(site, "/e").body == b""


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "deflate"])
def test_packings_that_were_not_asked_for(site: Site, coding: str) -> None:
    site.says("/a", page(b"a", f"Content-Encoding: {coding}"))
    assert refused(site) == f"is packed as {coding}, which was not asked for: save the page and add it"


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: ",
        b"",
        b"HTTP/1.1 100 C\r\n\r\n",
    ],
)
def test_a_slow_drip(site: Site, head: bytes) -> None:
    site.says("/a", dripping(site, head))
    assert refused(site, limits=Limits(pause=0, seconds=1)).startswith("took longer than 1 s")


def test_a_server_that_says_nothing(site: Site) -> None:
    def say_nothing(connection: socket.socket) -> None:
        site.stopping.wait()

    site.says("/a", say_nothing)
    message = refused(site, limits=Limits(pause=0, backoff=0.01, silence=0.2, tries=2))
    assert message == "no word from it for 0.2 s: try again later"
    assert site.asked_for("/a") == 2


def test_a_redirect_loop(site: Site) -> None:
    site.says("/a", moved("/b"))
    site.says("/b", moved("/a", "308 Permanent Redirect"))
    assert refused(site) == "redirected more than 5 times: check the address"
    assert site.asked_for("/a") + site.asked_for("/b") == 6


def test_five_redirects(site: Site) -> None:
    for number, status in enumerate(["301 A", "302 B", "303 C", "307 D", "308 E"]):
        site.says(f"/{number}", moved(f"/{number + 1}", status))
    site.says("/5", page(b"There."))
    assert get(site, "/0").body == b"There."


@pytest.mark.parametrize("headers", [[], ["Location:"], ["Location: http://["], ["Location: \xff:"]])
def test_a_redirect_to_nowhere(site: Site, headers: list[str]) -> None:
    site.says("/a", page(b"", *headers, status="302 Found"))
    assert "check the address" in refused(site)


# Again, and politely.


@pytest.mark.parametrize(
    "status", ["408 Timeout", "429 Too Many", "500 Error", "502 Bad", "503 Busy", "520 ?"]
)
def test_a_server_that_is_busy_is_asked_again(site: Site, status: str) -> None:
    site.says("/a", page(b"", status=status), page(b"", status=status), page(b"At last."))
    assert get(site).body == b"At last."
    assert site.asked_for("/a") == 3


def test_a_server_that_stays_busy_is_given_up(site: Site) -> None:
    site.says("/a", page(b"", status="503 Busy"))
    assert refused(site) == f"answered 503 Busy at {address(site)}: try again later"
    assert site.asked_for("/a") == 3


@pytest.mark.parametrize(
    ("status", "advice"),
    [("404 Not Found", "check the address"), ("403 No", "save the page in a browser and add it")],
)
def test_what_is_not_there_is_asked_for_once(site: Site, status: str, advice: str) -> None:
    site.says("/a", page(b"", status=status))
    assert refused(site) == f"answered {status} at {address(site)}: {advice}"
    assert site.asked_for("/a") == 1


def test_retry_after_is_honoured(site: Site) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=1), usegmt=True)
    site.says(
        "/a",
        page(b"", "Retry-After: 0", status="429 ?"),
        page(b"", f"Retry-After: {soon}", status="503 ?"),
        page(),
    )
    assert get(site, limits=Limits(pause=0, backoff=1_000)).status == 200  # or it would wait for the backoff


def test_a_retry_after_beyond_the_time_allowed_is_kept_for_the_whole_host(site: Site) -> None:
    site.says("/a", page(b"", "Retry-After: 3000", status="429 Too Many"))
    site.says("/b", page())
    with fetcher(site) as fetching:
        for path in ("/a", "/b"):
            with pytest.raises(
                FetchError, match=r"asks to be left alone for (3000|29\d\d) s: try again later"
            ):
                fetching.fetch(address(site, path))
    assert (site.asked_for("/a"), site.asked_for("/b")) == (1, 0)


def hang_up(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # a reset


def test_a_connection_that_fails_is_made_again(site: Site) -> None:
    site.says("/a", hang_up, b"", page(b"At last."))
    assert get(site).body == b"At last."


def test_a_server_that_hangs_up_half_way(site: Site) -> None:
    site.says("/a", page(b"Half", length=8))
    assert refused(site).startswith("the connection failed (peer closed connection without sending complete")
    assert site.asked_for("/a") == 3
    site.says("/b", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nHalf")
    assert refused(site, "/b").startswith("the connection failed")


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\nNews",
        b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 30_000 + b"\r\nNews",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nNews",
        b"HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\nNews",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5_000 + b"\r\n\r\nNews",
        b"HTTP/1.1 200 OK\r\nX\r\n\r\nNews",
        b"HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\nNews",
        b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    ],
)
def test_answers_that_are_no_http(site: Site, answer: bytes) -> None:
    site.says("/a", answer)
    refused(site)


def test_header_injection(site: Site) -> None:
    """What follows a line break is a header of its own, as anything the server says is; none is taken further."""
    site.says(
        "/a",
        b"HTTP/1.1 302 Found\r\nLocation: /b%0d%0aX-Evil: 1\r\nX-Evil: 2\r\nETag: a\r\n b\r\nContent-Length: 0\r\n\r\n",
    )
    site.says("/b%0d%0aX-Evil:%201", page())
    assert get(site).status == 200
    assert b"\r\nX-Evil" not in b"".join(site.requests)


def test_requests_to_a_host_are_spaced(site: Site) -> None:
    site.says("/robots.txt", page(b"User-agent: *\nCrawl-delay: 30"))
    assert refused(site, limits=Limits(pause=300)).startswith("asks to be left alone for ")
    assert refused(site, limits=Limits(pause=0)).startswith("answered 404")
    with fetcher(site, Limits(pause=0, seconds=20)) as fetching:
        for pattern in ("answered 404", r"left alone for (30|2\d) s"):
            with pytest.raises(FetchError, match=pattern):
                fetching.fetch(address(site))


# robots.txt.


def test_robots_txt_is_obeyed_and_asked_for_once(site: Site) -> None:
    site.says("/robots.txt", page(b"User-agent: *\nDisallow: /\n\nUser-agent: onrecord\nDisallow: /private"))
    site.says("/a", page())
    site.says("/b", moved("/private/c"))
    with fetcher(site) as fetching:
        assert fetching.fetch(address(site)).status == 200
        for path in ("/private/a", "/b"):
            with pytest.raises(
                FetchError, match=r"the robots\.txt of news\.example asks programs to keep out"
            ):
                fetching.fetch(address(site, path))
    assert [request.split(b" ")[1] for request in site.requests] == [b"/robots.txt", b"/a", b"/b"]


@pytest.mark.parametrize("status", ["404 No", "403 No", "410 Gone"])
def test_a_site_without_robots_txt_asks_for_nothing(site: Site, status: str) -> None:
    site.says("/robots.txt", page(b"User-agent: *\nDisallow: /", status=status))
    site.says("/a", page())
    assert get(site).status == 200


def test_a_robots_txt_may_be_elsewhere(site: Site) -> None:
    site.says("/robots.txt", moved("/r"))
    site.says("/r", page(b"User-agent: *\nDisallow: /a"))
    assert "asks programs to keep out" in refused(site)


@pytest.mark.parametrize("answer", [page(b"", status="503 Busy"), page(b"", status="429 Busy"), b""])
def test_where_robots_txt_cannot_be_read_nothing_is(site: Site, answer: bytes) -> None:
    site.says("/robots.txt", answer)
    site.says("/a", page())
    with fetcher(site) as fetching:
        for _ in range(2):
            with pytest.raises(
                FetchError, match=r"the robots\.txt of news\.example could not be read: try again later"
            ):
                fetching.fetch(address(site))
    assert (site.asked_for("/robots.txt"), site.asked_for("/a")) == (3, 0)


# Threads, and strings of every kind.


def test_closing_ends_what_is_waited_for(site: Site) -> None:
    site.says("/a", dripping(site, b"HTTP/1.1 200 OK\r\n\r\n"))
    fetching = fetcher(site, Limits(pause=0))
    threading.Timer(0.3, fetching.close).start()
    with pytest.raises(FetchError, match="fetching was stopped"):
        fetching.fetch(address(site))


def test_many_threads_share_a_fetcher(site: Site) -> None:
    for number in range(20):
        site.says(f"/{number}", page(str(number).encode()))
    bodies: dict[int, bytes] = {}
    with fetcher(site) as fetching:

        def fetch(number: int) -> None:
            bodies[number] = fetching.fetch(address(site, f"/{number}")).body

        threads = [threading.Thread(target=fetch, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert bodies == {number: str(number).encode() for number in range(20)}


ADDRESSES = st.one_of(
    st.text(),
    st.builds("http://{}".format, st.text()),
    st.builds(
        "{}://{}:{}/{}".format, st.sampled_from(["http", "https"]), st.text(), st.integers(), st.text()
    ),
    st.builds("https://{}{}".format, st.ip_addresses(), st.text()),
    st.builds("http://[{}]{}".format, st.text(), st.text()),
)


@settings(deadline=None)
@given(ADDRESSES, st.none() | st.text())
@example("http://" + "a" * 70 + ".example/", "")
@example("http://.example/\ud800", "\r\n")
@example("http://a..b/", None)
def test_no_string_raises_anything_but_a_fetch_error(text: str, validator: str | None) -> None:
    def resolver(host: str, port: int) -> list[str]:
        host.encode("idna")  # as the system's resolver does, which raises UnicodeError
        return ["127.0.0.1"]

    with Fetcher(limits=HASTE, resolver=resolver) as fetching, pytest.raises(FetchError) as failure:
        fetching.fetch(text, etag=validator, modified=validator)
    assert str(failure.value).isprintable()


def test_no_answer_raises_anything_but_a_fetch_error(site: Site) -> None:
    start = st.sampled_from([b"", b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 302 Found\r\nLocation: "])
    lines = st.lists(
        st.one_of(
            st.binary(max_size=30),
            st.sampled_from(
                [
                    b"\r\n",
                    b"Content-Encoding: gzip\r\n",
                    b"Transfer-Encoding: chunked\r\n",
                    b"Content-Type: ",
                    b"Retry-After: ",
                ]
            ),
        ),
        max_size=5,
    )

    @settings(deadline=None)
    @given(start, lines)
    def answers(head: bytes, rest: list[bytes]) -> None:
        site.says("/a", head + b"".join(rest))
        with contextlib.suppress(FetchError):
            assert fetching.fetch(address(site)).status in (200, 203)

    with fetcher(site, Limits(pause=0, backoff=0, tries=1, seconds=2, silence=1)) as fetching:
        answers()
