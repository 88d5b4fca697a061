"""Who speaks in each sentence: a first, rule-based attribution.

A *cue* is a verb of saying with its subject ("Tokayev said", "said the minister", "according to the agency").
A sentence that is mostly quotation is ``direct`` and takes the cue of its quotation; one that holds a cue outside
a quotation is ``reported``; the rest is ``narrator``. What cannot be told stays without a speaker. The kinds and
the order of the rules follow Pareti (2015), "Attribution: a computational approach": source, cue, content.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.article import Span, Voice
from corpus.names import BODIES, INDEFINITE, PRONOUNS, ROLES, Cast, is_capital
from corpus.quotation import quotations, quoted_share

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
_BACK_REFERENCE = re.compile(
    r"(?:This|That|These|Such) (?:is|was|were|are) (?:what|how|the words|the view)\b"
)
_SKIP = frozenset(
    """
    also further then later again once has have had never repeatedly publicly openly earlier recently
    still now reportedly did does will would not unequivocally previously always both all
    """.split()
)
_BREAK = re.compile(r"[,;:.!?()“”«»\"\n–—]")
_TOKEN = re.compile(r"[\w][\w'’.\-/]*[\w]|[\w]|[^\w\s]")
_ACCORDING = re.compile(r"\b[Aa]ccording to\s+", re.UNICODE)
_HEADLINE = re.compile(r"\s*([^:“”\"]{2,60}):\s+\S")
_TITLED = re.compile(rf"(?i:\b(?:{'|'.join(sorted(ROLES, key=len, reverse=True))}))(?:[ \t]+[A-Z][\w'’\-]+)+")
_SUBJECT = re.compile(
    r"(?:[A-Z]?[a-z]+ ){0,2}?((?:[A-Z][\w'’\-]+ )+)(?:of |in |from |[a-z]+ed\b|[a-z]+s\b|was|had|did)"
)
_PREPOSITIONS = frozenset(
    """
    in on at by from with of for to against between over under about into near
    """.split()
)
_CUE_REACH = 600
"""Characters after a quotation in which its cue is looked for: keeps a page without line breaks linear."""
_MOSTLY, _CLAUSE_WORDS, _OPENING_WORDS = 0.5, 6, 3
_FIRST_PERSON = re.compile(r"\b(?:I|I'm|I’m|we|We|our|Our|my|My)\b")
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
    """The noun phrase as printed; empty when the cue has a verb but no readable subject."""
    after: bool
    """True when the source follows the verb ("said Tokayev")."""


def attribute(text: str, spans: Sequence[Span], headings: Sequence[bool]) -> list[tuple[Voice, str | None]]:
    """Voice and speaker of each sentence span, in order; ``headings[i]`` marks sentence i as a headline."""
    quotes = quotations(text)
    cast = Cast()
    cast.learn(text)
    reader = _Reader(text, quotes, cast)
    said = [reader.sentence(span, heading=head) for span, head in zip(spans, headings, strict=True)]
    for i, (start, end) in enumerate(spans[1:], 1):
        # "Sanctions do not work. This is what the minister said": the words are in the sentence before.
        if said[i][1] and said[i - 1][0] == "narrator" and _BACK_REFERENCE.match(text[start:end]):
            said[i - 1] = ("reported", said[i][1])
    return said


class _Reader:
    """Goes through the sentences in order; remembers who spoke last, in this paragraph and before."""

    def __init__(self, text: str, quotes: list[Span], cast: Cast) -> None:
        self.text, self.quotes, self.cast = text, quotes, cast
        self.starts = [a for a, _ in quotes]
        self.breaks = [m.start() for m in re.finditer("\n", text)]
        self.paragraph = -2
        self.in_paragraph: str | None = None
        self.unmarked = False
        self.speaking: str | None = None
        self.quote_speaker: dict[int, str | None] = {}

    def sentence(self, span: Span, *, heading: bool) -> tuple[Voice, str | None]:
        start, end = span
        line = bisect_right(self.breaks, start)
        if line != self.paragraph:
            self.paragraph, self.in_paragraph, self.unmarked = line, None, False
        if heading:
            return self._heading(start, end)
        share = quoted_share(self._within(start, end), start, end)
        cue = self._cue(start, end)
        if self._is_direct(start, end, share):
            return self._direct(start, end, cue)
        if cue:
            speaker = self._speak(cue)
            self.in_paragraph = speaker
            if self.text[cue.start : cue.end] == "asked":
                # "Reporters asked Hagen if …": the answer that follows is the one asked's.
                self.cast.meet(_noun_phrase_right(self.text, cue.end))
                self.in_paragraph = None
            return "reported", speaker
        self._meet(start, end)
        if self.in_paragraph and (self.unmarked or _FIRST_PERSON.search(self._unquoted(start, end))):
            # "…,” he said. Because I am sure": the quotation goes on, its marks are lost, to the paragraph's end.
            self.unmarked = True
            return "direct", self.in_paragraph
        return "narrator", None

    def _meet(self, start: int, end: int) -> None:
        """A narrated sentence also names people: a later "he" may mean the one it begins with."""
        for match in reversed(list(_TITLED.finditer(self.text, start, end))):
            self.cast.resolve(match.group())
        first = _SUBJECT.match(self.text[start:end])
        if first:
            self.cast.meet(first.group(1))

    def _is_direct(self, start: int, end: int, share: float) -> bool:
        """Mostly quotation, begun by one, announced by a colon, or a quoted clause of six words or more.

        Scare quotes are shorter.
        """
        if share >= _MOSTLY:
            return True
        for a, b in self._within(start, end):
            words = len(self.text[max(a, start) : min(b, end)].split())
            opens = a - start <= 1 and (words >= _OPENING_WORDS or self.text[b - 1] in ",!?")
            announced = self.text[max(start, a - 3) : a - 1].rstrip().endswith(":")
            if words >= _CLAUSE_WORDS or opens or announced:
                return True
        return False

    def _within(self, start: int, end: int) -> list[Span]:
        first = max(0, bisect_right(self.starts, start) - 1)
        return [q for q in self.quotes[first : bisect_right(self.starts, end)] if q[1] > start and q[0] < end]

    def _direct(self, start: int, end: int, cue: Cue | None) -> tuple[Voice, str | None]:
        inside = self._within(start, end)
        quote = inside[-1]
        cue = cue or self._cue_beyond(quote)
        if cue:
            speaker = self._speak(cue)
        elif quote[0] in self.quote_speaker:
            speaker = self.quote_speaker[quote[0]]
        else:
            speaker = self._speaker_around(quote)
        self.quote_speaker[quote[0]] = speaker
        self.in_paragraph = speaker
        self.speaking = speaker or self.speaking
        return "direct", speaker

    def _cue_beyond(self, quote: Span) -> Cue | None:
        """The cue just after a quotation whose closing mark ends the sentence, or that runs on past it."""
        reach = quote[1] + _CUE_REACH
        stop = self.text.find("\n", quote[1], reach)
        stop = min(len(self.text), reach) if stop < 0 else stop
        tail = re.match(r"[”»\"“]?[\s,]*", self.text[quote[1] : stop])
        begin = quote[1] + (tail.end() if tail else 0)
        sentence_end = re.compile(r"[.!?](?:\s|$)").search(self.text, begin, stop)
        cue = self._cue(begin, sentence_end.end() if sentence_end else stop)
        return cue if cue and cue.start - begin < 80 else None

    def _speaker_around(self, quote: Span) -> str | None:
        """No cue of its own: the paragraph's speaker, one announced by a colon, or the last to speak."""
        if self.in_paragraph:
            return self.in_paragraph
        before = self.text[max(0, quote[0] - 200) : quote[0]].rstrip('“”«"„ \n')
        if before.endswith(":"):
            begin = max(0, quote[0] - 200)
            line = self.text.rfind("\n", begin, quote[0] - 1)
            cue = self._cue(max(line + 1, begin), quote[0])
            if cue:
                return self._speak(cue)
        return self.speaking

    def _speak(self, cue: Cue) -> str | None:
        speaker = self.cast.resolve(cue.source) if cue.source else None
        self.speaking = speaker or self.speaking
        return speaker

    def _heading(self, start: int, end: int) -> tuple[Voice, str | None]:
        match = _HEADLINE.match(self.text[start:end])
        if match and is_capital(match.group(1)) and len(match.group(1).split()) <= 5:
            speaker = self.cast.resolve(match.group(1))
            if speaker and len(match.group(1).split()) <= len(speaker.split()) + 2:
                return "reported", speaker
        cue = self._cue(start, end)
        return ("reported", self._speak(cue)) if cue else ("narrator", None)

    def _unquoted(self, start: int, end: int) -> str:
        parts, at = [], start
        for a, b in self._within(start, end):
            parts.append(self.text[at : max(at, a)])
            at = max(at, b)
        return " ".join([*parts, self.text[at:end]])

    def _cue(self, start: int, end: int) -> Cue | None:
        """The sentence's first cue outside its quotations that has a source."""
        masked = self._mask(start, end)
        for match in _ACCORDING.finditer(masked):
            source = _noun_phrase_right(masked, match.end())
            if source and source.lower() != "to":
                return Cue(start + match.start(), start + match.end(), source, after=True)
        tokens = [(m.group(), m.start()) for m in _TOKEN.finditer(masked)]
        for i, (token, at) in enumerate(tokens):
            if token.lower() in SAYING and token[:1].islower():
                cue = self._cue_at(masked, tokens, i, start + at)
                if cue:
                    return cue
        return _participle_cue(masked, tokens, start)

    def _cue_at(self, masked: str, tokens: list[tuple[str, int]], i: int, at: int) -> Cue | None:
        verb = tokens[i][0]
        if verb in _AMBIGUOUS and not _introduces(tokens, i):
            return None
        left = _noun_phrase_left(tokens, i)
        if left and _is_source(left):
            return Cue(at, at + len(verb), left, after=False)
        right = _noun_phrase_right(masked, tokens[i][1] + len(verb))
        inverted = i == 0 or not tokens[i - 1][0][0].isalpha()
        if inverted and right and (_is_source(right) or right.split()[0].lower() in _DETERMINERS):
            return Cue(at, at + len(verb), right, after=True)
        return None

    def _mask(self, start: int, end: int) -> str:
        """The sentence with its quotations blanked out, so that offsets hold."""
        chars = list(self.text[start:end])
        for a, b in self._within(start, end):
            for i in range(max(a, start) - start, min(b, end) - start):
                chars[i] = "·" if chars[i] != "\n" else "\n"
        return "".join(chars)


def _noun_phrase_left(tokens: list[tuple[str, int]], i: int) -> str:
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


def _before_relative_clause(tokens: list[tuple[str, int]], comma: int) -> str:
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


def _before_preposition(tokens: list[tuple[str, int]], j: int) -> str:
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


def _noun_phrase_right(text: str, at: int) -> str:
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


def _introduces(tokens: list[tuple[str, int]], i: int) -> bool:
    """What follows token i is "that", a colon or a quotation, and no preposition stands before it."""
    follows = tokens[i + 1][0] if i + 1 < len(tokens) else ""
    before = tokens[i - 1][0].lower() if i else ""
    if tokens[i][0].lower() in {"spoke", "speaks"}:
        return follows.lower() in {"of", "about"}
    return (follows.lower() == "that" or follows in {":", "“", '"', "«"}) and before not in _PREPOSITIONS


def _participle_cue(masked: str, tokens: list[tuple[str, int]], start: int) -> Cue | None:
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
        return Cue(start + match.start(), start + match.end(), phrase, after=False)
    return None
