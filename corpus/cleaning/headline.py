"""Which of the lines above an article is its headline."""

import re
from collections.abc import Container, Sequence

from corpus.cleaning import furniture
from corpus.cleaning.furniture import Kind
from corpus.layout import Block

_SITE_SUFFIX = re.compile(r"\s\|\s[^|\n]{2,40}$")
_WORDS = range(3, 31)
_ABOVE = 20
"""Blocks above the first paragraph among which the headline stands."""
_TELLING = 4
"""Letters of a word that tells what a text is about."""
_SAME_START = 20
"""Characters that a headline and a cut or lengthened copy of it share."""


def site_suffix(line: str) -> str:
    """The site's name with the bar before it, where a headline ends with them."""
    found = _SITE_SUFFIX.search(line[-60:])
    return found[0] if found else ""


def given(lines: Sequence[str], first: int, title: str) -> int | None:
    """The line, above the paragraph at ``first`` or just below it, that repeats ``title``."""
    near = range(min(len(lines), first + 2))
    return next((i for i in near if _same(lines[i], title) and not furniture.is_breadcrumbs(lines[i])), None)


def best(
    blocks: Sequence[Block],
    lines: Sequence[str],
    kinds: Sequence[Kind | None],
    article: range,
    site: str | None,
) -> int | None:
    """The line above ``article`` that is marked as a heading, ends the breadcrumbs, or tells most of what it tells."""
    first = article.start
    candidates = [
        i
        for i in range(max(0, first - _ABOVE), first)
        if kinds[i] is None and len(lines[i].split()) in _WORDS and lines[i] != site
    ]
    marked = next((i for i in candidates if blocks[i].mark == "head"), None)
    if marked is not None or not candidates:
        return marked
    crumbs = " ".join(line for line in lines[:first] if furniture.is_breadcrumbs(line))
    told = frozenset(_words(" ".join(lines[i] for i in article)))
    return max(
        [i for i in candidates if lines[i] in crumbs] or candidates, key=lambda i: _told(lines[i], told)
    )


def _told(line: str, told: Container[str]) -> float:
    """How many of the words of a line an article has, less half of those it has not."""
    words = {word for word in _words(line) if len(word) >= _TELLING}
    return sum(1 if word in told else -0.5 for word in words)


def _same(line: str, title: str) -> bool:
    left, right = (" ".join(_words(part)) for part in (line[:400], title[:400]))
    shorter, longer = sorted((left, right), key=len)
    return bool(shorter) and (left == right or (len(shorter) >= _SAME_START and longer.startswith(shorter)))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
