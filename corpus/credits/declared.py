"""What a web page declares about its article: meta tags, JSON-LD, its address, marked dates, its language.

Read by patterns and not from the tree, so that no nesting of tags matters. Dates are the days as written; a
declared one is often in UTC, so that a day beside it in the address, which is the newsroom's own, wins.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from html import unescape
from typing import Any

from corpus import language
from corpus.times import dates

_META = re.compile(r"<meta\s[^>]{1,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w:-]{1,40})\s*=\s*(?:"([^"]{0,1000})"|'([^']{0,1000})')""")
_LANGUAGE = re.compile(r"""<html\s[^>]{0,1000}?\blang\s*=\s*["']?([\w-]{2,20})""", re.IGNORECASE)
_SCRIPT = re.compile(r"""<script\s[^>]{0,300}application/ld\+json[^>]{0,300}>""", re.IGNORECASE)
_HEAD = 2_000_000
"""Characters of a page looked at."""
_MOST = 500
"""Tags of a kind looked at."""
_DEEPEST = 6
"""Levels of JSON-LD at which an article is looked for; it stands at the top, in a list or in "@graph"."""
_PUBLISHED = """article:published_time og:article:published_time datepublished article:published parsely-pub-date
    sailthru.date cxenseparse:recs:publishtime pubdate publishdate publish-date publish_date date.published
    dc.date.issued dcterms.created dc.date.created dc.date date""".split()
_UPDATED = """article:modified_time og:updated_time datemodified article:modified last-modified dc.date.modified
    dcterms.modified date.modified lastmod updated_time""".split()
_ARTICLE = re.compile(r"(?:Article|Posting|Report|Review)$")


_LOOSE = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
"""In JSON-LD that is not valid JSON."""
_MARKED = re.compile(
    r"""<(?:time|span|div|p|abbr|li|small|em|h\d)\s[^>]{0,200}?(?:class|itemprop|id)\s*=\s*["'][^"'>]{0,80}?
    (?P<mark>datePublished|publish|pubdate|posted|entry-date|article[\w-]*date|datetime|date)[^"'>]{0,80}["'][^>]{0,200}>""",
    re.IGNORECASE | re.VERBOSE,
)
_CHANGED = re.compile("updat|modif", re.IGNORECASE)
_SHOWN = 160
"""Characters after a mark in which its date stands."""
_TAG = re.compile(r"<[^<>]{0,300}>")
_IN_ADDRESS = re.compile(
    r"[/-](?P<year>(?:19|20)\d\d)(?P<mark>[/-]?)(?P<month>\d{2}|[a-z]{3})(?P=mark)(?P<day>\d{2})(?=[/.?#_-]|$)"
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()

METADATA, ADDRESS, SHOWN = "the page's metadata", "the address", "a date marked on the page"


@dataclass(frozen=True, slots=True)
class Declared:
    """What the page says; None where it does not."""

    names: tuple[str, ...] = ()
    """Of the site and of its publisher, as far as the page gives them."""
    published: date | None = None
    origin: str = METADATA
    """Where ``published`` was read from."""
    updated: date | None = None
    language: str | None = None


def read(page: str, url: str | None) -> Declared:
    """What the HTML of ``page`` declares, which stands at ``url``. Never raises."""
    page = page[:_HEAD]
    article = next(_articles(page), {})
    metas = _metas(page)
    spoken = _LANGUAGE.search(page)
    publisher = article.get("publisher")
    names = (metas.get("og:site_name"), publisher.get("name") if isinstance(publisher, dict) else None)
    published, origin = _published(page, article, metas, url)
    return Declared(
        tuple(name for name in names if isinstance(name, str) and name.strip()),
        published,
        origin,
        dates.parse(article.get("dateModified")) or _day(metas, _UPDATED),
        language.code(article.get("inLanguage")) or language.code(spoken[1] if spoken else None),
    )


def to_json(found: Declared) -> dict[str, object]:
    """What ``from_json`` takes: JSON values alone."""
    days = {name: day.isoformat() if day else None for name, day in _days_of(found).items()}
    return asdict(found) | days


def from_json(found: Mapping[str, Any]) -> Declared:
    """Raises KeyError, TypeError or ValueError for anything but what ``to_json`` gave."""
    days = {name: date.fromisoformat(found[name]) if found[name] else None for name in _days_of(Declared())}
    return Declared(**{**found, **days, "names": tuple(found["names"])})


def _days_of(found: Declared) -> dict[str, date | None]:
    return {"published": found.published, "updated": found.updated}


def in_address(url: str | None) -> date | None:
    """The day in an address such as ``…/2023/09/30/…``."""
    for found in _IN_ADDRESS.finditer((url or "")[:2000].lower()):
        month = found["month"]
        number = _MONTHS.index(month) + 1 if month in _MONTHS else int(month) if month.isdigit() else 0
        try:
            return date(int(found["year"]), number, int(found["day"]))
        except ValueError:
            continue
    return None


def _published(
    page: str, article: Mapping[str, object], metas: Mapping[str, str], url: str | None
) -> tuple[date | None, str]:
    loose = _LOOSE.search(page)
    told = (
        dates.parse(article.get("datePublished"))
        or _day(metas, _PUBLISHED)
        or dates.parse(loose[1] if loose else None)
    )
    addressed = in_address(url)
    if addressed and (told is None or abs((told - addressed).days) <= 1):
        return addressed, METADATA if told == addressed else ADDRESS
    return (told, METADATA) if told else (_marked(page), SHOWN)


def _marked(page: str) -> date | None:
    """The one day that is marked as the publication's, else as a date; None where several are."""
    published: set[date] = set()
    others: set[date] = set()
    for number, mark in enumerate(_MARKED.finditer(page)):
        if number == _MOST:
            break
        shown = _TAG.sub(" ", page[mark.end() : mark.end() + _SHOWN])
        day = dates.parse(mark[0]) or dates.parse(shown)
        if day and not _CHANGED.search(mark[0] + shown):
            (published if re.match("datepub|pub|post", mark["mark"], re.IGNORECASE) else others).add(day)
    found = published or others
    return found.pop() if len(found) == 1 else None


def _metas(page: str) -> dict[str, str]:
    """The content of each meta tag by its name in lower case; the first of a name counts."""
    found: dict[str, str] = {}
    for number, tag in enumerate(_META.finditer(page)):
        if number == _MOST:
            break
        values = {name.lower(): unescape(a or b).strip() for name, a, b in _ATTRIBUTE.findall(tag[0])}
        name = values.get("property") or values.get("name") or values.get("itemprop")
        if name and values.get("content"):
            found.setdefault(name.lower(), values["content"])
    return found


def _day(metas: Mapping[str, str], names: list[str]) -> date | None:
    found = (dates.parse(metas[name]) for name in names if name in metas)
    return next((day for day in found if day), None)


def _articles(page: str) -> Iterator[Mapping[str, object]]:
    """The articles in the page's JSON-LD that say when they were published."""
    for number, opening in enumerate(_SCRIPT.finditer(page)):
        end = page.find("</script", opening.end())
        if number == _MOST or end < 0:
            return
        try:
            yield from _dated(json.loads(page[opening.end() : end], strict=False), _DEEPEST)
        except (ValueError, RecursionError):
            continue


def _dated(node: object, depth: int) -> Iterator[Mapping[str, object]]:
    if isinstance(node, list) and depth:
        for item in node[:_MOST]:
            yield from _dated(item, depth - 1)
    elif isinstance(node, dict) and depth:
        kinds = node.get("@type")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if "datePublished" in node and any(isinstance(kind, str) and _ARTICLE.search(kind) for kind in kinds):
            yield node
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _dated(node.get(name), depth - 1)
