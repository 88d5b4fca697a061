"""A reader that reads nothing twice, for programs that ask the same questions again and again."""

from collections.abc import Sequence

from bot.answering.pair_reader import Reader, Reading
from bot.answering.question import Claim
from corpus.article import Sentence


class Remembered:
    """A Reader that reads nothing twice."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[tuple[str, tuple[str, ...]], list[Reading] | None] = {}

    def read(self, claim: Claim, sentences: Sequence[tuple[Sentence, str]]) -> list[Reading] | None:
        """See Reader."""
        key = (claim.asked, tuple(text for _, text in sentences))
        if key not in self._known:
            self._known[key] = self._reader.read(claim, sentences)
        return self._known[key]
