"""Authors as pages name them, without the job titles, days, logins and houses that stand around the names."""

import re

_BEFORE = re.compile(r"(?:by|analysis by|review by|текст:?|автор:?|written by)\s+", re.IGNORECASE)
_AFTER = re.compile(
    r"[\s,|]+(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:January|February|March|April|May|June|July|August"
    r"|September|October|November|December)|Published|Updated|Posted)$",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"(?:.*\b(?:writers?|editors?|reporters?|correspondent|columnist|contributors?|staff|services?|ministr\w+)$"
    r"|.*admin|editor-at-large|.*\bstaff reports?|webmaster|guest|unknown|none|editorial|the \w+|\w+ com|https?:.*|@.*|[^\W\d_]{1,3}$"
    r"|(?:January|February|March|April|May|June|July|August|September|October|November|December)$)",
    re.IGNORECASE,
)
_AGENCY = re.compile(
    r"(?:the )?(?:associated press|ap|reuters|afp|cnn|pti|ani|bloomberg|condé nast)\b.*", re.IGNORECASE
)
_PLAIN = re.compile(r"[^\W\d_]+(?:[.'’-]?[^\W\d_]*)*")
_LONGEST = 60
"""Characters of one name."""


def tidy(given: str | None, outlet: str | None) -> str | None:
    """The persons among ``given`` (parted by ";"), else the agency; None when neither is left."""
    found: dict[str, str] = {}
    for part in (given or "").split(";"):
        name = _AFTER.sub("", _AFTER.sub("", _BEFORE.sub("", " ".join(part.split()), count=1)))
        if name and len(name) <= _LONGEST and (_AGENCY.fullmatch(name) or _is_name(name, outlet)):
            found.setdefault(_key(name), name)
    persons = [name for name in found.values() if not _AGENCY.fullmatch(name)]
    return ", ".join(persons or found.values()) or None


def _is_name(name: str, outlet: str | None) -> bool:
    words = _PLAIN.findall(name)
    house = _letters(outlet or "")
    return (
        bool(words)
        and not _NOBODY.fullmatch(name)
        and not (house and (_letters(name) in house or house in _letters(name)))
        and words[0][0].isupper() | (words[0].lower() == words[0].upper())
    )


def _key(name: str) -> str:
    """The same for "Troy Smith", "Troy L Smith" and "TROY-SMITH"."""
    words = _PLAIN.findall(name.casefold().replace("-", " "))
    return f"{words[0]} {words[-1]}" if words else name


def _letters(name: str) -> str:
    return "".join(re.findall(r"[^\W_]", name.casefold()))
