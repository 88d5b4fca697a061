"""Web archives (WARC, gzipped or not): each page that was answered with "200 OK" is one article.

The only importer of warcio. An archive may hold gigabytes, so it is read record by record, in a child process
of its own; after a damaged record, reading goes on at the next place that looks like the start of one. Not
handled: answers split over several records, revisits, and the older ARC.
"""

import base64
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from corpus import confined
from corpus.decoding import LIMIT, Unfit, too_large
from corpus.kinds import page
from corpus.kinds.record import Flaw, Record, address

DAMAGED = 100
"""After so many damaged records the rest of an archive is not read."""
_CHUNK = 65_536
_VERSION = b"WARC/"
_MEMBER = b"\x1f\x8b\x08"
_START = re.compile(rb"(?:\n(?P<plain>WARC/1\.\d\r?\n)|(?P<packed>\x1f\x8b\x08[\x00-\x1f]))")
_OVERLAP = 16
"""Bytes looked at twice, longer than what ``_START`` finds."""
_HTML = re.compile(r"(?i)\s*(?:text/html|application/xhtml\+xml)\b")
_CHARSET = re.compile(r"(?i)charset\s*=\s*[\"']?([\w-]{3,20})")


class _Damaged(Exception):
    """Why a record cannot be read."""


def records(path: Path) -> Iterator[Record | Flaw]:
    if not path.stat().st_size:
        raise Unfit("the file is empty")
    number = 0
    for number, found in enumerate(confined.stream(parse, os.fsencode(path)), start=1):
        try:
            yield _record(found, number)
        except Unfit as exc:
            where = f"{found['address']}: " if found["address"] else ""
            yield Flaw(f"{where}{exc}", number, "record")
    if not number:
        raise Unfit("no web page in the archive: was it broken off, or does it hold something else?")


def _record(found: confined.Answer, number: int) -> Record:
    if found["flaw"]:
        raise Unfit(found["flaw"])
    known = page.record(base64.b64decode(found["body"]), found["charset"])
    return replace(
        known,
        line=number,
        unit="record",
        url=address(found["address"]) or known.url,
        fetched=_time(found["date"]),
    )


def _time(value: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(value or "")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def parse(name: bytes) -> Iterator[confined.Answer]:
    """The pages of the archive at the path ``name``, and its flaws. For ``confined.stream``."""
    damaged = 0
    with Path(os.fsdecode(name)).open("rb") as file:
        at: int | None = 0
        while at is not None and damaged < DAMAGED:
            part = _Part(file, at)
            try:
                yield from _pages(part)
                at = part.after()
            except Exception as exc:  # noqa: BLE001  warcio meets damage with every kind of error
                damaged += 1
                yield _flaw(
                    None, f"damaged record at byte {part.offset} ({_cause(exc)}): fetch the page again"
                )
                at = _next_start(file, part.offset + 1)
    if at is not None:
        yield _flaw(None, f"{DAMAGED} damaged records, so the rest was not read: fetch the archive again")


def _flaw(link: str | None, reason: str) -> confined.Answer:
    return {"flaw": reason, "address": link}


def _cause(error: Exception) -> str:
    if isinstance(error, zlib.error):
        return "its gzip data is broken"
    return str(error) if isinstance(error, _Damaged) else type(error).__name__


def _pages(part: "_Part") -> Iterator[confined.Answer]:
    from warcio.archiveiterator import WARCIterator  # noqa: PLC0415  only needed in the child

    if not part.starts_well():
        raise _Damaged("no record begins here")
    archive = WARCIterator(part)
    for record in archive:
        if record.length is None:
            raise _Damaged("it does not say how long it is")
        found = _page(record)
        archive.read_to_end()
        if archive.err_count or record.raw_stream.limit:
            raise _Damaged("its length is not what it says")
        part.reached(archive.offset)
        if found is not None:
            yield found


def _page(record: Any) -> confined.Answer | None:
    """The page in a record; None for anything else."""
    told = record.http_headers
    kind = (told.get_header("content-type") if told else record.content_type) or ""
    is_whole = told.get_statuscode() == "200" if told else record.rec_type == "resource"
    if record.rec_type not in ("response", "resource") or not is_whole or not _HTML.match(kind):
        return None
    link = record.rec_headers.get_header("WARC-Target-URI")
    body = record.content_stream().read(LIMIT + 1)
    if len(body) > LIMIT:
        return _flaw(link, too_large())
    charset = _CHARSET.search(kind)
    return {
        "flaw": None,
        "address": link,
        "date": record.rec_headers.get_header("WARC-Date"),
        "charset": charset[1] if charset else None,
        "body": base64.b64encode(body).decode(),
    }


class _Part:
    """Records as a stream for warcio: those of one gzip member, unpacked in pieces, or of the plain file."""

    def __init__(self, file: BinaryIO, at: int) -> None:
        self.offset = at
        """Where in the file the record now being read begins; for a member, where that does."""
        self._file = file
        file.seek(at)
        self._zip = zlib.decompressobj(31) if file.read(len(_MEMBER)) == _MEMBER else None
        file.seek(at)
        self._first = b""

    def starts_well(self) -> bool:
        self._first = self.read(len(_VERSION))
        return self._first == _VERSION

    def read(self, size: int) -> bytes:
        found, self._first = self._first, b""
        while self._zip is not None and not found and not self._zip.eof:
            packed = self._zip.unconsumed_tail or self._file.read(_CHUNK)
            if not packed:
                raise _Damaged("the file breaks off")
            found = self._zip.decompress(packed, size)
        return found if found or self._zip else self._file.read(size)

    def tell(self) -> int:
        return self.offset if self._zip else self._file.tell() - len(self._first)

    def reached(self, offset: int) -> None:
        if self._zip is None:
            self.offset = offset

    def after(self) -> int | None:
        """Where the next part begins; None at the end of the file."""
        while self.read(_CHUNK):
            pass
        end = self._file.tell() - (len(self._zip.unused_data) if self._zip else 0)
        self._file.seek(end)
        return end if self._file.read(1) else None


def _next_start(file: BinaryIO, at: int) -> int | None:
    """The first place from ``at`` on where a record begins."""
    kept = b""
    file.seek(at)
    while data := file.read(_CHUNK):
        kept += data
        end = file.tell()
        for match in _START.finditer(kept):
            start = end - len(kept) + match.start(match.lastgroup or 0)
            if _is_start(file, start):
                return start
        file.seek(end)
        kept = kept[-_OVERLAP:]
    return None


def _is_start(file: BinaryIO, at: int) -> bool:
    try:
        return _Part(file, at).starts_well()
    except (zlib.error, _Damaged):
        return False
