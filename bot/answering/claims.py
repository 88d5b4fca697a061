"""A claim somebody made, put as the question whether it is true."""

import re

from bot.answering.follow_ups import asks_if_true
from bot.answering.translation import is_foreign

_ENOUGH = 200
"""Characters after which no further sentence is taken: a long post claims many things, its first words the main one."""
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
    """Its first sentences, in one line."""
    taken = ""
    for sentence in _ENDS.split(" ".join(claim.split())):
        if taken and (len(taken) >= _ENOUGH or len(taken) + len(sentence) > _LONGEST):
            break
        taken = f"{taken} {sentence}".strip()
    return taken if len(taken) <= _LONGEST else taken[:_LONGEST].rsplit(None, 1)[0]
