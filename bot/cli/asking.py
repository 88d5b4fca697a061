"""What ``ask`` does between the command line and the Answerer."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from bot.answer import Answer
from bot.app import App
from bot.cli import progress
from bot.render.as_json import to_dict
from corpus.errors import UsageError

if TYPE_CHECKING:
    from bot.answering.answerer import Answerer
    from bot.collecting import Outcome
    from bot.live import Live


def ready(app: App, threshold: float | None = None) -> "Answerer":
    """The answerer over the app's index, which is built first if there is none; see ``App.answerer``."""
    _require_build(app)
    with progress.shown() as told:
        return app.answerer(told, threshold)


def live(app: App, told: Callable[[str], None] | None = None) -> "Live":
    """As ``ready``, for a process that goes on with the builds that come; see ``App.live``.

    ``told`` hears of a build that cannot be opened; else it is complained of on standard error.
    """
    _require_build(app)
    with progress.shown() as shown:
        return app.live(shown, told or complain)


def _require_build(app: App) -> None:
    if not app.is_built():
        build(app)


def build_aside(app: App) -> None:
    """Build the index if there is none, in a process of its own, which gets none of the bot's secrets.

    Reading and embedding take some 400 MB, which a process that answers for months would keep. Raises SystemExit
    with that process's exit code when it fails; it has told why.
    """
    if not app.is_built():
        from bot.messenger.operations.jobs import environment

        line = app.commands().line("index", "build")
        built = subprocess.run(line, env=environment(), check=False)  # noqa: S603  a list of our own
        if built.returncode:
            sys.exit(built.returncode)


def build(app: App) -> None:
    """Build the index and tell on standard error what went in and what could not be read."""
    with progress.shown() as told:
        outcome = app.build(told)
    tell(outcome)


def tell(outcome: "Outcome") -> None:
    """What an update did, on standard error."""
    for passed in outcome.unreadable:
        complain(f"not read: {passed.path}: {passed.reason}")
    found, report = outcome.changes, outcome.report
    counts = f"{found.new} new, {found.changed} changed, {found.unchanged} unchanged, {found.removed} removed"
    complain(f"{found.read} read, {found.failed} failed; articles: {counts}")
    if report is None:
        complain("the index holds all that already")
        return
    counts = f"{report.articles} articles, {report.sentences} sentences, {report.passages} passages"
    complain(
        f"index {report.build}: {counts}, {report.embedded} of them embedded now, in {report.seconds:.1f} s"
    )


def show(answer: Answer, *, as_json: bool) -> None:
    """Print the answer to standard output, whole at once."""
    if as_json:
        print_json(to_dict(answer))
    else:
        from rich.console import Console  # here: nothing of it is needed for JSON

        from bot.render.terminal import render

        Console(highlight=False).print(render(answer), crop=False)


def print_json(value: object) -> None:
    """One object on one line, flushed; only ASCII where the output is not UTF-8, so that it stays JSON."""
    utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    sys.stdout.write(json.dumps(value, ensure_ascii=not utf8) + "\n")
    sys.stdout.flush()


def complain(line: str) -> None:
    from bot.render.terminal import visible

    sys.stderr.write(visible(line) + "\n")


@contextmanager
def lines(name: str) -> Iterator[BinaryIO]:
    """The batch file, or standard input for ``-``. Raises UsageError."""
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = open(name, "rb")  # noqa: SIM115, PTH123  closed below
    except OSError as error:
        raise UsageError(
            f"{name}: {error.strerror}: give a JSON lines file, or - for standard input"
        ) from error
    with stream:
        yield stream


def each(stream: Iterable[bytes], ask: Callable[[str], Answer], *, as_json: bool) -> None:
    """Answer every line in order; one that holds no question is named on standard error and passed over.

    ``ask`` stays on one build from the first line to the last, so that the answers of a batch can be compared.
    Raises UsageError when no line holds one.
    """
    answered = 0
    for number, line in enumerate(stream, start=1):
        if not line.strip():
            continue
        try:
            answer = ask(_question(line))
        except UsageError as error:
            complain(f"line {number}: {error}")
        else:
            if not as_json:
                _head(answer.question, first=not answered)
            show(answer, as_json=as_json)
            answered += 1
    if not answered:
        raise UsageError(
            'no line holds a question: write lines like {"question": "Did the minister resign?"}'
        )


def _head(question: str, *, first: bool) -> None:
    from rich.console import Console
    from rich.text import Text

    from bot.render.terminal import visible

    Console(highlight=False).print(Text(f"{'' if first else chr(10)}{visible(question)}", "bold"))


def _question(line: bytes) -> str:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"not JSON ({error}): passed over") from error
    question = record.get("question") if isinstance(record, dict) else None
    if not isinstance(question, str):
        raise UsageError('no "question" in it: passed over')
    return question
