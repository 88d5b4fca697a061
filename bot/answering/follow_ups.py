"""Questions that lean on the one before, and how such a question is read with it. Rules, in English, Russian, Kazakh.

Not read: who "he" is among several people, and what "it" is; the words of the question before stand for them.
"""

import re
from dataclasses import replace

from bot.answering.lexicon import FUNCTION_WORDS, SPEECH
from bot.answering.question import Claim, read

_BEGINNING = re.compile(
    r"^\s*(?:(?:and|but|also|so|then|а|и|но|ал)\b[\s,]*(?:what about|how about|как насчет|как насчёт|что насчет)?"
    r"|what about|how about|как насчет|как насчёт)\b",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"^\W*(?:when|where|who|why|how|really|since when|когда|где|кто|почему|зачем|правда|откуда"
    r"|қашан|қайда|кім|неге|қалай)\W*$",
    re.IGNORECASE,
)
_AT_THE_END = re.compile(
    r"\b(?:it|that|this|they|them|he|she|him|her|so|(?<!\bare )(?<!\bis )there|это|этого|этом|он|она|они|его|её|ее|их|там)\W*$",
    re.IGNORECASE,
)
_POINTING = re.compile(
    r"^(?:(?:when|where|who|why|how|what) )?(?:is|was|are|were|did|does|do|will|would|has|had)\s+(?:that|this)\b"
    r"|\b(?:это|этого|этом|этим)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(?:it|they|he|she|him|them|он|она|они|его|её|ее|им|ему|ей)\b", re.IGNORECASE)
_TRUE = re.compile(r"^(?:is|was) it (?:true|the case|correct|a fact) that\s+", re.IGNORECASE)
_EMPTY_IT = re.compile(
    r"\b(?:is|was) it \w+ (?:to|for|that|in)\b|\b(?:does|did|will) it (?:take|cost) (?:\w+ )?(?:to|for)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\w[.!?…]\s+\w")
_OWN_SUBJECT = re.compile(
    rf"^(?:which|what) \w.*?\b(?:{'|'.join(sorted(SPEECH))})\b"
    rf"|^(?:\w+ )?(?:did|does|do|has|have|will|would)\s+(?!(?:it|he|she|they)\b)\w.*?\b(?:{'|'.join(sorted(SPEECH))})\b",
    re.IGNORECASE,
)
"""What X says of "it" is, as a rule, about X."""

_IS_IT_TRUE = re.compile(
    r"^(?:(?:is|was) (?:it|that|this) )?(?:really |actually )?(?:true|so|right|correct|the case|a fact|fake|false|real)$"
    r"|^really$|^(?:это )?(?:точно )?(?:правда|так|верно|фейк|ложь)(?: ли)?(?: это)?$"
    r"|^(?:бұл |осы )?(?:рас|шын|шындық|дұрыс|өтірік|фейк) (?:па|ма|пе|ме|ба|бе)$",
    re.IGNORECASE,
)
_WHO_DISAGREES = re.compile(
    r"^who(?: else)? (?:disagrees|disputes|denies|objects|is against)(?: (?:it|that|this|to (?:it|that|this)|with (?:it|that|this)))?$"
    r"|^кто(?: ещё| еще)?(?: с этим)? (?:не согласен|против|возражает|спорит|оспаривает|отрицает)(?: с этим| это)?$"
    r"|^кім(?: бұған| онымен| бұнымен| мұнымен)? (?:келіспейді|қарсы|қарсы болды)$",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"^\W*(?:hi|hello|hey|good (?:morning|day|evening)|thanks|thank you|thx|ok|okay|great"
    r"|привет|здравствуй(?:те)?|добрый (?:день|вечер)|доброе утро|спасибо|большое спасибо|спасибо большое|благодарю"
    r"|ок|понятно|ясно|сәлем|сәлеметсіз бе|рақмет|рахмет|көп рақмет|түсінікті)\W*$",
    re.IGNORECASE,
)
_PRONOUNS = frozenset("it he she they this that".split())
_LONGEST_NAME = 4
"""Words of "the National Bank of Kazakhstan" that do not count as a question of their own."""


def is_follow_up(question: str) -> bool:
    """It begins like a continuation, asks for no more than "when?", or has a pronoun that nothing in it stands for."""
    text = _EMPTY_IT.sub("", _TRUE.sub("", question.strip())).strip()
    if _SEVERAL.search(text):  # "The volcano is erupting. Where is it?"
        return _BEGINNING.match(text) is not None
    if (
        repeats(text)
        or _BEGINNING.match(text)
        or _ALONE.match(text)
        or _AT_THE_END.search(text)
        or _POINTING.search(text)
    ):
        return True
    pronoun = _PRONOUN.search(text)
    return pronoun is not None and not _has_subject(text[: pronoun.start()])


def is_courtesy(words: str) -> bool:
    """A greeting, or thanks: nothing is asked, and the articles have no answer to it."""
    return _COURTESY.match(words) is not None


def asks_if_true(question: str) -> bool:
    """As "is that true?" does: about what was said before, and nothing else."""
    return _IS_IT_TRUE.match(_bare(question).strip("?!., ")) is not None


def repeats(question: str) -> bool:
    """As "is that true?" and "who disagrees?" do: the answer to the question before tells it."""
    return asks_if_true(question) or _WHO_DISAGREES.match(_bare(question).strip("?!., ")) is not None


def readings(question: str, topic: str) -> list[tuple[str, Claim]]:
    """A follow-up and the question before, both in English but for one that ``repeats``, as texts to search with and claims, the best first.

    The first that is answered counts. UsageError when there is no word in the topic.
    """
    own, before = _bare(question), read(topic)
    if repeats(own):
        return [(topic, before)]
    claim = read(own)
    if not [w for w in claim.words if w.lower() not in SPEECH]:
        # "When was that?": a sentence that tells it, and what answered before, each quote with its speaker and day;
        # where somebody's words were asked for, those go first.
        again = replace(before, kind="open", said=False, wanted="thing")
        told = [(topic, again)] if claim.wanted in {"date", "person"} else []
        both = [_together(own, claim, topic, before), *told]
        return both[::-1] if before.said else both
    name = _name(own)
    if name and (changed := _instead(topic, before, name)):
        return [(changed, read(changed))]
    if claim.speaker and claim.speaker.lower() in _PRONOUNS:
        claim = replace(claim, speaker=before.speaker)
    elif claim.speaker:
        before = _without_speaker(before)
    return [_together(own, claim, topic, before)]


def _has_subject(text: str) -> bool:
    """A name within it, or somebody who says."""
    within = re.search(r"(?<=\w\s)[^\W\d_a-zа-яё]\w+", text) is not None
    return within or _OWN_SUBJECT.search(text) is not None


def _bare(question: str) -> str:
    """Without what ties it to the question before."""
    return _BEGINNING.sub("", question).strip(" ,") or question


def _name(own: str) -> str | None:
    """The name that is all of "and Germany?"."""
    text = own.rstrip("?!. ")
    words = text.split()
    asks = any(w.lower() in FUNCTION_WORDS - {"the", "of", "and"} for w in words)
    return text if words and len(words) <= _LONGEST_NAME and words[-1][:1].isupper() and not asks else None


def _instead(topic: str, before: Claim, name: str) -> str | None:
    """The question before, asked about another: its speaker is replaced, else its only name."""
    named = before.speaker or (before.names[0] if len(before.names) == 1 else None)
    if not named or named not in topic:
        return None
    return topic.replace(named, name, 1)


def _without_speaker(before: Claim) -> Claim:
    gone = {w.lower() for w in (before.speaker or "").split()}
    words = tuple(w for w in before.words if w.lower() not in gone)
    text = " ".join(words)
    return replace(
        before, text=text, words=words, names=tuple(n for n in before.names if n.lower() not in gone)
    )


def _together(own: str, claim: Claim, topic: str, before: Claim) -> tuple[str, Claim]:
    """A claim with the words of the question that set the topic: "How long is it?" needs them."""
    held = {w.lower() for w in claim.words}
    return f"{topic} {own}", replace(
        claim,
        text=f"{claim.text} ({before.text})",
        words=(*claim.words, *(w for w in before.words if w.lower() not in held)),
        names=(*claim.names, *(n for n in before.names if n.lower() not in held)),
    )
