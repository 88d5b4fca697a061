"""What each kind of file holds: its source text, its blocks, and the metadata given beside the text.

A text (``.txt``), a Markdown file with front matter (``.md``) and a web page (``.html``) are one article
each; ``.jsonl`` holds one a line. ``.jsonl`` and ``.html`` may be gzipped.
"""

import gzip
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

import yaml

from corpus import dates, layout, pages
from corpus.decoding import LIMIT, Unfit, decode, fit, load, too_large
from corpus.layout import Block

ARTICLE_LIKE = (
    ".pdf",
    ".doc",
    ".docx",
    ".odt",
    ".rtf",
    ".eml",
    ".mht",
    ".mhtml",
    ".warc",
    ".warc.gz",
    ".epub",
)
"""Kinds that may hold articles and are not read: in a folder they are named as unreadable, not passed over."""
SUFFIXES = (".txt", ".md", ".jsonl", ".jsonl.gz", ".html", ".html.gz")
"""Names of files that can be read end in one of these, in either case."""

_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(?P<yaml>.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_NOTHING = {"", "none", "null", "nan", "n/a", "unknown"}
_LONGEST_WORD = 1000
"""Characters of one metadata value; the rest is cut off."""
_GIVE_UP = 20
"""So many bad lines in a row mean that the file is no JSONL at all."""


@dataclass(frozen=True, slots=True)
class Record:
    """One article as its file gives it, before it is cleaned."""

    text: str
    blocks: tuple[Block, ...]
    line: int | None = None
    """Line of the file, from 1, where a file holds many."""
    id: str | None = None
    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: date | None = None
    updated: date | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Flaw:
    """A record that cannot be read, and why."""

    reason: str
    line: int | None = None


def is_article_like(name: str) -> bool:
    """A kind of file that may hold an article but is not read."""
    return name.lower().endswith(ARTICLE_LIKE)


def is_readable_name(name: str) -> bool:
    return name.lower().endswith(SUFFIXES)


def records(path: Path) -> Iterator[Record | Flaw]:
    """The articles of one file. Raises ``Unfit`` or ``OSError`` when the whole file cannot be read."""
    name = path.name.lower()
    if name.endswith((".jsonl", ".jsonl.gz")):
        yield from _lines(path)
        return
    data = load(path)
    if not data.strip():
        raise Unfit("the file is empty")
    if name.endswith(".md"):
        yield _markdown(decode(data))
    elif name.endswith((".html", ".html.gz")):
        yield _page(data)
    else:
        text = decode(data)
        yield Record(text, tuple(layout.plain(text)))


def _page(data: bytes) -> Record:
    found = pages.extract(data)
    return Record(
        found.text,
        tuple(layout.plain(found.text)),
        title=_word(found.title),
        outlet=_word(found.outlet),
        author=_word(found.author),
        published=found.published,
        url=_address(found.url),
    )


def _markdown(text: str) -> Record:
    front = _FRONT_MATTER.match(text)
    if front is None and re.match(r"---[ \t]*\r?\n", text):
        raise Unfit('the front matter has no closing "---": add it below the last field')
    fields = _fields(front["yaml"]) if front else {}
    return _given(text, tuple(layout.markdown(text, front.end() if front else 0)), fields, None)


def _fields(source: str) -> Mapping[str, object]:
    try:
        fields = yaml.safe_load(source)
    except (yaml.YAMLError, ValueError, RecursionError) as exc:
        mark = getattr(exc, "problem_mark", None)
        where = f" at line {mark.line + 2}" if mark else ""
        raise Unfit(f'the front matter is not valid YAML{where}: quote values that hold ": "') from exc
    if fields is not None and not isinstance(fields, dict):
        raise Unfit("the front matter is not a list of fields such as title: and published:")
    return fields or {}


def _lines(path: Path) -> Iterator[Record | Flaw]:
    bad = 0
    with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
        number = 0
        for number, line in enumerate(_bounded(file), start=1):
            found = _line(line, number)
            if found is not None:
                yield found
                bad = bad + 1 if isinstance(found, Flaw) else 0
            if bad == _GIVE_UP:
                yield Flaw(
                    f"{bad} bad lines in a row, so the rest was not read: is this JSONL in UTF-8?", number
                )
                return
    if not number:
        raise Unfit("the file is empty")


def _bounded(file: BinaryIO | gzip.GzipFile) -> Iterator[bytes | None]:
    """The lines of ``file``; None in place of one longer than ``LIMIT`` bytes."""
    try:
        while line := file.readline(LIMIT + 1):
            if len(line) <= LIMIT:
                yield line
                continue
            while line and not line.endswith(b"\n"):
                line = file.readline(LIMIT)
            yield None
    except (EOFError, zlib.error, gzip.BadGzipFile) as exc:
        raise Unfit("the gzip data is broken: fetch or pack the file again") from exc


def _line(line: bytes | None, number: int) -> Record | Flaw | None:
    """The record of one line; None for a blank one."""
    if line is None:
        return Flaw(too_large(), number)
    if not line.strip():
        return None
    try:
        fields = json.loads(line.decode("utf-8-sig"))
        return _row(fields, number)
    except Unfit as exc:
        return Flaw(str(exc), number)
    except UnicodeDecodeError:
        return Flaw("not UTF-8, which JSONL has to be: convert the file", number)
    except (ValueError, RecursionError) as exc:
        return Flaw(f"not valid JSON ({str(exc).splitlines()[0][:80]}): mend or remove the line", number)


def _row(fields: object, number: int) -> Record:
    text = fields.get("text") if isinstance(fields, dict) else None
    if not isinstance(fields, dict) or not isinstance(text, str) or not text.strip():
        raise Unfit('no "text": give the article\'s text in that field')
    return _given(fit(text), tuple(layout.plain(text)), fields, number)


def _given(text: str, blocks: tuple[Block, ...], fields: Mapping[str, object], line: int | None) -> Record:
    return Record(
        text,
        blocks,
        line,
        id=_word(fields.get("id")),
        title=_word(fields.get("title")),
        outlet=_word(fields.get("outlet")),
        author=_word(fields.get("author")),
        published=dates.parse(fields.get("published")),
        updated=dates.parse(fields.get("updated")),
        url=_address(fields.get("url")),
    )


def _word(value: object) -> str | None:
    """A metadata value on one line, fit to be stored and shown; None for words that mean none."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    word = " ".join(value.encode("utf-8", "replace").decode().replace("\0", " ").split())
    return None if word.casefold() in _NOTHING else word[:_LONGEST_WORD]


def _address(value: object) -> str | None:
    """A web address; None for anything else, so that nothing else is ever offered as a link."""
    word = _word(value)
    return word if word and re.match(r"https?://\S+$", word) else None
