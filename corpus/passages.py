"""Runs of whole sentences, long enough to mean something alone and short enough to embed."""

import re
from collections.abc import Iterator, Mapping, Sequence

from corpus.article import Passage, Sentence

_LETTER = re.compile(r"[^\W\d_]")
_LONGEST_WORD = 12
"""Characters counted as one word where spaces are rare (Chinese, addresses), to keep passages short there."""


def passages(
    text: str, sentences: Sequence[Sentence], *, words: int = 110, overlap: int = 1
) -> list[Passage]:
    """Passages of at most ``words`` words, each sharing ``overlap`` sentences with the one before, in order.

    A longer sentence is a passage by itself. A passage never spans furniture. A heading goes with what stands
    below it; one that furniture cuts off is in no passage, unless the document has nothing but headings.
    """
    found: list[Passage] = []
    for first, last in _unbroken(text, sentences):
        found += _of_run(text, sentences, first, last, words=words, overlap=overlap)
    prose = [
        passage for passage in found if not all(s.heading for s in sentences[passage.first : passage.last])
    ]
    return prose or found


def _unbroken(text: str, sentences: Sequence[Sentence]) -> Iterator[tuple[int, int]]:
    """Ranges of sentences with nothing but space, numbers and list markers between them."""
    first = 0
    for i in range(1, len(sentences)):
        if _LETTER.search(text, sentences[i - 1].end, sentences[i].start):
            yield first, i
            first = i
    if sentences:
        yield first, len(sentences)


def _of_run(
    text: str, sentences: Sequence[Sentence], first: int, last: int, *, words: int, overlap: int
) -> Iterator[Passage]:
    sizes = {i: _words(text[sentences[i].start : sentences[i].end]) for i in range(first, last)}
    start = first
    while True:
        stop = _stop(sentences, sizes, start, last, words)
        yield Passage(sentences[start].start, sentences[stop - 1].end, start, stop)
        if stop == last:
            return
        start = max(start + 1, stop - overlap)
        while start < stop and _stop(sentences, sizes, start, last, words) == stop:
            start += 1  # with so much overlap nothing new would fit


def _stop(sentences: Sequence[Sentence], sizes: Mapping[int, int], start: int, last: int, words: int) -> int:
    """One past the last sentence that fits with ``start``, without a heading that belongs to what follows."""
    stop = start + 1
    size = sizes[start]
    while stop < last and (size + sizes[stop] <= words or all(s.heading for s in sentences[start:stop])):
        size += sizes[stop]
        stop += 1
    while stop < last and stop - 1 > start and sentences[stop - 1].heading:
        stop -= 1
    return stop


def _words(text: str) -> int:
    return max(len(text.split()), len(text) // _LONGEST_WORD)
