"""What an open question wants (a number, a date, a person …) and where a sentence holds it."""

import re

from bot.answering.lexicon import FUNCTION_WORDS
from bot.answering.question import Claim

_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|hundred|thousand|million|billion|half|dozen)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\b(?:1[5-9]|20)\d\d\b|\b(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|century|yesterday|today)\b|\b\d{3,4}s\b"
)
_NAME = re.compile(r"(?<!^)(?<![.!?“\"] )\b[A-Z][\w'’\-]+")
_REASON = re.compile(
    r"\b(?:because|due to|since|caused?|reason|owing|as a result|in order to|so that|led to|therefore)\b",
    re.IGNORECASE,
)


def answer_spans(claim: Claim, text: str) -> list[tuple[int, int]]:
    """Where a sentence holds what an open question wants: ranges of ``text``; what the question names is left out."""
    pattern = _SPANS.get(claim.wanted)
    if pattern is None:
        return []
    asked = {w.lower() for w in claim.words}
    whole = claim.wanted in {"reason", "quote"}  # a clause, which may well hold words of the question
    return [m.span() for m in pattern.finditer(text) if whole or not _told_by(asked, m.group())]


def answer_values(claim: Claim, text: str) -> frozenset[str]:
    """What a sentence may give as the answer, in lower case: names and numbers that the question does not hold."""
    asked = {w.lower() for w in claim.words}
    one = _SPANS.get(claim.wanted) if claim.wanted in _VALUES else None
    found = (
        m.group()
        for pattern in ([one] if one else [_NAME_SPAN, _NUMBER_SPAN])
        for m in pattern.finditer(text)
    )
    return frozenset(value.lower() for value in found if not _told_by(asked, value))


def _told_by(asked: set[str], span: str) -> bool:
    """A number or name that the question itself holds, or a mere word that begins the sentence."""
    words = [w.lower() for w in re.findall(r"[\w’'\-]+", span)]
    numbers = [w for w in words if w[0].isdigit()]
    return any(w in asked for w in numbers or words) or all(w in FUNCTION_WORDS for w in words)


_NUMBER_SPAN = re.compile(
    r"[$€£]?\d[\d.,]*\d?(?:\s?%|\s(?:percent|per cent|million|billion|thousand|trillion|km|miles|kilomet(?:re|er)s|tonnes"
    r"|tons|people|years|days|months|hours|dollars|euros|troops|U\.S\. dollars))*"
)
_DATE_SPAN = re.compile(
    r"\b(?:(?:on |in )?(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"(?: \d{1,2})?(?:,? \d{4})?|\d{1,2} (?:January|February|March|April|May|June|July|August|September|October"
    r"|November|December)(?: \d{4})?|(?:1[5-9]|20)\d\d)\b"
)
_NAME_SPAN = re.compile(r"\b[A-Z][\w'’\-]+(?: (?:of |de |al |van |von |bin )?[A-Z][\w'’\-]+)*")


_REASON_SPAN = re.compile(
    r"\b(?:because(?: of)?|due to|owing to|as a result of|caused by|in order to|so that|citing)\b[^.;:!?]+",
    re.IGNORECASE,
)
_QUOTE_SPAN = re.compile(r"(?<=“)[^“”]{3,}(?=”)|(?<=«)[^«»]{3,}(?=»)|(?<=\")[^\"]{3,}(?=\")")
_SPANS = {
    "number": _NUMBER_SPAN,
    "date": _DATE_SPAN,
    "person": _NAME_SPAN,
    "place": _NAME_SPAN,
    "reason": _REASON_SPAN,
    "quote": _QUOTE_SPAN,
}
_VALUES = frozenset(["number", "date", "person", "place"])
"""Kinds of answer that are a value; any other is known by the names and numbers it gives."""


def wanted(claim: Claim, text: str) -> bool | None:
    """Whether the text holds the kind of thing an open question wants; None when that cannot be told."""
    pattern = {"number": _NUMBER, "date": _DATE, "reason": _REASON}.get(claim.wanted)
    if claim.wanted in {"person", "place"}:
        asked = {w.lower() for w in claim.words}
        return any(m.group().lower() not in asked for m in _NAME.finditer(text))
    if pattern is None:
        return None
    return bool(pattern.search(text))
