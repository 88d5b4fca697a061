"""The options that commands share, and what to wire up from them."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.app import App
    from retrieval.search import Filters

Corpus = Annotated[
    list[Path] | None,
    typer.Option(
        "--corpus", metavar="DIR", help="Folder or file of articles; repeatable. [starter articles]"
    ),
]
Index = Annotated[
    Path | None,
    typer.Option("--index", metavar="DIR", help="Index folder. [one for each corpus, in the data folder]"),
]
Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Settings file. [onrecord.toml in the data folder]"),
]
Quotes = Annotated[
    int | None, typer.Option("-k", min=1, max=50, metavar="N", help="Quotes on each side, at most. [5]")
]


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise typer.BadParameter(f"{written!r} is not a day: write it as 2024-05-02") from error


Since = Annotated[
    date | None,
    typer.Option(
        "--since",
        parser=_day,
        metavar="DATE",
        help="Published on this day (YYYY-MM-DD) or later.",
    ),
]
Until = Annotated[
    date | None,
    typer.Option("--until", parser=_day, metavar="DATE", help="Published on this day or earlier."),
]
Outlets = Annotated[
    list[str] | None,
    typer.Option("--outlet", metavar="NAME", help="From this outlet; repeatable, any counts."),
]
Speakers = Annotated[
    list[str] | None,
    typer.Option("--speaker", metavar="NAME", help="Where this person or body speaks; repeatable."),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


def wire(corpus: list[Path] | None, index: Path | None, config: Path | None) -> "App":
    """The application as these options and the settings say. Raises UsageError."""
    from bot.app import App

    return App.of(corpus or (), index, config)


def filters(
    since: date | None, until: date | None, outlets: list[str] | None, speakers: list[str] | None
) -> "Filters":
    from retrieval.search import Filters

    return Filters(since, until, tuple(outlets or ()), tuple(speakers or ()))
