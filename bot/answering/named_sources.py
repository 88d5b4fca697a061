"""The outlets a question names as having printed what it asks about.

A question on "a Reuters report" is not answered by what another paper printed: which of the sources named are held
here is a measure of sufficiency.
"""

import re

_NAME = r"['‘\"“]?((?:The |the )?[A-Z0-9][\w.’'&\-]*(?:(?: \| | of | and the | - | )[A-Z][\w.&\-]*)*)['’\"”]?"
_PRINT = r"(?:articles?|reports?|reporting|stor(?:y|ies)|pieces?|coverage|guides?|reviews?|interviews?|editorials?|posts?)"
_PATTERNS = (
    re.compile(rf"\b{_PRINT} (?:\w+ ){{0,3}}?(?:from|by|in) (?:both )?{_NAME}"),
    re.compile(rf"\banother (?:from|by|in) {_NAME}"),
    re.compile(rf"{_NAME}(?:['’]s)? {_PRINT}\b"),
    re.compile(
        r"\b(?:[Aa]ccording to|(?:reported|covered|noted|published|stated|mentioned|detailed|discussed|featured|"
        rf"presented|provided|described|cited|highlighted) (?:by|in)) (?:both |an article (?:by|from|in) )?{_NAME}"
    ),
)
_MORE = re.compile(rf"^(?:,| and|, and| or| versus) (?:by |another by |one by |from |in )?{_NAME}")
_NO_NAME = re.compile(
    r"^(?:(?:January|February|March|April|May|June|July|August|September|October|November|December)\b.*|\d+\b.*|The|A|An|Which|What|Who|Did|Does|Do|Has|Have|Was|Were|Is|Are|In|On|For|After|Before|If)$"
)


def named_sources(question: str) -> tuple[str, ...]:
    """Names in the order met, each once, without "the"."""
    found: dict[str, None] = {}
    for pattern in _PATTERNS:
        for match in pattern.finditer(question):
            _add(found, match.group(1))
            rest = question[match.end() :]
            while more := _MORE.match(rest):
                _add(found, more.group(1))
                rest = rest[more.end() :]
    return tuple(found)


def _add(found: dict[str, None], name: str) -> None:
    bare = re.sub(r"['’]s?$", "", name.strip())
    if bare and not _NO_NAME.match(bare):
        found.setdefault(re.sub(r"^[Tt]he ", "", bare))
