"""Bytes to text, exactly: nothing is replaced, no newline is translated, only a byte order mark is dropped.

Order: UTF-8, UTF-16 (with or without a byte order mark), then the likeliest older encoding. Not handled:
UTF-32, UTF-16 without a byte order mark in scripts other than Latin, Greek and Cyrillic, and Central European
cp1250, which cannot be told from cp1252 with any safety. The only importer of charset_normalizer.
"""

import codecs
import gzip
import re
import zlib
from pathlib import Path

LIMIT = 20_000_000
"""Most bytes of one article, unpacked (20 MB); about ten times the longest novel."""

_OLDER = ["cp1251", "koi8_r", "cp866", "cp1252", "gb18030", "shift_jis", "big5", "euc_kr"]
_SAMPLE = 65_536
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_PLAIN = re.compile(r"[\t\n\f\r -~\u00a0-\u052f\u2000-\u206f\u20a0-\u20bf\u2116]")
_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]{1,3}")


class Unfit(ValueError):
    """A file or record that cannot be read; the message is a reason fit to show to a user."""


def load(path: Path) -> bytes:
    """The file's bytes, unpacked when its name ends in ``.gz``; at most ``LIMIT`` of them, else ``Unfit``."""
    try:
        with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
            data = file.read(LIMIT + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as exc:
        raise Unfit("the gzip data is broken: fetch or pack the file again") from exc
    if len(data) > LIMIT:
        raise Unfit(too_large())
    return data


def too_large() -> str:
    return f"larger than {LIMIT // 1_000_000} MB, the most one article may have: split it"


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of ``data``; ``declared`` is an encoding the document names for itself. Raises ``Unfit``."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = _strictly(data, "utf-16")
    elif b"\0" in data:
        text = _unmarked_utf16(data)
    else:
        text = _strictly(data, "utf-8-sig")
        if text is None and declared:
            text = _strictly(data, declared)
        if text is None:
            text = _older(data)
    if text is None or _is_binary(text):
        raise Unfit("binary data, not text: remove it or convert it to UTF-8 text")
    return fit(text)


def fit(text: str) -> str:
    """``text`` itself when it can be stored and shown; raises ``Unfit`` for half characters and NUL."""
    if "\0" in text:
        raise Unfit("the text holds NUL characters: remove them")
    try:
        text.encode()
    except UnicodeEncodeError as exc:
        raise Unfit(
            f"half of a character (a lone surrogate) at character {exc.start}: mend the text"
        ) from exc
    return text


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
    if len(_MULTIBYTE.findall(data)) > broken:
        raise Unfit(f"damaged UTF-8 at byte {_first_bad_byte(data)}: save the file again as UTF-8")
    from charset_normalizer import from_bytes  # noqa: PLC0415  rarely needed

    best = from_bytes(data[:_SAMPLE], cp_isolation=_OLDER).best()
    return _strictly(data, best.encoding) if best else None


def _first_bad_byte(data: bytes) -> int:
    try:
        data.decode()
    except UnicodeDecodeError as exc:
        return exc.start
    return 0


def _is_binary(text: str) -> bool:
    return len(_CONTROL.findall(text[:_SAMPLE])) > 0.01 * len(text[:_SAMPLE])
