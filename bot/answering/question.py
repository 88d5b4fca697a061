"""A question becomes a Claim: yes/no or open, about whom, must they have said it, with which polarity."""

import re
from calendar import month_name, monthrange
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from bot.answering.lexicon import DENIALS, FUNCTION_WORDS, NEGATORS, SPEECH, SPEECH_ACTS
from bot.answering.named_sources import named_sources
from corpus.errors import UsageError

Kind = Literal["yesno", "open"]
Wanted = Literal["number", "date", "person", "place", "reason", "quote", "thing"]

_AUXILIARY = [
    "did",
    "does",
    "do",
    "is",
    "are",
    "was",
    "were",
    "has",
    "have",
    "had",
    "will",
    "would",
    "can",
    "could",
    "should",
    "may",
    "might",
    "must",
    "shall",
    "didn't",
    "doesn't",
    "don't",
    "isn't",
    "aren't",
    "wasn't",
    "weren't",
    "hasn't",
    "haven't",
    "won't",
    "wouldn't",
    "can't",
    "couldn't",
    "shouldn't",
]
_TRUE = re.compile(r"^(?:is|was) it (?:true|the case|correct|a fact) that\s+", re.IGNORECASE)
_WANTED: tuple[tuple[Wanted, re.Pattern[str]], ...] = (
    (
        "number",
        re.compile(
            r"\bhow (?:many|much|large|long|big|high|far|old|tall|often|deep)\b|\bwhat (?:percent|number|share|amount)",
            re.IGNORECASE,
        ),
    ),
    (
        "date",
        re.compile(r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|century|decade)\b", re.IGNORECASE),
    ),
    (
        "person",
        re.compile(
            r"\bwho(?:m|se)?\b|\b(?:which|what) (?:person|president|minister|actor|player|singer|author)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "place",
        re.compile(
            r"\bwhere\b|\b(?:which|what) (?:country|city|state|town|place|nation|continent)\b", re.IGNORECASE
        ),
    ),
    ("reason", re.compile(r"\bwhy\b|\bwhat (?:caused|causes|reason)", re.IGNORECASE)),
)
_WORD = re.compile(r"[^\W_]+(?:[.'’\-][^\W_]+)*")
_MONTHS = {name.lower(): number for number, name in enumerate(month_name) if name}
_WHEN = re.compile(
    rf"(?i)(?:in|on|during)\s+(?:(?P<day>\d{{1,2}})\s+)?(?:(?P<month>{'|'.join(_MONTHS)})\s+)?(?P<year>(?:19|20)\d\d),?\s+(?:that\s+)?"
)
_DENY = re.compile(rf"\b(?:{'|'.join(sorted(DENIALS))})\b", re.IGNORECASE)
_BE = frozenset(["be", "been", "being", "was", "were", "is", "are", "got"])
_DETERMINERS = frozenset("the a an his her their its this that these those our my".split())
_QUESTION_WORDS = frozenset(["who", "whom", "whose", "what", "which", "when", "where", "why", "how"])


@dataclass(frozen=True, slots=True)
class Claim:
    """What a question asks, in parts the rules can weigh."""

    kind: Kind
    text: str
    """The proposition or question without "did X say that"."""
    negated: bool
    """True when the claim itself denies ("is it true that X does not …")."""
    speaker: str | None
    """Who must have said it; None when anyone may."""
    said: bool
    """True when the question asks what somebody said, in so many words."""
    words: tuple[str, ...]
    """Content words as written, in order, each once."""
    names: tuple[str, ...]
    """Content words spelled as names (or, in an all-lower-case question, none) and numbers."""
    when: tuple[date, date] | None = None
    """First and last day on which it must have been said; None for any."""
    wanted: Wanted = "thing"
    """For an open question, the kind of thing that answers it."""
    asked: str = ""
    """The question or statement as a pair model reads it: whole, without "did X say that"."""
    inverted: bool = False
    """True when the question asks about the denial of ``asked`` ("did X deny that …")."""
    sources: tuple[str, ...] = ()
    """Outlets and the like that the question names as printing it ("according to The Courier")."""

    @property
    def content(self) -> list[str]:
        """The words that are not names; all of them when there are no others."""
        return [w for w in self.words if w not in self.names] or list(self.words)

    @property
    def noun_first(self) -> bool:
        """The subject is a noun with an article or the like: the claim's first content word is not its verb."""
        first, _, rest = self.text.partition(" ")
        return first.lower() in _DETERMINERS and bool(self.content) and rest.startswith(self.content[0])


def with_names(claim: Claim, texts: Iterable[str]) -> Claim:
    """The claim of a question typed without capitals: its names are the words that the texts print as names."""
    if claim.names or any(c.isupper() for c in claim.text):
        return claim
    joined = "\n".join(texts)
    names = tuple(w for w in claim.words if _is_printed_as_name(w, joined))
    return replace(claim, names=names)


def _is_printed_as_name(word: str, text: str) -> bool:
    """Within sentences the text spells the word with a capital, at least as often as without."""
    capital = len(re.findall(rf"(?<=[a-z,] ){re.escape(word.capitalize())}\b", text))
    return capital > 0 and capital >= len(re.findall(rf"\b{re.escape(word)}\b", text))


def read(question: str) -> Claim:
    """The claim of a question; UsageError when it holds no word at all."""
    text = " ".join(question.split())
    if not _WORD.search(text):
        raise UsageError('the question is empty: ask in words, for example "Did the minister resign?"')
    core = text.rstrip("?!. ")
    if _TRUE.match(core):
        return _claim("yesno", _TRUE.sub("", core), text)
    first = _WORD.match(core)
    if first and first.group().lower().replace("’", "'") in _AUXILIARY and _WORD.search(core, first.end()):
        return _yes_no(core, first)
    return _open(core)


def read_topic(topic: str) -> Claim:
    """The claim of a bare topic ("grain exports"), or of the question that set one: whoever speaks, whatever they say.

    UsageError when it holds no word at all.
    """
    asked = read(topic)
    words = tuple(w for w in asked.words if w.lower() not in SPEECH) or asked.words
    return replace(
        _claim("open", asked.text, asked.text), words=words, names=tuple(n for n in asked.names if n in words)
    )


def _yes_no(core: str, first: re.Match[str]) -> Claim:
    rest = core[first.end() :].strip()
    said = _said(rest)
    if said:
        speaker, content = said
        content, when = _when_said(content)
        text = _restore_subject(content, speaker)
        negative = bool(_DENY.search(rest[: rest.find(content)]))
        return replace(_claim("yesno", text, core, speaker=speaker, said=True, negative=negative), when=when)
    return _claim("yesno", rest, core, speaker=_actor(rest))


def _actor(rest: str) -> str | None:
    """Who must have done the speaking that the claim itself is about: "Scholz" in "Scholz promise to lift …"."""
    tokens = list(_WORD.finditer(rest))
    for i, token in enumerate(tokens[1:8], 1):
        if token.group().lower() in SPEECH_ACTS and not set(rest[: token.start()].lower().split()) & _BE:
            return rest[: tokens[i - 1].end()].strip()
    return None


def _said(rest: str) -> tuple[str, str] | None:
    """Speaker and content of "Kazakhstan say (that) it joins"; None when no verb of saying follows early."""
    tokens = list(_WORD.finditer(rest))
    for i, token in enumerate(tokens[1:9], 1):
        if token.group().lower() in SPEECH | DENIALS:
            content = rest[token.end() :].strip(" ,:")
            content = re.sub(r"^(?:publicly |also |ever )?(?:that )?", "", content)
            speaker = rest[: tokens[i - 1].end()].strip()
            if content and _WORD.search(content):
                return re.sub(r"\s+(?:ever|also|really|publicly)$", "", speaker), content
    return None


def _when_said(content: str) -> tuple[str, tuple[date, date] | None]:
    """Split "in April 2023 that …" into the rest and the first and last day meant."""
    match = _WHEN.match(content)
    if not match:
        return content, None
    year, month = int(match["year"]), _MONTHS.get((match["month"] or "").lower())
    first, last = date(year, month or 1, 1), date(year, month or 12, monthrange(year, month or 12)[1])
    if match["day"] and month and int(match["day"]) <= last.day:
        first = last = date(year, month, int(match["day"]))
    return content[match.end() :], (first, last)


def _restore_subject(content: str, speaker: str) -> str:
    """What X said of "it", "he" or "they" is about X."""
    return re.sub(r"^(?:it|he|she|they)\b", lambda _: speaker, content, flags=re.IGNORECASE)


def _open(core: str) -> Claim:
    match = re.match(
        r"(?i)^(?:what|how|why|when|where|who)\b.*?\b(?:did|does|do|has|have)\s+(.+?)\s+(say|said|think|tell|claim|announce|state)\b\s*(.*)$",
        core,
    )
    source = re.search(r"(?i)\baccording to ([^,?]+)$", core)
    speaker = source.group(1) if source and " and " not in source.group(1) else None
    wanted: Wanted = next((kind for kind, pattern in _WANTED if pattern.search(core)), "thing")
    if match and len(match.group(1).split()) <= 6:
        speaker = match.group(1)
        wanted = "quote" if wanted == "thing" else wanted
    return _claim("open", core, core, speaker=speaker, wanted=wanted)


def _claim(
    kind: Kind,
    text: str,
    question: str,
    *,
    speaker: str | None = None,
    said: bool = False,
    negative: bool = False,
    wanted: Wanted = "thing",
) -> Claim:
    tokens = [m.group() for m in _WORD.finditer(text)]
    content: dict[str, str] = {}
    for token in tokens:
        low = token.lower()
        bare = re.sub(r"['’]s?$", "", token)
        if (
            low not in FUNCTION_WORDS | _QUESTION_WORDS
            and bare.lower() not in FUNCTION_WORDS
            and low not in NEGATORS - _CONTENT_NEGATORS
        ):
            content.setdefault(bare.lower(), bare)
    words = tuple(content.values())
    negated = negative ^ any(
        t.lower() in {"not", "never", "no"} or t.lower().endswith(("n't", "n’t")) for t in tokens
    )
    names = tuple(w for i, w in enumerate(words) if _is_name(w, question, first=i == 0))
    asked = f"{text}." if said or _TRUE.match(question) else f"{question}?"
    sources = named_sources(question)
    return Claim(kind, text, negated, speaker, said, words, names, None, wanted, asked, negative, sources)


_CONTENT_NEGATORS = frozenset(
    [
        "denied",
        "denies",
        "deny",
        "refused",
        "refuse",
        "rejected",
        "reject",
        "failed",
        "fail",
        "lack",
        "false",
        "unlikely",
    ]
)


def _is_name(word: str, question: str, *, first: bool) -> bool:
    """Spelled with a capital or a digit; the question's own first word counts only when it is not its start."""
    if word[:1].isdigit():
        return True
    return word[:1].isupper() and not (
        first and question.startswith(word) and word.lower() in _QUESTION_WORDS
    )
