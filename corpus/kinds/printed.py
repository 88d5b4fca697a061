"""PDFs: one article each, its wrapped lines joined to paragraphs. The only importer of pypdf.

A PDF holds characters at places, so lines are what it gives at best. A line that is nearly as wide as the
page's text goes on in the next, unless the next opens a paragraph; what stands at the head or foot of most
pages, and page numbers, are left out. The date of a PDF file is not the article's, and is not read.

Not handled: scanned pages, columns written across each other, tables, and words whose own hyphen falls at
the end of a line ("long-term" may be read as "longterm").
"""

import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from corpus import confined, layout
from corpus.decoding import BULKY, LIMIT, Unfit, load, mended, too_large
from corpus.kinds.record import Flaw, Record, word

PAGES = 500
"""Most pages of one PDF, which have ``confined.SECONDS`` in all."""
_NO_TITLE = re.compile(r"(?i)untitled|microsoft (?:word|powerpoint)|.*\.(?:docx?|pdf|indd|qxd|odt|tex|rtf)$")
_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"(?i)\W*(?:page|p\.|стр\.?)?\s*\d{1,4}(?:\s*(?:/|of|из)\s*\d{1,4})?\W*")
_OPENING = re.compile(r"[-–—•*]\s|\(?\d{1,2}[.)]\s")
_MANY = 10
"""Lines that tell how wide the text of their page is; a page of fewer goes by the whole document."""
_WIDE = 0.8
"""Of the widest lines of a page: a line this wide was broken because it was full."""


def records(path: Path) -> Iterator[Record | Flaw]:
    found = confined.call(parse, load(path, BULKY))
    text = paragraphs(found["pages"])
    if not text:
        raise Unfit("no text in the PDF, so its pages may be pictures: run text recognition on it first")
    title = word(found["title"])
    yield Record(
        text,
        tuple(layout.plain(text)),
        title=None if title and _NO_TITLE.match(title) else title,
        author=word(found["author"]),
        origin="the document's properties",
    )
    if found["bad"]:
        pages = ", ".join(map(str, found["bad"][:10]))
        yield Flaw(f"left out {len(found['bad'])} damaged pages (page {pages}): save the PDF again")


def paragraphs(pages: list[str]) -> str:
    """The text of the pages as paragraphs, a blank line between them."""
    lines = [[line.strip() for line in page.splitlines()] for page in pages]
    running, overall = _running(lines), _width([line for page in lines for line in page])
    found: list[str] = []
    is_open = False
    for page in lines:
        full = _WIDE * (_width(page) if len(page) >= _MANY else overall)
        for number, line in enumerate(page):
            if _is_edge(number, page) and (_shape(line) in running or _PAGE_NUMBER.fullmatch(line)):
                continue
            if line and found and _goes_on(found[-1], line, is_open=is_open):
                found[-1] = _joined(found[-1], line)
            elif line:
                found.append(line)
            is_open = bool(line) and len(line) >= full
    return "\n\n".join(found)


def _width(lines: list[str]) -> int:
    """Characters of the widest lines, but for the widest tenth, which may be odd."""
    widths = sorted(len(line) for line in lines if line)
    return widths[len(widths) * 9 // 10] if widths else 0


def _goes_on(before: str, line: str, *, is_open: bool) -> bool:
    if _OPENING.match(line):
        return False
    return is_open or (line[0].islower() and before[-1] not in '.!?:;…”»"')


def _joined(before: str, line: str) -> str:
    if before[-1] == "\u00ad" or (before[-1] == "-" and before[-2:-1].isalpha() and line[0].islower()):
        return before[:-1] + line
    return before + ("" if before[-1] in "-–/" and before[-2:-1].isalnum() else " ") + line


def _is_edge(number: int, page: list[str]) -> bool:
    return number < 2 or number >= len(page) - 2


def _running(pages: list[list[str]]) -> set[str]:
    """The shapes of lines at the head or foot of at least three pages and a third of them."""
    shapes = Counter(
        shape
        for page in pages
        for shape in {_shape(line) for number, line in enumerate(page) if line and _is_edge(number, page)}
    )
    return {shape for shape, count in shapes.items() if count >= max(3, len(pages) / 3)}


def _shape(line: str) -> str:
    return _NUMBER.sub("0", line)


def parse(data: bytes) -> confined.Answer:
    """The text of each page, the title and the author. For ``confined.call``."""
    from pypdf import PdfReader  # noqa: PLC0415  only needed in the child

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unfit("locked with a password: save the PDF without one")
    if len(reader.pages) > PAGES:
        raise Unfit(f"more than {PAGES} pages: split it")
    pages: list[str] = []
    bad: list[int] = []
    for number in range(len(reader.pages)):
        try:
            pages.append(mended(reader.pages[number].extract_text()))
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001  damaged pages raise every kind of error; the others are still read
            bad.append(number + 1)
        if sum(map(len, pages)) > LIMIT:
            raise Unfit(too_large())
    told = reader.metadata
    return {
        "pages": pages,
        "bad": bad,
        "title": mended(str(told.title)) if told and told.title else None,
        "author": mended(str(told.author)) if told and told.author else None,
    }
