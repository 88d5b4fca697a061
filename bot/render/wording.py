"""The words that every renderer shares: verdict, counts, sources, dates. Pure; plain text, one line each.

``say`` gives them in the reader's language.
"""

from datetime import date
from unicodedata import bidirectional

from bot.answer import Answer, Quote, RankedPassage, Statement, Verdict
from bot.render.phrases import ENGLISH, Phrases
from corpus.article import Voice

_LONGEST_NAME = 120  # characters; names come from untrusted metadata and must stay one short line

_GLIMPSE = 280  # characters

_OPPOSED: dict[Verdict, str] = {"yes": "no", "no": "yes"}


def verdict_line(answer: Answer, say: Phrases = ENGLISH) -> str:
    """``No. It said the opposite.``, ``Yes.``, …; empty for an open question or no answer."""
    if answer.verdict is None:
        return ""
    if answer.verdict == "no" and answer.opposite:
        if answer.asked:
            return say("No. {name} said the opposite.", name=name_text(answer.asked))
        return say("No. It said the opposite.")
    lines = {"yes": say("Yes."), "no": say("No."), "disputed": say("Disputed."), "unclear": say("Unclear.")}
    return lines[answer.verdict]


def is_dispute(answer: Answer, statement: Statement) -> bool:
    """Whether the statement stands against the verdict; never so when the verdict takes no side."""
    return answer.verdict is not None and statement.stance == _OPPOSED.get(answer.verdict)


def counts_line(answer: Answer, say: Phrases = ENGLISH) -> str:
    """``1 statement, 3 reports, 2 of them copies · 1 outlet disputes · answered: 93 % sure``; empty without answer."""
    if not answer.answered:
        return ""
    backing = [s for s in answer.statements if _backs(answer, s)]
    said = [
        say.many("{number} statement", "{number} statements", len(backing)),
        say.many("{number} report", "{number} reports", sum(len(s.quotes) for s in backing)),
    ]
    if copies := sum(s.copies for s in backing):
        said.append(say.many("{number} of them a copy", "{number} of them copies", copies))
    sure = say("answered: {percent} % sure", percent=round(100 * answer.confidence))
    return " · ".join(part for part in (", ".join(said), _disputes(answer, say), sure) if part)


def label(answer: Answer, statement: Statement, say: Phrases = ENGLISH) -> str:
    """The line above a statement that does not simply back the verdict; empty for one that does.

    ``Disputed by Outlet: the outlet's own words``, ``Disputed by NAME: reported``, ``Related:`` for a neutral
    statement beside a yes or no, and ``Yes:`` or ``No:`` for the two sides of a disputed verdict.
    """
    if is_dispute(answer, statement):
        return say(
            "Disputed by {who}: {manner}", who=_disputer(statement), manner=_manner(statement.voice, say)
        )
    if answer.verdict in _OPPOSED and statement.stance == "neutral":
        return say("Related:")
    sides = {"yes": say("Yes:"), "no": say("No:")} if answer.verdict == "disputed" else {}
    return sides.get(statement.stance, "")


def later_reports(statement: Statement, say: Phrases = ENGLISH) -> tuple[tuple[str, tuple[Quote, ...]], ...]:
    """The reports after the primary one under their headings: other wordings, and copies of those before."""
    others = (
        (say("Other wordings"), statement.independent[1:]),
        (say("Copies of the same text"), statement.quotes[len(statement.independent) :]),
    )
    return tuple((heading, quotes) for heading, quotes in others if quotes)


def voice_text(statement: Statement, quote: Quote | None = None, say: Phrases = ENGLISH) -> str:
    """Who speaks and how: ``NAME, direct speech``, ``NAME, reported`` or ``the outlet's own words``.

    A quote's own voice goes before its statement's: one report prints the words, another retells them.
    """
    voice = (quote and quote.voice) or statement.voice
    manner = _manner(voice, say)
    if voice == "narrator":
        return manner
    if statement.speaker:
        return f"{name_text(statement.speaker)}, {manner}"
    return say("{manner}, unnamed speaker", manner=manner)


def manner_text(quote: Quote, statement: Statement, say: Phrases = ENGLISH) -> str:
    """How a quote is told where that differs from its statement's primary report; else empty."""
    return _manner(quote.voice, say) if quote.voice and quote.voice != statement.voice else ""


def outlet_text(source: Quote | RankedPassage) -> str:
    """The outlet, else the article it was read from."""
    return name_text(source.outlet or source.article_id)


def name_text(name: str) -> str:
    """A name from a page or a record as one printable line of at most 120 characters.

    One that is written from right to left is set between isolates (Unicode, UAX 9), or it would draw the
    numbers and points beside it to its other side.
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if len(line) > _LONGEST_NAME:
        line = line[: _LONGEST_NAME - 1] + "…"
    return f"\u2068{line}\u2069" if any(bidirectional(c) in {"R", "AL"} for c in line) else line


def date_text(published: date | None, say: Phrases = ENGLISH) -> str:
    """``17 June 2024``, or ``undated``."""
    return say.date(published)


def glimpse(passage: RankedPassage) -> str:
    """The beginning of a passage that is shown although it is no answer; it must not bury the "no"."""
    if len(passage.text) <= _GLIMPSE:
        return passage.text
    return passage.text[:_GLIMPSE].rsplit(None, 1)[0] + " …"


def no_answer_line(answer: Answer, say: Phrases = ENGLISH) -> str:
    """Why there is no answer; empty when there is one."""
    if answer.answered:
        return ""
    if answer.reason == "nothing_passes_the_filters":
        return say("No answer: no article passes these filters (date, outlet, speaker).")
    return say("No answer: nothing in these articles answers this question.")


def _manner(voice: Voice, say: Phrases) -> str:
    manners: dict[Voice, str] = {
        "direct": say("direct speech"),
        "reported": say("reported"),
        "narrator": say("the outlet's own words"),
    }
    return manners[voice]


def _backs(answer: Answer, statement: Statement) -> bool:
    return answer.verdict not in _OPPOSED or statement.stance == answer.verdict


def _disputer(statement: Statement) -> str:
    """A speaker by name; otherwise every outlet that prints it, once each, those with a copy left out."""
    if statement.voice != "narrator" and statement.speaker:
        return name_text(statement.speaker)
    return name_text(", ".join(dict.fromkeys(outlet_text(quote) for quote in statement.independent)))


def _disputes(answer: Answer, say: Phrases) -> str:
    """Outlets are counted once each; as soon as a person disputes too, statements are counted."""
    disputes = [s for s in answer.statements if is_dispute(answer, s)]
    if not disputes:
        return ""
    if any(s.voice != "narrator" for s in disputes):
        return say.many("{number} statement disputes", "{number} statements dispute", len(disputes))
    outlets = {outlet_text(q) for s in disputes for q in s.independent}
    return say.many("{number} outlet disputes", "{number} outlets dispute", len(outlets))
