"""The words that every renderer shares: verdict, counts, sources, dates. Pure; plain text, one line each."""

from datetime import date

from bot.answer import Answer, Quote, RankedPassage, Stance, Statement, Verdict
from corpus.article import Voice

_LONGEST_NAME = 120  # characters; names come from untrusted metadata and must stay one short line

_GLIMPSE = 280  # characters

_VERDICTS: dict[Verdict, str] = {"yes": "Yes.", "no": "No.", "disputed": "Disputed.", "unclear": "Unclear."}
_OPPOSED: dict[Verdict, str] = {"yes": "no", "no": "yes"}
_SIDES: dict[Stance, str] = {"yes": "Yes:", "no": "No:"}
_MANNERS: dict[Voice, str] = {
    "direct": "direct speech",
    "reported": "reported",
    "narrator": "the outlet's own words",
}
_NO_ANSWER = {
    "not_in_corpus": "No answer: nothing in these articles answers this question.",
    "nothing_passes_the_filters": "No answer: no article passes these filters (date, outlet, speaker).",
}


def verdict_line(answer: Answer) -> str:
    """``No. It said the opposite.``, ``Yes.``, …; empty for an open question or no answer."""
    if answer.verdict is None:
        return ""
    denied = answer.verdict == "no" and answer.opposite
    who = name_text(answer.asked) if answer.asked else "It"
    return _VERDICTS[answer.verdict] + (f" {who} said the opposite." if denied else "")


def is_dispute(answer: Answer, statement: Statement) -> bool:
    """Whether the statement stands against the verdict; never so when the verdict takes no side."""
    return answer.verdict is not None and statement.stance == _OPPOSED.get(answer.verdict)


def counts_line(answer: Answer) -> str:
    """``1 statement, 3 reports, 2 of them copies · 1 outlet disputes · answered: 93 % sure``; empty without answer."""
    if not answer.answered:
        return ""
    backing = [s for s in answer.statements if _backs(answer, s)]
    reports = sum(len(s.quotes) for s in backing)
    said = f"{_count(len(backing), 'statement')}, {_count(reports, 'report')}"
    copies = sum(s.copies for s in backing)
    if copies:
        said += f", {copies} of them {'a copy' if copies == 1 else 'copies'}"
    parts = (said, _disputes(answer), f"answered: {round(100 * answer.confidence)} % sure")
    return " · ".join(part for part in parts if part)


def label(answer: Answer, statement: Statement) -> str:
    """The line above a statement that does not simply back the verdict; empty for one that does.

    ``Disputed by Outlet: the outlet's own words``, ``Disputed by NAME: reported``, ``Related:`` for a neutral
    statement beside a yes or no, and ``Yes:`` or ``No:`` for the two sides of a disputed verdict.
    """
    if is_dispute(answer, statement):
        return f"Disputed by {_disputer(statement)}: {_MANNERS[statement.voice]}"
    if answer.verdict in _OPPOSED and statement.stance == "neutral":
        return "Related:"
    return _SIDES.get(statement.stance, "") if answer.verdict == "disputed" else ""


def later_reports(statement: Statement) -> tuple[tuple[str, tuple[Quote, ...]], ...]:
    """The reports after the primary one under their headings: other wordings, and copies of those before."""
    others = (
        ("Other wordings", statement.independent[1:]),
        ("Copies of the same text", statement.quotes[len(statement.independent) :]),
    )
    return tuple((heading, quotes) for heading, quotes in others if quotes)


def voice_text(statement: Statement, quote: Quote | None = None) -> str:
    """Who speaks and how: ``NAME, direct speech``, ``NAME, reported`` or ``the outlet's own words``.

    A quote's own voice goes before its statement's: one report prints the words, another retells them.
    """
    voice = (quote and quote.voice) or statement.voice
    manner = _MANNERS[voice]
    if voice == "narrator":
        return manner
    return f"{name_text(statement.speaker)}, {manner}" if statement.speaker else f"{manner}, unnamed speaker"


def manner_text(quote: Quote, statement: Statement) -> str:
    """How a quote is told where that differs from its statement's primary report; else empty."""
    return _MANNERS[quote.voice] if quote.voice and quote.voice != statement.voice else ""


def outlet_text(source: Quote | RankedPassage) -> str:
    """The outlet, else the article it was read from."""
    return name_text(source.outlet or source.article_id)


def name_text(name: str) -> str:
    """A name from a page or a record as one printable line of at most 120 characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    return line if len(line) <= _LONGEST_NAME else line[: _LONGEST_NAME - 1] + "…"


def date_text(published: date | None) -> str:
    """``17 June 2024``, or ``undated``."""
    return f"{published.day} {published:%B %Y}" if published else "undated"


def source_line(quote: Quote, statement: Statement) -> str:
    """``NAME, direct speech · Outlet · 17 June 2024``."""
    return f"{voice_text(statement, quote)} · {outlet_text(quote)} · {date_text(quote.published)}"


def glimpse(passage: RankedPassage) -> str:
    """The beginning of a passage that is shown although it is no answer; it must not bury the "no"."""
    if len(passage.text) <= _GLIMPSE:
        return passage.text
    return passage.text[:_GLIMPSE].rsplit(None, 1)[0] + " …"


def no_answer_line(answer: Answer) -> str:
    """Why there is no answer; empty when there is one."""
    if answer.answered:
        return ""
    return _NO_ANSWER.get(answer.reason or "", _NO_ANSWER["not_in_corpus"])


def _backs(answer: Answer, statement: Statement) -> bool:
    return answer.verdict not in _OPPOSED or statement.stance == answer.verdict


def _disputer(statement: Statement) -> str:
    """A speaker by name; otherwise every outlet that prints it, once each, those with a copy left out."""
    if statement.voice != "narrator" and statement.speaker:
        return name_text(statement.speaker)
    return name_text(", ".join(dict.fromkeys(outlet_text(quote) for quote in statement.independent)))


def _disputes(answer: Answer) -> str:
    """Outlets are counted once each; as soon as a person disputes too, statements are counted."""
    disputes = [s for s in answer.statements if is_dispute(answer, s)]
    if any(s.voice != "narrator" for s in disputes):
        number, noun = len(disputes), "statement"
    else:
        number, noun = len({outlet_text(q) for s in disputes for q in s.independent}), "outlet"
    return f"{_count(number, noun)} {'disputes' if number == 1 else 'dispute'}" if number else ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
