"""Cues of speech: a verb of saying with the noun phrase of its source, found by spelling and word order.

The verb may follow its subject ("the minister of trade said"), go before it ("said Olga Reen"), stand behind a clause or
an apposition ("its president, Gustav Lind, said"), or be a participle ("…, saying that"). Not found: sources that a
sentence leaves to be inferred.
"""

import re
from dataclasses import dataclass

from corpus.names import BODIES, INDEFINITE, PRONOUNS, ROLES, is_capital

_VERBS = """
    say tell state add note stress emphasize emphasise clarify explain announce declare claim argue insist
    warn admit acknowledge reiterate recall remark comment confirm deny reject dismiss affirm reaffirm
    assure promise pledge vow suggest report reply respond ask underscore underline highlight tweet
    conclude observe predict urge advocate hail praise welcome criticize criticise condemn accuse propose
    demand caution contend maintain allege assert testify express complain remind specify mention disclose
    reveal believe think write call refer appeal
    counter shout quip joke lament doubt
    """.split()
_IRREGULAR = {
    "say": "said",
    "tell": "told",
    "think": "thought",
    "write": "wrote",
    "deny": "denied",
    "refer": "referred",
}


def _forms(verb: str) -> set[str]:
    if verb in _IRREGULAR:
        past = _IRREGULAR[verb]
    elif verb.endswith("e"):
        past = verb + "d"
    else:
        past = verb + "ed"
    third = (
        verb[:-1] + "ies"
        if verb.endswith(("ny", "fy", "ly"))
        else verb + ("es" if verb.endswith("ss") else "s")
    )
    if verb.endswith(("fy", "ly")):
        past = verb[:-1] + "ied"
    return {third, past, verb} if verb != "call" else {"called", "calls"}


SAYING = frozenset(form for verb in _VERBS for form in _forms(verb)) | {"written", "spoke"}
"""Verb forms that introduce what somebody said."""
_AMBIGUOUS = frozenset(
    """
    report reports claim claims demand demands comment comments promise promises highlight pledge pledges
    praise state states express spoke speak speaks call calls maintain maintains write think believe ask reply note notes
    remark remarks
    """.split()
)
"""Forms that are as often a noun or another verb: a cue only before "that", a comma or a quotation."""
_PARTICIPLE = re.compile(r"\b(?:saying|stating|adding|noting|arguing|warning|insisting|claiming|stressing)\b")
_SKIP = frozenset(
    """
    also further then later again once has have had never repeatedly publicly openly earlier recently
    still now reportedly did does will would not unequivocally previously always both all
    """.split()
)
_BREAK = re.compile(r"[,;:.!?()“”«»\"\n–—]")
_TOKEN = re.compile(r"[\w][\w'’.\-/]*[\w]|[\w]|[^\w\s]")
_ACCORDING = re.compile(r"\b[Aa]ccording to\s+", re.UNICODE)
_PREPOSITIONS = frozenset(
    """
    in on at by from with of for to against between over under about into near
    """.split()
)
_DETERMINERS = frozenset({"the", "a", "an", "his", "her", "their", "some", "several", "many"})
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday yesterday today".split())
_POSSESSIVES = frozenset({"his", "her", "their", "its"})
_FINITE = frozenset("is was are were has had have will would could can be been do does did".split())
_NP_RIGHT_STOP = frozenset(
    """
    in on at during after before by with from when while as following if that which who whose whom but and
    about because since this last earlier later told how why whether yesterday today monday tuesday
    wednesday thursday friday saturday sunday a an is was were are be been has have had to into also
    against over under between he's it's there where what so then it its his her their will would could
    """.split()
)


@dataclass(frozen=True, slots=True)
class Cue:
    """A verb of saying (or "according to") at ``start..end`` with the noun phrase of its source."""

    start: int
    end: int
    source: str
    """The noun phrase as printed."""


Tokens = list[tuple[str, int]]
"""Words and marks of a sentence, each with its offset."""


def find(masked: str, start: int) -> Cue | None:
    """The first cue in a sentence whose quotations are blanked out; the sentence begins at ``start`` of its text."""
    for match in _ACCORDING.finditer(masked):
        source = noun_phrase_after(masked, match.end())
        if source and source.lower() != "to":
            return Cue(start + match.start(), start + match.end(), source)
    tokens = [(m.group(), m.start()) for m in _TOKEN.finditer(masked)]
    for i, (word, at) in enumerate(tokens):
        if word in SAYING:
            source = _source(masked, tokens, i)
            if source:
                return Cue(start + at, start + at + len(word), source)
    return _participle_cue(masked, tokens, start)


def _source(masked: str, tokens: Tokens, i: int) -> str:
    """Who does the saying of token i; empty when that cannot be told or token i does not say anything."""
    verb, at = tokens[i]
    if verb in _AMBIGUOUS and not _introduces(tokens, i):
        return ""
    left = _noun_phrase_left(tokens, i)
    if left and _is_source(left):
        return left
    right = noun_phrase_after(masked, at + len(verb))
    inverted = i == 0 or not tokens[i - 1][0][0].isalpha()
    if inverted and right and (_is_source(right) or right.split()[0].lower() in _DETERMINERS):
        return right
    return ""


def _noun_phrase_left(tokens: Tokens, i: int) -> str:
    """The subject before a verb: back over adverbs, then to the nearest break or preposition."""
    j = i - 1
    while j >= 0 and (
        tokens[j][0].lower() in _SKIP or (tokens[j][0].endswith("ly") and tokens[j][0].islower())
    ):
        j -= 1
    taken: list[str] = []
    if j > 0 and tokens[j][0] == "," and tokens[0][0] != ",":
        return _before_relative_clause(tokens, j)
    while j >= 0 and len(taken) < 9:
        token = tokens[j][0]
        low = token.lower()
        if low in PRONOUNS and not taken:
            return token
        if not taken and low in _DAYS:
            j -= 1
            continue
        if low in _PREPOSITIONS and (not taken or low not in {"of", "to", "for"}):
            return _before_preposition(tokens, j)
        if low != "/" and (
            not token[0].isalnum() or (low in _NP_RIGHT_STOP and low not in {"to", "a", "an"})
        ):
            break
        taken.insert(0, token)
        if low in _DETERMINERS and not (j and tokens[j - 1][0].lower() == "of"):
            break
        j -= 1
    return _subject(taken)


def _before_relative_clause(tokens: Tokens, comma: int) -> str:
    """The source before a clause or an apposition between two commas.

    "Colonel Weiss, who commands the guard, said" and "Sands, 54, said" have it before the first comma; "its
    president, Gustav Lind, said" between the two.
    """
    opening = next((k for k in range(comma - 1, -1, -1) if tokens[k][0] == ","), -1)
    between = [token for token, _ in tokens[opening + 1 : comma]]
    if opening < 1 or not between:
        return ""
    if all(is_capital(token) for token in between) and tokens[opening - 1][0][0].isalnum():
        role = [t for t, _ in tokens[max(0, opening - 4) : opening] if t.lower() in ROLES]
        return " ".join([*role[-1:], *between])
    if (
        between[0].lower() in {"who", "whose", "which", "a", "an", "the", *_POSSESSIVES}
        or between[0].isdigit()
    ):
        return _noun_phrase_left(tokens, opening)
    return ""


def _before_preposition(tokens: Tokens, j: int) -> str:
    """The subject that a prepositional phrase follows ("The owner of the mill in Sarvan denied").

    Only where it begins the sentence or clause; else it stays uncertain.
    """
    begin = j
    while begin > 0 and tokens[begin - 1][0][0].isalnum() and tokens[begin - 1][0].lower() not in SAYING:
        begin -= 1
    phrase: list[str] = []
    for token, _ in tokens[begin:j]:
        if token.lower() in _PREPOSITIONS - {"of", "to", "for"}:
            break
        phrase.append(token)
    return _subject(phrase) if len(phrase) <= 7 else ""


def _subject(taken: list[str]) -> str:
    """Cut what stands before the noun phrase proper: "week the minister" → "the minister"."""
    for k, token in enumerate(taken):
        if token.lower() in _DETERMINERS or is_capital(token) or token.lower() in ROLES | BODIES:
            return " ".join(taken[k:])
    return ""


def noun_phrase_after(text: str, at: int) -> str:
    """The noun phrase after a verb: up to a break or a word that starts an adverbial."""
    taken: list[str] = []
    for match in _TOKEN.finditer(text, at, min(len(text), at + 160)):
        word = match.group()
        low = word.lower()
        if low in PRONOUNS and not taken:
            return word
        if _BREAK.fullmatch(word) or not word[0].isalnum():
            if word == "," and taken and not is_capital(taken[-1]):
                taken += _apposition(text, match.end())
            break
        if low in _FINITE:
            return ""  # "said the charges were political": the phrase is what is spoken of, not who speaks
        allowed = (low in {"a", "an"} and not taken) or (low == "to" and taken and taken[-1].lower() in ROLES)
        if low in _NP_RIGHT_STOP and not allowed:
            break
        taken.append(word)
    return " ".join(taken)


def _apposition(text: str, at: int) -> list[str]:
    """The name right after a comma: "the minister, Olga Reen"."""
    name: list[str] = []
    for match in _TOKEN.finditer(text, at, min(len(text), at + 60)):
        if not is_capital(match.group()):
            break
        name.append(match.group())
    return name if len(name) > 1 else []


def _is_source(phrase: str) -> bool:
    """A phrase that can speak: a pronoun, or one that holds a name, a role or a body."""
    tokens = phrase.split()
    if tokens[-1].lower() in PRONOUNS or tokens[0].lower() in INDEFINITE:
        return True
    return any(is_capital(t) for t in tokens) or any(t.lower() in ROLES | BODIES for t in tokens)


def _introduces(tokens: Tokens, i: int) -> bool:
    """What follows token i is "that", a colon or a quotation, and no preposition stands before it."""
    follows = tokens[i + 1][0] if i + 1 < len(tokens) else ""
    before = tokens[i - 1][0].lower() if i else ""
    if tokens[i][0].lower() in {"spoke", "speaks"}:
        return follows.lower() in {"of", "about"}
    return (follows.lower() == "that" or follows in {":", "“", '"', "«"}) and before not in _PREPOSITIONS


def _participle_cue(masked: str, tokens: Tokens, start: int) -> Cue | None:
    """The sentence's subject is the source of a participle ("Tokayev appealed to mythology, saying that …")."""
    match = _PARTICIPLE.search(masked)
    if not match:
        return None
    subject: list[str] = []
    for word, at in tokens:
        if at >= match.start() or not word[0].isalnum():
            break
        if (
            subject
            and word[0].islower()
            and word.lower() not in ROLES | BODIES
            and subject[0].lower() != "the"
        ):
            break
        subject.append(word)
    phrase = " ".join(subject[:4])
    if phrase and (subject[0].lower() in PRONOUNS or is_capital(subject[0])):
        return Cue(start + match.start(), start + match.end(), phrase)
    return None
