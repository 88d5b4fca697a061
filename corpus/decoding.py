"""Bytes to text, exactly: nothing is replaced, no newline is translated, only a byte order mark is dropped.

Order: UTF-8, UTF-16 (with or without a byte order mark), then the likeliest older encoding. Not handled:
UTF-32, UTF-16 without a byte order mark in scripts other than Latin, Greek and Cyrillic, and Central European
cp1250, which cannot be told from cp1252 with any safety. The only importer of charset_normalizer.
"""

import codecs
import gzip
import io
import re
import zlib
from pathlib import Path
from typing import BinaryIO

LIMIT = 20_000_000
"""Most bytes of one article, unpacked (20 MB); about ten times the longest novel."""

BULKY = 100_000_000
"""Most bytes of a file that carries pictures beside its article (100 MB): PDFs, mails, saved pages."""

_OLDER = ["cp1251", "koi8_r", "cp866", "cp1252", "gb18030", "shift_jis", "big5", "euc_kr"]
_SAMPLE = 65_536
_HALF = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_PLAIN = re.compile(r"[\t\n\f\r -~\u00a0-\u052f\u2000-\u206f\u20a0-\u20bf\u2116]")
_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]{1,3}")


class Unfit(ValueError):
    """A file or record that cannot be read; the message is a reason fit to show to a user."""


def load(path: Path, limit: int | None = None) -> bytes:
    """The file's bytes, unpacked when its name ends in ``.gz``.

    Raises ``Unfit`` when there are none, or more than ``limit``; None stands for ``LIMIT``.
    """
    limit = LIMIT if limit is None else limit
    with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
        data = _read(file, limit)
    if not data.strip():
        raise Unfit("the file is empty")
    return data


def unpacked(data: bytes) -> bytes:
    """``data``, unpacked where it is gzipped; at most ``LIMIT`` bytes, else ``Unfit``."""
    packed = data.startswith(b"\x1f\x8b")
    return _read(gzip.GzipFile(fileobj=io.BytesIO(data)) if packed else io.BytesIO(data), LIMIT)


def _read(file: BinaryIO | gzip.GzipFile, limit: int) -> bytes:
    try:
        data = file.read(limit + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as exc:
        raise Unfit("the gzip data is broken: fetch or pack the file again") from exc
    if len(data) > limit:
        raise Unfit(too_large(limit))
    return data


def too_large(limit: int | None = None) -> str:
    limit = LIMIT if limit is None else limit
    return f"larger than {limit // 1_000_000} MB, the most one article may have: split it"


def decode(data: bytes, declared: str | None = None, *, guess: bool = True) -> str:
    """The text of ``data``; ``declared`` is an encoding the document names for itself. Raises ``Unfit``.

    Without ``guess``, only what is valid in UTF-8, UTF-16 or the declared encoding is text.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = _strictly(data, "utf-16")
    elif b"\0" in data:
        text = _unmarked_utf16(data)
    else:
        text = _strictly(data, "utf-8-sig")
        if text is None and declared:
            text = _strictly(data, declared)
        if text is None and guess:
            text = _older(data)
    if text is None or _is_binary(text):
        raise Unfit("binary data, not text: remove it or convert it to UTF-8 text")
    return fit(text)


def fit(text: str) -> str:
    """``text`` itself when it can be stored and shown; raises ``Unfit`` for half characters and NUL."""
    if "\0" in text:
        raise Unfit(
            f"the text holds NUL characters, the first {_where(text, text.index(chr(0)))}: remove them"
        )
    try:
        text.encode()
    except UnicodeEncodeError as exc:
        raise Unfit(
            f"half of a character (a lone surrogate) {_where(text, exc.start)}: mend the text"
        ) from exc
    return text


def mended(text: str) -> str:
    """``text`` without NUL, and with U+FFFD for half characters.

    For text extracted from pages, PDFs and mails, where such are the format's and no user can mend them.
    """
    return _HALF.sub("\ufffd", text.replace("\0", ""))


def _where(text: str, position: int) -> str:
    return f"at character {position} (line {text.count(chr(10), 0, position) + 1})"


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _unmarked_utf16(data: bytes) -> str | None:
    for encoding in ("utf-16-le", "utf-16-be"):
        text = _strictly(data, encoding)
        if text and len(_PLAIN.findall(text[:_SAMPLE])) > 0.95 * len(text[:_SAMPLE]):
            return text
    return None


def _older(data: bytes) -> str | None:
    broken = data.decode("utf-8", "replace").count("\ufffd")
    if len(_MULTIBYTE.findall(data)) > broken or _is_halved(data):
        raise Unfit(f"damaged UTF-8 at byte {_first_bad_byte(data)}: save the file again as UTF-8")
    from charset_normalizer import from_bytes  # noqa: PLC0415  rarely needed

    best = from_bytes(data[:_SAMPLE], cp_isolation=_OLDER).best()
    return _strictly(data, best.encoding) if best else None


def _is_halved(data: bytes) -> bool:
    """Whether it is UTF-8 but for halves of characters, which no older encoding would look like."""
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _first_bad_byte(data: bytes) -> int:
    try:
        data.decode()
    except UnicodeDecodeError as exc:
        return exc.start
    return 0


def _is_binary(text: str) -> bool:
    return len(_CONTROL.findall(text[:_SAMPLE])) > 0.01 * len(text[:_SAMPLE])
