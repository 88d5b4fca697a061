"""A body as it arrives: unpacked step by step, within its limits. gzip alone, since nothing else is asked for."""

import zlib

from corpus.errors import FetchError
from corpus.fetching.limits import Limits
from corpus.fetching.links import shown

_STEP = 65_536  # bytes unpacked at a time, so that a bomb is seen before it is held
_UNSUSPICIOUS = 1_000_000  # bytes below which any ratio is harmless; an empty table packs well
_GZIP = zlib.MAX_WBITS | 16


class Body:
    """Collects ``add``-ed pieces; ``whole`` gives the bytes. Both raise ``FetchError``."""

    def __init__(self, coding: str, limits: Limits) -> None:
        if coding not in ("", "identity", "gzip", "x-gzip"):
            raise FetchError(
                f"is packed as {shown(coding, 40)}, which was not asked for: save the page and add it"
            )
        self._gzip = zlib.decompressobj(_GZIP) if "gzip" in coding else None
        self._limits = limits
        self._packed = 0
        self._bytes = bytearray()
        self._garbage = False

    def add(self, piece: bytes) -> None:
        self._packed += len(piece)
        if self._gzip is None:
            self._keep(piece)
        elif not self._garbage:
            self._unpack(self._gzip, piece)

    def whole(self) -> bytes:
        if self._gzip and self._packed and not (self._gzip.eof or self._garbage):
            raise FetchError("its gzip data breaks off: try again later")
        return bytes(self._bytes)

    def _unpack(self, gzip: "zlib._Decompress", data: bytes) -> None:
        later = gzip.eof
        while data:
            if gzip.eof:  # a gzip file may be several, end to end
                self._gzip = gzip = zlib.decompressobj(_GZIP)
                later = True
            try:
                self._keep(gzip.decompress(data, _STEP))
            except zlib.error as exc:
                if not later:
                    raise FetchError("its gzip data is broken: save the page and add it") from exc
                self._garbage = True  # what follows the end of the data is passed over, as browsers do
                return
            data = gzip.unused_data if gzip.eof else gzip.unconsumed_tail

    def _keep(self, piece: bytes) -> None:
        self._bytes += piece
        size = len(self._bytes)
        if size > self._limits.unpacked:
            raise FetchError(too_large(self._limits.unpacked))
        if size > max(_UNSUSPICIOUS, self._limits.ratio * self._packed):
            raise FetchError(
                f"unpacks to over {self._limits.ratio} times what was sent: nothing of it is kept"
            )


def too_large(limit: int) -> str:
    return f"larger than {limit / 1_000_000:g} MB: save the part you want and add it"
