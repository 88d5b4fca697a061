"""Channels exported by Telegram's desktop program."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from corpus import kinds
from corpus.article import Article, Unreadable
from corpus.decoding import Unfit
from corpus.kinds import Flaw, Record
from corpus.reading import read

TEXT = "The minister said on Monday that the bridge would open in May."
HEAD = {"name": "The Daily", "type": "public_channel", "id": 1234567}


def message(number: int, text: Any = TEXT, **more: Any) -> dict[str, Any]:
    told = {"id": number, "type": "message", "date": "2023-05-02T23:30:00", "date_unixtime": "1683063000"}
    return {**told, "from": "The Daily", "text": text, **more}


def export(folder: Path, messages: list[Any], **head: Any) -> Path:
    path = folder / "result.json"
    path.write_text(json.dumps({**HEAD, **head, "messages": messages}, indent=1), encoding="utf-8")
    return path


def test_each_message_with_text_is_a_record(tmp_path: Path) -> None:
    pieces = [
        "The ",
        {"type": "bold", "text": "bridge"},
        " will ",
        {"type": "link", "text": "https://a.example"},
        ".",
    ]
    messages = [
        message(1, type="service", action="join_group_by_link"),
        message(2, ""),
        message(3, pieces, author="Ann Lee", edited="2023-05-03T01:00:00"),
        message(4, "Мост откроется.\n\nВ мае."),
    ]
    third, fourth = kinds.records(export(tmp_path, messages))
    assert isinstance(third, Record)
    assert isinstance(fourth, Record)
    assert third.text == "The bridge will https://a.example."
    assert (third.id, third.outlet, third.author) == ("telegram-1234567-3", "The Daily", "Ann Lee")
    assert (third.published, third.updated, third.url) == (date(2023, 5, 2), date(2023, 5, 3), None)
    assert (third.line, third.unit) == (3, "message")
    assert fourth.text == "Мост откроется.\n\nВ мае."
    assert len(fourth.blocks) == 2


@pytest.mark.parametrize(
    ("name", "url"), [("the_daily", "https://t.me/the_daily/1"), ("a/../b", None), ("x", None), (None, None)]
)
def test_the_address_needs_the_name(tmp_path: Path, name: str | None, url: str | None) -> None:
    (found,) = kinds.records(export(tmp_path, [message(1)], username=name))
    assert isinstance(found, Record)
    assert found.url == url


def test_ids_and_outlet_reach_the_articles(tmp_path: Path) -> None:
    export(tmp_path, [message(1), message(2)])
    found = [item for item in read([tmp_path]) if isinstance(item, Article)]
    assert [item.id for item in found] == ["telegram-1234567-1", "telegram-1234567-2"]
    assert {item.outlet for item in found} == {"The Daily"}


def test_many_messages_larger_than_what_is_held_at_once(tmp_path: Path) -> None:
    messages = [message(number, f"{number} {TEXT * 9}") for number in range(1, 3001)]
    found = list(kinds.records(export(tmp_path, messages)))
    assert [item.text.partition(" ")[0] for item in found if isinstance(item, Record)] == [
        str(number) for number in range(1, 3001)
    ]


def test_a_bad_message_leaves_the_others(tmp_path: Path) -> None:
    path = export(tmp_path, [message(1), message(2, "half \ud83d"), "odd", None, message(5, 7), message(6)])
    found = list(kinds.records(path))
    assert [item.line for item in found if isinstance(item, Record)] == [1, 6]
    assert [(item.line, item.unit) for item in found if isinstance(item, Flaw)] == [(2, "message")]
    (told,) = (item for item in read([path]) if isinstance(item, Unreadable))
    assert told.reason.startswith("message 2: half of a character (a lone surrogate) at character 5 (line 1)")


def test_an_export_that_breaks_off(tmp_path: Path) -> None:
    path = export(tmp_path, [message(number) for number in range(1, 500)])
    path.write_bytes(path.read_bytes()[:-300])
    found = list(read([path]))
    assert len([item for item in found if isinstance(item, Article)]) > 490
    assert [item.reason for item in found if isinstance(item, Unreadable)] == [
        "the export breaks off or is damaged, so the rest was not read: export it again"
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        b"[]",
        b'{"messages": [',
        json.dumps({**HEAD, "type": "personal_chat", "messages": [message(1)]}).encode(),
        json.dumps({"chats": {"list": [{**HEAD, "messages": [message(1)]}]}}).encode(),
        b"[" * 200_000,
        b'{"a":' * 50_000 + b'"messages": [',
    ],
)
def test_no_channel(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "result.json").write_bytes(data)
    with pytest.raises(Unfit, match="no channel exported by Telegram"):
        list(kinds.records(tmp_path / "result.json"))


def test_no_end_of_a_message(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    start = json.dumps({**HEAD, "messages": [message(1)]})[:-2]
    path.write_text(start + ', {"a": "' + "x" * 5_000_000)
    found = kinds.records(path)
    assert isinstance(next(found), Record)
    with pytest.raises(Unfit, match="breaks off"):
        next(found)


def test_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "result.json").write_bytes(b'{"name": "\xff\xfe"')
    with pytest.raises(Unfit, match="not UTF-8"):
        list(kinds.records(tmp_path / "result.json"))
