import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.fetching.robots import LARGEST, LONGEST_DELAY, MOST, Rules, Sites, read


def rules(text: str) -> Rules:
    return read(text.encode(), "Onrecord")


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("user-agent : * # all\r\ndisallow : /a # this", "/ab", False),
        ("\ufeffUser-agent: *\nDisallow: /a", "/a", False),
        ("Disallow: /a", "/a", True),
        # the longest rule decides, and of two alike the one that allows (RFC 9309, 2.2.2)
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a/b", "/a/b/c", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        # our own group, or else the one for everybody (2.2.1)
        ("User-agent: onrecord/2\nDisallow: /a\n\nUser-agent: *\nDisallow: /", "/b", True),
        ("User-agent: onrecord\nDisallow: /a\nUser-agent: *\nDisallow: /", "/a", False),
        ("User-agent: onrecords\nDisallow: /\nUser-agent: *\nDisallow: /a", "/b", True),
        ("User-agent: other\nUser-agent: Onrecord\nDisallow: /a", "/a", False),
        ("User-agent: other\nSitemap: x\nUser-agent: Onrecord\nDisallow: /a", "/a", False),
        (
            "User-agent: Onrecord\nDisallow: /a\nUser-agent: b\nDisallow: /b\nUser-agent: Onrecord\nDisallow: /c",
            "/c",
            False,
        ),
        ("User-agent: Onrecord\nDisallow: /a\nUser-agent: b\nDisallow: /b", "/b", True),
        # wildcards (2.2.3)
        ("User-agent: *\nDisallow: /*.php$", "/a/b.php", False),
        ("User-agent: *\nDisallow: /*.php$", "/a/b.php?c", True),
        ("User-agent: *\nDisallow: /*.php$", "/.php.php", False),
        ("User-agent: *\nDisallow: /*?print=", "/a?print=1", False),
        ("User-agent: *\nDisallow: /a*b*c", "/a-c-b", True),
        ("User-agent: *\nDisallow: /a*b*c", "/a-b-c-d", False),
        ("User-agent: *\nDisallow: /a$", "/a", False),
        ("User-agent: *\nDisallow: /a$", "/ab", True),
        ("User-agent: *\nDisallow: /a*$", "/ab", False),
        ("User-agent: *\nDisallow: /*ab*b$", "/ab", True),
        # one path, many spellings (2.2.2)
        ("User-agent: *\nDisallow: /ツ", "/%E3%83%84", False),
        ("User-agent: *\nDisallow: /%e3%83%84", "/ツ", False),
        ("User-agent: *\nDisallow: /b%61z", "/baz", False),
        ("User-agent: *\nDisallow: /a%2Fb", "/a/b", True),
    ],
)
def test_what_may_be_read(text: str, path: str, *, allowed: bool) -> None:
    assert rules(text).allow(path) is allowed


def test_a_site_that_cannot_say_allows_nothing() -> None:
    assert not Rules(closed=True).allow("/")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("2", 2.0), ("0.5", 0.5), ("9999", LONGEST_DELAY), ("-1", 0), ("nan", 0), ("1e9", 0), ("", 0)],
)
def test_crawl_delay(value: str, seconds: float) -> None:
    assert rules(f"User-agent: *\nCrawl-delay: {value}").delay == seconds


def test_what_follows_the_largest_size_is_passed_over() -> None:
    text = "User-agent: *\nDisallow: /a\n" + "#" * LARGEST + "\nDisallow: /b"
    assert not rules(text).allow("/a")
    assert rules(text).allow("/b")


def test_names_are_not_multiplied_with_rules() -> None:
    names = "".join(f"User-agent: a{number}\n" for number in range(15_000))
    paths = "".join(f"Disallow: /{number}\n" for number in range(15_000))
    found = rules(f"{names}User-agent: *\n{paths}")
    assert len(found.paths) == MOST
    assert not found.allow("/1")


def test_many_wildcards_are_searched_for_once_each() -> None:
    assert rules("User-agent: *\nDisallow: /" + "*a" * 4_000 + "*b").allow("/" + "a" * 8_000)


@settings(deadline=None)
@given(st.binary(max_size=300), st.text(max_size=50))
def test_nothing_breaks_the_reader(data: bytes, path: str) -> None:
    assert read(b"User-agent: *\n" + data, "Onrecord").allow(path.encode("utf-8", "replace").decode()) in (
        True,
        False,
    )


def test_sites_asked_long_ago_are_forgotten() -> None:
    sites = Sites()
    for number in range(60):
        sites.keep(f"http://{number}.example", Rules())
    assert sites.known("http://0.example") is None
    assert sites.known("http://59.example") == Rules()
