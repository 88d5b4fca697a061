"""Which statements on a topic a chat has not seen: by the marks of their quotes, and of the passages they stand in."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from bot.answer import Answer, Quote, Statement
from bot.messenger.memory.watches import Marks, mark

_REPORTED = timedelta(days=2)
"""Other outlets report a statement within so many days."""


def marks(statements: Iterable[Statement]) -> Marks:
    """Of every quote."""
    return frozenset(mark(q.article_id, q.text) for s in statements for q in s.quotes)


def looked_at(answer: Answer, withheld: Iterable[Statement] = ()) -> Marks:
    """Of the passages the answer was found in, but for those with a quote that is still to be shown."""
    kept = [s.quotes for s in withheld]
    return frozenset(
        mark(p.article_id, p.text)
        for p in answer.passages
        if not any(_holds(p.article_id, p.start, p.end, q) for quotes in kept for q in quotes)
    )


def unseen(answer: Answer, *seen: Marks) -> tuple[Statement, ...]:
    """Statements of which no quote is known, nor any passage with one; newest first, undated ones last.

    What a speaker said again, days after what is known of it, is news too: it may well be the contrary.
    """
    fresh = (_fresh(answer, statement, seen) for statement in answer.statements)
    return tuple(sorted((s for s in fresh if s), key=_newest, reverse=True))


def newest_first(answer: Answer) -> tuple[Statement, ...]:
    return tuple(sorted(answer.statements, key=_newest, reverse=True))


def _fresh(answer: Answer, statement: Statement, seen: tuple[Marks, ...]) -> Statement | None:
    known = [q for q in statement.quotes if _is_known(answer, q, seen)]
    if not known:
        return statement
    last = max((q.published for q in known if q.published), default=date.max)
    again = tuple(
        q for q in statement.independent if q not in known and q.published and q.published - last > _REPORTED
    )
    return replace(statement, quotes=again, copies=0) if again else None


def _is_known(answer: Answer, quote: Quote, seen: tuple[Marks, ...]) -> bool:
    around = [p for p in answer.passages if _holds(p.article_id, p.start, p.end, quote)]
    own = {mark(quote.article_id, quote.text), *(mark(p.article_id, p.text) for p in around)}
    return any(not own.isdisjoint(known) for known in seen)


def _holds(article_id: str, start: int, end: int, quote: Quote) -> bool:
    return article_id == quote.article_id and start <= quote.start and quote.end <= end


def _newest(statement: Statement) -> date:
    """The day of the quote that is shown of it."""
    return statement.quotes[0].published or date.min
