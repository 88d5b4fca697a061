"""The command line, ``onrecord``. Nothing heavy is loaded here, so that ``--help`` is quick."""

import os
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from bot import __version__
from bot.cli import commands_eval, commands_index, commands_library
from bot.cli.ending import unwinding
from bot.cli.options import (
    Config,
    Corpus,
    Index,
    Json,
    Outlets,
    Quotes,
    Since,
    Speakers,
    Until,
    filters,
    wire,
)
from corpus.errors import IndexUnusable, OnrecordError, Unreachable, UsageError

if TYPE_CHECKING:
    from bot.messenger.operations.findings import Finding

NO_ANSWER, USAGE, UNUSABLE, UNREACHABLE = 1, 2, 3, 75  # the last: sysexits.h, EX_TEMPFAIL
INTERRUPTED, PIPE_CLOSED = 130, 141  # 128 + signal


class Commands(TyperGroup):
    """Turns whatever a user can meet in any command into one line and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            with unwinding():
                result = super().invoke(ctx)
                sys.stdout.flush()
        except OnrecordError as error:
            _complain(error)
            raise typer.Exit(exit_code(error)) from None
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            _drop_output()
            raise typer.Exit(PIPE_CLOSED) from None
        except OSError as error:
            _complain(error)
            _drop_output()
            raise typer.Exit(USAGE) from None
        return result


app = typer.Typer(
    cls=Commands,
    help="Answers questions about the news with verbatim quotes, their sources, and who disagrees.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(commands_index.app, name="index")
app.add_typer(commands_library.app, name="corpus")


def _version(asked: bool) -> None:  # noqa: FBT001  a callback's signature
    if asked:
        typer.echo(f"onrecord {__version__}")
        raise typer.Exit


@app.callback()
def main(
    *,
    _: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    pass


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(metavar="QUESTION", show_default=False)] = None,
    *,
    json: Json = False,
    k: Quotes = None,
    since: Since = None,
    until: Until = None,
    outlet: Outlets = None,
    speaker: Speakers = None,
    batch: Annotated[
        str | None,
        typer.Option(
            "--batch", metavar="FILE", help='JSON lines with a "question" each; - reads standard input.'
        ),
    ] = None,
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
) -> None:
    """Answer one question, or a file of them; builds the index first if there is none."""
    if (question is None) == (batch is None):
        raise UsageError(
            'nothing or too much to answer: give one question in quotation marks, or "--batch FILE"'
        )
    from bot.cli import asking

    wired = wire(corpus, index, config)
    answerer = asking.ready(wired)
    chosen, limit = filters(since, until, outlet, speaker), k or wired.settings.answers.quotes
    if batch is not None:
        with asking.lines(batch) as questions:
            asking.each(
                questions, lambda asked: answerer.answer(asked, k=limit, filters=chosen), as_json=json
            )
    else:
        answer = answerer.answer(question or "", k=limit, filters=chosen)
        asking.show(answer, as_json=json)
        raise typer.Exit(0 if answer.answered else NO_ANSWER)


@app.command()
def chat(
    *,
    k: Quotes = None,
    since: Since = None,
    until: Until = None,
    outlet: Outlets = None,
    speaker: Speakers = None,
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
) -> None:
    """A conversation at the terminal; follow-up questions keep the topic."""
    from rich.console import Console

    from bot.cli import asking
    from bot.cli.chat import converse, read_line

    wired = wire(corpus, index, config)
    live = asking.live(wired)
    chosen, limit = filters(since, until, outlet, speaker), k or wired.settings.answers.quotes
    converse(
        lambda question, topic: live.answer(question, k=limit, filters=chosen, topic=topic),
        lambda: live.contents().outlets,
        Console(highlight=False),
        read_line,
    )


@app.command()
def bot(
    *,
    webhook: Annotated[
        str | None,
        typer.Option(
            "--webhook", metavar="URL", help="Public address for Telegram to post to. [long polling]"
        ),
    ] = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Tell what is wrong with token, rights, index and settings, and end."),
    ] = False,
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
) -> None:
    """The Telegram bot; its token is ONRECORD_TELEGRAM_TOKEN."""
    import logging

    from bot.cli import asking

    wired = wire(corpus, index, config)
    wired.require_token()
    if check:
        grades = [_tell(finding) for finding in wired.check(webhook)]
        raise typer.Exit(USAGE if "wrong" in grades else 0)
    asking.build_aside(wired)
    wired.serve(asking.live(wired, logging.getLogger("bot.live").error), webhook)


app.command("eval")(commands_eval.evaluate)


def _tell(finding: "Finding") -> str:
    """Print it; returns how bad it is."""
    from bot.render.terminal import visible

    typer.echo(visible(str(finding)))
    return finding.grade


def exit_code(error: OnrecordError) -> int:
    if isinstance(error, IndexUnusable):
        return UNUSABLE
    return UNREACHABLE if isinstance(error, Unreachable) else USAGE


def _complain(error: Exception) -> None:
    from bot.render.terminal import visible

    typer.echo(f"onrecord: {visible(str(error))}", err=True)


def _drop_output() -> None:
    """What is still buffered would fail once more as the interpreter ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
