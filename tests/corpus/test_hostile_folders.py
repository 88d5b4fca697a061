"""A folder with one hostile file beside a good one: the good one is read, the other has one clear line."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from corpus.article import Article, Unreadable
from corpus.reading import digest, read

TEXT = "The minister said on Monday that the bridge would open in May, after years of delay."
RUSSIAN = "Министр заявил в понедельник, что мост откроется в мае. Его закрыли после наводнения."
DEEP = 100_000
LINE = json.dumps({"text": TEXT}).encode()
Make = Callable[[], bytes]


def rss(body: str, head: str = "") -> bytes:
    item = f"<item><title>Bridge</title><description>{body}</description></item>"
    return f"<?xml version='1.0'?>{head}<rss version='2.0'><channel>{item}</channel></rss>".encode()


def laughs() -> bytes:
    entities = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    return rss("&a9;", f"<!DOCTYPE r [<!ENTITY a0 'ha'>{entities}]>")


def yaml_laughs() -> bytes:
    lists = "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    return f"---\na0: &a0 [x]\n{lists}title: *a11\n---\n{TEXT}\n".encode()


def bomb() -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        for _ in range(60):
            file.write(b" " * 1_000_000)
    return packed.getvalue()


def zipped() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * 20_000_000)
    return packed.getvalue()


def form_of_itself() -> bytes:
    """A PDF whose one drawing draws itself."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    form = DecodedStreamObject()
    form.set_data(b"q /X Do Q")
    form.update({NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form")})
    drawing = writer._add_object(form)
    drawings = DictionaryObject({NameObject("/XObject"): DictionaryObject({NameObject("/X"): drawing})})
    form[NameObject("/Resources")] = page[NameObject("/Resources")] = drawings
    shown = DecodedStreamObject()
    shown.set_data(b"/X Do")
    page[NameObject("/Contents")] = writer._add_object(shown)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def beside(folder: Path, name: str, data: bytes) -> list[Article | Unreadable]:
    """All that is read of a folder of that file and a good one, but for the good one, which must be there."""
    (folder / "good.txt").write_text(TEXT, encoding="utf-8")
    (folder / name).write_bytes(data)
    found = list(read([folder]))
    good = [one for one in found if isinstance(one, Article) and one.id == "good.txt"]
    assert [one.text for one in good] == [TEXT]
    return [one for one in found if one not in good]


@pytest.mark.parametrize(
    ("name", "make", "reason"),
    [
        ("a.html", lambda: b"<html><body>" + b"<div>" * DEEP + TEXT.encode(), "no article text found"),
        ("a.html.gz", bomb, "larger than 20 MB"),
        ("a.docx", zipped, "not a kind of file that can be read"),
        ("a.txt", lambda: b"\0" * 10_000, "binary data"),
        ("a.txt", f"{TEXT * 3}\0{TEXT}".encode, "binary data"),
        ("a.txt", lambda: RUSSIAN.encode() * 6 + RUSSIAN.encode("cp1251"), "damaged UTF-8 at byte"),
        ("a.txt", lambda: f"{TEXT}\ud83d{TEXT}".encode(errors="surrogatepass"), "damaged UTF-8 at byte 84"),
        ("a.pdf", form_of_itself, "no text in the PDF"),
        ("a.eml", lambda: b"Subject: a\nContent-Type: message/rfc822\n\n" * 5000, "nested too deeply"),
        (
            "a.md",
            f"---\ntitle: {'[' * 9_000}\n---\n{TEXT}".encode,
            "front matter is not valid YAML",
        ),
        (
            "a.md",
            lambda: b"---\n" + b"a: b\n" * DEEP + b"---\n" + TEXT.encode(),
            "longer than 20000 characters",
        ),
        ("a.xml", lambda: rss("&lt;b&gt;" * DEEP), "a feed of links"),
    ],
)
def test_one_clear_line(tmp_path: Path, name: str, make: Make, reason: str) -> None:
    (found,) = beside(tmp_path, name, make())
    assert isinstance(found, Unreadable)
    assert reason in found.reason
    assert found.path.endswith(name)
    assert "\n" not in found.reason


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.jsonl", lambda: b"[" * DEEP + b"\n" + LINE),
        ("a.jsonl", lambda: json.dumps({"text": f"{TEXT}\ud83d"}).encode() + b"\n" + LINE),
    ],
)
def test_a_bad_line_beside_a_good_one(tmp_path: Path, name: str, make: Make) -> None:
    bad, good = beside(tmp_path, name, make())
    assert isinstance(bad, Unreadable)
    assert bad.reason.startswith("line 1: ")
    assert isinstance(good, Article)
    assert good.text == TEXT


@pytest.mark.parametrize("make", [yaml_laughs])
def test_what_would_grow_stays_small(tmp_path: Path, make: Make) -> None:
    (found,) = beside(tmp_path, "a.md", make())
    assert isinstance(found, Article)
    assert found.title is None
    assert digest(found).sentences


def test_entities_of_a_feed_do_not_grow(tmp_path: Path) -> None:
    for found in beside(tmp_path, "a.xml", laughs()):
        assert isinstance(found, Unreadable) or len(found.text) < 1000


def test_names_that_mislead_are_shown_plain(tmp_path: Path) -> None:
    names = [b"a\nb.txt", "a\u202etxt.exe.txt".encode(), b"\xff\xed\xa0\x80.txt"]
    for name in names:
        Path(tmp_path.as_posix().encode().decode(), name.decode("utf-8", "surrogateescape")).write_text(TEXT)
    found = [one for one in read([tmp_path]) if isinstance(one, Article)]
    assert len(found) == len(names)
    for one in found:
        for told in (one.id, one.path):
            assert told.isprintable()
            assert told.encode()


def test_a_headline_on_two_lines_is_told_on_one(tmp_path: Path) -> None:
    text = f"The bridge opens\nin May\n---\n\n{TEXT} {TEXT}\n\n{TEXT[::-1]}\n"
    (found,) = beside(tmp_path, "a.md", text.encode())
    assert isinstance(found, Article)
    assert found.title == "The bridge opens in May"
    assert found.title_span == (0, 23)
