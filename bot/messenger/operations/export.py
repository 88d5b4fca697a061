"""Votes as labelled questions, for ``onrecord eval``.

An answer voted up is taken as right: its verdict, its articles, its quotes, or that nothing answers. What was
voted down, and what followed a question up and does not stand alone, is left for a person to label: the same keys,
"verdict" and "answerable" empty and what the bot said under "said"; the lines are of use once these are filled in.
"""

import json
from collections.abc import Iterable
from typing import Any

from bot.answering.question import read
from bot.messenger.memory.feedback import Vote

QUESTIONS, TO_LABEL = "questions.jsonl", "to-label.jsonl"


def files(votes: Iterable[Vote]) -> dict[str, bytes]:
    """JSON lines by file name; a file without lines is left out."""
    lines: dict[str, list[dict[str, Any]]] = {QUESTIONS: [], TO_LABEL: []}
    for vote in votes:
        if vote.vote > 0 and vote.topic is None:
            lines[QUESTIONS].append(_labelled(vote))
        else:
            lines[TO_LABEL].append(_unlabelled(vote))
    return {
        name: "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in found).encode(errors="replace")
        for name, found in lines.items()
        if found
    }


def _labelled(vote: Vote) -> dict[str, Any]:
    return _known(vote) | {"verdict": vote.verdict, "answerable": vote.answered} | _shown(vote)


def _unlabelled(vote: Vote) -> dict[str, Any]:
    said = {"answerable": vote.answered, "verdict": vote.verdict} | _shown(vote)
    asked = {"topic": vote.topic, "vote": vote.vote, "said": said}
    return _known(vote) | {"verdict": None, "answerable": None, "articles": [], "quotes": []} | asked


def _known(vote: Vote) -> dict[str, Any]:
    kind = "yesno" if vote.verdict else read(vote.question).kind
    return {"id": vote.short, "question": vote.question, "kind": kind, "build": vote.build}


def _shown(vote: Vote) -> dict[str, Any]:
    quotes = [quote for statement in vote.statements for quote in statement]
    return {
        "articles": list(dict.fromkeys(article for article, _, _, _ in quotes)),
        "quotes": list(dict.fromkeys(text for _, _, _, text in quotes)),
    }
