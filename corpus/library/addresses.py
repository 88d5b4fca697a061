"""Addresses in an update: pages, and feeds and sitemaps with the pages they list, read again where they changed."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, TypeVar

from corpus.article import Article, Unreadable
from corpus.credits import outlets
from corpus.decoding import Unfit
from corpus.errors import OnrecordError
from corpus.kinds.entry import Entry
from corpus.kinds.feeds import feed
from corpus.kinds.sitemaps import sitemap
from corpus.library.entries import Fetch, Item, Root
from corpus.library.keeper import Keeper
from corpus.reading import READING, Taken, fetched

if TYPE_CHECKING:
    from corpus.fetching.client import Fetched

T = TypeVar("T")

FOLLOWED = 500
"""Most pages asked for in one update of a feed or sitemap: at a polite second each, some eight minutes. What a
sitemap lists beyond them comes with the next updates."""
PARTS = 50
"""Most sitemaps read of one index of sitemaps."""
_ENDINGS = {
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "message/rfc822": ".eml",
    "multipart/related": ".mhtml",
    "application/warc": ".warc",
    "application/jsonl": ".jsonl",
    "application/x-ndjson": ".jsonl",
}
"""What files of these media types are called; anything else is taken for a web page."""
_FEED = (b"<rss", b"<feed", b"<rdf:rdf")
_HEAD = 4096
"""Bytes in which the outermost element of a feed begins, below its declarations."""


class Addresses:
    """Goes through the roots that are addresses.

    ``fetch`` None asks nobody. What is not asked for is read again from what was kept of it where Onrecord now
    reads otherwise than it did then, or in any case if ``whole``.
    """

    def __init__(self, keeper: Keeper, fetch: Fetch | None, told: Callable[[], None], *, whole: bool) -> None:
        self._keeper, self._fetch, self._told, self._whole = keeper, fetch, told, whole
        self._sources = keeper.sources
        self._asked: set[str] = set()

    def read(self, root: Root, *, may_fetch: bool) -> None:
        if self._fetch is None or not may_fetch:
            for item in self._sources.items(root.number):
                self._read_again(item)
            return
        item = self._item(root, root.place, 0)
        got = self._ask(item)
        if got is None:
            return
        if root.kind == "sitemap":
            self._follow(root, self._site(root, item, got), every=False)
        elif root.kind == "feed" or _is_feed(got):
            self._sources.is_a(root, "feed")
            entries = self._listed(item, got, lambda data: feed(data, got.final).entries) or ()
            self._follow(root, entries, every=True)
        else:
            self._page(item, got)

    def _site(self, root: Root, item: Item, got: "Fetched", *, is_part: bool = False) -> list[Entry]:
        """The pages a sitemap lists, or the sitemaps that it lists itself."""
        found = self._listed(item, got, lambda data: (sitemap(data),))
        if not found:
            return []
        entries = list(found[0].entries)
        for position, part in enumerate(found[0].sitemaps[: 0 if is_part else PARTS], start=1):
            if part.address and part.address not in self._asked:
                other = self._item(root, part.address, position)
                if answer := self._ask(other):
                    entries += self._site(root, other, answer, is_part=True)
        return entries

    def _listed(self, item: Item, got: "Fetched", parse: Callable[[bytes], Sequence[T]]) -> Sequence[T]:
        """What a feed or sitemap holds, be it as it was before; nothing when it cannot be read, which is noted."""
        data = self._sources.listing(item) if got.not_modified else got.body
        try:
            found = parse(data)
        except Unfit as exc:
            self._keeper.fail(item, str(exc))
            return ()
        self._keeper.list(item, data, stamp=_stamp(got))
        return found

    def _follow(self, root: Root, entries: Iterable[Entry], *, every: bool) -> None:
        """Read the pages that ``entries`` lead to, or those alone that are new or said to have changed."""
        known = {item.place: item for item in self._sources.items(root.number)}
        positions = count(1 + max((item.position for item in known.values()), default=0))
        left = FOLLOWED
        for entry in entries:
            address, told = entry.address, _told(entry)
            if not address or address in self._asked:
                continue
            before = known.get(address)
            stale = before is None or before.told != told
            if not every and not stale and before and before.stamp is not None:
                continue
            if not left:
                return
            left -= 1
            item = self._item(root, address, before.position if before else next(positions), told)
            if got := self._ask(item):
                self._page(item, got, stale=stale)

    def _item(self, root: Root, address: str, position: int, told: str | None = None) -> Item:
        item = self._sources.met(address, root.number, position, address)
        if told is not None and told != item.told:
            self._sources.tell(item, told)
        return replace(item, told=told or item.told)

    def _ask(self, item: Item) -> "Fetched | None":
        """What the address sends; None when it fails, which is noted."""
        assert self._fetch is not None  # noqa: S101  looked at before
        self._asked.add(item.place)
        try:
            return self._fetch(item.place, **json.loads(item.stamp or "{}"))
        except OnrecordError as exc:
            self._keeper.fail(item, str(exc).removeprefix(f"{item.place}: "))
            return None
        finally:
            self._told()

    def _page(self, item: Item, got: "Fetched", *, stale: bool = False) -> None:
        """Keep the page that came, unless it is as it was; ``stale`` when more is known of it than was."""
        digest = hashlib.sha256(got.body).hexdigest()
        if got.not_modified or (digest == item.sha256 and item.reader == READING and not stale):
            self._keeper.is_same(item, _stamp(got))
            self._read_again(item, stale=stale)
            return
        media = json.dumps([_ENDINGS.get(got.kind, ".html"), got.charset, got.final])
        found = _articles(got.body, media, item.told)
        self._keeper.take(item, found, digest=digest, stamp=_stamp(got), raw=got.body, media=media)

    def _read_again(self, item: Item, *, stale: bool = False) -> None:
        """From the bytes that were kept, where that may give something else."""
        if not (stale or self._whole or item.reader != READING) or not (item.sha256 and item.media):
            return
        raw = self._keeper.versions.raw(item.sha256)
        if raw is not None:
            found = _articles(raw, item.media, item.told)
            self._keeper.take(item, found, digest=item.sha256, stamp=item.stamp, raw=raw, media=item.media)


def _is_feed(got: "Fetched") -> bool:
    head = got.body[:_HEAD].lower()
    return any(element in head for element in _FEED) and b"<html" not in head


def _stamp(got: "Fetched") -> str:
    return json.dumps({"etag": got.etag, "modified": got.modified})


def _told(entry: Entry) -> str:
    published = entry.published.isoformat() if entry.published else None
    known = {"title": entry.title, "author": entry.author, "published": published, "changed": entry.changed}
    return json.dumps(known, ensure_ascii=False)


def _articles(data: bytes, media: str, told: str | None) -> Iterator[Taken | Unreadable]:
    """The articles in what came from an address, with what the list it was in knows better than the page."""
    ending, charset, final = json.loads(media)
    for one in fetched(data, ending, charset, final):
        yield replace(one, article=_completed(one.article, final, told)) if isinstance(one, Taken) else one


def _completed(article: Article, final: str, told: str | None) -> Article:
    """With its address, and the title, author and day that the page does not tell and the feed does."""
    said = json.loads(told or "{}")
    if said.get("published"):
        said["published"] = date.fromisoformat(said["published"])
    names = ("title", "author", "published")
    filled = {name: said[name] for name in names if said.get(name) and getattr(article, name) is None}
    origins = [*article.origins, *((name, "the feed") for name in filled)]
    if article.outlet is None and outlets.domain(final):
        filled["outlet"] = outlets.domain(final)
        origins.append(("outlet", "the domain"))
    return replace(article, url=article.url or final, origins=tuple(origins), **filled)
