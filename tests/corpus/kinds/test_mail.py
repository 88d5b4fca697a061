"""Mails and pages saved as mails."""

from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from corpus import kinds
from corpus.decoding import Unfit
from corpus.kinds import Record, mail

FIRST = "The minister said on Monday that the bridge would open in May, after years of delay."
SECOND = "It has been closed since the flood, and nobody misses it more than the bakers."
PAGE = (
    f"<html><head><title>Bridge to open</title></head><body><article><p>{FIRST}</p><p>{SECOND}</p></article>"
    '<img src="https://tracker.example/pixel"></body></html>'
)


def only(folder: Path, data: bytes, name: str = "a.eml") -> Record:
    path = folder / name
    path.write_bytes(data)
    (found,) = kinds.records(path)
    assert isinstance(found, Record)
    return found


def newsletter() -> EmailMessage:
    message = EmailMessage()
    message["From"] = '"The Daily" <news@daily.example>'
    message["To"] = "reader@example.org"
    message["Subject"] = "Мост откроется в мае"
    message["Date"] = "Tue, 02 May 2023 23:30:00 -0800"
    return message


def test_a_newsletter(tmp_path: Path) -> None:
    message = newsletter()
    message.set_content("See the page.")
    message.add_alternative(PAGE, subtype="html")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="a.pdf")
    found = only(tmp_path, message.as_bytes())
    assert found.text == f"{FIRST}\n{SECOND}"
    assert (found.title, found.author, found.url) == ("Мост откроется в мае", "The Daily", None)
    assert (found.published, found.fetched) == (date(2023, 5, 2), None)
    assert found.raw == PAGE.encode() + b"\n"


def test_plain_text_alone(tmp_path: Path) -> None:
    message = newsletter()
    message.set_content(f"{FIRST}\n\nБулочники скучают.\n", charset="koi8-r")
    found = only(tmp_path, message.as_bytes())
    assert found.text == f"{FIRST}\n\nБулочники скучают.\n"
    assert len(found.blocks) == 2
    assert found.raw is None


def test_plain_text_where_the_page_holds_no_article(tmp_path: Path) -> None:
    message = newsletter()
    message.set_content(FIRST)
    message.add_alternative("<html><body><img></body></html>", subtype="html")
    assert only(tmp_path, message.as_bytes()).text.strip() == FIRST


@pytest.mark.parametrize("name", ["a.mhtml", "a.MHT", "a.eml"])
def test_a_page_saved_by_a_browser(tmp_path: Path, name: str) -> None:
    boundary = "----MultipartBoundary--x----"
    page = PAGE.replace("bakers", "bakers=E9").replace('src="', 'src=3D"')
    data = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://daily.example/bridge\r\n"
        "Subject: =?utf-8?Q?Bridge=20to=20open?=\r\nDate: Mon, 6 May 2024 07:08:09 -0000\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="{boundary}"\r\n\r\n\r\n'
        f"--{boundary}\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        f"Content-Location: https://daily.example/bridge\r\n\r\n{page}\r\n"
        f"--{boundary}\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Location: https://daily.example/a.png\r\n\r\niVBORw0KGgo=\r\n--{boundary}--\r\n"
    )
    found = only(tmp_path, data.replace("=E9", "=C3=A9").encode(), name)
    assert found.text == f"{FIRST}\n{SECOND}".replace("bakers", "bakersé")
    assert (found.title, found.url) == ("Bridge to open", "https://daily.example/bridge")
    assert (found.published, found.author) == (None, None)
    assert found.fetched == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\n\nno headers at all", "no mail and no saved page"),
        (b"Subject: a\nContent-Type: image/png\n\n\x89PNG", "no page and no text in the mail"),
        (b"Subject: a\n\n", "no page and no text in the mail"),
        (
            b"Subject: a\nContent-Type: message/delivery-status\n\n" + b"a: b\n\n" * 9,
            "a report on the delivery",
        ),
        (b"Subject: a\nContent-Type: text/html\n\n<p></p>", "no article text found in the page"),
        (b"Subject: a\n\n\x00\x01\x02\x03" * 40, "binary data"),
    ],
)
def test_no_article(tmp_path: Path, data: bytes, expected: str) -> None:
    with pytest.raises(Unfit, match=expected):
        only(tmp_path, data)


def test_headers_that_break_the_parser_are_left_out(tmp_path: Path) -> None:
    headers = (
        b"From: "
        + b"(" * 3000
        + b"\nSubject: =?utf-8?b?//////?=\nDate: Mon, 99 Foo 99999 99:99:99 +9999999\n"
    )
    found = only(tmp_path, headers + b'Content-Type: text/plain; charset="no such"\n\n' + FIRST.encode())
    assert found.text == FIRST
    assert found.published is None


def test_mails_within_mails_end_somewhere(tmp_path: Path) -> None:
    with pytest.raises(Unfit, match="nested too deeply"):
        only(tmp_path, b"Subject: a\nContent-Type: message/rfc822\n\n" * 5000)


@pytest.mark.parametrize("parts", [2000, 100_000])
def test_thousands_of_parts(tmp_path: Path, parts: int) -> None:
    data = f"Subject: a\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\n{FIRST}\n"
    data += "--x\nContent-Type: text/plain\n\nword\n" * parts
    if parts < mail.PARTS:
        assert only(tmp_path, data.encode()).text == FIRST
    else:
        with pytest.raises(Unfit, match="more than 20000 parts"):
            only(tmp_path, data.encode())
