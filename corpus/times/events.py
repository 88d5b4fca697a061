"""When the things an article tells of happened: the days each sentence means, counted from its publication.

A sentence has days only where it names one time: several that agree ("on Thursday, 14 June") give the days
they share, two ends ("from Monday to Friday") the run between them, several that differ nothing. What stands
after "by", "before" or "than" dates something else and is passed over.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from itertools import chain

from corpus.article import Days, Span
from corpus.speech.quotation import quotations
from corpus.times import english, periods, russian
from corpus.times.mentions import Mention

_CYRILLIC = re.compile("[А-Яа-яЁё]")
_TO = re.compile(
    r"\s(?:to|until|till|through|and|по|до|и)\s(?:the\s|early\s|late\s|mid[\s-])*$", re.IGNORECASE
)
_FROM = {"from", "between", "с", "со", "между"}
_ELSEWHERE = set(
    """by until till before after than every each a an one that following previous with against versus unlike from
    to through between about like or ahead prior к ко до после перед каждый каждую против от с со между""".split()
)
"""Words before a time that is not the sentence's own, or has no one day."""


def days(text: str, sentences: Sequence[Span], published: date | None) -> list[Days | None]:
    """For each of ``sentences`` of ``text`` (in order), the first and last day it tells of, or None."""
    found: list[Days | None] = []
    quoted: list[Span] | None = None
    other_year = False
    end = 0
    for start, stop in sentences:
        other_year = other_year and "\n" not in text[end:start]
        end = stop
        named = _mentions(text[start:stop], published)
        if named and any(mention.spoken for mention in named):
            quoted = quotations(text) if quoted is None else quoted
            named = [one for one in named if not (one.spoken and _within(quoted, start + one.start))]
        found.append(_of(text[start:stop], named, published, other_year=other_year))
        other_year = other_year or any(_is_other_year(mention, published) for mention in named)
    return found


def _mentions(sentence: str, published: date | None) -> list[Mention]:
    found = english.find(sentence, published)
    if _CYRILLIC.search(sentence):
        return sorted(chain(found, russian.find(sentence, published)), key=lambda one: one.start)
    return list(found)


def _of(sentence: str, named: list[Mention], published: date | None, *, other_year: bool) -> Days | None:
    """``other_year``: the paragraph has told of another year, so a month without one may be that year's."""
    if not named or (other_year and any(mention.bare for mention in named)):
        return None
    meant = [
        _since(mention, published) for mention in _joined(sentence, named) if mention.lead not in _ELSEWHERE
    ]
    known = [days for days in meant if days]
    if not known or len(known) < len(meant):
        return None
    return periods.meet(known)


def _since(mention: Mention, published: date | None) -> Days | None:
    if mention.lead not in {"since", "с"} or mention.days is None:
        return mention.days
    return (mention.days[0], published) if published and mention.days[0] <= published else None


def _joined(sentence: str, named: list[Mention]) -> list[Mention]:
    """``named`` with the two ends of a run ("from 2019 to 2021") made one."""
    joined: list[Mention] = []
    for mention in named:
        before = joined[-1] if joined else None
        if before and before.lead in _FROM and _TO.fullmatch(sentence, before.end, mention.start):
            whole = None
            if before.days and mention.days and before.days[0] <= mention.days[1]:
                whole = before.days[0], mention.days[1]
            joined[-1] = Mention(before.start, mention.end, whole)
        else:
            joined.append(mention)
    return joined


def _is_other_year(mention: Mention, published: date | None) -> bool:
    return bool(
        published and mention.days and not mention.days[0].year <= published.year <= mention.days[1].year
    )


def _within(spans: Sequence[Span], at: int) -> bool:
    index = bisect_right(spans, (at, len(spans) and spans[-1][1])) - 1
    return index >= 0 and spans[index][0] <= at < spans[index][1]
