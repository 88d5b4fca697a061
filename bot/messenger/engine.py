"""What the messenger asks of the rest of Onrecord; ``bot/app.py`` gives it."""

from typing import Protocol

from bot.answer import Answer, Quote


class Engine(Protocol):
    """Answers over the build that is current. Every method may be called from any thread and may take a while."""

    @property
    def build(self) -> str:
        """Of the index that would answer now. Quick: no question is asked."""

    def answer(self, question: str, *, topic: str | None = None) -> Answer:
        """``topic`` is the question before, for a follow-up. Raises UsageError."""

    def on_topic(self, topic: str) -> Answer:
        """Everything said on a topic ("parallel imports"): never silent where anything comes near it."""

    def text(self, article_id: str) -> str | None:
        """The whole source text of an article of the current build; None where it has none of that id."""

    def around(self, quote: Quote, sentences: int = 2) -> tuple[str, str] | None:
        """Exact slices: that many sentences before and after the quote; None where the quote no longer stands there."""

    def outlets(self) -> tuple[tuple[str, int], ...]:
        """With their number of articles, largest first."""

    @property
    def model(self) -> str:
        """Which made the vectors of the build that would answer now."""
