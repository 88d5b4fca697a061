"""From decided statements to their quotes, each read from the store again and checked to the letter."""

from collections import Counter
from collections.abc import Sequence

from bot.answer import Quote, Statement
from bot.answering.context import with_context
from bot.answering.evidence import Evidence
from bot.answering.question import Claim
from bot.answering.statements import Said, credits_among, primary_first
from bot.answering.verdict import Decision
from bot.answering.wanted import answer_spans
from corpus.article import Article, Span, Voice
from retrieval.search import Index


class Quoter:
    """Quotes from the articles of one open index."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def statements(self, claim: Claim, decision: Decision, k: int) -> tuple[Statement, ...]:
        """At most ``k`` quotes that back the verdict and as many that dispute it: a dispute is never crowded out."""
        credited = credits_among(decision.articles)
        shown: list[Statement] = []
        for side in (decision.backing, decision.disputing):
            left = k
            for said in side:
                quoted = self._quoted(claim, said, credited)[:left]
                left -= len(quoted)
                if quoted:
                    quotes = tuple(quote for _, quote in quoted)
                    copies = len(quoted) - len({source for source, _ in quoted})
                    voice = _voice(said.speaker, quotes)
                    shown.append(Statement(said.stance, said.speaker, voice, quotes, copies))
        return tuple(shown)

    def _quoted(self, claim: Claim, said: Said, credited: Counter[str]) -> list[tuple[int, Quote]]:
        """The reports of a statement as quotes, each read from the store again and left out if it differs.

        With each goes its source, which is one for copies.
        """
        made = ((e.source, self._quote(claim, e)) for e, _ in primary_first(said, credited))
        return [(source, q) for source, q in made if q is not None]

    def _quote(self, claim: Claim, evidence: Evidence) -> Quote | None:
        article, sentences = (
            self._index.article(evidence.article_row),
            self._index.sentences(evidence.article_row),
        )
        return quote(claim, evidence, article, with_context(claim, article, sentences, evidence.position))


def apart(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Without those whose first quote holds, or lies in, words that one before has quoted first."""
    kept: list[Statement] = []
    for statement in statements:
        own = statement.quotes[0]
        firsts = (known.quotes[0] for known in kept)
        if not any(
            q.article_id == own.article_id and q.start < own.end and own.start < q.end for q in firsts
        ):
            kept.append(statement)
    return tuple(kept)


def quote(claim: Claim, evidence: Evidence, article: Article, span: Span | None = None) -> Quote | None:
    """The sentence, or a ``span`` around it, as a quote of the stored ``article``; None unless it holds it to the letter."""
    sentence = evidence.sentence
    span = span or (sentence.start, sentence.end)
    found = article.text[sentence.start : sentence.end]
    if not found.strip() or found != evidence.text or sentence.end > len(article.text):
        return None
    stored = article.text[slice(*span)]
    start, end = _without_lone_marks(stored)
    text = stored[start:end]
    begin = span[0] + start
    spans = answer_spans(claim, text) if claim.kind == "open" else []
    return Quote(
        text=text,
        article_id=article.id,
        title=article.title,
        outlet=article.outlet,
        author=article.author,
        published=article.published,
        url=article.url,
        path=article.path,
        start=begin,
        end=begin + len(text),
        voice=sentence.voice,
        highlights=tuple((begin + a, begin + b) for a, b in spans),
    )


def _without_lone_marks(text: str) -> tuple[int, int]:
    """The range of a sentence without a quotation mark at its edge whose other half stands in another sentence."""
    opens = text[0] in "“«" and not set(text) & set("”»")
    closes = text[-1] in "”»" and not set(text) & set("“«")
    single = text.count('"') == 1
    start = int(opens or (single and text[0] == '"'))
    end = len(text) - int(closes or (single and text[-1] == '"'))
    return (start, end) if start < end else (0, len(text))


def _voice(speaker: str | None, quotes: Sequence[Quote]) -> Voice:
    """The primary report's, but for a speaker whom only its copies still name: then theirs."""
    spoken = (q.voice for q in quotes if q.voice != "narrator")
    return (next(spoken, None) if speaker else quotes[0].voice) or "narrator"
