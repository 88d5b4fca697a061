"""Who speaks in each sentence: a first, rule-based attribution.

A *cue* is a verb of saying with its subject ("Tokayev said", "said the minister", "according to the agency").
A sentence that is mostly quotation is ``direct`` and takes the cue of its quotation; one that holds a cue outside
a quotation is ``reported``; the rest is ``narrator``. What cannot be told stays without a speaker. The kinds and
the order of the rules follow Pareti (2015), "Attribution: a computational approach": source, cue, content.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence

from corpus.article import Span, Voice
from corpus.speech import cues
from corpus.speech.cast import Cast
from corpus.speech.cues import Cue
from corpus.speech.names import ROLES, is_capital
from corpus.speech.phrases import noun_phrase_after
from corpus.speech.quotation import quotations, quoted_share

_BACK_REFERENCE = re.compile(
    r"(?:This|That|These|Such) (?:is|was|were|are) (?:what|how|the words|the view)\b"
)
_HEADLINE = re.compile(r"\s*([^:“”\"]{2,60}):\s+\S")
_TITLED = re.compile(rf"(?i:\b(?:{'|'.join(sorted(ROLES, key=len, reverse=True))}))(?:[ \t]+[A-Z][\w'’\-]+)+")
_SUBJECT = re.compile(
    r"(?:[A-Z]?[a-z]+ ){0,2}?((?:[A-Z][\w'’\-]+ )+)(?:of |in |from |[a-z]+ed\b|[a-z]+s\b|was|had|did)"
)
_SENTENCE_END = re.compile(
    r"(?<![A-Z])(?<!Mr)(?<!Mrs)(?<!Ms)(?<!Dr)(?<!Lt)(?<!Sen)(?<!Rep)(?<!Gov)(?<!Gen)(?<!Rev)(?<!Col)(?<!Capt)[.!?](?:\s|$)"
)
_CUE_REACH = 600
"""Characters after a quotation in which its cue is looked for: keeps a page without line breaks linear."""
_MOSTLY, _CLAUSE_WORDS, _OPENING_WORDS = 0.5, 6, 3
_FIRST_PERSON = re.compile(r"\b(?:I|I'm|I’m|we|We|our|Our|my|My)\b")


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
        about = self.cast.about(self.text[start : start + 40])
        said = self._body(start, end)
        self.cast.heard(start, end, self._within(start, end), said[1] or about)
        return said

    def _body(self, start: int, end: int) -> tuple[Voice, str | None]:
        """A sentence that is no headline."""
        share = quoted_share(self._within(start, end), start, end)
        cue = self._cue(start, end)
        self.cast.hear(start, cue.start if cue else start, self._within(start, end))
        if cue and cue.inferred and not self.cast.is_person(cue.source):
            cue = None
        if self._is_direct(start, end, share):
            return self._direct(start, end, cue)
        if cue:
            speaker = self._speak(cue)
            self.in_paragraph = speaker
            if self.text[cue.start : cue.end] == "asked":
                # "Reporters asked Hagen if …": the answer that follows is the one asked's.
                self.cast.meet(noun_phrase_after(self.text, cue.end))
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
        sentence_end = _SENTENCE_END.search(self.text, begin, stop)
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
        return cues.find(self._mask(start, end), start)

    def _mask(self, start: int, end: int) -> str:
        """The sentence with its quotations blanked out, so that offsets hold."""
        chars = list(self.text[start:end])
        for a, b in self._within(start, end):
            for i in range(max(a, start) - start, min(b, end) - start):
                chars[i] = "·" if chars[i] != "\n" else "\n"
        return "".join(chars)
