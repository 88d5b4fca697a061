"""What of a message can be added as an article, and under which name it is kept."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Message

from bot.messenger.handlers.administration.offers import (
    KINDS,
    MOST_BYTES,
    Offer,
    is_offer,
    link,
    offered,
    own_name,
)
from corpus.article import Article
from corpus.kinds import SUFFIXES, is_readable_name
from corpus.reading import read

CHANNEL = {"id": -1001234, "type": "channel", "title": "Daily <b>Line</b>", "username": "daily_line"}


def message(**fields: Any) -> Message:
    base = {"message_id": 3, "date": 1_700_000_000, "chat": {"id": 7, "type": "private"}}
    made = Message.de_json(base | fields, None)
    assert made is not None
    return made


def post(text: str, **channel: Any) -> dict[str, Any]:
    origin = {"type": "channel", "chat": CHANNEL | channel, "message_id": 55, "date": 1_700_000_000}
    return {"text": text, "forward_origin": origin}


def file(name: str | None, size: int = 10) -> dict[str, Any]:
    return {"document": {"file_id": "F", "file_unique_id": "AQ_D-1", "file_name": name, "file_size": size}}


def test_kinds_are_those_that_are_read() -> None:
    assert set(KINDS) == set(SUFFIXES)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (" https://a.example/x?y=1#z \n", "https://a.example/x?y=1#z"),
        ("HTTP://a.example", "HTTP://a.example"),
        ("see https://a.example", None),
        ("https://a.example and", None),
        ("ftp://a.example", None),
        ("--help", None),
        ("", None),
        ("https://" + "a" * 2001, None),
    ],
)
def test_a_link_is_a_message_that_is_nothing_else(text: str, found: str | None) -> None:
    assert link(text) == found


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Report, final.PDF", "report-final-aq-d-1.pdf"),
        ("../../etc/passwd.txt", "etc-passwd-aq-d-1.txt"),
        ("..\\..\\x.HTML.GZ", "x-aq-d-1.html.gz"),
        ("Статья.md", "article-aq-d-1.md"),
        ("-rf.txt", "rf-aq-d-1.txt"),
        (".txt", "article-aq-d-1.txt"),
        ("result.json", "article-aq-d-1-result.json"),
        ("photo.jpg", None),
        ("", None),
        ("program.txt.exe", None),
    ],
)
def test_files_get_a_name_of_our_own(given_name: str, kept: str | None) -> None:
    assert own_name(given_name, "AQ_D-1") == kept


@given(st.text(), st.sampled_from(KINDS), st.text())
def test_no_name_leads_anywhere(stem: str, end: str, unique: str) -> None:
    kept = own_name(stem + end, unique)
    assert kept is not None
    assert Path(kept).name == kept
    assert kept.isascii()
    assert kept[0] not in ".-"
    assert len(kept) < 150
    assert is_readable_name(kept)


def test_files() -> None:
    found = offered(message(**file("a.md")))
    assert found == Offer("a.md", file="F", saved="a-aq-d-1.md")
    assert offered(message(**file("a.jpg"))) is None
    assert offered(message(**file(None))) is None
    assert offered(message(**file("a.md", MOST_BYTES + 1))) is None
    assert is_offer(message(**file("a.jpg")))


TEXTS = st.text(min_size=1).filter(str.strip)


@given(TEXTS)
def test_a_post_is_kept_word_for_word(text: str) -> None:
    found = offered(message(**post(text)))
    assert found is not None
    assert Offer.load(found.dump()) == found
    line = json.loads(found.post)
    assert found.saved == "telegram-1001234-55.jsonl"
    assert line == {
        "id": "telegram-1001234-55",
        "outlet": "Daily <b>Line</b>",
        "author": None,
        "published": datetime.fromtimestamp(1_700_000_000, UTC).isoformat(),
        "url": "https://t.me/daily_line/55",
        "text": text,
    }


def test_a_post_is_read_as_an_article(tmp_path: Path) -> None:
    text = "The mill in Orda stays open, its director Aida Serik said.\n\n*No* <b>markup</b> /start @x\u202e"
    found = offered(message(**post(text, username=None)))
    assert found is not None
    (tmp_path / found.saved).write_text(found.post, encoding="utf-8")
    (article,) = read([tmp_path])
    assert isinstance(article, Article)
    assert (article.text, article.outlet, article.url) == (text, "Daily <b>Line</b>", None)
    assert str(article.published) == "2023-11-14"


def test_what_is_no_article() -> None:
    origin = {
        "type": "user",
        "sender_user": {"id": 5, "is_bot": False, "first_name": "P"},
        "date": 1_700_000_000,
    }
    assert not is_offer(message(text="Did she resign?", forward_origin=origin))
    assert not is_offer(message(text="Did she resign?"))
    assert not is_offer(message(text="https://a.example is it true?"))
    assert offered(message(**(post("x") | {"text": None}))) is None  # a bare picture
