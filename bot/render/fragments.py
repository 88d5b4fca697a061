"""Addresses a reader may open: those of the web, and such as open the page at the quote. Pure.

The part after ``#:~:text=`` follows the text fragments of the Web Incubator Community Group
(wicg.github.io/scroll-to-text-fragment): the browser goes to the first place that matches, whole words, without
regard to case, accents and the kind of white space. A term lies within one block, here a line. The page itself
may hold more than the article; that cannot be seen from here.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote as escaped
from urllib.parse import urlsplit

from bot.answer import Quote

_LONGEST = 2048  # characters of an address; Telegram refuses the whole message for one that it cannot read
_SITE = re.compile(r"[^\W_]([\w-]*[^\W_])?(\.[^\W_]([\w-]*[^\W_])?)+(:[0-9]{1,5})?")
_WHOLE = 120  # characters; a longer quote is named by its first and last words
_ENDS = (4, 8, 16)  # words at either end of it
_WORD = re.compile(r"\w+(?:[.,:;'’·]\w+)*")  # as UAX 29 has it: "can't", "3.5" and "imports.The" are one each
_MARKS = str.maketrans("“”״‘’׳", "\"\"\"'''")  # Chromium, foldQuoteMarkOrSoftHyphen
_NEAR = 64  # characters that are looked at for the word around a place
_CONTEXT = (2, 4, 8)  # words before and after it, where it is not the only place


def web_address(url: str | None) -> str | None:
    """The address where it is one of the web that Telegram takes as a link (TDLib, ``check_link``); else None."""
    try:
        parts = urlsplit(url or "")
        good = parts.scheme in {"http", "https"} and parts.port != 0  # which raises for one beyond 65535
    except ValueError:
        return None
    if not url or not good or not _SITE.fullmatch(parts.netloc) or len(url) > _LONGEST:
        return None
    return url if url.isprintable() and " " not in url else None


def source_link(quote: Quote, text: str) -> str | None:
    """The address that opens the page at the quote, where ``text``, the article, has it once; else the plain one.

    None without an address of the web. An address that names a place in the page already keeps it.
    """
    address = web_address(quote.url)
    if not address or ":~:" in address or not quote.text or text[quote.start : quote.end] != quote.text:
        return address
    page = _Page(_plain(text[: quote.start]), _plain(quote.text), _plain(text[quote.end :]))
    for terms in _candidates(quote, text):
        if page.has_once(terms):
            link = f"{address}{'' if '#' in address else '#'}:~:text={terms.written}"
            return link if len(link) <= _LONGEST else address
    return address


@dataclass(frozen=True, slots=True)
class _Terms:
    """``prefix-,start,end,-suffix``; all but ``start`` may be empty."""

    start: str
    end: str = ""
    prefix: str = ""
    suffix: str = ""

    @property
    def written(self) -> str:
        # urllib leaves "-" as it is, which parts terms
        prefix, start, end, suffix = (
            escaped(" ".join(term.split()), safe="").replace("-", "%2D")
            for term in (self.prefix, self.start, self.end, self.suffix)
        )
        return ",".join(
            part
            for part in (f"{prefix}-" if prefix else "", start, end, f"-{suffix}" if suffix else "")
            if part
        )


@dataclass(frozen=True, slots=True)
class _Page:
    """The article as browsers compare it, in three parts."""

    before: str
    quote: str
    after: str

    def has_once(self, terms: _Terms) -> bool:
        """Whether a browser finds the quote, and nothing else anywhere."""
        whole = _joined(_joined(self.before, self.quote), self.after)
        end = len(_joined(self.before, self.quote).rstrip())
        start = end - len(self.quote.strip())
        if _parts_word(whole, start) or _parts_word(whole, end):
            return False
        return list(_found(whole, terms)) == [(start, end)]


def _candidates(quote: Quote, text: str) -> Iterator[_Terms]:
    """Ways of naming the quote, shorter ones first."""
    before = text[: quote.start].rstrip().rsplit("\n", 1)[-1].split()
    after = text[quote.end :].lstrip().split("\n", 1)[0].split()
    ends = list(_ends(quote.text.strip()))
    yield from ends
    for words in _CONTEXT:
        prefix, suffix = " ".join(before[-words:]), " ".join(after[:words])
        for named in ends[:1] + ends[-1:]:
            for given in ((prefix, ""), ("", suffix), (prefix, suffix)):
                if any(given):
                    yield _Terms(named.start, named.end, *given)


def _ends(text: str) -> Iterator[_Terms]:
    lines = text.split("\n")
    if len(lines) == 1 and len(text) <= _WHOLE:
        yield _Terms(text)
        return
    first, last = lines[0].split(), lines[-1].split()
    for words in _ENDS:
        if len(lines) > 1 or len(first) >= 2 * words:
            yield _Terms(" ".join(first[:words]), " ".join(last[-words:]))


def _found(whole: str, terms: _Terms) -> Iterator[tuple[int, int]]:
    prefix, suffix = _plain(terms.prefix).strip(), _plain(terms.suffix).strip()
    for start, begun in _places(whole, _plain(terms.start).strip()):
        if prefix and not _ends_with(whole[:start].rstrip(), prefix):
            continue
        closings = _places(whole, _plain(terms.end).strip(), begun) if terms.end else iter([(start, begun)])
        for _, end in closings:
            if not suffix or _starts_with(whole[end:].lstrip(), suffix):
                yield start, end
                break


def _places(whole: str, term: str, since: int = 0) -> Iterator[tuple[int, int]]:
    """Where the term stands as whole words."""
    start = whole.find(term, since) if term else -1
    while start >= 0:
        end = start + len(term)
        if not _within_word(whole, start) and not _within_word(whole, end):
            yield start, end
        start = whole.find(term, start + 1)


def _starts_with(text: str, term: str) -> bool:
    return text.startswith(term) and not _within_word(text, len(term))


def _ends_with(text: str, term: str) -> bool:
    return text.endswith(term) and not _within_word(text, len(text) - len(term))


def _within_word(text: str, place: int) -> bool:
    return 0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum()


def _parts_word(text: str, place: int) -> bool:
    """As browsers see words: such a place is no beginning or end for them."""
    around, here = text[max(place - _NEAR, 0) : place + _NEAR], min(place, _NEAR)
    return any(word.start() < here < word.end() for word in _WORD.finditer(around))


def _plain(text: str) -> str:
    """As browsers compare: no case, no accents, one kind of quotation marks, each white space as one space."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_MARKS))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return re.sub(r"\s+", " ", bare.casefold())


def _joined(before: str, after: str) -> str:
    return (
        before.rstrip() + " " + after.lstrip()
        if before.endswith(" ") or after.startswith(" ")
        else before + after
    )
