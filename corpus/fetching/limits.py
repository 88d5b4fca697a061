"""What one fetch may cost, in bytes, seconds and requests."""

from dataclasses import dataclass

from corpus.decoding import LIMIT


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one fetch; whatever passes one of them is a ``FetchError``."""

    received: int = LIMIT
    """Bytes taken from the line for one request, headers included; the most that one article may have."""
    unpacked: int = LIMIT
    """Bytes of a body after decompression."""
    ratio: int = 100
    """Unpacked bytes for one received byte, from 1 MB on. Pages reach 20; a gzip bomb some 1,000."""
    seconds: float = 120.0
    """Seconds for all of it: looking up names, robots.txt, redirects, tries, and the pauses between them."""
    silence: float = 15.0
    """Seconds to connect, and seconds without one byte."""
    redirects: int = 5
    """Redirects followed from the address given; RFC 9309 asks as many for robots.txt."""
    tries: int = 3
    """Requests for the same thing, when a server is busy, silent or breaks off."""
    backoff: float = 2.0
    """Seconds before the second try; twice as many before each further one."""
    pause: float = 1.0
    """Seconds from one request to the next on the same host; robots.txt may ask for more."""
