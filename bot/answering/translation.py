"""A question in another script → an English gloss of it, word by word, in the words of the articles.

Not a translation: names and content words become the articles' nearest words, function words come from a short
table, and a yes/no question gets an English beginning so that it can be read like any other. Scripts other than
Latin are recognised; a question in another language in Latin letters is left as it is.
"""

import re
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from typing import Protocol

_LIKELY = 0.22
"""Centred cosine from which a word counts as found (looked at on Russian and Kazakh news words)."""

_LIKELY_NAME = 0.5
"""That of a name: Узбекистан comes to .39 of "kazakhstan" where nothing is nearer, Казахстан to .69."""

_LIKELY_TITLE = 0.4
"""That of a word with a capital inside a question whose nearest is no name: Международный, "international" (.43)."""

_ALIKE = 0.85
"""Share of letters in common from which a name is the one it is spelled like: Мичиган, "michigan", from .22 on."""

_SHORTEST_ALIKE = 4  # letters
_LATIN = str.maketrans(
    dict(
        zip(
            "абвгдеёжзийклмнопрстуфхцчшщыэюяәғқңөұүһі",
            "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch y e yu ya a g k n o u u h i".split(),
            strict=True,
        )
    )
    | {"ъ": "", "ь": ""}
)

_FEW = 2
"""Words of "а узбекистан?"."""

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_RUSSIAN = dict(
    pair.split("=")
    for pair in """
    и= а= но= же= бы= в= во= на= с= со= к= ко= о= об= от= из= у= за= по= для= до= при= то= это= этот= эта= эти= так=
    уже= ещё= еще= они= он= она= оно= его= ее= её= их= свой= своей= своих= себя= ли= что=that как=how
    не=not нет=not никогда=never без=without
    кто=who кого=who когда=when где=where куда=where почему=why зачем=why сколько=how_many какой=what какая=what
    какое=what какие=what какова=what каков=what чем=what который=which
    был=was была=was было=was были=were будет=will будут=will есть=is является=is являются=are
    """.split()
)
_SAYING = re.compile(
    r"(?i)^(?:заяв|сказа|говор|сообщ|утвержда|объяви|отмети|отмеча|подтверд|мәлімде|айт|деді$|дейді$)"
)
_QUESTION_PARTICLE = frozenset({"ли", "разве", "неужели", "ма", "ме", "ба", "бе", "па", "пе"})
_KAZAKH = dict(
    pair.split("=")
    for pair in """
    ше= мен= пен= бен= және= ал= бірақ= да= де= осы= сол= бұл= ол= оны= оның= олар= өз= туралы= жайлы= жөнінде= бойынша=
    үшін= деп= дейді=said деді=said айтты=said не=what нені=what кім=who кімді=who кімге=who қашан=when қайда=where
    қайдан=where неге=why неліктен=why қалай=how қанша=how_many неше=how_many қандай=what қай=which жоқ=not емес=not
    ешқашан=never болды=was болады=will
    """.split()
)
_IN_KAZAKH = re.compile(r"[әғқңөұүһі]|^ал\b|\b(?:айтты|туралы|жайлы|ше|ма|ме|ба|бе|па|пе)\b")


class Nearest(Protocol):
    """The articles' nearest words for each of some words, best first, with cosines."""

    def __call__(self, words: list[str], /) -> list[list[tuple[str, float]]]: ...


def is_foreign(question: str) -> bool:
    """Most letters are not Latin."""
    letters = [c for c in question if c.isalpha()]
    return bool(letters) and sum(c < "ɐ" for c in letters) < len(letters) / 2


def gloss(question: str, nearest: Nearest, is_name: Callable[[str], bool] = lambda _: False) -> str:
    """The English gloss of a question; ``is_name`` tells of an articles' word whether they have it as a name alone."""
    tokens = _WORD.findall(question)
    lows = [t.lower() for t in tokens]
    known = _KAZAKH if _IN_KAZAKH.search(" ".join(lows)) else _RUSSIAN
    asks = any(t in _QUESTION_PARTICLE for t in lows)
    parted = _what_said(tokens, lows, known)
    is_strict = asks or parted is not None or len(lows) <= _FEW
    english = dict(zip(lows, _words(lows, tokens, known, nearest, is_name, is_strict=is_strict), strict=True))
    if parted and (speaker := _joined(parted[0], english)):
        about = _joined(parted[1], english)
        return f"What did {speaker} say{' about ' if about else ''}{about}?"
    words = [low for low in lows if low not in _QUESTION_PARTICLE]
    if not asks:
        return _joined(words, english) + "?"
    if parted := _said_that(words, known):
        speaker = _joined(parted[0], english)
        return f"Did {speaker} say that {_subject(speaker, _joined(parted[1], english))}?"
    # "Вступает ли X …": the verb before the particle goes behind its subject.
    leading = lows.index(next(t for t in lows if t in _QUESTION_PARTICLE))
    verb_first = _joined(words[:leading], english).lower() if leading < len(words) else ""
    rest = words[leading:] if verb_first else words
    return " ".join(f"Does {_joined(rest, english)} {verb_first}".split()) + "?"


def _what_said(
    tokens: list[str], lows: list[str], known: dict[str, str]
) -> tuple[list[str], list[str]] | None:
    """Who and about what of "что сказал X о Y", "что X сказал о Y", "X Y туралы не айтты"; None for anything else."""
    verb = next((i for i, low in enumerate(lows) if _SAYING.match(low)), None)
    what = next((i for i, low in enumerate(lows) if known.get(low) in {"what", "that"}), None)
    if verb is None or what is None or what > verb or lows[what] not in {"что", "не"}:
        return None
    if known is _KAZAKH:
        about = next((i for i, low in enumerate(lows[:what]) if low in {"туралы", "жайлы", "жөнінде"}), -1)
        first = next((i for i, low in enumerate(lows) if low not in known), 0)
        who = _name_at(tokens, lows, known, about + 1 if 0 <= about < what - 1 else first)
        about_all = about > 0 and who == lows[first:about]  # "Санкциялар туралы не айтты?": nobody is named
        return None if about_all or verb < len(lows) - 1 else (who, [w for w in lows[:what] if w not in who])
    if any(known.get(low) for low in lows[:what]) or lows.count("что") > 1:
        return None
    who = _name_at(tokens, lows, known, verb + 1) if verb == what + 1 else lows[what + 1 : verb]
    return (who, [low for low in lows[verb + 1 :] if low not in who]) if who else None


def _name_at(tokens: list[str], lows: list[str], known: dict[str, str], start: int) -> list[str]:
    """The words from there to the last one with a capital, none of them a function word."""
    end = next((i for i in range(start, len(lows)) if lows[i] in known), len(lows))
    named = [i for i in range(start, end) if tokens[i][0].isupper()]
    return lows[start : named[-1] + 1 if named else end]


def _said_that(words: list[str], known: dict[str, str]) -> tuple[list[str], list[str]] | None:
    """Who and what of "говорил ли X, что Y", "X Y деп айтты ма", without the particle."""
    if known is _KAZAKH:
        if "деп" in words[2:] and _SAYING.match(words[-1]):
            return words[:1], words[1 : words.index("деп", 2)]
        return None
    verb = next((i for i, w in enumerate(words[:4]) if _SAYING.match(w)), None)
    if verb is None or "что" not in words[verb:]:
        return None
    that = words.index("что", verb)
    return words[:verb] + words[verb + 1 : that], words[that + 1 :]


def _subject(speaker: str, content: str) -> str:
    """What is said without a subject is about the speaker: it goes first, as English has it."""
    return content if any(w in content for w in speaker.split()) else f"{speaker} {content}"


def _joined(words: list[str], english: dict[str, str]) -> str:
    return " ".join(filter(None, (english[w] for w in words))).strip()


def _words(
    lows: list[str],
    tokens: list[str],
    known: dict[str, str],
    nearest: Nearest,
    is_name: Callable[[str], bool],
    *,
    is_strict: bool,
) -> Iterator[str]:
    asked = [low for low in lows if low not in known and low not in _QUESTION_PARTICLE]
    found = dict(zip(asked, nearest(asked), strict=True))
    for place, (low, token) in enumerate(zip(lows, tokens, strict=True)):
        if low in known:
            yield known[low].replace("_", " ")
        else:
            yield _best(token, found.get(low, []), is_name, begins=place == 0, is_strict=is_strict)


def _best(
    token: str,
    near: list[tuple[str, float]],
    is_name: Callable[[str], bool],
    *,
    begins: bool,
    is_strict: bool,
) -> str:
    """The nearest word, with the capital of the asked word.

    A word that nothing is near stays as it is: no sentence will hold it, so that the answer is the less sure. So does
    a name, else its neighbour would be answered for; what begins a question is one where its nearest word is. With
    ``is_strict``, in a question that names a speaker, is answered by yes or no, or has hardly another word, so is what
    stays without a capital: "участвует ли китай" gets it, and no answer about another country.
    """
    word, likeness = near[0] if near else ("", 0.0)
    is_upper = token[0].isupper()
    if is_upper and likeness < _LIKELY_NAME and (alike := _spelled_alike(token, near)):
        return alike.capitalize()
    inside = is_upper and not begins and likeness < _LIKELY_TITLE
    named = inside or ((is_upper or is_strict) and likeness >= _LIKELY and is_name(word))
    if token.isdigit() or likeness < _LIKELY or (likeness < _LIKELY_NAME and named):
        return token.capitalize() if is_strict and (named or not begins) else token
    return word.capitalize() if is_upper else word


def _spelled_alike(name: str, near: list[tuple[str, float]]) -> str:
    """Which of the words is the name in Latin letters; empty where none is. Пруссия is not "russia": the first is one."""
    spelled = name.lower().translate(_LATIN)
    for word, likeness in near:
        alike = SequenceMatcher(None, spelled, word).ratio() >= _ALIKE
        if alike and likeness >= _LIKELY and len(word) >= _SHORTEST_ALIKE and word[0] == spelled[:1]:
            return word
    return ""
