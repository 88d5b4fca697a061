"""Whatever bytes a file holds: articles, or one clear reason, within bounds.

ONRECORD_FUZZ sets the number of examples of each kind, for longer runs than a test may take.
"""

import gzip
import io
import json
import os
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from corpus import decoding, kinds
from corpus.decoding import LIMIT, Unfit
from corpus.kinds import Record
from corpus.kinds import extracted as pages
from corpus.kinds.feeds import feed
from corpus.kinds.sitemaps import sitemap

EXAMPLES = int(os.environ.get("ONRECORD_FUZZ", "25"))
TEXT = "The minister said on Monday that the bridge would open in May, after years of delay."
PAGE = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Bridge</title>
<meta property="article:published_time" content="2023-05-02T08:00:00Z"></head><body><article><p>{TEXT}</p>
<p>{TEXT}</p></article></body></html>"""
RESPONSE = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: identity\r\n\r\n{PAGE}".encode()
ARCHIVE = b"".join(
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/%d\r\nWARC-Date: 2024-05-06T07:08:09Z\r\n"
    b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
    % (number, len(RESPONSE), RESPONSE)
    for number in range(2)
)
MAIL = f"""From: The Daily <a@b.example>\nSubject: =?utf-8?q?Bridge?=\nDate: Tue, 02 May 2023 23:30:00 -0800
MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary="xx"\n
--xx\nContent-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: quoted-printable\n\n{TEXT}\n
--xx\nContent-Type: text/html; charset=koi8-r\nContent-Transfer-Encoding: base64\n\nPHA+SGVsbG88L3A+\n--xx--\n""".encode()
RSS = f"""<?xml version="1.0"?><rss version="2.0"><channel><title>The Daily</title><item><title>Bridge</title>
<link>https://a.example/1</link><pubDate>Tue, 02 May 2023 23:30:00 -0800</pubDate>
<description><![CDATA[<p>{TEXT * 9}</p>]]></description></item></channel></rss>""".encode()
SITEMAP = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url>
<loc>https://a.example/1</loc><lastmod>2023-05-04</lastmod></url></urlset>"""
EXPORT = json.dumps(
    {
        "name": "The Daily",
        "type": "public_channel",
        "id": 12,
        "messages": [
            {
                "id": 1,
                "type": "message",
                "date": "2023-05-02T23:30:00",
                "text": [TEXT, {"type": "b", "text": "x"}],
            },
            {"id": 2, "type": "message", "date": "2023-05-02T23:30:00", "text": TEXT},
        ],
    }
).encode()


def _pdf() -> bytes:
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    stream = DecodedStreamObject()
    stream.set_data(b"BT /F1 11 Tf 50 800 Td 14 TL (The bridge opens in May.) Tj T* (It was closed.) Tj ET")
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    fonts = DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
    page[NameObject("/Contents")] = writer._add_object(stream)
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): fonts})}
    )
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


SAMPLES = {
    "a.txt": TEXT.encode("utf-16"),
    "a.md": f"---\ntitle: Bridge\n---\n# Bridge\n\n{TEXT}".encode(),
    "a.jsonl": json.dumps({"text": TEXT, "published": "2023-05-02"}).encode(),
    "a.jsonl.gz": gzip.compress(json.dumps({"text": TEXT}).encode()),
    "a.html": PAGE.encode(),
    "a.html.gz": gzip.compress(PAGE.encode()),
    "a.pdf": _pdf(),
    "a.eml": MAIL,
    "a.mhtml": MAIL.replace(b"From:", b"Snapshot-Content-Location: https://a.example/1\nFrom:"),
    "a.warc": ARCHIVE,
    "a.warc.gz": gzip.compress(ARCHIVE),
    "a.xml": RSS,
    "result.json": EXPORT,
}
TOKENS = re.compile(rb"[\w./-]+|\s+|[^\w\s]")


@st.composite
def spoiled(draw: st.DrawFn, sample: bytes) -> bytes:
    """``sample`` with a few of its pieces changed, repeated, moved or left out."""
    pieces = TOKENS.findall(sample)
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(pieces)))
        end = at + draw(st.integers(0, 5))
        put = draw(
            st.binary(max_size=6).map(lambda data: [data])
            | st.sampled_from(pieces).map(lambda piece: [piece])
            | st.sampled_from(
                [[b"\0"], [b"\xed\xa0\xbd"], [b"\xff\xfe"], [b"&#55357;"], [b"9" * 30], [b"-1"], [b"\\ud83d"]]
            )
            | st.integers(1, 300).map(lambda times, at=at: pieces[at : at + 3] * times)  # type: ignore[misc]
        )
        pieces[at:end] = put
    data = b"".join(pieces)
    return data[: draw(st.integers(0, len(data)))] if draw(st.integers(0, 4)) == 0 else data


def check(found: Record | kinds.Flaw) -> None:
    if isinstance(found, Record):
        assert found.text.strip()
        assert "\0" not in found.text
        assert len(found.text.encode()) <= 3 * LIMIT
        assert all(0 <= block.start < block.end <= len(found.text) for block in found.blocks)
        for told in (found.id, found.title, found.outlet, found.author):
            assert told is None or (told.encode() and "\n" not in told and "\0" not in told)
        assert found.url is None or re.fullmatch(r"https?://\S+", found.url)
    else:
        one_line(found.reason)


def one_line(reason: str) -> None:
    assert reason
    assert "\n" not in reason
    assert len(reason) < 2000


def read(name: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        try:
            for found in kinds.records(path):
                check(found)
        except Unfit as exc:
            one_line(str(exc))


@pytest.mark.parametrize("name", SAMPLES)
@given(data=st.data())
@settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
def test_spoiled_files(name: str, data: st.DataObject) -> None:
    read(name, data.draw(spoiled(SAMPLES[name])))


@pytest.mark.parametrize("name", SAMPLES)
@given(data=st.binary(max_size=300))
@settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
def test_any_bytes(name: str, data: bytes) -> None:
    read(name, data)


@given(data=spoiled(RSS) | spoiled(SITEMAP) | st.binary(max_size=300))
@settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
def test_any_feed_and_sitemap(data: bytes) -> None:
    for listed in (feed, sitemap):
        try:
            entries = listed(data).entries
        except Unfit as exc:
            one_line(str(exc))
        else:
            assert all(entry.address is None or entry.address.startswith("http") for entry in entries)


@pytest.mark.parametrize("name", SAMPLES)
def test_unspoiled_files_hold_an_article(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(SAMPLES[name])
    found = list(kinds.records(tmp_path / name))
    assert found
    assert all(isinstance(item, Record) for item in found)


@pytest.mark.parametrize("name", [name for name in SAMPLES if not name.endswith("warc.gz")])
def test_empty_files(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(gzip.compress(b"") if name.endswith(".gz") else b"")
    with pytest.raises(Unfit):
        list(kinds.records(tmp_path / name))


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.xml"])
def test_a_hundred_megabytes_are_refused_before_they_are_parsed(name: str, tmp_path: Path) -> None:
    with (tmp_path / name).open("wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(Unfit, match="larger than 20 MB"):
        list(kinds.records(tmp_path / name))


@pytest.mark.parametrize("name", ["a.pdf", "a.eml", "a.mhtml"])
def test_files_with_pictures_may_have_a_hundred(name: str, tmp_path: Path) -> None:
    with (tmp_path / name).open("wb") as file:
        file.truncate(100_000_001)
    with pytest.raises(Unfit, match="larger than 100 MB"):
        list(kinds.records(tmp_path / name))


@pytest.mark.parametrize("name", ["a.html.gz", "a.jsonl.gz"])
def test_bombs(name: str, tmp_path: Path) -> None:
    with gzip.open(tmp_path / name, "wb") as file:
        for _ in range(60):
            file.write(b" " * 1_000_000)
    try:
        (found,) = kinds.records(tmp_path / name)
    except Unfit as exc:
        found = kinds.Flaw(str(exc))
    assert isinstance(found, kinds.Flaw)
    assert found.reason.startswith("larger than 20 MB")


@pytest.mark.parametrize("tag", ["<div>", "<b>", "<table><tr><td>", "<ul><li>", "<p><span>"])
def test_tags_nested_a_hundred_thousand_deep(tag: str) -> None:
    with pytest.raises(Unfit):
        pages.extract(f"<html><body>{tag * 100_000}{TEXT}".encode())


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-16", ""),
        ("utf-16-le", ""),
        ("utf-16-be", '<meta charset="utf-8">'),
        ("utf-8-sig", '<meta charset="windows-1251">'),
        ("cp1251", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'),
        ("koi8-r", "<meta charset=koi8-r>"),
        ("cp1251", ""),
        ("koi8-r", '<meta charset="no-such-thing">'),
    ],
)
def test_pages_in_other_encodings(encoding: str, declared: str) -> None:
    text = "Министр заявил в понедельник, что мост откроется в мае. Его закрыли после наводнения."
    page = f"<html><head>{declared}<title>Мост</title></head><body><article><p>{text}</p><p>{text[::-1]}</p></article></body></html>"
    found = pages.extract(page.encode(encoding))
    assert found.text == f"{text}\n{text[::-1]}"
    assert found.title == "Мост"


def test_a_declared_encoding_with_a_stray_byte() -> None:
    text = "Министр заявил в понедельник, что мост откроется в мае. "
    page = f"<html><head><meta charset=windows-1251></head><body><article><p>{text * 5}</p></article></body></html>"
    found = pages.extract(page.encode("cp1251").replace(b"</p>", b"\x98</p>"))
    assert found.text == (text * 5) + "\ufffd"


def test_the_sender_of_a_page_knows_its_encoding_best() -> None:
    text = "Министр заявил в понедельник, что мост откроется в мае. " * 5
    page = f"<html><head><meta charset=koi8-r></head><body><article><p>{text}</p></article></body></html>"
    assert pages.extract(page.encode("cp1251"), "windows-1251").text == text.strip()


def test_nul_and_half_characters_in_a_page_are_dropped_or_replaced() -> None:
    page = PAGE.replace("Monday", "Mon\0day &#55357; &#0;")
    assert pages.extract(page.encode()).text.startswith("The minister said on Monday \ufffd")


def test_nul_and_half_characters_in_a_text_are_named_with_their_place(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(f"{TEXT * 3}\n\nA bri\0dge.".encode("utf-16"))
    with pytest.raises(Unfit, match=r"NUL characters, the first at character \d+ \(line 3\): remove them"):
        list(kinds.records(tmp_path / "a.txt"))
    (tmp_path / "b.jsonl").write_text(json.dumps({"text": "One.\nTwo \ud83d"}))
    (found,) = kinds.records(tmp_path / "b.jsonl")
    assert found == kinds.Flaw(
        "half of a character (a lone surrogate) at character 9 (line 2): mend the text", 1
    )


def test_what_is_extracted_is_mended() -> None:
    assert decoding.mended("a\0b\ud83dc\U0001f600") == "ab\ufffdc\U0001f600"
