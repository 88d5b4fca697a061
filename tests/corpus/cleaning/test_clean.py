"""The article told from its page: pages of our own, each with a kind of furniture."""

from datetime import date

import pytest

from corpus import layout
from corpus.cleaning import clean, furniture
from corpus.cleaning.clean import Cleaned
from corpus.credits import imprint

FIRST = "The minister said on Monday that the bridge would open in May."
SECOND = "It has been closed since the flood, and nobody misses it more than the bakers."
TITLE = "Bridge to open in the spring"


def cleaned(*blocks: str, title: str | None = None) -> tuple[list[str], Cleaned]:
    text = "\n\n".join(blocks)
    found = clean.clean(text, layout.plain(text), title)
    return [text[start:end] for start, end in found.body], found


@pytest.mark.parametrize(
    "line",
    [
        "Share this article on Facebook",
        "Facebook Twitter WhatsApp Telegram",
        "Sign up for our newsletter and never miss a story",
        "We use cookies to give you the best experience.",
        "Home » World » Asia",
        "Read more: Ten bridges to see before you die",
        "Читайте также: Десять мостов",
        "Подписывайтесь на наш канал",
        "Advertisement",
        "___",
        "© 2023 The Daily. All rights reserved.",
        "None",
        "Photo: Ann Lee / The Daily",
        "The bridge at night, seen from the old mill. / Agency.example",
        "The minister in Velin on Monday. Ann Lee/Getty Images",
        "Follow Ann Lee on Twitter: @annlee",
        "Ann Lee covers bridges for The Daily. Reach her at ann@daily.example",
        "Contributing: The Agency",
        "This story has been updated with additional information.",
        "LONDON The Agency —",
        "– Ann Lee",
        "Skip to content",
        "5 min read",
        "Tags: bridges, floods",
        "The latest:Children cross the bridge again",
    ],
)
def test_furniture_between_paragraphs(line: str) -> None:
    assert furniture.kind(line) is not None
    assert cleaned(TITLE, FIRST, line, SECOND)[0] == [TITLE, FIRST, SECOND]


@pytest.mark.parametrize(
    "line",
    [
        "The minister will share the post with his deputy, he said.",
        "“Sign up for the army,” the minister said.",
        "Follow the money, the minister said.",
        "By Friday the bridge was closed again.",
        "None of the ministers came.",
        "RFE / RL reports that the bridge is closed.",
        "Source of the flood: a broken dam, the ministry said.",
        "Read the contract before you sign it, he advised.",
        "Ads for the bridge appeared in Velin.",
        "Home is where the bridge is.",
        "Он сказал: «Мы » не « против».",
        "Email traffic fell by half that day.",
        "— Ann Lee opened the bridge.",
    ],
)
def test_sentences_that_only_look_like_furniture(line: str) -> None:
    assert cleaned(TITLE, FIRST, line, SECOND)[0] == [TITLE, FIRST, line, SECOND]


def test_what_follows_a_comment_form_is_furniture() -> None:
    body, _ = cleaned(TITLE, FIRST, SECOND, "3 Comments", "I never liked that bridge and I never will.")
    assert body == [TITLE, FIRST, SECOND]


def test_a_link_to_the_comments_above_the_article_cuts_nothing() -> None:
    assert cleaned(TITLE, "Comments", FIRST, SECOND)[0] == [TITLE, FIRST, SECOND]


def test_the_sites_name_stands_above_and_below() -> None:
    body, found = cleaned("The Daily", TITLE, FIRST, "The minister at the bridge", "The Daily", "Back to top")
    assert (body, found.title, found.imprint.outlet) == ([TITLE, FIRST], TITLE, "The Daily")


def test_a_site_named_after_the_headline() -> None:
    body, found = cleaned(f"{TITLE} | The Daily", FIRST)
    assert (body, found.title, found.imprint.outlet) == ([TITLE, FIRST], TITLE, "The Daily")


def test_the_headline_is_the_one_in_the_breadcrumbs() -> None:
    body, found = cleaned(f"Home » {TITLE}", "Bridges Rivers World News", TITLE, FIRST)
    assert (body, found.title) == ([TITLE, FIRST], TITLE)


def test_a_question_is_a_headline_when_an_article_follows() -> None:
    question = "Did the minister say that the bridge will open?"
    assert cleaned(question, FIRST)[1].title == question
    assert cleaned(question)[1].title is None


def test_given_title_is_found_in_the_text_even_when_cut() -> None:
    _, found = cleaned("The Daily", TITLE, FIRST, title="Bridge to open in the ...")
    assert found.title == "Bridge to open in the ..."
    assert found.title_span == (11, 11 + len(TITLE))


def test_prompts_and_signatures_at_the_end_of_a_paragraph() -> None:
    assert cleaned(f"{FIRST} Read more here.", f"{SECOND} — Ann Lee")[0] == [FIRST, SECOND]


def test_menus_go_and_lists_stay() -> None:
    states = [f"State {letter}" for letter in "ABCDEFGHIJ"]
    assert cleaned(FIRST, *states, SECOND)[0] == [FIRST, SECOND]
    assert cleaned(f"{FIRST} These remain:", *states)[0] == [f"{FIRST} These remain:", *states]


@pytest.mark.parametrize(
    ("line", "published", "updated"),
    [
        ("By Ann Lee May 2, 2023", date(2023, 5, 2), None),
        ("Published: 2 May 2023, 10:30 | Updated: 4 May 2023", date(2023, 5, 2), date(2023, 5, 4)),
        ("Last update: May 4, 2023 23:56", None, date(2023, 5, 4)),
        ("Tuesday, May 2, 2023 at 3:44 p.m. ET", date(2023, 5, 2), None),
        ("Опубликовано: 2 мая 2023 г.", date(2023, 5, 2), None),
        ("02.05.2023", date(2023, 5, 2), None),
    ],
)
def test_dates_of_the_page(line: str, published: date | None, updated: date | None) -> None:
    body, found = cleaned(TITLE, line, FIRST)
    assert body == [TITLE, FIRST]
    assert (found.imprint.published, found.imprint.updated) == (published, updated)


def test_dates_in_the_article_are_not_its_own() -> None:
    body, found = cleaned(
        TITLE, FIRST, "The flood came on May 2, 2023.", "May 3, 2023", SECOND, "May 9, 2023"
    )
    assert body[-2:] == ["May 3, 2023", SECOND]
    assert found.imprint.published is None


@pytest.mark.parametrize(
    ("start", "stripped", "outlet", "published"),
    [
        ("date 2023-05-02 ", True, None, date(2023, 5, 2)),
        ("2023-05-02 10:30 — ", True, None, date(2023, 5, 2)),
        ("VELIN, May 2 (The Agency) — ", True, "The Agency", None),
        ("(AP) - ", True, "AP", None),
        ("VELIN, May 2 — ", True, None, None),
        ("On May 2, 2023 ", False, None, None),
        ("2023 was over when ", False, None, None),
    ],
)
def test_stamps(start: str, stripped: bool, outlet: str | None, published: date | None) -> None:  # noqa: FBT001
    length, found = imprint.of_stamp(start + FIRST)
    assert length == (len(start) if stripped else 0)
    assert (found.outlet, found.published) == (outlet, published)


@pytest.mark.parametrize(
    ("paragraph", "outlet"),
    [
        ("He said so in a comment to Velinform correspondent on Monday.", "Velinform"),
        ("The minister told Velin Press correspondent that he would go.", "Velin Press"),
        ("The minister told a Velinform correspondent that he would go.", None),
        ("The minister told Velinform correspondent Ann Lee that he would go.", None),
        ("The minister told Velinform that he would go.", None),
    ],
)
def test_the_outlet_whose_correspondent_asked(paragraph: str, outlet: str | None) -> None:
    assert cleaned(TITLE, paragraph, SECOND)[1].imprint.outlet == outlet


@pytest.mark.parametrize(
    ("line", "outlet"),
    [("Source: The Daily", "The Daily"), ("Источник: Газета", "Газета"), ("Source: Getty Images", None)],
)
def test_source_lines(line: str, outlet: str | None) -> None:
    body, found = cleaned(TITLE, FIRST, SECOND, line)
    assert (body, found.imprint.outlet) == ([TITLE, FIRST, SECOND], outlet)
