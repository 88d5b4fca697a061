"""Calendar dates in text. Only dates with a year, a month and a day count; what is ambiguous is no date.

The only importer of dateparser, which reads the month names of many languages.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import lru_cache

_LANGUAGES = ["en", "ru", "kk", "uk", "de", "fr", "es", "it", "pt", "tr", "pl"]
_STRICT = {"STRICT_PARSING": True, "REQUIRE_PARTS": ["year", "month", "day"]}
_FIRST_YEAR, _LAST_YEAR = 1800, 2200

_MONTH = r"[^\W\d_]{3,12}"
_DATE = re.compile(
    rf"""(?<![\w.:/-])(?:
        (?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?=T\d|[^\w/-]|$)
      | (?P<left>\d{{1,2}})(?P<mark>[./])(?P<right>\d{{1,2}})[./](?P<last>\d{{4}})(?![\w/-])
      | (?P<written>{_MONTH}\.?\ \d{{1,2}}(?:st|nd|rd|th)?,?\ \d{{4}}
                  | \d{{1,2}}(?:st|nd|rd|th|er|\.|º)?\ (?:de\ )?{_MONTH}\.?,?\ (?:de\ )?\d{{4}})(?!\w)
    )""",
    re.VERBOSE,
)


def find(text: str) -> Iterator[tuple[date, int, int]]:
    """Every full date in ``text`` with its half-open character range, in order."""
    for match in _DATE.finditer(text):
        day = _value(match)
        if day is not None:
            yield day, match.start(), match.end()


def parse(value: object) -> date | None:
    """The date a metadata value names: a date, a datetime (its own day), ISO or free text; else None."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        return None
    return next((day for day, _, _ in find(value[:200])), None)


@lru_cache(maxsize=4096)
def relative(text: str, base: date) -> date | None:
    """The day that ``text``, which counts back or on in words ("две недели назад"), names on the day ``base``."""
    import dateparser  # type: ignore[import-untyped, unused-ignore]  # noqa: PLC0415  slow to import

    now = datetime(base.year, base.month, base.day, 12, tzinfo=UTC).replace(tzinfo=None)
    found = dateparser.parse(text, languages=["ru"], settings={"RELATIVE_BASE": now})
    return found.date() if found and _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def _value(match: re.Match[str]) -> date | None:
    if match["year"]:
        return _numbers(match["year"], match["month"], match["day"])
    if match["written"]:
        return _written(match["written"])
    left, right = int(match["left"]), int(match["right"])
    if match["mark"] == "/" and left <= 12 and right <= 12 and left != right:
        return None
    day, month = (right, left) if right > 12 else (left, right)
    return _numbers(match["last"], str(month), str(day))


def _numbers(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None


@lru_cache(maxsize=4096)
def _written(text: str) -> date | None:
    import dateparser  # type: ignore[import-untyped, unused-ignore]  # noqa: PLC0415  slow to import

    found = dateparser.parse(text, languages=_LANGUAGES, settings=_STRICT)
    return found.date() if found and _FIRST_YEAR <= found.year <= _LAST_YEAR else None
