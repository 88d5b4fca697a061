"""What each kind of file gives: text, metadata, and where the body lies in it."""

import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.reading import read

FIRST = "The minister said on Monday that the bridge would open in May."
SECOND = "It has been closed since the flood, and nobody misses it more than the bakers."
PAGE = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Bridge to open | The Daily</title>
<meta property="og:title" content="Bridge to open"><meta property="og:site_name" content="The Daily">
<meta name="author" content="Ann Lee"><meta property="article:published_time" content="2023-05-02T08:00:00Z">
<meta property="article:modified_time" content="2024-01-01T08:00:00Z">
<link rel="canonical" href="https://daily.example/bridge"></head><body><nav><a href="/">Home</a></nav>
<article><h1>Bridge to open</h1><p>{FIRST}</p><p>{SECOND}</p><p>{FIRST} &lt;b&gt;Bold&lt;/b&gt; words.</p></article>
<footer>Cookie settings</footer></body></html>"""


def only(path: Path) -> Article:
    (found,) = read([path])
    assert isinstance(found, Article), found
    return found


def body(article: Article) -> list[str]:
    return [article.text[start:end] for start, end in article.body]


def test_markdown_with_front_matter(tmp_path: Path) -> None:
    source = (
        '---\nid: bridge-1\ntitle: "Bridge: to open"\noutlet: The Daily\nauthor: None\npublished: 2023-05-02\n'
        f"url: https://daily.example/bridge\n---\n\n# Bridge: to open\n\n{FIRST}\n{SECOND}\n\n- one bridge\n> {FIRST}\n"
    )
    (tmp_path / "a.md").write_text(source, encoding="utf-8")
    found = only(tmp_path / "a.md")
    assert found.text == source
    assert (found.id, found.title, found.outlet, found.author) == (
        "bridge-1",
        "Bridge: to open",
        "The Daily",
        None,
    )
    assert (found.published, found.url) == (date(2023, 5, 2), "https://daily.example/bridge")
    assert body(found) == ["Bridge: to open", f"{FIRST}\n{SECOND}", "one bridge", FIRST]
    assert found.title_span == found.body[0]
    told = ("title", "language", "outlet", "published")
    assert dict(found.origins) == dict.fromkeys(told, "front matter") | {"language": "the text"}


def test_markdown_without_front_matter(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        f"# A bridge for all\n\nBy Ann Lee\n\n{FIRST}\n\n```\ncode\n```\n\n{SECOND}\n\nPrices\n\n- cars: 5\n\nMenu\n"
    )
    found = only(tmp_path / "a.md")
    assert (found.id, found.title, found.author) == ("a.md", "A bridge for all", "Ann Lee")
    assert body(found) == ["A bridge for all", FIRST, SECOND, "Prices", "cars: 5"]
    assert dict(found.origins) == {"title": "line 1", "author": "line 3", "language": "the text"}


def test_what_the_address_tells(tmp_path: Path) -> None:
    fields = {"text": FIRST, "url": "https://www.daily.example/2023/05/02/bridge", "updated": "2023-04-01"}
    (tmp_path / "a.jsonl").write_text(json.dumps(fields))
    found = only(tmp_path / "a.jsonl")
    assert (found.outlet, found.published) == ("daily.example", date(2023, 5, 2))
    assert found.updated is None  # before it was published
    assert dict(found.origins) == {"language": "the text", "outlet": "the domain", "published": "the address"}


@pytest.mark.parametrize("packed", [False, True])
def test_jsonl(tmp_path: Path, packed: bool) -> None:  # noqa: FBT001  two cases
    rows = [
        {
            "id": 12,
            "title": "None",
            "outlet": " The  Daily ",
            "author": "",
            "published": "null",
            "text": FIRST,
        },
        {"text": f"Bridge to open in the spring\n\n{FIRST}", "published": "2023-05-02T23:30:00-08:00"},
        {
            "title": "Bridge to open in the ...",
            "text": f"Bridge to open in the spring\n\n{FIRST}",
            "url": "javascript:1",
        },
    ]
    data = "\n".join(map(json.dumps, rows)).encode()
    path = tmp_path / ("a.jsonl.gz" if packed else "a.jsonl")
    path.write_bytes(gzip.compress(data) if packed else data)
    first, second, third = (found for found in read([path]) if isinstance(found, Article))
    origins = (("language", "the text"), ("outlet", "the field given"))
    assert first == Article(
        "12", FIRST, ((0, len(FIRST)),), str(path), outlet="The Daily", language="en", origins=origins
    )
    assert (second.id, second.title) == (f"{path.name}:2", "Bridge to open in the spring")
    assert second.published == date(2023, 5, 2)
    assert (third.title, third.title_span, third.url) == ("Bridge to open in the ...", (0, 28), None)


@pytest.mark.parametrize("packed", [False, True])
def test_html(tmp_path: Path, packed: bool) -> None:  # noqa: FBT001  two cases
    path = tmp_path / ("a.html.gz" if packed else "a.html")
    path.write_bytes(gzip.compress(PAGE.encode()) if packed else PAGE.encode())
    found = only(path)
    assert (found.title, found.outlet, found.author) == ("Bridge to open", "The Daily", "Ann Lee")
    assert (found.published, found.url) == (date(2023, 5, 2), "https://daily.example/bridge")
    assert body(found)[-3:] == [FIRST, SECOND, f"{FIRST} <b>Bold</b> words."]
    assert "Cookie" not in found.text
    told = ("title", "outlet", "author", "published", "updated")
    assert dict(found.origins) == dict.fromkeys(told, "the page's metadata") | {"language": "the text"}


def test_html_names_its_own_encoding(tmp_path: Path) -> None:
    text = "Министр заявил в понедельник, что мост откроется в мае. " * 5
    page = f'<html><head><meta charset="windows-1251"></head><body><article><p>{text}</p></article></body></html>'
    (tmp_path / "a.html").write_bytes(page.encode("cp1251"))
    assert only(tmp_path / "a.html").text.startswith(
        "Министр заявил в понедельник, что мост откроется в мае."
    )


def test_a_stray_byte_does_not_spoil_a_page(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(PAGE.replace("Bold", "B\u00f6ld \u00fcber").encode() + b"<!-- \xe9 -->")
    assert body(only(tmp_path / "a.html"))[-1] == f"{FIRST} <b>B\u00f6ld \u00fcber</b> words."


def test_text_wrapped_by_an_editor_is_one_paragraph(tmp_path: Path) -> None:
    wrapped = (
        "The minister said on Monday that the old\nbridge would open in May, after years in\n"
        "which nobody could cross the river here.\n\nIt has been closed since the flood."
    )
    (tmp_path / "a.txt").write_text(wrapped)
    assert body(only(tmp_path / "a.txt")) == wrapped.split("\n\n")
