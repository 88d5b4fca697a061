"""Who printed an article, who wrote it and when, from the furniture around it and its first lines.

Null beats a guess: a name or date that could be another article's is left alone.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from corpus import dates, furniture

_UPDATED = re.compile(r"updat|modif|edited|reviewed|обновл|измен", re.IGNORECASE)
_NAME = r"[A-ZА-ЯЁ][\w.’'-]*(?:\s(?:(?:de|van|von|der|bin|al|la|le|du)\s)?[A-ZА-ЯЁ][\w.’'-]*){1,3}"
_AUTHOR = re.compile(
    rf"(?:^|\b)(?:[Bb][Yy]:?|[Aa]uthor:|[Аа]втор:)\s*(?P<names>{_NAME}(?:(?:,|\sand|\sи)\s{_NAME})*)"
)
_PLACE = r"[A-ZА-ЯЁ][A-ZА-ЯЁ.,’' -]{2,40}"
_DATELINE = re.compile(
    rf"(?:{_PLACE}|[A-Z][\w.,’' -]{{1,30}})?(?:,\s[A-Z][a-z]+\.?\s\d{{1,2}}(?:,\s\d{{4}})?)?\s?"
    rf"\((?P<agency>[A-Z][\w .]{{1,25}})\)\s?[–—−-]{{1,2}}\s"
    rf"|{_PLACE}(?:,\s[A-Z][a-z.]+)?(?:,\s[A-Z][a-z]+\.?\s\d{{1,2}}(?:,\s\d{{4}})?)?\s[–—−-]{{1,2}}\s"
)
_LABEL = re.compile(
    r"(?:date|(?:(?:first|last)\s)?(?:published|posted|updated?)|дата|опубликовано|обновлено)(?:\s?:|\s?on)?\s?",
    re.IGNORECASE,
)
_STAMPED = 60
"""Characters in which a date printed before the first words stands."""
_AFTER_STAMP = re.compile(r"(?:T?\s?\d{1,2}:\d{2}(?::\d{2})?)?[\s,|–—-]+(?=[A-ZА-ЯЁ“«\"‘])")
_OWN_REPORTER = re.compile(
    r"\b(?:told|to|with)\s(?P<name>[A-ZА-ЯЁ][\w.-]+(?:\s[A-ZА-ЯЁ][\w.-]+){0,2})(?:['’]s)?"
    r"(?:\s(?:news\s)?agency)?\s(?:correspondent|reporter)\b(?!\s[A-ZА-ЯЁ])"
)
_PICTURES = re.compile(
    r"images|photo|shutterstock|wikipedia|twitter|instagram|facebook|телеграм", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Imprint:
    """What an article says about itself; None where it does not."""

    outlet: str | None = None
    author: str | None = None
    published: date | None = None
    updated: date | None = None

    def otherwise(self, other: "Imprint") -> "Imprint":
        """These, with what they lack taken from ``other``."""
        return Imprint(
            self.outlet or other.outlet,
            self.author or other.author,
            self.published or other.published,
            self.updated or other.updated,
        )


def of_line(line: str) -> Imprint:
    """What one line of furniture (a byline, a date, "Source: …") tells."""
    outlet = furniture.source(line)
    found = Imprint(outlet if outlet and not _PICTURES.search(outlet) else None)
    if furniture.is_byline(line):
        found = replace(found, author=_author(line))
    before = 0
    for day, start, end in dates.find(line):
        updated = bool(_UPDATED.search(line, before, start))
        found = found.otherwise(Imprint(updated=day) if updated else Imprint(published=day))
        before = end
    return found


def of_stamp(text: str) -> tuple[int, Imprint]:
    """Length of a stamp before the first words ("date 2023-09-29 …", "BERLIN (AP) — …"), and its news."""
    dateline = _DATELINE.match(text, 0, 2 * _STAMPED)
    if dateline:
        return dateline.end(), Imprint(outlet=dateline["agency"])
    for day, start, end in dates.find(text[:_STAMPED]):
        after = _AFTER_STAMP.match(text, end)
        label = _LABEL.fullmatch(text, 0, start)
        if after and (label or (start == 0 and text[:4].isdigit())):
            updated = label and _UPDATED.search(label[0])
            return after.end(), Imprint(updated=day) if updated else Imprint(published=day)
        break
    return 0, Imprint()


def of_opening(paragraphs: Iterable[str]) -> Imprint:
    """The outlet whose "correspondent" the first paragraphs name: its own, as no article goes with it."""
    for paragraph in paragraphs:
        named = _OWN_REPORTER.search(paragraph[:2000])
        if named:
            return Imprint(outlet=named["name"])
    return Imprint()


def _author(line: str) -> str | None:
    named = _AUTHOR.search(furniture.without_dates(line))
    return re.sub(r"\s+", " ", named["names"]) if named else None
