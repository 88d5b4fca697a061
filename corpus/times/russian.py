"""Times as Russian names them, and the days they mean when told on a given day.

Weekdays, months, years and "last week" by rules; what is counted in words ("две недели назад", "полгода
назад") by dateparser, through ``corpus.times.dates``.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date

from corpus.article import Days
from corpus.times import dates, mentions, periods, tense
from corpus.times.mentions import Mention, Order
from corpus.times.periods import Unit

_WEEKDAYS = "понедельник вторник сред четверг пятниц суббот воскресень".split()
_MONTHS = "январ феврал март апрел ма июн июл август сентябр октябр ноябр декабр".split()
_ENDINGS = "[ьяйеюа]"
_GENITIVE = "(?:января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)"
_IN_MONTH = "(?:январе|феврале|марте|апреле|мае|июне|июле|августе|сентябре|октябре|ноябре|декабре)"
_YEAR = r"(?P<{0}>(?:1[89]|20)\d\d)\s?(?:год[ауе]?\b|г\.)"
_OF_YEAR = r"(?:\s(?P<{0}>прошл|минувш|эт|нынешн|текущ|следующ|будущ)\w{{2,4}}\s(?:года|году))"
_WHICH = r"(?P<{0}>прошл|минувш|прошедш|эт|нынешн|текущ|следующ|будущ|ближайш)\w{{1,4}}"
_TIMES = re.compile(
    rf"""(?<![\w.,:-])(?:
      (?P<daymonth>(?P<d1>\d{{1,2}})(?:\s?[-–]\s?(?P<e1>\d{{1,2}}))?\s(?P<m1>{_GENITIVE})\b
        (?:\s(?P<y1>(?:1[89]|20)\d\d)\b(?:\s(?:года|г\.))?|{_OF_YEAR.format("o1")})?)
    | (?P<month>(?:(?P<l2>в|во)\s)?(?:(?P<p2>начале|середине|конце)\s)?(?P<m2>{_IN_MONTH}|(?<=е\s){_GENITIVE})\b
        (?:\s{_YEAR.format("y2")}|{_OF_YEAR.format("o2")})?)
    | (?P<weekday>во?\s(?:{_WHICH.format("o3")}\s)?(?P<w3>понедельник|вторник|среду|четверг|пятницу|субботу|воскресенье)\b)
    | (?P<near>позавчера|вчера|сегодня|послезавтра|завтра)\b
    | (?P<unit>(?:в|на|за)\s{_WHICH.format("o4")}\s(?P<u4>недел[еюи]|месяце?|году?)\b)
    | (?P<ago>(?:(?P<n5>[\w]+)\s)?(?P<u5>день|дня|дней|недел[юиь]|месяц(?:а|ев)?|год(?:а)?|лет|полгода)\s(?:тому\s)?назад\b)
    | (?P<years>{_YEAR.format("y6")})
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_LEAD = re.compile(r"(\w+)\s+$")
_STEP = {"прошл": -1, "минувш": -1, "прошедш": -1, "следующ": 1, "будущ": 1, "ближайш": 1}
_NEAR = {"позавчера": -2, "вчера": -1, "сегодня": 0, "завтра": 1, "послезавтра": 2}
_UNITS: dict[str, Unit] = {"де": "day", "дн": "day", "не": "week", "ме": "month", "го": "year", "ле": "year"}
_UNITS["по"] = "month"  # "полгода": half a year, which ends in a month
_NOT_OF_NOW = {"более", "больше", "около", "почти", "примерно", "свыше", "менее", "нескольк", "несколько"}


def find(sentence: str, base: date | None) -> Iterator[Mention]:
    """As ``corpus.times.english.find``."""
    for match in _TIMES.finditer(sentence):
        kind = match.lastgroup or ""
        lead = _LEAD.search(sentence, max(0, match.start() - 30), match.start())
        word = lead[1].lower() if lead else ""
        dated = bool(re.search(r"\d{4}", match[0]))
        days = None
        if (base or dated) and word not in _NOT_OF_NOW:
            days = _days(match, kind, base or date.min)
        yield Mention(
            *match.span(),
            days,
            lead=word,
            spoken=kind in {"weekday", "near"} or bool(re.search(r"недел|дня|дней|день", match[0].lower())),
            bare=kind in {"daymonth", "month"} and not re.search(r"\d{4}|год", match[0].lower()),
        )


def _days(match: re.Match[str], kind: str, base: date) -> Days | None:
    try:
        return _READ[kind](match, base)
    except (ValueError, OverflowError):
        return None


def _way(match: re.Match[str]) -> tense.Way | None:
    return tense.way(match.string, *match.span())


def _index(stems: list[str], word: str) -> int:
    """The last stem that fits, so that "марта" is not "ма"."""
    fitting = [stem for stem in stems if word.lower().startswith(stem)]
    return stems.index(max(fitting, key=len))


def _year(match: re.Match[str], group: str, base: date) -> int | None:
    if match["y" + group]:
        return int(match["y" + group])
    which = match["o" + group]
    return base.year + _STEP.get(which.lower(), 0) if which else None


def _day_month(match: re.Match[str], base: date) -> Days | None:
    month, first = _index(_MONTHS, match["m1"]) + 1, int(match["d1"])
    last, year = int(match["e1"] or first), _year(match, "1", base)
    if year is None:
        return mentions.day(first, last, month, base, _way(match))
    days = date(year, month, first), date(year, month, last)
    return days if days[0] <= days[1] else None


def _month(match: re.Match[str], base: date) -> Days | None:
    number, year = _index(_MONTHS, match["m2"]) + 1, _year(match, "2", base)
    if year is None:
        return mentions.month(number, base, None, _way(match))
    return periods.month(year, number)


def _weekday(match: re.Match[str], base: date) -> Days | None:
    which = match["o3"]
    step = _STEP.get(which.lower(), 0) if which else 0
    order: Order | None = "last" if step < 0 else "next" if step > 0 else None
    return mentions.weekday(_index(_WEEKDAYS, match["w3"]), base, order, _way(match))


def _near(match: re.Match[str], base: date) -> Days | None:
    word = match[0].lower()
    if word == "сегодня" and _way(match) is None:  # nowadays
        return None
    return periods.day(base, _NEAR[word])


def _unit(match: re.Match[str], base: date) -> Days | None:
    return periods.around(_UNITS[match["u4"].lower()[:2]], base, _STEP.get(match["o4"].lower(), 0))


def _ago(match: re.Match[str], base: date) -> Days | None:
    """The day dateparser finds, widened to the unit it was counted in."""
    number = match["n5"] or ""
    found = dates.relative(match[0], base) or dates.relative(match[0][len(number) :].strip(), base)
    return periods.around(_UNITS[match["u5"].lower()[:2]], found, 0) if found else None


def _years(match: re.Match[str], _base: date) -> Days | None:
    return periods.year(int(match["y6"]))


_READ: dict[str, Callable[[re.Match[str], date], Days | None]] = {
    "daymonth": _day_month,
    "month": _month,
    "weekday": _weekday,
    "near": _near,
    "unit": _unit,
    "ago": _ago,
    "years": _years,
}
