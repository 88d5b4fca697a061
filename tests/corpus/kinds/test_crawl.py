"""Web archives: the pages in them, and what a damaged record costs."""

import gzip
import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from corpus import kinds
from corpus.decoding import Unfit
from corpus.kinds import Flaw, Record

# warcio's writer leaves its temporary files to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.Spooled:ResourceWarning")

TIME = "2024-05-06T07:08:09Z"
DEFAULT = (("Content-Type", "text/html; charset=utf-8"),)


def page(number: int) -> bytes:
    return (
        f"<html><head><title>Bridge {number} to open</title></head><body><article>"
        f"<p>The minister said on Monday that bridge {number} would open in May, after years of delay.</p>"
        "<p>It has been closed since the flood, and nobody misses it more than the bakers.</p></article></body></html>"
    ).encode()


def record(
    body: bytes,
    address: str,
    headers: Sequence[tuple[str, str]] = DEFAULT,
    *,
    status: str = "200 OK",
    packed: bool = False,
) -> bytes:
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=packed)
    told = StatusAndHeaders(status, list(headers), protocol="HTTP/1.1")
    writer.write_record(
        writer.create_warc_record(
            address, "response", io.BytesIO(body), http_headers=told, warc_headers_dict={"WARC-Date": TIME}
        )
    )
    return file.getvalue()


def pages(count: int, *, packed: bool) -> list[bytes]:
    return [
        record(page(number), f"https://daily.example/{number}", packed=packed)
        for number in range(1, count + 1)
    ]


def read(folder: Path, data: bytes) -> list[Record | Flaw]:
    path = folder / ("a.warc.gz" if data.startswith(b"\x1f\x8b") else "a.warc")
    path.write_bytes(data)
    return list(kinds.records(path))


def urls(found: list[Record | Flaw]) -> list[str]:
    return [(item.url or "").rpartition("/")[2] for item in found if isinstance(item, Record)]


def flaws(found: list[Record | Flaw]) -> list[str]:
    return [item.reason for item in found if isinstance(item, Flaw)]


@pytest.mark.parametrize("packed", [False, True])
def test_each_page_is_a_record(tmp_path: Path, packed: bool) -> None:  # noqa: FBT001  two cases
    first, second = read(tmp_path, b"".join(pages(2, packed=packed)))
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert (first.title, first.url) == ("Bridge 1 to open", "https://daily.example/1")
    assert first.text.startswith("The minister said on Monday that bridge 1 would open in May")
    assert (first.published, first.fetched) == (None, datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC))
    assert first.raw == page(1)
    assert [(item.line, item.unit) for item in (first, second)] == [(1, "record"), (2, "record")]


def test_an_archive_gzipped_as_one(tmp_path: Path) -> None:
    assert urls(read(tmp_path, gzip.compress(b"".join(pages(3, packed=False))))) == ["1", "2", "3"]


def test_other_records_are_passed_over(tmp_path: Path) -> None:
    others = [
        record(b"\x89PNG", "https://daily.example/p.png", [("Content-Type", "image/png")]),
        record(page(5), "https://daily.example/gone", status="404 Not Found"),
        record(page(6), "https://daily.example/moved", status="301 Moved Permanently"),
    ]
    assert urls(read(tmp_path, b"".join([*others, *pages(1, packed=False)]))) == ["1"]


def test_packed_and_chunked_bodies_and_their_encodings(tmp_path: Path) -> None:
    russian = "<html><body><article><p>" + "Министр заявил, что мост откроется в мае. " * 9
    cyrillic = f"{russian}</p></article></body></html>".encode("cp1251")
    body = gzip.compress(page(1))
    chunks = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (50, body[:50], len(body) - 50, body[50:])
    packed = [("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")]
    first, second = read(
        tmp_path,
        record(chunks, "https://daily.example/1", packed)
        + record(cyrillic, "https://daily.example/2", [("Content-Type", "text/html; charset=windows-1251")]),
    )
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert first.raw == page(1)
    assert second.text.startswith("Министр заявил, что мост откроется в мае.")


def test_a_page_without_an_article_is_a_flaw(tmp_path: Path) -> None:
    empty = record(b"<html><body></body></html>", "https://daily.example/empty")
    found = read(tmp_path, empty + pages(1, packed=False)[0])
    assert urls(found) == ["1"]
    assert flaws(found) == [
        "https://daily.example/empty: no article text found in the page: save the article as text or Markdown"
    ]


@pytest.mark.parametrize(
    ("damage", "length"),
    [
        ("too long", b"999999999"),
        ("a little long", b"1500"),
        ("too short", b"20"),
        ("none", b"many"),
        ("negative", b"-5"),
    ],
)
def test_a_record_whose_length_is_wrong(tmp_path: Path, damage: str, length: bytes) -> None:
    first, second, third, fourth = pages(4, packed=False)
    second = re.sub(rb"(\r\nContent-Length: )\d+", rb"\g<1>" + length, second, count=1)
    found = read(tmp_path, first + second + third + fourth)
    assert urls(found) == ["1", "3", "4"]
    assert len(flaws(found)) == 1
    assert f"damaged record at byte {len(first)} " in flaws(found)[0]


def test_garbage_between_records(tmp_path: Path) -> None:
    first, second = pages(2, packed=False)
    found = read(tmp_path, first + b"noise\r\nWARC/9 \n" * 50 + b"\r\n" + second)
    assert urls(found)[-1] == "2"
    assert len(flaws(found)) == 1


@pytest.mark.parametrize("at", [3, 200, 400])
def test_a_damaged_member_of_a_gzipped_archive(tmp_path: Path, at: int) -> None:
    first, second, third = pages(3, packed=True)
    spoiled = bytearray(second)
    spoiled[at : at + 8] = b"\xff" * 8
    found = read(tmp_path, first + bytes(spoiled) + third)
    assert urls(found) == ["1", "3"]
    assert len(flaws(found)) == 1
    assert f"damaged record at byte {len(first)} " in flaws(found)[0]


@pytest.mark.parametrize("packed", [False, True])
def test_an_archive_that_breaks_off(tmp_path: Path, packed: bool) -> None:  # noqa: FBT001  two cases
    data = b"".join(pages(2, packed=packed))
    found = read(tmp_path, data[:-100])
    assert urls(found) == ["1"]
    assert len(flaws(found)) == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"no archive at all", "no record begins here"),
        (b"WARC/1.0\r\n\r\n", "it does not say how long it is"),
        (b"\x1f\x8b\x08 but no more", "its gzip data is broken"),
    ],
)
def test_no_archive(tmp_path: Path, data: bytes, reason: str) -> None:
    assert flaws(read(tmp_path, data)) == [f"damaged record at byte 0 ({reason}): fetch the page again"]


def test_an_archive_without_pages(tmp_path: Path) -> None:
    with pytest.raises(Unfit, match="no web page in the archive"):
        read(tmp_path, record(b"\x89PNG", "https://daily.example/p.png", [("Content-Type", "image/png")]))


def test_a_bomb_in_an_archive_is_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    bomb = gzip.compress(b" " * 200_000_000)
    packed = [("Content-Type", "text/html"), ("Content-Encoding", "gzip")]
    found = read(tmp_path, record(bomb, "https://daily.example/bomb", packed) + pages(1, packed=False)[0])
    assert urls(found) == ["1"]
    assert flaws(found) == [
        "https://daily.example/bomb: larger than 20 MB, the most one article may have: split it"
    ]
