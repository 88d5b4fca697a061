"""Who speaks for whom: a president for a country, a spokeswoman for a company.

Learned from the articles at hand: a speaker speaks for X when some article prints X in the speaker's title
("President of X NAME", "X's president NAME", "NAME of X"). An ambassador *to* X does not.
"""

import re
from collections.abc import Iterable

from bot.answering.lexicon import FUNCTION_WORDS
from corpus.article import Article, Sentence
from corpus.speech.names import BODIES, ROLES, bare, same_person, words

_PRINT = frozenset("article report story piece news website newspaper".split())
"""What an outlet is called beside its name: "the Courier's article"."""


class Speakers:
    """Answers "does this speaker speak for whom the question asks?" over a set of article texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        """``texts`` are the articles that the evidence comes from."""
        self.texts = list(texts)
        self._known: dict[tuple[str, str], bool] = {}

    def wrote_or_said(self, article: Article, sentence: Sentence, asked: str) -> bool:
        """True when the sentence is by the one asked about: its speaker, or an outlet in its own words."""
        if sentence.voice == "narrator":
            return bool(article.outlet) and self.speaks_for(article.outlet, asked)
        return self.speaks_for(sentence.speaker, asked)

    def speaks_for(self, speaker: str | None, asked: str) -> bool:
        """True when the speaker is the one asked about, or is titled as speaking for it."""
        if not speaker:
            return False
        key = (speaker, asked)
        if key not in self._known:
            self._known[key] = self._speaks_for(speaker, asked)
        return self._known[key]

    def _speaks_for(self, speaker: str, asked: str) -> bool:
        wanted = [bare(w).lower() for w in words(asked) if w.lower() not in FUNCTION_WORDS | _PRINT]
        if not wanted:
            return False
        own = [bare(w).lower() for w in words(speaker)]
        if all(any(kindred(w, o) for o in own) for w in wanted):
            return True
        name = " ".join(w for w in words(asked) if w[:1].isupper() and w.lower() not in ROLES)
        if same_person(name, speaker):
            return True
        return any(self._titled(text, own[-1], wanted) for text in self.texts)

    def _titled(self, text: str, surname: str, wanted: list[str]) -> bool:
        pattern = re.compile(
            rf"((?:[\w'’.\-]+[ \t]+){{0,8}})\b{re.escape(surname)}\b(,[^.\n]{{0,60}}|(?:[ \t]+of[ \t]+[A-Z][\w\-]+)?)",
            re.IGNORECASE,
        )
        for match in pattern.finditer(text):
            title = [re.sub(r"['’]s?$", "", w.lower()) for w in words(match.group(1) + " " + match.group(2))]
            spoken = [w for i, w in enumerate(title) if not (i and title[i - 1] in {"to", "in", "with"})]
            if not any(w in ROLES | BODIES for w in spoken):
                continue
            if all(any(kindred(w, o) for o in spoken) for w in wanted):
                return True
        return False


def kindred(one: str, other: str) -> bool:
    """The same word, or a place and its adjective by spelling ("Kazakhstan", "Kazakh"; "Russia", "Russian")."""
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= 5 and longer.startswith(shorter[:-1] if len(shorter) > 5 else shorter)
