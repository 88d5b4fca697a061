"""Days, weeks, months and years as runs of days. Raises OverflowError or ValueError beyond the calendar."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from corpus.article import Days

Unit = Literal["day", "week", "month", "year", "decade"]


def day(base: date, ahead: int = 0) -> Days:
    """The day ``ahead`` days after ``base``."""
    found = base + timedelta(days=ahead)
    return found, found


def week(base: date, ahead: int = 0) -> Days:
    """Monday to Sunday, ``ahead`` weeks after the one ``base`` lies in."""
    monday = base + timedelta(days=7 * ahead - base.weekday())
    return monday, monday + timedelta(days=6)


def weekend(base: date, ahead: int = 0) -> Days:
    """Saturday and Sunday of that week."""
    _, sunday = week(base, ahead)
    return sunday - timedelta(days=1), sunday


def month(year: int, number: int) -> Days:
    """A month; ``number`` may run beyond 1..12 into the years before and after."""
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


def year(number: int) -> Days:
    return date(number, 1, 1), date(number, 12, 31)


def decade(number: int) -> Days:
    """Ten years from the one given."""
    return date(number, 1, 1), date(number + 9, 12, 31)


def around(unit: Unit, base: date, ahead: int) -> Days:
    """The whole calendar unit ``ahead`` units after the one ``base`` lies in: a week from Monday, a month, a year."""
    if unit == "day":
        return day(base, ahead)
    if unit == "week":
        return week(base, ahead)
    if unit == "month":
        return month(base.year, base.month + ahead)
    return decade(base.year // 10 * 10 + 10 * ahead) if unit == "decade" else year(base.year + ahead)


def stretch(unit: Unit, base: date, ahead: int) -> Days:
    """The run between ``base`` and ``ahead`` units later, or earlier: the two weeks that end on ``base``."""
    if unit in {"day", "week"}:
        other = base + timedelta(days=ahead * (7 if unit == "week" else 1))
    else:
        months = ahead * {"month": 1, "year": 12, "decade": 120}[unit]
        first, last = month(base.year, base.month + months)
        other = first.replace(day=min(base.day, last.day))
    return (other, base) if other <= base else (base, other)


def meet(runs: Sequence[Days]) -> Days | None:
    """The days that all of ``runs``, of which there is at least one, hold; None when there are none."""
    first, last = max(days[0] for days in runs), min(days[1] for days in runs)
    return (first, last) if first <= last else None
