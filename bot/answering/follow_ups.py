"""Which questions lean on the one before."""

import re

_FOLLOW_UP = re.compile(
    r"^(?:and|but|what about|how about|also|so)\b|\b(?:it|that|this|they|he|she|him|them)\b", re.IGNORECASE
)


def is_follow_up(question: str) -> bool:
    """A question that leans on the one before: it begins like a continuation or holds a bare pronoun."""
    return bool(_FOLLOW_UP.search(question))
