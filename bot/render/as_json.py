"""An Answer as the JSON object that ``--json`` prints. Pure; the keys are a contract: add, never change."""

from typing import Any

from bot.answer import Answer, Quote, Statement


def to_dict(answer: Answer) -> dict[str, Any]:
    """Plain lists, dicts, strings and numbers; dates as ISO 8601 strings."""
    return {
        "question": answer.question,
        "answered": answer.answered,
        "reason": answer.reason,
        "verdict": answer.verdict,
        "confidence": round(answer.confidence, 4),
        "statements": [_statement(statement) for statement in answer.statements],
        "passages": [
            {"article_id": p.article_id, "start": p.start, "end": p.end, "score": p.score}
            for p in answer.passages
        ],
        "index": {"build": answer.build, "model": answer.model},
        "took_ms": round(answer.took_ms, 1),
    }


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "stance": statement.stance,
        "speaker": statement.speaker,
        "voice": statement.voice,
        "quotes": [_quote(quote, statement) for quote in statement.quotes],
    }


def _quote(quote: Quote, statement: Statement) -> dict[str, Any]:
    return {
        "text": quote.text,
        "article_id": quote.article_id,
        "title": quote.title,
        "outlet": quote.outlet,
        "author": quote.author,
        "published": quote.published.isoformat() if quote.published else None,
        "url": quote.url,
        "path": quote.path,
        "start": quote.start,
        "end": quote.end,
        "voice": quote.voice or statement.voice,
        "highlights": [list(span) for span in quote.highlights],
    }
