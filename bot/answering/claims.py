"""A claim somebody made, put as the question whether it is true."""

import re

from bot.answering.follow_ups import asks_if_true
from bot.answering.translation import is_foreign

_ENOUGH = 3
"""Words of a claim: "BREAKING!" before it is none. A post claims many things, its first sentence the main one."""
_LONGEST = 400
_ENDS = re.compile(r"(?<=[.!?…])\s+")
_ASIDE = 3
"""So few words beside a claim only point at it: "look at this", "nonsense"."""


def to_check(claim: str) -> str:
    """``Is it true that Kazakhstan joins parallel imports?`` for what claims it; a question stays one."""
    text = _main(claim)
    if text.endswith("?"):
        return text
    bare = text.rstrip(".!… ")
    return f"Правда ли, что {bare}?" if is_foreign(bare) else f"Is it true that {bare}?"


def points_at(words: str) -> bool:
    """Whether what stands beside a claim only points at it, and asks nothing by itself."""
    return asks_if_true(words) or (len(words.split()) <= _ASIDE and "?" not in words)


def _main(claim: str) -> str:
    """Its first sentence, in one line; all of it where none is long enough."""
    whole = " ".join(claim.split())
    sentences = (s for s in _ENDS.split(whole) if len(s.split()) >= _ENOUGH)
    taken = next(sentences, whole)
    return taken if len(taken) <= _LONGEST else taken[:_LONGEST].rsplit(None, 1)[0]
