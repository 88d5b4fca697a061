"""Addresses in the library: pages, feeds and sitemaps from a server on loopback, through the real Fetcher."""

import hashlib
import http.server
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.article import Document, Unreadable
from corpus.fetching.addresses import Allowance
from corpus.fetching.client import Fetcher
from corpus.fetching.limits import Limits
from corpus.library.entries import Changes
from corpus.library.library import Library


class Paper(http.server.ThreadingHTTPServer):
    """A newspaper's server: ``pages`` by path, each with an ETag unless ``plain``; counts what it sends whole."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: dict[str, tuple[str, bytes]] = {}
        self.plain = False
        self.sent: Counter[str] = Counter()
        self.unmodified: Counter[str] = Counter()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def print(self, path: str, text: str, kind: str = "text/html; charset=utf-8") -> None:
        self.pages[path] = (kind, text.encode())


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Paper
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        kind, body = self.server.pages.get(self.path, ("text/plain", b""))
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.path not in self.server.pages:
            self.send_response(404)
        elif self.headers["If-None-Match"] == etag and not self.server.plain:
            self.server.unmodified[self.path] += 1
            self.send_response(304)
            body = b""
        else:
            self.server.sent[self.path] += 1
            self.send_response(200)
        if not self.server.plain:
            self.send_header("ETag", etag)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def paper() -> Iterator[Paper]:
    with Paper() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as opened:
        yield opened


def update(library: Library, paper: Paper | None, *, whole: bool = False) -> Changes:
    if paper is None:
        return library.update(words=110, overlap=1, whole=whole)
    allowed = Allowance(frozenset({("127.0.0.1", paper.server_port)}))
    with Fetcher(limits=Limits(pause=0), allow=allowed) as fetcher:
        return library.update(words=110, overlap=1, fetch=fetcher.fetch, whole=whole)


def documents(library: Library) -> list[Document]:
    return [one for one in library.documents() if isinstance(one, Document)]


def article(number: int, said: str = "will open in May") -> str:
    return (
        f"<html><head><title>Bridge {number}</title></head><body><article><h1>Bridge {number}</h1>"
        f"<p>The mayor of town {number} said on Monday that bridge {number} {said}.</p>"
        f"<p>It has stood unfinished for {number + 2} years, and the council paid for it twice over.</p>"
        "</article></body></html>"
    )


def feed(paper: Paper, numbers: range, stamp: str = "2024-05-02") -> str:
    entries = "".join(
        f"<entry><title>Bridge {n}</title><id>{n}</id><link href='{paper.url}/{n}.html'/>"
        f"<updated>{stamp}T10:00:00Z</updated><published>2024-05-01T10:00:00Z</published></entry>"
        for n in numbers
    )
    return f"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><title>Bridges</title>{entries}</feed>"


def print_feed(paper: Paper, numbers: range) -> None:
    paper.print("/feed", feed(paper, numbers), "application/atom+xml")


def texts(library: Library) -> dict[str, str]:
    return {one.article.id.rpartition("/")[2]: one.article.text for one in documents(library)}


@pytest.mark.parametrize("plain", [False, True])
def test_a_feed_of_twenty_of_which_three_change(library: Library, paper: Paper, *, plain: bool) -> None:
    paper.plain = plain
    for number in range(20):
        paper.print(f"/{number}.html", article(number))
    print_feed(paper, range(20))
    library.add(f"{paper.url}/feed")
    assert update(library, paper) == Changes(read=20, new=20, changed=0, unchanged=0, removed=0, failed=0)
    assert [root.kind for root in library.roots()] == ["feed"]
    before = documents(library)
    assert [one.article.url for one in before] == [f"{paper.url}/{n}.html" for n in range(20)]

    assert update(library, paper) == Changes(0, 0, 0, 20, 0, 0)
    assert sum(paper.unmodified.values()) == (0 if plain else 21)

    for number in (3, 8, 13):
        paper.print(f"/{number}.html", article(number, "will never open"))
    assert update(library, paper) == Changes(3, 0, 3, 17, 0, 0)
    after = documents(library)
    assert [n for n in range(20) if before[n] != after[n]] == [3, 8, 13]
    assert [n for n in range(20) if "will never open" in after[n].article.text] == [3, 8, 13]
    old = before[3].article
    kept = library.version(old.id, hashlib.sha256(old.text.encode()).hexdigest())
    assert kept == old
    assert b"will open in May" in (library.raw(old.id, hashlib.sha256(old.text.encode()).hexdigest()) or b"")


def test_what_a_feed_lists_no_more_stays(library: Library, paper: Paper) -> None:
    for number in range(6):
        paper.print(f"/{number}.html", article(number))
    print_feed(paper, range(4))
    library.add(f"{paper.url}/feed")
    update(library, paper)
    print_feed(paper, range(2, 6))
    assert update(library, paper) == Changes(2, 2, 0, 4, 0, 0)
    assert sorted(texts(library)) == [f"{n}.html" for n in range(6)]
    library.remove(f"{paper.url}/feed")
    assert update(library, paper) == Changes(0, 0, 0, 0, 6, 0)
    assert texts(library) == {}


def test_the_feed_tells_what_the_page_does_not(library: Library, paper: Paper) -> None:
    paper.print("/1.html", article(1))
    print_feed(paper, range(1, 2))
    library.add(f"{paper.url}/feed")
    update(library, paper)
    (document,) = documents(library)
    assert str(document.article.published) == "2024-05-01"
    update(library, None, whole=True)
    assert documents(library) == [document]


def test_a_page_that_fails_is_asked_for_again(library: Library, paper: Paper) -> None:
    paper.print("/0.html", article(0))
    print_feed(paper, range(2))
    library.add(f"{paper.url}/feed")
    assert update(library, paper) == Changes(1, 1, 0, 0, 0, 1)
    (failed,) = library.failures()
    assert failed.path == f"{paper.url}/1.html"
    assert "404" in failed.reason
    paper.print("/1.html", article(1))
    assert update(library, paper) == Changes(1, 1, 0, 1, 0, 0)
    assert library.failures() == []


def test_a_page_that_is_gone_keeps_its_last_version(library: Library, paper: Paper) -> None:
    paper.print("/1.html", article(1))
    library.add(f"{paper.url}/1.html")
    assert update(library, paper) == Changes(1, 1, 0, 0, 0, 0)
    assert [root.kind for root in library.roots()] == ["page"]
    del paper.pages["/1.html"]
    assert update(library, paper) == Changes(0, 0, 0, 1, 0, 1)
    assert list(texts(library)) == ["1.html"]
    assert "404" in library.failures()[0].reason


def test_a_page_is_read_anew_from_what_was_kept(library: Library, paper: Paper) -> None:
    paper.print("/1.html", article(1))
    library.add(f"{paper.url}/1.html")
    update(library, paper)
    before = documents(library)
    paper.pages.clear()
    assert update(library, None, whole=True) == Changes(1, 0, 0, 1, 0, 0)
    assert documents(library) == before


def test_nobody_is_asked_unless_it_is_allowed(library: Library, paper: Paper) -> None:
    for number in range(2):
        paper.print(f"/{number}.html", article(number))
        library.add(f"{paper.url}/{number}.html")
    assert update(library, None) == Changes(0, 0, 0, 0, 0, 0)
    allowed = Allowance(frozenset({("127.0.0.1", paper.server_port)}))
    with Fetcher(limits=Limits(pause=0), allow=allowed) as fetcher:
        library.update(words=110, overlap=1, fetch=fetcher.fetch, may_fetch={f"{paper.url}/1.html"})
    assert list(texts(library)) == ["1.html"]


def test_a_refused_address_is_one_clear_line(library: Library, paper: Paper) -> None:
    library.add(f"{paper.url}/1.html")
    with Fetcher() as fetcher:
        library.update(words=110, overlap=1, fetch=fetcher.fetch)
    (failed,) = library.failures()
    assert failed.path == f"{paper.url}/1.html"
    assert "127.0.0.1" in failed.reason
    assert not failed.reason.startswith("http")
    assert paper.sent == Counter()


def test_a_sitemap_is_followed_by_choice(library: Library, paper: Paper) -> None:
    for number in range(3):
        paper.print(f"/{number}.html", article(number))
    days = ["2024-05-01", "2024-05-01", ""]

    def print_sitemap() -> None:
        links = "".join(
            f"<url><loc>{paper.url}/{n}.html</loc>{day and f'<lastmod>{day}</lastmod>'}</url>"
            for n, day in enumerate(days)
        )
        paper.print(
            "/news.xml", f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{links}</urlset>"
        )

    index = f"<sitemapindex><sitemap><loc>{paper.url}/news.xml</loc></sitemap></sitemapindex>"
    paper.print("/sitemap.xml", index, "application/xml")
    print_sitemap()
    library.add(f"{paper.url}/sitemap.xml", "sitemap")
    assert update(library, paper) == Changes(3, 3, 0, 0, 0, 0)
    assert update(library, paper) == Changes(0, 0, 0, 3, 0, 0)
    assert sum(paper.sent[f"/{n}.html"] for n in range(3)) == 3
    assert paper.unmodified.keys() == {"/sitemap.xml", "/news.xml"}
    days[1] = "2024-05-02"
    paper.print("/1.html", article(1, "will never open"))
    print_sitemap()
    assert update(library, paper) == Changes(1, 0, 1, 2, 0, 0)


def test_other_kinds_of_pages(library: Library, paper: Paper) -> None:
    cyrillic = "Президент заявил в пятницу, что страна не участвует в параллельном импорте."
    old = article(1).replace("The mayor of town 1", cyrillic).replace("<head>", "<head lang='ru'>")
    paper.pages["/old.html"] = ("text/html; charset=windows-1251", old.encode("cp1251"))
    paper.print("/plain", "The mayor said on Monday that the bridge would open.", "text/plain")
    paper.print("/broken.pdf", "%PDF-1.7", "application/pdf")
    for path in paper.pages:
        library.add(f"{paper.url}{path}")
    assert update(library, paper) == Changes(3, 2, 0, 0, 0, 1)
    found = texts(library)
    assert cyrillic in found["old.html"]
    assert found["plain"] == "The mayor said on Monday that the bridge would open."
    (failed,) = [one for one in library.documents() if isinstance(one, Unreadable)]
    assert failed.path == f"{paper.url}/broken.pdf"
