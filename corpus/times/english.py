"""Times as English names them, and the days they mean when told on a given day.

Only what has one reading becomes days. Seasons, holidays, "recently" and "the following day" are not read.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from corpus.article import Days
from corpus.times import dates, mentions, periods, tense
from corpus.times import english_patterns as english
from corpus.times.mentions import Mention, Order
from corpus.times.periods import Unit
from corpus.times.tense import Way

_NEAR = {"before yesterday": -2, "after tomorrow": 2, "yesterday": -1, "last night": -1, "tomorrow": 1}
_ORDER: dict[str, Order] = {"last": "last", "past": "last", "this": "this", "next": "next"}
_STEP = {"last": -1, "past": -1, "this": 0, "current": 0, "next": 1, "coming": 1}
_UNITS: dict[str, Unit] = {"day": "day", "week": "week", "month": "month", "year": "year", "decade": "decade"}


@dataclass(frozen=True, slots=True)
class _Told:
    """A match with what decides its meaning."""

    match: re.Match[str]
    base: date
    lead: str
    narrowed: str
    """Words between the lead and the match: "the", "early", "end of"."""

    def __getitem__(self, group: str) -> str:
        """A group's text, "" where it is not there."""
        return self.match[group] or ""

    @property
    def before(self) -> str:
        """The words that lead up to it."""
        return self.match.string[max(0, self.match.start() - 60) : self.match.start()]

    @property
    def possessive(self) -> bool:
        return self.match.string.startswith(("'s", "’s"), self.match.end())

    @property
    def year(self) -> int | None:
        """The year said in words or figures; None where it is left out."""
        said = self["y1"] or self["y2"] or self["y3"]
        order = self["o1"] or self["o2"] or self["o3"]
        return int(said) if said else self.base.year + _STEP[order] if order else None

    @property
    def way(self) -> Way | None:
        if self.lead == "since":
            return "past"
        sentence, (start, end) = self.match.string, self.match.span()
        return tense.follows(sentence, end) if self.possessive else tense.way(sentence, start, end)


def find(sentence: str, base: date | None) -> Iterator[Mention]:
    """Every time named in ``sentence``, in order; one that counts from ``base`` is unclear where that is None."""
    for match in english.TIMES.finditer(sentence):
        place = english.LEAD.search(sentence, max(0, match.start() - 60), match.start())
        lead, narrowed = (place["word"] or "", place["narrowed"]) if place else ("", "")
        told = _Told(match, base or date.min, lead.lower(), narrowed.lower())
        kind = match.lastgroup or ""
        if _counts(told, kind):
            dated = bool(re.search(r"\d{4}|\d0s", match[0]))
            yield Mention(
                *match.span(),
                _days(told, kind) if base or dated else None,
                lead=_lead(told),
                spoken=kind in {"weekday", "near"} or bool(english.SPOKEN.search(match[0])),
                bare=_is_bare(told, kind),
            )


def _lead(told: _Told) -> str:
    """The word that leads to it, "than" where it dates something else."""
    other = told.lead == "of" and not english.PART_OF.search(told.before)
    return "than" if other or english.COMPARED.search(told.before) else told.lead


def _counts(told: _Told, kind: str) -> bool:
    """Is it a time at all, and one that its sentence dates itself by?"""
    named = "the" in told.narrowed.split()
    if kind == "year":
        return told.lead in english.BEFORE_YEAR and not named
    if kind == "month":  # "Paula and April"
        led = told.lead in english.BEFORE_YEAR - {"and"} or english.BETWEEN.search(told.before)
        return bool(told["o4"] or led)
    if english.NAMES.search(told.before) or (named and kind in {"monthday", "daymonth"}):
        return False  # "the January 6, 2021, attack"
    if told.possessive:
        return kind != "near" and told.way is not None
    if kind == "weekend":
        return told.lead in {"over", "at", "during"}
    return kind != "ahead" or told.lead != "time"


def _is_bare(told: _Told, kind: str) -> bool:
    return kind == "month" or (kind in {"monthday", "daymonth"} and told.year is None)


def _days(told: _Told, kind: str) -> Days | None:
    try:
        return _READ[kind](told)
    except (ValueError, OverflowError):
        return None


def _full(told: _Told) -> Days | None:
    found = dates.parse(told["full"])
    return (found, found) if found else None


def _day_of_month(told: _Told) -> Days | None:
    month, first = _month_number(told["m1"] or told["m2"]), int(told["d1"] or told["d2"])
    last = int(told["e1"] or told["e2"] or first)
    if told.year is None:
        weekday = told["w1"] or told["w2"]
        on = english.WEEKDAYS.index(weekday) if weekday else None
        return mentions.day(first, last, month, told.base, told.way, on=on)
    days = date(told.year, month, first), date(told.year, month, last)
    return days if days[0] <= days[1] else None


def _month_of_year(told: _Told) -> Days | None:
    return periods.month(told.year or 0, _month_number(told["m3"]))


def _month(told: _Told) -> Days | None:
    return mentions.month(_month_number(told["m4"]), told.base, _ORDER.get(told["o4"]), told.way)


def _month_number(word: str) -> int:
    return 1 + next(i for i, name in enumerate(english.MONTHS) if name.startswith(word[:3]))


def _weekday(told: _Told) -> Days | None:
    index = english.WEEKDAYS.index(told["w5"])
    if told["r5"]:
        monday, _ = periods.week(told.base, _STEP[told["r5"]])
        return periods.day(monday, index)
    way = "future" if told["o5"] == "coming" else told.way
    return mentions.weekday(index, told.base, _ORDER.get(told["o5"]), way)


def _near(told: _Told) -> Days | None:
    words = told.match[0].lower()
    if words == "today" and told.way is None:  # "in Russia today": nowadays
        return None
    return periods.day(told.base, next((days for end, days in _NEAR.items() if words.endswith(end)), 0))


def _unit(told: _Told) -> Days | None:
    order, unit = told["o6"].lower(), told["u6"]
    step = _STEP[order]
    if unit == "weekend":
        return periods.weekend(told.base, step) if step else _weekend(told)
    if order == "past" or (step and "the" in told.narrowed.split()):
        return periods.stretch(_UNITS[unit], told.base, step)
    first, last = periods.around(_UNITS[unit], told.base, step)
    if step == 0 and re.search("earlier|already|so far", told.narrowed):
        return first, told.base
    if step == 0 and re.search("later|rest|remainder", told.narrowed):
        return told.base, last
    return first, last


def _weekend(told: _Told) -> Days | None:
    first, last = periods.weekend(told.base)
    way = told.way
    if way is None or (way == "future" and told.base == last):
        return None
    return (first, last) if way == "future" or first <= told.base else periods.weekend(told.base, -1)


def _rolling(told: _Told) -> Days | None:
    return periods.stretch(_UNITS[told["u7"]], told.base, _STEP[told["o7"]] * _number(told["n7"]))


def _ago(told: _Told) -> Days | None:
    if told.lead in english.VAGUE:
        return None
    return periods.around(_UNITS[told["u8"]], told.base, -_number(told["n8"]))


def _ahead(told: _Told) -> Days | None:
    """What "in two weeks" means where the clause is to come; elsewhere it tells how long something took."""
    return (
        periods.around(_UNITS[told["u9"]], told.base, _number(told["n9"])) if told.way == "future" else None
    )


def _number(word: str) -> int:
    """Raises ValueError for "few" and the like."""
    return english.NUMBERS[word] if word in english.NUMBERS else int(word)


def _decade(told: _Told) -> Days | None:
    """The 1990s are ten years, the 1800s a hundred, the 2000s either."""
    first = int(told["y10"]) * 10
    if first == 2000:
        return None
    return periods.decade(first) if first % 100 else (date(first, 1, 1), date(first + 99, 12, 31))


def _years(told: _Told) -> Days | None:
    """A year or a run of years; of "2008 and 2009" the second is no time of one event, but for "between"."""
    if told.lead in {"and", "or"} and not english.BETWEEN.search(told.before):
        return None
    first, last = periods.year(int(told["y11"]))
    return first, periods.year(int(told["z11"]))[1] if told["z11"] else last


_READ: dict[str, Callable[[_Told], Days | None]] = {
    "full": _full,
    "monthday": _day_of_month,
    "daymonth": _day_of_month,
    "monthyear": _month_of_year,
    "month": _month,
    "weekday": _weekday,
    "near": _near,
    "unit": _unit,
    "weekend": _weekend,
    "rolling": _rolling,
    "ago": _ago,
    "ahead": _ahead,
    "decade": _decade,
    "year": _years,
}
