"""JSONL, gzipped or not: one article a line, read line by line."""

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from corpus import layout
from corpus.decoding import LIMIT, Unfit, fit, too_large
from corpus.kinds.record import Flaw, Record, given

_GIVE_UP = 20
"""So many bad lines in a row mean that the file is no JSONL at all."""


def records(path: Path) -> Iterator[Record | Flaw]:
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
    return given(fit(text), tuple(layout.plain(text)), fields, number)
