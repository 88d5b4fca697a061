"""Who printed an article, who wrote it and when, from the furniture around it and its first lines.

Null beats a guess: a name or date that could be another article's is left alone. Every value says where it
was read from.
"""

import re
from dataclasses import dataclass, replace
from datetime import date

from corpus.cleaning import furniture
from corpus.times import dates

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


_FIELDS = ("outlet", "author", "published", "updated")


@dataclass(frozen=True, slots=True)
class Imprint:
    """What an article says about itself; None where it does not."""

    outlet: str | None = None
    author: str | None = None
    published: date | None = None
    updated: date | None = None
    origins: tuple[tuple[str, str], ...] = ()
    """Pairs (field, where it was read from), one for each field that is told."""

    @property
    def told(self) -> list[str]:
        """The fields that are not None."""
        return [field for field in _FIELDS if getattr(self, field) is not None]

    def read_from(self, origin: str) -> "Imprint":
        """These, all read from ``origin``."""
        return replace(self, origins=tuple((field, origin) for field in self.told))

    def otherwise(self, other: "Imprint") -> "Imprint":
        """These, with what they lack taken from ``other``."""
        return Imprint(
            self.outlet or other.outlet,
            self.author or other.author,
            self.published or other.published,
            self.updated or other.updated,
            (*self.origins, *(pair for pair in other.origins if pair[0] not in self.told)),
        )

    def settled(self) -> "Imprint":
        """Without a page's update before the article was published, which is another's; a day of time zones."""
        if self.published and self.updated and (self.published - self.updated).days > 1:
            return replace(
                self, updated=None, origins=tuple(pair for pair in self.origins if pair[0] != "updated")
            )
        return self


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


def of_opening(paragraph: str) -> Imprint:
    """The outlet whose "correspondent" one of the first paragraphs names: its own, as no article goes with it."""
    named = _OWN_REPORTER.search(paragraph[:2000])
    return Imprint(outlet=named["name"]) if named else Imprint()


def _author(line: str) -> str | None:
    named = _AUTHOR.search(furniture.without_dates(line))
    return re.sub(r"\s+", " ", named["names"]) if named else None
