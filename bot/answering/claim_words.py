"""The words of a claim, weighed by how rare they are, and how much of them a text holds.

A word is met exactly, by a synonym or an opposite from the lexicon, or, when it is a name, by a name of the same
family ("Kazakh" for "Kazakhstan"), at falling worth. Weights are inverse document frequencies over passages
(Robertson and Spärck Jones 1976, as in BM25).
"""

import math
from collections.abc import Iterable, Mapping

from bot.answering.lexicon import Lexicon
from bot.answering.question import Claim
from retrieval.search import Index

_EXACT, _KIN, _SENSE = 1.0, 0.8, 0.7


class ClaimWords:
    """One claim's content words, prepared once and measured against many texts."""

    def __init__(self, claim: Claim, index: Index, lexicon: Lexicon) -> None:
        """Words that the word index does not keep (marks, stop words) are left out."""
        self._lexicon, self._index = lexicon, index
        self._stems: dict[str, list[str]] = {}
        self._known: dict[tuple[str, ...], dict[str, float]] = {}
        self._most = math.log(2 * index.passages + 2)
        stems = {word: _rarest(index, word) for word in claim.words}
        self.stems = {word: stem for word, stem in stems.items() if stem}
        self._weights = {word: _weight(index, stem) for word, stem in self.stems.items()}
        self.names = [w for w in claim.names if w in self.stems]
        self.content = [w for w in self.stems if w not in self.names] or self.names
        self._yes_no = claim.kind == "yesno"
        self.predicate = (
            lexicon.predicate(self.content, index.terms, noun_first=claim.noun_first)
            if self._yes_no
            else None
        )
        self.objects = [w for w in self.content if w != self.predicate]

    def met(self, stems: set[str]) -> dict[str, float]:
        """How well each word is met among the stems of a text, 0..1."""
        return {word: self._met(word, stem, stems) for word, stem in self.stems.items()}

    def met_in(self, *texts: str) -> dict[str, float]:
        """How well each word is met in the texts taken together, 0..1.

        Each is worked out once: a passage stands around all its sentences, and a sentence before another.
        """
        if texts not in self._known:
            for text in texts:
                if text not in self._stems:
                    self._stems[text] = self._index.terms(text)
            self._known[texts] = self.met({stem for text in texts for stem in self._stems[text]})
        return self._known[texts]

    def unheard_of(self, *texts: str) -> bool:
        """Whether a name of the claim stands in no passage of the index, nor in these texts in another form.

        Numbers are no names here: that it was 16 and not 12 percent is worth telling. Nor are initials, which are
        written in many ways ("U.S.", "US"); and an open question's may be written otherwise ("Atlantic",
        "transatlantic"), unless they are in another script, in which nothing was near them.
        """
        met = self.met_in(*texts)
        names = (name for name in self.names if not (name[0].isdigit() or name.isupper() or met[name]))
        return any(
            self._index.document_frequency(self.stems[name]) == 0
            for name in names
            if self._yes_no or name[0] > "ɏ"
        )

    def share(self, met: Mapping[str, float], words: Iterable[str] | None = None) -> float:
        """The weight of what is met as a share of all the ``words`` (or of all there are), 0..1; 0 for none."""
        chosen = list(self.stems if words is None else words)
        total = sum(self._weights[w] for w in chosen)
        return sum(met[w] * self._weights[w] for w in chosen) / total if total else 0.0

    def worth(self, word: str) -> float:
        """The weight of one word as a share of all the claim's, 0..1."""
        return self._weights[word] / (sum(self._weights.values()) or 1.0)

    def missing(self, met: Mapping[str, float]) -> float:
        """The most telling word that is not met: its weight as a share of the greatest there can be, 0..1."""
        return max((self._weights[w] / self._most * (1 - worth) for w, worth in met.items()), default=0.0)

    def _met(self, word: str, stem: str, others: set[str]) -> float:
        if stem in others:
            return _EXACT
        if self._lexicon.relation(stem, others):
            return _SENSE
        begins = stem[:4]
        kin = word in self.names and any(o.startswith(begins) and _kin(stem, o) for o in others)
        return _KIN if kin else 0.0


def _rarest(index: Index, word: str) -> str | None:
    """The stem of a word; of a compound ("anti-missile") the part fewest passages hold."""
    return min(index.terms(word), key=index.document_frequency, default=None)


def _weight(index: Index, stem: str) -> float:
    held = index.document_frequency(stem)
    return math.log(1 + (index.passages - held + 0.5) / (held + 0.5))


def _kin(one: str, other: str) -> bool:
    """Stems of a place and its people by spelling: a common beginning of four letters or more, short endings."""
    shorter, longer = sorted((one, other), key=len)
    common = next((i for i, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    return common >= 4 and common >= len(shorter) - 1 and len(longer) - common <= 4
