"""Times named in text, and what a weekday, a month or a day of the year means when its year is left out."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from corpus.article import Days
from corpus.times import periods
from corpus.times.tense import Way

Order = Literal["last", "this", "next"]

_FARTHEST = 330
"""Days; nobody leaves out the year of a day farther off, such as this week's a year ago."""
_FARTHEST_MONTH = 10
"""Months, for the same reason."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A time named in a sentence, at ``sentence[start:end]``."""

    start: int
    end: int
    days: Days | None
    """None when it is not clear which is meant."""
    lead: str = ""
    """The word before it, in lower case: "on", "since", "before"."""
    spoken: bool = False
    """Counted in days or weeks from the moment of speaking: inside a quotation that is not the publication."""
    bare: bool = False
    """A month or a day of the year without its year."""


def weekday(index: int, base: date, order: Order | None, way: Way | None) -> Days | None:
    """The day meant by a weekday (Monday is 0): "last", "next", or by the tense of its clause.

    "Next" leaves it open whether a day that is still ahead in this week is meant, or the one after.
    """
    since = (base.weekday() - index) % 7
    if order == "last":
        return periods.day(base, -(since or 7))
    if order == "next":
        return periods.day(base, 7 - since) if index <= base.weekday() and since < 5 else None
    if way is None:
        return None
    return periods.day(base, -since if way == "past" else (7 - since) % 7)


def month(number: int, base: date, order: Order | None, way: Way | None) -> Days | None:
    """The month meant by its name alone; "last March" is open when this year's March is over."""
    if order == "this":
        return periods.month(base.year, number)
    if order == "last":
        return periods.month(base.year - 1, number) if number >= base.month else None
    if order == "next":
        return periods.month(base.year + 1, number) if number <= base.month else None
    back, ahead = (base.month - number) % 12, (number - base.month) % 12
    if way != "future" and back <= _FARTHEST_MONTH and (way or ahead > _FARTHEST_MONTH or not back):
        return periods.month(base.year, base.month - back)
    if way != "past" and ahead <= _FARTHEST_MONTH and (way or back > _FARTHEST_MONTH):
        return periods.month(base.year, base.month + ahead)
    return None


def day(
    first: int, last: int, number: int, base: date, way: Way | None, *, on: int | None = None
) -> Days | None:
    """Days ``first`` to ``last`` of a month without a year: those before ``base``, or after it, by the tense.

    A day of slack, as the publication may be dated in another time zone. ``on`` is the weekday named with them.
    """
    found = []
    for year in (base.year - 1, base.year, base.year + 1):
        try:
            days = date(year, number, first), date(year, number, last)
        except ValueError:
            continue
        off = (days[0] - base).days
        right = way is None or (off <= 1 if way == "past" else off >= -1)
        if right and on in {None, days[0].weekday()} and abs(off) <= _FARTHEST and first <= last:
            found.append(days)
    return found[0] if len(found) == 1 else None
