"""Dates: whole ones only, and none where day and month cannot be told apart."""

from datetime import UTC, date, datetime

import pytest

from corpus.times.dates import find, parse

DAY = date(2023, 9, 30)


@pytest.mark.parametrize(
    "value",
    [
        DAY,
        datetime(2023, 9, 30, 23, 59, tzinfo=UTC),
        "2023-09-30",
        "2023-09-30T23:59:00-08:00",
        "2023/09/30",
        "30.09.2023",
        "09/30/2023",
        "September 30, 2023",
        "Sept. 30, 2023",
        "30th September 2023",
        "Sat, 30 Sep 2023 10:00:00 GMT",
        "30 сентября 2023 года",
        "30 de septiembre de 2023",
    ],
)
def test_one_day_in_many_ways(value: object) -> None:
    assert parse(value) == DAY


@pytest.mark.parametrize(
    "value",
    [
        "",
        "None",
        "yesterday",
        "September 30",
        "09/10/2023",
        "2023-13-45",
        "2023",
        "30 Foo 2023",
        "9999-01-01",
        20230930,
        None,
    ],
)
def test_no_day(value: object) -> None:
    assert parse(value) is None


def test_find_gives_the_places() -> None:
    text = "Published May 2, 2023, updated 2023-05-04."
    assert [(day.day, text[start:end]) for day, start, end in find(text)] == [
        (2, "May 2, 2023"),
        (4, "2023-05-04"),
    ]
