"""What the interface says, in the reader's language; the English text is the key of each phrase. Pure.

Quotes, names and titles are never translated. The texts stand in the calls themselves, ``say("…")`` and
``say.many("…", "…", number)``: the catalogues in ``locales`` are made from them.
"""

from datetime import date

LANGUAGES = {"en": "English", "ru": "Русский", "kk": "Қазақша"}
"""What can be chosen, by its own name."""


class Phrases:
    """The phrases of one language."""

    def __init__(self, language: str = "en") -> None:
        self.language = language

    def __call__(self, english: str, /, **values: object) -> str:
        """The phrase, its ``{names}`` filled with ``values`` as they are."""
        return english.format(**values)

    def many(self, one: str, other: str, /, number: int, **values: object) -> str:
        """The form of the phrase that goes with ``number``, which fills ``{number}``."""
        return (one if number == 1 else other).format(number=number, **values)

    def date(self, day: date | None) -> str:
        """``17 June 2024``, or ``undated``."""
        say = self
        return f"{day.day} {day:%B %Y}" if day else say("undated")


ENGLISH = Phrases()


def phrases(code: str | None) -> Phrases:
    """For a language tag as Telegram gives it (IETF, ``ru`` or ``pt-br``); English where there is no catalogue."""
    language = (code or "").replace("_", "-").partition("-")[0].lower()
    if language not in LANGUAGES or language == ENGLISH.language:
        return ENGLISH
    from bot.render.catalogues import translated  # noqa: PLC0415  English loads no catalogue and no Babel

    return translated(language)
