"""Copies: what is one, what is none, and that neither order nor company makes a difference."""

import itertools
import random
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Article
from corpus.duplicates import NEAREST, are_copies, copies
from corpus.reading import read
from corpus.shingles import shingles

WIRE = """ASTANA - Kazakhstan will not take part in parallel imports, the trade ministry said on Friday after talks
with a delegation of the European Union that lasted two days. The ministry pointed to the monitoring system that it
switched on in April, which follows each consignment from the border to the shop. Trucks that cannot show where their
freight is bound for are turned back, and some eighty were in August alone. “We have never joined the scheme and have
no intention of doing so,” deputy minister Kairat Torebayev told reporters in the capital. Trade between the two
neighbours grew by a tenth in the first half of the year, most of it grain, cars and household appliances. Analysts
in Almaty put that down to prices, and to the many companies that moved their regional offices there last year. The
delegation called the figures encouraging and is to return in November, when a first review of the system is due."""
SPEECH = """“We have never joined this scheme and have no intention of doing so, whatever some newspapers say. Our
companies know the rules, and those who break them will answer for it in court. We follow each consignment from the
border to the shop, and we share what we find with all of our partners. Whoever wants to see the figures may come to
the ministry and look at them any day of the week,”"""


def article(name: str, text: str, published: date | None = None) -> Article:
    return Article(name, text, ((0, len(text)),), f"{name}.txt", published=published)


def edited(text: str, every: int) -> str:
    """``text`` with each ``every``-th word another."""
    words = text.split()
    return " ".join(
        f"other{place}" if place % every == every - 1 else word for place, word in enumerate(words)
    )


def is_copy(left: str, right: str) -> bool:
    together = copies([article("a", left), article("b", right)])
    assert together in ((), (("a", "b"),))
    assert together == copies([article("a", right), article("b", left)])
    return bool(together)


@pytest.mark.parametrize(
    "other",
    [
        WIRE,
        WIRE.upper().replace(" ", "\n"),
        WIRE.removeprefix("ASTANA - ").replace("“", '"').replace("”", '"'),
        ". ".join(WIRE.split(". ")[:3]),
        ". ".join(WIRE.split(". ")[2:]),
        edited(WIRE, 15),
        f"The Daily has this from the wire. {WIRE} More on our market pages tomorrow, in print and online.",
    ],
    ids=["same", "set anew", "other marks", "first half", "second half", "edited", "framed"],
)
def test_the_same_text_is_a_copy_however_it_is_printed(other: str) -> None:
    assert is_copy(WIRE, other)


def test_a_text_in_one_five_times_as_long_is_a_copy() -> None:
    longer = " ".join([*(f"w{number}" for number in range(500)), WIRE])
    assert is_copy(WIRE, longer)


@pytest.mark.parametrize(
    "other",
    [
        edited(WIRE, 4),
        f"{' '.join(WIRE.split()[:60])} {' '.join(f'w{number}' for number in range(90))}",
        WIRE.replace("Kazakhstan", "Uzbekistan")[:90],
        "",
        "... !!! ...",
    ],
    ids=["rewritten", "shared background", "a line", "empty", "no words"],
)
def test_another_report_is_no_copy(other: str) -> None:
    assert not is_copy(WIRE, other)


def test_reports_that_share_a_speech_alone_are_no_copies() -> None:
    morning = f"At a briefing in the capital the deputy minister answered critics. {SPEECH} he said."
    evening = f"Torebayev rejected last week's press reports when lawmakers asked him about them. {SPEECH} they heard."
    assert not is_copy(morning, evening)
    assert is_copy(*(re.sub("[“”]", "", text) for text in (morning, evening)))
    assert not is_copy(morning, SPEECH)
    assert is_copy(morning, morning.replace("At a", "In a"))


def test_reports_in_like_words_of_unlike_speeches_are_no_copies() -> None:
    frame = "At a weekly briefing in the capital on Friday the deputy minister told reporters: {} He took no questions."
    assert not is_copy(frame.format(SPEECH), frame.format("“" + edited(SPEECH.strip("“,”"), 2) + "”"))


def test_short_texts_are_copies_only_word_for_word() -> None:
    flash = "KAZAKHSTAN DOES NOT JOIN PARALLEL IMPORTS - TRADE MINISTRY"
    assert is_copy(flash, flash.capitalize())
    assert not is_copy(flash, flash.replace("NOT ", ""))
    assert not is_copy(flash, f"{flash} {WIRE}")


def test_only_the_body_counts() -> None:
    footer = " ".join(f"footer{number}" for number in range(600))
    left, right = (f"{text}\n\n{footer}" for text in (WIRE, edited(WIRE, 2)))
    assert is_copy(left, right)
    assert not copies(
        [replace(article("a", left), body=((0, len(WIRE)),)), replace(article("b", right), body=((0, 900),))]
    )


def test_the_earliest_is_first_then_the_id() -> None:
    day = date(2023, 9, 29)
    group = [
        article("b", WIRE),
        article("d", WIRE, day),
        article("a", WIRE),
        article("c", WIRE, day),
        article("e", WIRE, date(2023, 9, 28)),
        article("f", edited(WIRE, 2)),
    ]
    assert copies(group) == (("e", "c", "d", "a", "b"),)


def test_a_copy_of_a_copy_is_in_the_group() -> None:
    halves = [article("first", WIRE[:500]), article("second", WIRE[480:]), article("whole", WIRE)]
    assert not copies(halves[:2])
    assert copies(halves) == (("first", "second", "whole"),)


def test_more_copies_than_neighbours_are_one_group() -> None:
    many = [article(f"{number:03}", f"{WIRE} Page {number}.") for number in range(5 * NEAREST)]
    assert copies(many) == (tuple(one.id for one in many),)


def test_russian_copies_are_found() -> None:
    text = " ".join(f"слово{number}" for number in range(80))
    assert is_copy(text, text.upper() + " Ещё.")


def test_no_starter_article_is_a_copy(starter: Path) -> None:
    assert copies(found for found in read([starter]) if isinstance(found, Article)) == ()


def test_three_wordings_of_one_statement_are_no_copies(seeds: Path) -> None:
    assert copies(found for found in read([seeds]) if isinstance(found, Article)) == ()


SENTENCES = [" ".join(f"s{sentence}w{word}" for word in range(12)) for sentence in range(12)]
texts = st.lists(st.sampled_from(SENTENCES), min_size=4, max_size=10, unique=True).map(". ".join)
days = st.none() | st.dates(date(2023, 1, 1), date(2023, 1, 5))
corpora = st.lists(st.tuples(texts, days), max_size=8).map(
    lambda given: [article(f"{number}", text, day) for number, (text, day) in enumerate(given)]
)


@given(corpora, st.randoms())
@settings(max_examples=60, deadline=None)
def test_groups_are_those_of_all_pairs_in_any_order(corpus: list[Article], chance: random.Random) -> None:
    groups = copies(corpus)
    shuffled = chance.sample(corpus, len(corpus))
    assert copies(shuffled) == groups
    assert {frozenset(group) for group in groups} == linked(corpus)
    ids = list(itertools.chain.from_iterable(groups))
    assert len(ids) == len(set(ids))
    by_id = {one.id: (one.published or date.max, one.id) for one in corpus}
    assert all(list(group) == sorted(group, key=by_id.__getitem__) for group in groups)


@given(corpora)
@settings(max_examples=40, deadline=None)
def test_an_unrelated_article_changes_no_group(corpus: list[Article]) -> None:
    assert copies([article("unrelated", WIRE), *corpus]) == copies(corpus)


def linked(corpus: Iterable[Article]) -> set[frozenset[str]]:
    """Groups found by comparing each with each: what the shortcut has to arrive at."""
    groups: list[list[Article]] = []
    for one in corpus:
        near = [group for group in groups if any(are_copies(shingles(one), shingles(m)) for m in group)]
        groups = [group for group in groups if group not in near] + [[one, *itertools.chain(*near)]]
    return {frozenset(member.id for member in group) for group in groups if len(group) > 1}
