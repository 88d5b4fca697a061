"""Text that was decoded wrongly before it came here: UTF-8 read as cp1252 or cp1251, or characters lost.

A single pair such as "С…" or "Ã," may be meant: Cyrillic needs three in a row, Latin a pair that no language
writes. Not handled: KOI8-R or cp1251 read as each other, where every letter is still a letter.
"""

import re


def _continued(encoding: str) -> str:
    """How ``encoding`` shows the bytes 80 to BF, which follow the first of a UTF-8 character."""
    return re.escape(
        "".join(bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in range(0x80, 0xC0))
    )


_LATIN, _CYRILLIC = _continued("cp1252"), _continued("cp1251")
_SIGNS = re.compile(
    rf"â€|вЂ|Ã[{_LATIN.replace(chr(0xA0), '')}]|Â[\xa0«»°©®£§·´…–]|(?:[ÐÑ][{_LATIN}]){{3}}|(?:[РС][{_CYRILLIC}]){{3}}|\ufffd"
)
_AROUND = 20
"""Characters shown on either side."""


def garbled(text: str) -> str | None:
    """The first place in ``text`` that was decoded wrongly, with some characters around it; None for none."""
    found = _SIGNS.search(text)
    return text[max(0, found.start() - _AROUND) : found.end() + _AROUND] if found else None
