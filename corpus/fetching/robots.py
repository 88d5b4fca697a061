"""robots.txt (RFC 9309) for one reader. Not handled: Request-rate, Visit-time, Clean-param.

Own code, because the libraries fall short: ``urllib.robotparser`` knows no wildcards, and Protego copies every
rule to every name in its group, so that half a megabyte of names and rules takes all memory.
"""

import re
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from urllib.parse import quote

LARGEST = 512_000
"""Bytes of a robots.txt that are read; RFC 9309 (2.5) asks for at least 500 KiB. What follows is passed over."""
LONGEST_DELAY = 30.0
"""Seconds of Crawl-delay that are honoured; with more, a feed of twenty articles would take a morning."""
FRESH = 86_400.0
"""Seconds that rules are kept; RFC 9309 (2.4): no longer than a day."""
CLOSED = 600.0
"""Seconds before a robots.txt that could not be read is asked for again."""
MOST = 5_000
"""Rules of a site that are kept, the first ones: many times what large sites write, and a second of matching."""
_MANY = 50  # sites remembered, some 1 MB each at most

_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_ASCII = "".join(map(chr, range(33, 127)))


@dataclass(frozen=True, slots=True)
class Rules:
    """What one site asks of one reader."""

    paths: tuple[tuple[str, bool], ...] = ()
    """Patterns and whether they allow, the longest first, and of two alike the one that allows."""
    delay: float = 0.0
    """Seconds between requests."""
    closed: bool = False
    """Nothing may be read: its robots.txt could not be."""

    def allow(self, target: str) -> bool:
        """Whether path and query ``target`` may be read: as the longest pattern that matches it says."""
        if self.closed:
            return False
        target = _normal(target)
        return next((allows for pattern, allows in self.paths if _matches(pattern, target)), True)


@dataclass(slots=True)
class _Group:
    """Rules as they are collected."""

    paths: dict[str, bool] = field(default_factory=dict)
    delay: float = 0.0
    named: bool = False


def read(data: bytes, token: str) -> Rules:
    """The rules for the product ``token``, or else those for everybody."""
    groups = {token.lower(): _Group(), "*": _Group()}
    current: list[_Group] = []
    naming = False
    for line in data[:LARGEST].decode("utf-8-sig", "replace").splitlines():
        key, colon, value = (part.strip() for part in line.partition("#")[0].partition(":"))
        if not colon:
            continue
        if key.lower() == "user-agent":
            current = current if naming else []
            group = groups.get(value.partition("/")[0].strip().lower())
            if group and group not in current:
                group.named = True
                current.append(group)
            naming = True
        elif key.lower() in ("allow", "disallow", "crawl-delay"):
            naming = False
            for group in current:
                _add(group, key.lower(), value)
    chosen = groups[token.lower()] if groups[token.lower()].named else groups["*"]
    longest = sorted(chosen.paths.items(), key=lambda rule: (len(rule[0]), rule[1]), reverse=True)
    return Rules(tuple(longest), chosen.delay)


class Sites:
    """The rules of sites asked lately; shared by all threads of a fetcher."""

    def __init__(self) -> None:
        self._rules: OrderedDict[str, tuple[float, Rules]] = OrderedDict()
        self._lock = threading.Lock()

    def known(self, origin: str) -> Rules | None:
        with self._lock:
            until, rules = self._rules.get(origin, (0.0, None))
            return rules if until > time.monotonic() else None

    def keep(self, origin: str, rules: Rules) -> None:
        with self._lock:
            self._rules[origin] = (time.monotonic() + (CLOSED if rules.closed else FRESH), rules)
            self._rules.move_to_end(origin)
            while len(self._rules) > _MANY:
                self._rules.popitem(last=False)


def _add(group: _Group, key: str, value: str) -> None:
    if key == "crawl-delay":
        if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", value):
            group.delay = min(float(value), LONGEST_DELAY)
    elif value and len(group.paths) < MOST:
        pattern = _normal(value)
        group.paths[pattern] = group.paths.get(pattern, False) or key == "allow"


def _normal(path: str) -> str:
    """One spelling for each path (RFC 9309, 2.2.2): escaped where it is not ASCII, plain where it may be."""
    return quote(_ESCAPE.sub(_unescaped, path), safe=_ASCII)


def _unescaped(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if _UNRESERVED.fullmatch(character) else escape[0].upper()


def _matches(pattern: str, target: str) -> bool:
    """From the start; ``*`` is any characters, a final ``$`` the end. Each part is searched for once: no backtracking."""
    pattern, ends = pattern.removesuffix("$"), pattern.endswith("$")
    first, *parts = pattern.split("*")
    if not target.startswith(first):
        return False
    at = len(first)
    last = parts.pop() if parts and ends else None
    for part in parts:
        found = target.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    if last is not None:
        return len(target) - len(last) >= at and target.endswith(last)
    return not ends or at == len(target)
