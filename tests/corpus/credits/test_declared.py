"""What pages declare for machines, and where each value was read from."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.credits.declared import ADDRESS, METADATA, SHOWN, Declared, from_json, in_address, read, to_json

DAY = date(2023, 9, 30)
LINKED = """<script type="application/ld+json">{"@graph": [{"@type": "WebSite", "name": "x"}, {"@type": ["NewsArticle"],
"datePublished": "2023-09-30T08:00:00Z", "dateModified": "2023-10-02", "inLanguage": "ru-RU",
"publisher": {"name": "Kazinform"}}]}</script>"""


@pytest.mark.parametrize(
    ("page", "url", "found"),
    [
        ('<meta property="article:published_time" content="2023-09-30T08:00:00Z">', None, (DAY, METADATA)),
        ("<meta content='2023-09-30' itemprop='datePublished'>", None, (DAY, METADATA)),
        (LINKED, None, (DAY, METADATA)),
        (
            '<script type="application/ld+json">{"datePublished": "2023-09-30",, </script>',
            None,
            (DAY, METADATA),
        ),
        ("", "https://a.kz/2023/09/30/bridge", (DAY, ADDRESS)),
        ("", "https://a.kz/2023/sep/30/bridge", (DAY, ADDRESS)),
        ("", "https://a.kz/bridge-20230930/", (DAY, ADDRESS)),
        # the metadata is in UTC, the address in the newsroom's time
        ('<meta name="pubdate" content="2023-10-01T02:00:00Z">', "https://a.kz/2023/09/30/b", (DAY, ADDRESS)),
        ('<meta name="pubdate" content="2023-09-30">', "https://a.kz/2019/01/02/b", (DAY, METADATA)),
        ('<time class="entry-date published" datetime="2023-09-30T10:00">30 Sep</time>', None, (DAY, SHOWN)),
        ('<div class="publish-date"><b>Published</b> Sept. 30, 2023</div>', None, (DAY, SHOWN)),
        ('<div class="date">30.09.2023</div><div class="date">29.09.2023</div>', None, (None, SHOWN)),
        ('<div class="date updated">30.09.2023</div>', None, (None, SHOWN)),
        ("<p>On September 30, 2023 it rained.</p>", None, (None, SHOWN)),
        ('<meta name="date" content="09/10/2023">', "https://a.kz/2023/13/45/b", (None, SHOWN)),
    ],
)
def test_published(page: str, url: str | None, found: tuple[date | None, str]) -> None:
    declared = read(page, url)
    assert (declared.published, declared.origin) == found


def test_all_that_linked_data_tells() -> None:
    page = f'<html lang="en"><meta property="og:site_name" content="Q&amp;A Daily">{LINKED}'
    assert read(page, None) == Declared(("Q&A Daily", "Kazinform"), DAY, METADATA, date(2023, 10, 2), "ru")


def test_meta_tags() -> None:
    page = """<html class="x" lang="kk-KZ"><meta property="article:modified_time" content="2023-10-02T00:00:00+06:00">
    <meta property="article:modified_time" content="2020-01-01">"""
    assert read(page, None) == Declared((), None, SHOWN, date(2023, 10, 2), "kk")


@pytest.mark.parametrize(
    "url", [None, "", "https://a.kz/", "https://a.kz/2023/09/", "https://a.kz/id-2023093012"]
)
def test_no_day_in_the_address(url: str | None) -> None:
    assert in_address(url) is None


PARTS = st.sampled_from(
    [
        LINKED,
        "<meta ",
        'name="date" ',
        'content="',
        '">',
        "2023-09-30",
        '<script type="application/ld+json">',
        "[" * 2000,
        '{"@type": "Article", "datePublished": [1], "publisher": "x", "inLanguage": 3}',
        "</script>",
        '<time datetime="',
        '<html lang="',
        "9999-99-99",
        '<div class="date">',
    ]
)


@given(
    page=st.lists(PARTS, max_size=12).map("".join) | st.text(max_size=200),
    url=st.none() | st.text(max_size=80),
)
@settings(deadline=None)
def test_any_page(page: str, url: str | None) -> None:
    found = read(page, url)
    assert from_json(to_json(found)) == found
