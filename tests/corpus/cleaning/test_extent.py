"""Pages flattened to lines: the article is found between menus, teasers and comments, and lists in it stay."""

import pytest

from corpus import layout
from corpus.cleaning import clean

TITLE = "Bridge in Velin to open in the spring"
PROSE = [
    "The minister said on Monday that the bridge in Velin would open in May, a year after the flood had closed it.",
    "It has been closed since then, and nobody misses it more than the bakers on the other bank of the river.",
    "Works began in October and cost nine million, which the town and the ministry will share, the minister added.",
]
MENU = ["Home", "World", "Sports", "Menu", "Search", "Log in", "Weather", "Skip to content"]
FOOT = ["About us", "Terms of use", "© 2023 The Daily. All rights reserved."]


def body(*lines: str) -> list[str]:
    text = "\n".join(lines)
    return [text[start:end] for start, end in clean.clean(text, layout.plain(text)).body]


def test_an_article_between_menus() -> None:
    assert body(*MENU, TITLE, "By Ann Lee", *PROSE, *FOOT) == [TITLE, *PROSE]


def test_the_headline_is_what_the_article_tells_of() -> None:
    teasers = ["Five recipes for a rainy day", "Stars of the season in pictures"]
    assert body(*MENU, *teasers, TITLE, "Share", *PROSE, *FOOT) == [TITLE, *PROSE]


def test_teasers_with_sentences_below_are_none_of_it() -> None:
    teasers = [
        line
        for i in range(6)
        for line in (f"Mayor {i} opens a school", f"It was {i} years late.", "2 hours ago")
    ]
    assert body(*MENU, TITLE, *PROSE, *teasers, *FOOT) == [TITLE, *PROSE]


def test_comments_are_none_of_it_though_they_are_longer() -> None:
    comments = [
        line
        for i in range(9)
        for line in (f"Reader {i} on May 2, 2023 at 6:3{i} am said:", "I never liked that bridge. " * 9)
    ]
    assert body(*MENU, TITLE, *PROSE, "9 responses to “Bridge”", *comments, *FOOT) == [TITLE, *PROSE]
    assert body(*MENU, TITLE, *PROSE, *comments, *FOOT) == [TITLE, *PROSE]


def test_links_between_paragraphs_go_and_the_rest_of_the_article_stays() -> None:
    links = ["Related articles", "Ten bridges to see before you die", "How the flood came to Velin"]
    assert body(*MENU, TITLE, *PROSE, *links, *PROSE, *FOOT) == [TITLE, *PROSE, *PROSE]


def test_a_list_that_a_colon_announces_stays() -> None:
    towns = [f"Town of Number {i}" for i in "ABCDEFGHIJKL"]
    assert body(*MENU, TITLE, *PROSE, "These towns paid:", *towns, *FOOT) == [
        TITLE,
        *PROSE,
        "These towns paid:",
        *towns,
    ]


def test_a_text_without_furniture_is_an_article_to_its_last_list() -> None:
    table = [f"{i} Ann Lee of Velin {i} points" for i in range(20)]
    assert body(TITLE, PROSE[0], *table, PROSE[1]) == [TITLE, PROSE[0], *table, PROSE[1]]


def test_text_chosen_from_a_page_loses_nothing_but_furniture() -> None:
    items = ["Ann Lee, minister", "Advertisement", "Bo Park, mayor of Velin"]
    text = "\n".join([PROSE[0], *items])
    found = clean.clean(text, layout.plain(text), TITLE, chosen=True)
    assert [text[start:end] for start, end in found.body] == [PROSE[0], items[0], items[2]]


@pytest.mark.parametrize("line", ["6:34 am", "Updated 16m ago", "2 days ago at 07:52 am", "3 часа назад"])
def test_times_alone_are_furniture(line: str) -> None:
    assert body(TITLE, PROSE[0], line, PROSE[1]) == [TITLE, *PROSE[:2]]


def test_sentences_about_times_are_not() -> None:
    line = "10:30 was the hour when the bridge opened."
    assert body(TITLE, PROSE[0], line, PROSE[1]) == [TITLE, PROSE[0], line, PROSE[1]]


def test_scripts_without_spaces() -> None:
    prose = ["橋は五月に開通すると大臣が月曜日に述べた。一年前の洪水で閉鎖されていた。" * 2] * 2
    assert body("メニュー", *prose) == prose
