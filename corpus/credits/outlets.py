"""What an outlet is called: the name a page gives where it fits its address, else the address's domain."""

import re
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

_PREFIX = re.compile(r"(?:www\d?|m|amp|mobile)\.(?=[^.]+\.)")
_DOMAIN = re.compile(r"(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}")
_SECOND = {"co", "com", "org", "net", "gov", "gob", "ac", "edu"}
"""Labels above the last that are no name: bbc.co.uk."""
_OF_OTHERS = re.compile(
    r"(?:.*\.)?(?:archive\.(?:org|today|ph|is)|translate\.goog|googleusercontent\.com|news\.google\.com|t\.me)"
)
"""Hosts that show the pages of others."""
_NO_NAME = re.compile(r"\s*(?:copyright|©|\(c\)|@|home\b|untitled|wordpress$)", re.IGNORECASE)
_PARTED = re.compile(r"\s[|–—:-]\s")
_LONGEST = 60
"""Characters of a name; what is longer is a slogan."""


def domain(url: str | None) -> str | None:
    """The host of ``url`` without "www."; None for a number, a bare host and hosts that show others' pages."""
    try:
        host = (urlsplit(url or "").hostname or "").lower().rstrip(".")
    except ValueError:
        return None
    host = _PREFIX.sub("", host, count=1)
    if not _DOMAIN.fullmatch(host) or _OF_OTHERS.fullmatch(host) or _is_number(host):
        return None
    return host


def tidy(name: str) -> str:
    """A given name as it is; an address or "www.tengrinews.kz" given as one becomes "tengrinews.kz"."""
    url = name if re.match(r"https?://", name, re.IGNORECASE) else f"https://{name}"
    bare = re.match(r"(?:https?://|www\d?\.)\S+$", name, re.IGNORECASE)
    return (bare and domain(url)) or name


def best(guess: str | None, declared: Iterable[str], url: str | None) -> str | None:
    """The name that fits ``url``, else the first declared: by the site, and then by the publisher.

    A publisher may be the agency whose text it is, and a ``guess``, taken from the page's title, anything: it
    counts only where it fits, and without an address only what both say does.
    """
    host = domain(url)
    names = [name for name in map(_first_part, declared) if name]
    guessed = _first_part(guess) if guess else None
    if host is None:
        return next((name for name in names if guessed is None or _letters(name) == _letters(guessed)), None)
    fitting = [name for name in (guessed, *names) if name and _fits(name, host)]
    found = fitting[0] if fitting else names[0] if names else None
    return (
        None
        if found and _letters(found) == _main(host) and found[1:].islower() and not _spelt(found, names)
        else found
    )


def without_site(title: str, outlet: str | None, url: str | None) -> str:
    """``title`` without the site's name that its page's title ends with."""
    host = domain(url)
    sites = {_letters(name) for name in (outlet, host, host and _main(host)) if name}
    while parts := list(_PARTED.finditer(title)):
        if _letters(title[parts[-1].end() :]) not in sites:
            break
        title = title[: parts[-1].start()].rstrip()
    return title


def _first_part(name: str) -> str | None:
    """What "Autoracing | F1 | Indy" is called; None for what is no name."""
    part = tidy(_PARTED.split(" ".join(name.split()), maxsplit=1)[0]).strip("_ ")
    return None if not part or len(part) > _LONGEST or _NO_NAME.match(part) else part


def _spelt(name: str, declared: Iterable[str]) -> bool:
    """Is it spelt so by the site itself, and not made from a label of its address?"""
    return name in declared and not name.islower()


def _fits(name: str, host: str) -> bool:
    words = re.findall(r"[^\W_]+", re.sub(r"^the\s", "", name.casefold()))
    letters, main = "".join(words), _main(host)
    return len(letters) > 1 and (
        letters in main or (main in letters and len(main) > 1) or "".join(w[0] for w in words) == main
    )


def _main(host: str) -> str:
    """The label of ``host`` that names it, letters and digits alone."""
    labels = host.split(".")[:-1]
    return _letters(labels[-2] if len(labels) > 1 and labels[-1] in _SECOND else labels[-1])


def _letters(name: str) -> str:
    return "".join(re.findall(r"[^\W_]", re.sub(r"^the\s", "", name.casefold())))


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
