import io
from collections.abc import Callable
from dataclasses import replace

from rich.console import Console

from bot.answer import Answer
from bot.cli.chat import converse
from corpus.errors import UsageError
from tests.bot.test_terminal import DENIED, SILENT


def talk(*lines: str, ask: Callable[[str, str | None], Answer]) -> str:
    console = Console(file=io.StringIO(), width=60)
    said = iter(lines)

    def read(prompt: str) -> str:
        assert prompt == "> "
        try:
            return next(said)
        except StopIteration:
            raise EOFError from None

    with console.capture() as written:
        converse(ask, lambda: [("Sample\x1b Wire", 2)], console, read)
    return written.get()


def test_follow_ups_keep_the_topic_until_a_new_one() -> None:
    asked: list[tuple[str, str | None]] = []

    def ask(question: str, topic: str | None) -> Answer:
        asked.append((question, topic))
        return replace(SILENT, passages=())

    talk(
        "did Ohl resign?",
        "and what about Bek?",
        "why did he?",
        "who opened the bridge?",
        "exit",
        "no",
        ask=ask,
    )
    assert asked == [
        ("did Ohl resign?", None),
        ("and what about Bek?", "did Ohl resign?"),
        ("why did he?", "did Ohl resign?"),
        ("who opened the bridge?", None),
    ]


def test_answers_sources_and_refusals() -> None:
    def ask(question: str, topic: str | None) -> Answer:
        if question == "?":
            raise UsageError("the question is empty")
        return DENIED

    written = talk("did they?", ":sources", ":nope", "  ", "?", ask=ask)
    assert written.startswith(
        "Ask about the articles; :help tells more, exit ends.\nNo. It said the opposite.\n"
    )
    assert written.endswith(
        "Sample\\x1b Wire: 2\nNo such command: :nope; :help lists them.\nthe question is empty\n\n\n"
    )
