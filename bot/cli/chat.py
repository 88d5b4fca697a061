"""A conversation at the terminal. Nothing of it is kept."""

from collections.abc import Callable, Sequence
from contextlib import suppress

from rich.console import Console
from rich.text import Text

from bot.answer import Answer
from bot.answering.follow_ups import is_follow_up
from bot.render.terminal import render, visible
from corpus.errors import UsageError

HELP = """Ask in a sentence; a question that begins with "and" or says "it" goes on with the topic before.
:sources   the outlets that were read
:help      this text
exit       ends (so does Ctrl-D)"""

Ask = Callable[[str, str | None], Answer]
"""Answers a question, given the one that set the topic."""


def converse(
    ask: Ask, outlets: Callable[[], Sequence[tuple[str, int]]], console: Console, read: Callable[[str], str]
) -> None:
    """Read questions with ``read(prompt)`` and print answers until ``exit`` or the end of input."""
    topic: str | None = None
    console.print(Text("Ask about the articles; :help tells more, exit ends.", "dim"))
    while (line := _next(read, console)) is not None:
        if line == ":help":
            console.print(Text(HELP))
        elif line == ":sources":
            for outlet, count in outlets():
                console.print(Text(f"{visible(outlet)}: {count}"))
        elif line.startswith(":"):
            console.print(Text(f"No such command: {visible(line)}; :help lists them."))
        elif line:
            topic = topic if topic and is_follow_up(line) else line
            _answer(ask, line, topic, console)


def read_line(prompt: str) -> str:
    """A line from the terminal, with editing and a history that is forgotten at the end."""
    with suppress(ImportError):  # not on every system
        import readline  # noqa: F401  its import gives ``input`` editing
    return input(prompt)


def _next(read: Callable[[str], str], console: Console) -> str | None:
    try:
        line = read("> ").strip()
    except EOFError:
        console.print()
        return None
    return None if line.lower() in {"exit", "quit"} else line


def _answer(ask: Ask, question: str, topic: str, console: Console) -> None:
    try:
        console.print(render(ask(question, None if topic == question else topic)), crop=False)
    except UsageError as error:
        console.print(Text(visible(str(error))))
    console.print()
