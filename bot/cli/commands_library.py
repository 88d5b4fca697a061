"""``onrecord corpus``: bring articles in, keep them up to date, take them back."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.commands_corpus import app
from bot.cli.options import Config, Corpus, Index, wire

__all__ = ["app"]

Places = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH_OR_ADDRESS...", show_default=False, help="Folders, files, http(s) addresses."
    ),
]


@app.command()
def add(
    places: Places,
    *,
    sitemap: Annotated[
        bool, typer.Option("--sitemap", help="The addresses are sitemaps: read the pages they list.")
    ] = False,
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
) -> None:
    """Read folders, files, pages or feeds from now on, and index what is in them."""
    from bot.cli import asking, progress

    with progress.shown() as told:
        outcome = wire(corpus, index, config).add(*places, kind="sitemap" if sitemap else None, progress=told)
    asking.tell(outcome)


@app.command()
def update(*, corpus: Corpus = None, index: Index = None, config: Config = None) -> None:
    """Read what changed in all sources, pages and feeds too, and index that alone."""
    from bot.cli import asking, progress

    wired = wire(corpus, index, config)
    if wired.feeds and not wired.settings.reading.fetch:
        asking.complain(
            "the feeds in the settings are not fetched: set fetch = true in their section [reading]"
        )
    with progress.shown() as told:
        outcome = wired.update(told)
    asking.tell(outcome)


@app.command()
def remove(places: Places, *, corpus: Corpus = None, index: Index = None, config: Config = None) -> None:
    """Take back what was added, and its articles out of the index."""
    from bot.cli import asking, progress

    with progress.shown() as told:
        outcome = wire(corpus, index, config).remove(*places, progress=told)
    asking.tell(outcome)


@app.command()
def watch(
    folder: Annotated[Path, typer.Argument(metavar="DIR", exists=True, file_okay=False, show_default=False)],
    *,
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
) -> None:
    """Add a folder and keep the index as the folder is, until Ctrl-C."""
    from bot.cli import asking, progress, watching
    from corpus.errors import OnrecordError

    wired, place = wire(corpus, index, config), folder.resolve()
    with watching.stopping() as stop:
        with progress.shown() as told:
            asking.tell(wired.add(str(place), progress=told))
        asking.complain(f"watching {place}; Ctrl-C stops")
        ignored = [wired.folder.resolve(), wired.settings.data.resolve()]
        for _ in watching.changes(place, ignored, stop):
            try:
                outcome = wired.add(str(place))
            except OnrecordError as error:
                asking.complain(f"not updated: {error}")
            else:
                if outcome.report:
                    asking.tell(outcome)
