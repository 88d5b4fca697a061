"""Text files, and Markdown files with or without front matter: one article each."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import yaml

from corpus import layout
from corpus.decoding import Unfit, decode, load
from corpus.kinds.record import Record, given

_LONGEST = 20_000
"""Characters of front matter: it takes some hundred, and so many take a second of parsing."""
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(?P<yaml>.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)


def plain(path: Path) -> Iterator[Record]:
    text = _text(path)
    yield Record(text, tuple(layout.plain(text)))


def markdown(path: Path) -> Iterator[Record]:
    text = _text(path)
    front = _FRONT_MATTER.match(text)
    if front is None and re.match(r"---[ \t]*\r?\n", text):
        raise Unfit('the front matter has no closing "---": add it below the last field')
    if front and len(front["yaml"]) > _LONGEST:
        raise Unfit(
            f"the front matter is longer than {_LONGEST} characters: keep title, outlet, author and dates"
        )
    fields = _fields(front["yaml"]) if front else {}
    found = given(text, tuple(layout.markdown(text, front.end() if front else 0)), fields, None)
    yield replace(found, origin="front matter")


def _text(path: Path) -> str:
    text = decode(load(path))
    if not text.strip():
        raise Unfit("the file is empty")  # but for a byte order mark or blanks
    return text


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
