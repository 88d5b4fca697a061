"""Catalogues of phrases (``locales/*.po``), read as they are: compiled in memory, with plural forms by CLDR.

Apart from ``phrases``, so that an answer in English loads no part of Babel.
"""

import gettext
import io
from datetime import date
from functools import cache
from importlib.resources import files
from threading import Lock

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.render.phrases import Phrases

_LOADING = Lock()


def translated(language: str) -> Phrases:
    """The phrases of a language that has a catalogue; read once, whichever thread asks first."""
    with _LOADING:
        return _translated(language)


@cache
def _translated(language: str) -> Phrases:
    compiled = io.BytesIO()
    lines = (files(__package__) / "locales" / f"{language}.po").read_text(encoding="utf-8").splitlines()
    write_mo(compiled, read_po(lines, locale=language))
    compiled.seek(0)
    return _Translated(language, gettext.GNUTranslations(compiled))


class _Translated(Phrases):
    """A phrase that the catalogue lacks is said in English. Values go in last, and are never read as a pattern."""

    def __init__(self, language: str, catalogue: gettext.GNUTranslations) -> None:
        super().__init__(language)
        self._catalogue, self._locale = catalogue, Locale.parse(language)

    def __call__(self, english: str, /, **values: object) -> str:
        return self._catalogue.gettext(english).format(**values)

    def many(self, one: str, other: str, /, number: int, **values: object) -> str:
        return self._catalogue.ngettext(one, other, number).format(number=number, **values)

    def date(self, day: date | None) -> str:
        """As the language writes it: ``17 июня 2024 г.``, ``2024 ж. 17 маусым``."""
        return format_date(day, "long", self._locale) if day else super().date(None)
