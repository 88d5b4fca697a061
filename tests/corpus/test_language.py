"""The language of a body, and what a page's own word for it is worth."""

import pytest

from corpus.language import code, detect

ENGLISH = "The minister said on Thursday that the bridge would open in June next year."
RUSSIAN = "Министр заявил в четверг, что мост откроется в июне следующего года."
KAZAKH = "Министр бейсенбі күні көпір келесі жылы маусымда ашылатынын айтты."


@pytest.mark.parametrize(("text", "found"), [(ENGLISH, "en"), (RUSSIAN, "ru"), (KAZAKH, "kk")])
def test_the_text_tells(text: str, found: str) -> None:
    assert detect(text) == (found, True)
    assert detect(text, "de") == (found, True)
    assert detect(text * 10_000, found) == (found, True)


def test_a_short_text_takes_what_is_declared() -> None:
    assert detect("Yes, said he.", "kk") == ("kk", False)
    assert detect("Yes, said he.") == (None, False)
    assert detect("2023 " * 100) == (None, False)


def test_unsure() -> None:
    close = "Vlada je u četvrtak saopštila da će most biti otvoren u junu."
    assert detect(close) == (None, False)
    assert detect(close, "de") == (None, False)
    assert detect(close, "bs") == ("bs", True)  # the likeliest, and the page agrees


def test_codes() -> None:
    declared = ["en", "en-GB", "EN_us", " ru ", "eng", "x", "", None, 3, "english"]
    assert [code(word) for word in declared] == ["en", "en", "en", "ru", None, None, None, None, None, None]
