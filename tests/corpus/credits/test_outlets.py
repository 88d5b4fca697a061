"""What outlets and authors are called."""

import pytest

from corpus.credits.authors import tidy as tidy_authors
from corpus.credits.outlets import best, domain, tidy, without_site


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.tengrinews.kz/news/1", "tengrinews.kz"),
        ("http://M.Tengrinews.kz./news", "tengrinews.kz"),
        ("https://www2.bbc.co.uk:443/x", "bbc.co.uk"),
        ("https://edition.cnn.com/x", "edition.cnn.com"),
        ("https://127.0.0.1/x", None),
        ("https://[::1]/x", None),
        ("https://localhost/x", None),
        ("https://web.archive.org/web/2023/https://a.kz/", None),
        ("https://[broken", None),
        ("", None),
        (None, None),
    ],
)
def test_domain(url: str | None, host: str | None) -> None:
    assert domain(url) == host


def test_tidy() -> None:
    names = [
        "www.tengrinews.kz",
        "https://www.newsnation.in",
        "Tengrinews.kz",
        "cnn.com",
        "The Astana Times",
        "www",
    ]
    assert [tidy(name) for name in names] == [
        "tengrinews.kz",
        "newsnation.in",
        "Tengrinews.kz",
        "cnn.com",
        "The Astana Times",
        "www",
    ]


@pytest.mark.parametrize(
    ("guess", "declared", "url", "name"),
    [
        ("Associated Press", ["SFGate"], "https://www.sfgate.com/a", "SFGate"),
        ("Wall Street Journal", ["WSJ"], "https://www.wsj.com/a", "Wall Street Journal"),
        ("CNN - Breaking News", [], "https://cnn.com/a", "CNN"),
        ("Autoracing | F1 | Indy", ["Autoracing | F1 | Indy"], None, "Autoracing"),
        ("The Detroit News", ["detroitnews"], "https://detroitnews.com", "The Detroit News"),
        ("Nj", ["nj"], "https://www.nj.com/a", None),
        ("Copyright 2014", [], "https://www.jaragua.gov.br", None),
        ("A diet in ten days", [], "https://zdorovye.ru/a", None),
        ("A diet in ten days", [], None, None),
        (None, ["BGR"], None, "BGR"),
        ("Reuters", ["U.S."], None, None),
    ],
)
def test_best(guess: str | None, declared: list[str], url: str | None, name: str | None) -> None:
    assert best(guess, declared, url) == name


def test_titles_without_the_site() -> None:
    url = "https://www.morebikes.co.uk/1"
    assert without_site("Bike - review | MoreBikes | MoreBikes", "MoreBikes", url) == "Bike - review"
    assert without_site("Bike - MoreBikes at the fair", "MoreBikes", url) == "Bike - MoreBikes at the fair"
    assert without_site("MoreBikes", "MoreBikes", url) == "MoreBikes"


@pytest.mark.parametrize(
    ("given", "outlet", "names"),
    [
        ("Nigar Bayramli", "Caspian News", "Nigar Bayramli"),
        ("Tom Krisher; Ap Auto Writer", None, "Tom Krisher"),
        ("Sandee LaMotte; CNN", "MSN", "Sandee LaMotte"),
        ("Reuters", "VentureBeat", "Reuters"),
        ("Troy Smith; Troy L Smith; Cleveland com", "cleveland.com", "Troy Smith"),
        ("Carrie Arnold November", None, "Carrie Arnold"),
        ("Jeff Foust Monday; November", None, "Jeff Foust"),
        ("Текст Венера Ерофеева", "wday.ru", "Венера Ерофеева"),
        ("Kevin Johnson; Kevin McCoy", "USA TODAY", "Kevin Johnson, Kevin McCoy"),
        ("Jean-Luc O'Brien", None, "Jean-Luc O'Brien"),
        ("News Nation Bureau", "News Nation", None),
        ("Jdadmin", None, None),
        ("Syrian defense ministries", None, None),
        ("Admin", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_authors(given: str | None, outlet: str | None, names: str | None) -> None:
    assert tidy_authors(given, outlet) == names
