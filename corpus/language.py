"""The language of a text. The only importer of py3langid."""

import re
from functools import lru_cache
from typing import Any

_FEWEST = 40
"""Letters below which the library often errs: names alone are half of so short a text."""
_SURE = 0.9
"""Probability; related languages (Russian and Bulgarian, Bosnian and Serbian) share what is left."""
_READ = 1500
"""Characters looked at; more do not change the answer, and a text may be of any length."""
_CODE = re.compile(r"\s*(?P<code>[a-z]{2})(?:[-_][a-z0-9_-]{1,20})?\s*$", re.IGNORECASE)


def detect(text: str, declared: str | None = None) -> tuple[str | None, bool]:
    """The ISO 639-1 code of the language of ``text``, and whether the text itself shows it.

    What a page declares is often its template's: it counts where the text is too short to tell, or agrees.
    None when neither tells.
    """
    part = text[:_READ]
    if sum(map(str.isalpha, part)) < _FEWEST:
        return declared, False
    label, probability = _identifier().classify(part)
    known = len(label) == 2 and (probability >= _SURE or label == declared)
    return (label, True) if known else (None, False)


def code(declared: object) -> str | None:
    """The ISO 639-1 code in what a page declares ("en-GB"); None when there is none."""
    found = _CODE.match(declared) if isinstance(declared, str) else None
    return found["code"].lower() if found else None


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415  only needed while reading articles

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
