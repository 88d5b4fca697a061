"""Sitemaps and sitemap indexes (sitemaps.org, with Google's news extension): the addresses of a site's pages.

Nothing that a sitemap names is fetched, and no entity in it is resolved.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from corpus import confined
from corpus.decoding import Unfit, unpacked
from corpus.kinds.entry import Entry
from corpus.kinds.record import address, word
from corpus.times import dates

LINKS = 50_000
"""Most links in one file, by the protocol of sitemaps.org."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The links of one sitemap file."""

    entries: tuple[Entry, ...]
    """Pages."""
    sitemaps: tuple[Entry, ...]
    """Further sitemaps, where the file is an index of them."""


def sitemap(data: bytes) -> Sitemap:
    """What the sitemap ``data``, gzipped or not, lists. Raises ``Unfit`` when it is none."""
    found = confined.call(parse, unpacked(data))
    links = tuple(entry for entry in map(_entry, found["links"]) if entry is not None)
    return Sitemap((), links) if found["is_index"] else Sitemap(links, ())


def _entry(fields: dict[str, str]) -> Entry | None:
    link, changed = address(fields.get("loc")), word(fields.get("lastmod"))
    if link is None:
        return None
    return Entry(
        link,
        title=word(fields.get("title")),
        published=dates.parse(fields.get("publication_date")),
        updated=dates.parse(changed),
        changed=changed,
    )


def parse(data: bytes) -> confined.Answer:
    """The fields of each link. For ``confined.call``."""
    from lxml import etree  # noqa: PLC0415  only needed in the child

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:  # beyond what can be recovered
        root = None
    kind = None if root is None else _name(root)
    if kind not in ("urlset", "sitemapindex"):
        raise Unfit("no sitemap: its outermost element is not <urlset> or <sitemapindex>")
    links = [dict(_fields(link)) for link in root if _name(link) in ("url", "sitemap")]
    if len(links) > LINKS:
        raise Unfit(f"more than {LINKS} links, the most one sitemap may have: give its parts")
    return {"is_index": kind == "sitemapindex", "links": links}


def _fields(link: Any) -> Iterator[tuple[str, str]]:
    """The name and text of every element within ``link``, the first of each name last, so that it is kept."""
    for element in reversed(list(link.iter())):
        if element.text and element.text.strip():
            yield _name(element), element.text.strip()


def _name(element: Any) -> str:
    """An element's name without its namespace; nothing for comments and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
