"""The doctor on small real files: every kind of doubt once, and none where there is none."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Article
from corpus.cleaning.mojibake import garbled
from corpus.doctor import ADVICE, Finding, Kind, examine
from corpus.reading import read

TODAY = date(2024, 5, 2)
SENTENCES = [
    "The council of Sarn decided on Thursday to close the old bridge to lorries from the first of June.",
    "Engineers found cracks in two of its seven piers when the river stood low in the dry weeks of spring.",
    "Mayor Dana Ohl said that the repair would cost four million crowns and take until the end of the year.",
    "Until then the ferry at Tarn is to carry whatever is heavier than three tonnes, free of any charge.",
]
BODY = "\n\n".join(SENTENCES)


def write(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def row(name: str, text: str = BODY, **more: str | None) -> dict[str, Any]:
    return {
        "id": name,
        "title": "Bridge closes",
        "outlet": "Post",
        "published": "2024-05-01",
        "text": text,
    } | more


def findings(path: Path, kind: Kind) -> list[Finding]:
    return [found for found in examine(read([path]), TODAY).findings if found.kind == kind]


def test_a_sound_article_has_no_findings(tmp_path: Path) -> None:
    report = examine(read([write(tmp_path / "a.jsonl", [row("a")])]), TODAY)
    assert (report.articles, report.findings) == (1, ())


def test_the_starter_articles_have_no_findings(starter: Path) -> None:
    report = examine(read([starter]), TODAY)
    assert (report.articles, report.findings) == (18, ())


def test_what_cannot_be_read_is_named_with_its_reason(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", [row("a"), {"id": "b"}])
    (tmp_path / "b.txt").write_bytes(b"")
    assert [found.detail for found in findings(tmp_path, "unreadable")] == [
        f'{tmp_path}/a.jsonl: line 2: no "text": give the article\'s text in that field',
        f"{tmp_path}/b.txt: the file is empty",
    ]


def test_copies_are_listed_with_the_primary_first(tmp_path: Path) -> None:
    rows = [
        row("late"),
        row("early", published="2024-04-30"),
        row("other", "\n\n".join(SENTENCES[::-1]).upper()),
    ]
    assert findings(write(tmp_path / "a.jsonl", rows[:2]), "copies") == [Finding("copies", ("early", "late"))]


@pytest.mark.parametrize(
    ("more", "kind", "detail"),
    [
        ({"published": None}, "undated", None),
        ({"outlet": None}, "outlet", None),
        ({"published": "2024-05-04"}, "date", "published 2024-05-04, which is to come"),
        ({"updated": "2024-04-30"}, "date", "updated 2024-04-30, before it was published on 2024-05-01"),
        (
            {"published": "1970-01-01", "url": "https://post.example/a"},
            "date",
            "published 1970-01-01, before there were web pages",
        ),
        ({"text": SENTENCES[0]}, "short", "19 words"),
        (
            {"text": BODY + "\n\nTraffic was â€œlight today.", "title": None},
            "garbled",
            "fic was â€œlight today.",
        ),
        ({"text": f"{BODY} Sign up for our newsletter."}, "furniture", "Sign up for our newsletter."),
    ],
)
def test_each_doubt_is_found_alone(
    tmp_path: Path, more: dict[str, str | None], kind: Kind, detail: str | None
) -> None:
    path = write(tmp_path / "a.jsonl", [row("a") | more])
    (found,) = examine(read([path]), TODAY).findings
    assert found.kind == kind
    assert found.articles == ("a",)
    assert (found.detail or "").endswith(detail or "")
    assert (found.detail is None) == (detail is None)


def test_a_time_zone_makes_no_date_doubtful(tmp_path: Path) -> None:
    assert not findings(write(tmp_path / "a.jsonl", [row("a", published="2024-05-03")]), "date")
    old = row("old", published="1953-03-05")
    assert not findings(write(tmp_path / "b.jsonl", [old]), "date")


def test_very_long_articles_are_named(tmp_path: Path) -> None:
    text = "\n\n".join(f"Item {number} of a long list was read out in full." for number in range(1200))
    (found,) = findings(write(tmp_path / "a.jsonl", [row("a", text)]), "long")
    assert found.detail == "13200 words"


def test_lines_of_many_pages_are_named_with_their_site(tmp_path: Path) -> None:
    texts = (
        f"On day {day} the council met about item {day}.\n\nFree weather widget\n\nIt then chose speaker {day}."
        for day in range(4)
    )
    rows = [row(str(number), text, title=f"Day {number}") for number, text in enumerate(texts)]
    (found,) = findings(write(tmp_path / "a.jsonl", rows), "template")
    assert (found.articles, found.detail) == ((), "Post, 4 pages: Free weather widget")


def test_findings_come_in_the_order_of_the_advice(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.jsonl", [row("a", "Short.", published=None, outlet=None), row("b"), {"id": "c"}]
    )
    kinds = [found.kind for found in examine(read([path]), TODAY).findings]
    assert kinds == sorted(kinds, key=list(ADVICE).index)
    assert kinds == ["unreadable", "undated", "outlet", "short"]


def test_the_seeds_lack_dates_and_outlets(seeds: Path) -> None:
    report = examine(read([seeds]), date(2026, 1, 1))  # one of them was updated after TODAY
    assert report.articles == 5
    assert {found.kind for found in report.findings} <= {"undated", "outlet"}


@pytest.mark.parametrize("text", ["Привет, мир", "Жаңа жыл құтты болсын", "“It’s café — 25 °C”"])
@pytest.mark.parametrize("encoding", ["cp1252", "cp1251"])
def test_utf8_read_as_something_else_is_garbled(text: str, encoding: str) -> None:
    wrong = "".join(bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in text.encode())
    assert garbled(wrong)
    assert garbled(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "NÃO, SÃO PAULO À NOITE, CÂMARA",
        "ВІДІЙШЛИ з Італії, її мрії",
        "в СССР… и США… «ЦАР»",
        "Љубав и њива",
        "he akiapōlā‘au",
        "Ça coûte 25 €, «bien» – TÂCHE",
    ],
)
def test_what_languages_write_is_not_garbled(text: str) -> None:
    assert garbled(text) is None


@given(st.lists(st.text(max_size=200), max_size=6))
@settings(deadline=None)
def test_any_text_can_be_examined(texts: list[str]) -> None:
    articles = [Article(str(at), text, ((0, len(text)),), "") for at, text in enumerate(texts)]
    report = examine(articles, TODAY)
    assert report.articles == len(texts)
    assert all(found.detail is None or "\r" not in found.detail for found in report.findings)
