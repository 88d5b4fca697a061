"""Lines that many pages of one site share: furniture that no pattern knows, found by counting.

Takes them out of an article's body; the text and its offsets stay. A line that holds a date or a number that
changes from page to page is not found.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from corpus.article import Article

PAGES, SHARE = 3, 0.2
"""A line is furniture when so many different pages of a site have it, and so large a share (0..1) of them."""
PROSE_PAGES = 10
"""The same for a line that reads as prose: reports on one affair repeat a sentence of background, and that is
news, until it stands on more pages than a site with one affair has."""
LONGEST = 400
"""Characters; a longer line is a paragraph."""
MOST = 1_000_000
"""Lines counted at once, about 200 MB; when there are more, the rare ones are forgotten."""

_RARE = 0.05
"""Share of a site's pages; a line on fewer is forgotten first."""
_PROSE = re.compile(r"[.!?…][\s)\]”“»\"'’]*$")
_PROSE_WORDS = 12


@dataclass(slots=True)
class LineCount:
    """Counts the lines of one page after the other."""

    _pages: Counter[str] = field(default_factory=Counter)
    _lines: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    _met: set[tuple[str, int]] = field(default_factory=set)
    _held: int = 0

    def add(self, site: str, text: str) -> None:
        """A page; one whose text was met before on the site counts no second time."""
        key = site, hash(text)
        if key in self._met:
            return
        self._met.add(key)
        self._pages[site] += 1
        known = self._lines[site]
        before = len(known)
        known.update({line for line in map(_plain, text.splitlines()) if 0 < len(line) <= LONGEST})
        self._held += len(known) - before
        if self._held > MOST:
            self._forget()

    def found(self) -> dict[str, dict[str, int]]:
        """For each site that has any: its template lines, whitespace made plain, and the pages of each."""
        found = {
            site: {line: pages for line, pages in lines.items() if self._is_template(site, line, pages)}
            for site, lines in self._lines.items()
        }
        return {site: lines for site, lines in found.items() if lines}

    def _is_template(self, site: str, line: str, pages: int) -> bool:
        fewest = PROSE_PAGES if _is_prose(line) else PAGES
        return pages >= max(fewest, SHARE * self._pages[site])

    def _forget(self) -> None:
        for site, lines in self._lines.items():
            rare = max(2, _RARE * self._pages[site])
            self._lines[site] = Counter({line: pages for line, pages in lines.items() if pages >= rare})
        self._held = sum(map(len, self._lines.values()))


def template_lines(pages: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """The template lines of each site, from its pages as (site, text); see ``page`` for an article's."""
    count = LineCount()
    for site, text in pages:
        count.add(site, text)
    return {site: frozenset(lines) for site, lines in count.found().items()}


def page(article: Article) -> tuple[str, str] | None:
    """The article's site (the domain of its address, else its outlet) and its body, one block a line."""
    site = (urlsplit(article.url).hostname or "").removeprefix("www.") if article.url else ""
    site = site or article.outlet or ""
    return (site, "\n".join(map(_plain, _blocks(article)))) if site else None


def without(article: Article, templates: Mapping[str, frozenset[str]]) -> Article:
    """The article with its site's template lines out of its body.

    The headline stays; so does all of it where they are more than half, which makes it no page with furniture
    but one of many states of an article.
    """
    found = page(article)
    lines = templates.get(found[0]) if found else None
    if not lines:
        return article
    kept = tuple(
        span
        for span, block in zip(article.body, _blocks(article), strict=True)
        if span == article.title_span or _plain(block) not in lines
    )
    if 2 * _length(kept) < _length(article.body):
        return article
    return replace(article, body=kept)


def _blocks(article: Article) -> list[str]:
    return [article.text[start:end] for start, end in article.body]


def _plain(line: str) -> str:
    return " ".join(line.split())


def _is_prose(line: str) -> bool:
    return bool(_PROSE.search(line[-20:])) or len(line.split()) > _PROSE_WORDS


def _length(spans: Iterable[tuple[int, int]]) -> int:
    return sum(end - start for start, end in spans)
