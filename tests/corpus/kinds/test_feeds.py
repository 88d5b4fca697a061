"""Feeds and sitemaps: what they list, and what is never done with it."""

import gzip
from datetime import date
from pathlib import Path

import pytest

from corpus import kinds
from corpus.decoding import Unfit
from corpus.kinds import Record
from corpus.kinds.entry import Entry
from corpus.kinds.feeds import feed
from corpus.kinds.sitemaps import sitemap

PARAGRAPH = (
    "The minister said on Monday that the bridge would open in May, after years of delay and dispute. "
)
WHOLE = f"&lt;p&gt;{PARAGRAPH * 5}&lt;/p&gt;&lt;p&gt;The bakers &amp;amp; the &lt;b&gt;millers&lt;/b&gt; are glad.{' Very.' * 50}&lt;/p&gt;"
RSS = f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>The Daily</title><link>https://daily.example/</link>
<item><title>Bridge &amp;amp; mill to open</title><link>https://daily.example/bridge</link>
<description>&lt;p&gt;It &lt;i&gt;opens&lt;/i&gt; in May.&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;</description>
<author>news@daily.example (Ann Lee)</author><pubDate>Tue, 02 May 2023 23:30:00 -0800</pubDate></item>
<item><title>Mill to close</title><link>/mill</link><content:encoded>{WHOLE}</content:encoded></item>
<item><title>Trap</title><link>javascript:alert(1)</link></item></channel></rss>"""
ATOM = """<?xml version="1.0" encoding="windows-1251"?><feed xmlns="http://www.w3.org/2005/Atom">
<title>Газета</title><link href="https://gazeta.example/"/>
<entry><title type="html">Мост &lt;b&gt;открыт&lt;/b&gt;</title><link href="https://gazeta.example/1"/><author><name>Анна</name></author>
<published>2023-05-02T23:30:00-08:00</published><updated>2023-05-04T01:00:00Z</updated><summary>Коротко.</summary></entry></feed>"""
SITEMAP = """<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://daily.example/bridge </loc><lastmod>2023-05-04T01:00:00Z</lastmod>
<news:news><news:publication><news:name>The Daily</news:name></news:publication>
<news:publication_date>2023-05-02</news:publication_date><news:title>Bridge to open</news:title></news:news>
<image:image><image:loc>https://daily.example/a.png</image:loc><image:title>A picture</image:title></image:image></url>
<!-- a comment --><url><loc>file:///etc/passwd</loc></url><url><lastmod>2023-05-04</lastmod></url></urlset>"""
INDEX = """<sitemapindex><sitemap><loc>https://daily.example/s1.xml.gz</loc><lastmod>2023-05-04</lastmod></sitemap></sitemapindex>"""
BOMB = (
    "<!DOCTYPE b [<!ENTITY a0 'boom'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    + "]>"
)


def test_rss() -> None:
    found = feed(RSS.encode(), "https://daily.example/feeds/all.rss")
    assert (found.title, found.address) == ("The Daily", "https://daily.example/")
    first, second, third = found.entries
    assert first == Entry(
        "https://daily.example/bridge",
        "Bridge & mill to open",
        published=date(2023, 5, 2),
        author="Ann Lee",
        summary="It opens in May.",
        changed="Tue, 02 May 2023 23:30:00 -0800",
    )
    assert second.address == "https://daily.example/mill"
    assert second.text is not None
    assert second.text.split("\n\n") == [
        (PARAGRAPH * 5).strip(),
        f"The bakers & the millers are glad.{' Very.' * 50}",
    ]
    assert third.address is None


def test_atom_in_its_own_encoding() -> None:
    (found,) = feed(ATOM.encode("cp1251")).entries
    assert found == Entry(
        "https://gazeta.example/1",
        "Мост открыт",
        published=date(2023, 5, 2),
        updated=date(2023, 5, 4),
        author="Анна",
        summary="Коротко.",
        changed="2023-05-04T01:00:00Z",
    )


def test_what_a_feed_leaves_out_is_none() -> None:
    (found,) = feed(
        b"<rss version='2.0'><channel><item><link>https://a.example/1</link></item></channel></rss>"
    ).entries
    assert found == Entry("https://a.example/1")


@pytest.mark.parametrize("name", ["a.rss", "a.xml", "a.atom"])
def test_a_feed_as_a_file_gives_its_whole_articles(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(RSS)
    (found,) = kinds.records(tmp_path / name)
    assert isinstance(found, Record)
    assert found.text.startswith("The minister said on Monday")
    assert (found.title, found.outlet, found.line, found.unit) == ("Mill to close", "The Daily", 2, "entry")
    assert len(found.blocks) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ATOM.replace("windows-1251", "utf-8"), "a feed of links: add its address instead"),
        (SITEMAP, "a sitemap, which holds only links: add its address instead"),
        (INDEX, "a sitemap, which holds only links: add its address instead"),
        ("<note><to>you</to></note>", "no feed: neither RSS nor Atom"),
        ("/etc/passwd", "no feed: neither RSS nor Atom"),
        ("https://daily.example/feed", "no feed: neither RSS nor Atom"),
    ],
)
def test_files_that_hold_no_article(tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "a.xml").write_text(text)
    with pytest.raises(Unfit, match=expected):
        list(kinds.records(tmp_path / "a.xml"))


def test_nothing_is_opened_by_name(tmp_path: Path) -> None:
    (tmp_path / "other.rss").write_text(RSS)
    with pytest.raises(Unfit, match="no feed"):
        feed(str(tmp_path / "other.rss").encode())


def test_entities_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("a secret")
    outside = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{(tmp_path / "secret.txt").as_uri()}">]>'
    text = "<rss version='2.0'><channel><title>a&x;b</title><item><title>c&x;d</title></item></channel></rss>"
    assert "secret" not in str(feed((outside + text).encode()))
    pages = "<urlset><url><loc>https://a.example/1</loc><title>a&x;b</title></url></urlset>"
    assert "secret" not in str(sitemap((outside + pages).encode()))


def test_entity_bombs_stay_small() -> None:
    text = f"{BOMB}<rss version='2.0'><channel><title>&a9;</title><item><title>&a9;</title></item></channel></rss>"
    found = feed(text.encode())
    assert sum(len(entry.title or "") for entry in found.entries) < 1000
    listed = sitemap(
        f"{BOMB}<urlset><url><loc>https://a.example/1</loc><title>&a9;</title></url></urlset>".encode()
    )
    assert [(entry.address, entry.title) for entry in listed.entries] == [("https://a.example/1", None)]


def test_a_sitemap() -> None:
    expected = Entry(
        "https://daily.example/bridge",
        "Bridge to open",
        published=date(2023, 5, 2),
        updated=date(2023, 5, 4),
        changed="2023-05-04T01:00:00Z",
    )
    for data in (SITEMAP.encode(), gzip.compress(SITEMAP.encode())):
        assert sitemap(data).entries == (expected,)
        assert sitemap(data).sitemaps == ()


def test_an_index_of_sitemaps() -> None:
    found = sitemap(INDEX.encode())
    assert found.entries == ()
    assert found.sitemaps == (
        Entry("https://daily.example/s1.xml.gz", updated=date(2023, 5, 4), changed="2023-05-04"),
    )


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "no sitemap"),
        (RSS.encode(), "no sitemap"),
        (b"<a>" * 100_000, "no sitemap"),
        (
            b"<urlset>" + b"<url><loc>https://a.example/1</loc></url>" * 50_001 + b"</urlset>",
            "more than 50000 links",
        ),
        (gzip.compress(b" " * 30_000_000), "larger than 20 MB"),
        (gzip.compress(SITEMAP.encode())[:-20], "gzip data is broken"),
    ],
    ids=["empty", "feed", "deep", "long", "bomb", "cut"],
)
def test_no_sitemap(data: bytes, expected: str) -> None:
    with pytest.raises(Unfit, match=expected):
        sitemap(data)


def test_tags_nested_without_end() -> None:
    (found,) = feed(f"<rss version='2.0'><channel><item><title>{'<b>' * 5000}".encode()).entries
    assert found == Entry(None)


def test_emoji_written_as_two_half_characters() -> None:
    title = "A&#38;B &#1071;&#55357;&#56832; &#xd83d; &#xD83D;&#XDE00;"
    (found,) = feed(
        f"<rss version='2.0'><channel><item><title>{title}</title></item></channel></rss>".encode()
    ).entries
    assert found.title == "A&B Я\U0001f600 \ufffd \U0001f600"
