"""``onrecord index``: build, update, info, verify, rollback, backup, restore."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import commands_library
from bot.cli.options import Config, Corpus, Index, Json, wire
from corpus.errors import IndexUnusable

if TYPE_CHECKING:
    from retrieval.builds.manifest import Manifest

UNUSABLE = 3
Backup = Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]

app = typer.Typer(
    help="Build the index, tell what it holds, check it, go back, carry it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def build(*, corpus: Corpus = None, index: Index = None, config: Config = None) -> None:
    """Read every article and build the index anew; the last one answers until this one is whole."""
    from bot.cli import asking

    asking.build(wire(corpus, index, config))


app.command()(commands_library.update)


@app.command()
def info(*, json: Json = False, corpus: Corpus = None, index: Index = None, config: Config = None) -> None:
    """What the index holds, which model made it, and which builds are kept."""
    from bot.cli import asking
    from retrieval.builds import manifest, shelf

    folder = wire(corpus, index, config).folder
    described = manifest.read(manifest.current(folder))
    facts = {
        "folder": str(folder),
        "build": described.build,
        "created": described.created,
        "model": described.model,
        "dimension": described.dimension,
        "articles": described.articles,
        "sentences": described.sentences,
        "passages": described.passages,
        "unreadable": described.unreadable,
        "bytes": described.size,
        "sources": list(described.sources),
        "schema": described.schema,
        "encoder": dict(described.encoder),
        "passage_settings": dict(described.passage_settings),
    }
    builds = [_kept(build, answers=build.name == described.build) for build in shelf.kept(folder)]
    if json:
        asking.print_json(facts | {"builds": builds})
        return
    for name, value in facts.items():
        typer.echo(f"{name:<16} {_shown(value)}")
    for build in builds:
        typer.echo(f"{'answers' if build['answers'] else 'kept':<16} {_line(build)}")


@app.command()
def verify(
    *,
    every: Annotated[bool, typer.Option("--all", help="Every build that is kept.")] = False,
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
) -> None:
    """Check every byte of the index, and name whatever is damaged."""
    from bot.cli import asking
    from retrieval.builds import manifest, shelf

    folder = wire(corpus, index, config).folder
    current = manifest.current(folder)
    damaged = False
    for build in shelf.kept(folder) if every else [current]:
        try:
            described = manifest.read(build)
            lines = list(manifest.damage(described, build, whole=True))
        except IndexUnusable as exc:
            lines = [str(exc)]
        for line in lines:
            asking.complain(f"onrecord: {line if build == current else _of_no_use(line, build)}")
        if lines:
            damaged = True
        else:
            typer.echo(f"{_whole(described)}, as they were written")
    if damaged:
        raise typer.Exit(UNUSABLE)


@app.command()
def rollback(
    build: Annotated[str | None, typer.Argument(metavar="[BUILD]", show_default=False)] = None,
    *,
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
) -> None:
    """Go back to the build before, or to the one named; every byte of it is checked first."""
    from retrieval.builds.rollback import rollback

    described = rollback(wire(corpus, index, config).folder, build)
    typer.echo(f"{described.build} of {described.created} answers now: {described.articles} articles")
    typer.echo('"onrecord index update" indexes the articles as they are now')


@app.command()
def backup(
    file: Backup,
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it is there.")] = False,
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
) -> None:
    """Write the build that answers and the library into one archive."""
    from retrieval.builds.backup import backup

    contents = backup(wire(corpus, index, config).folder, file, force=force)
    typer.echo(f"{file}: {contents.build}, {len(contents.files)} files, {contents.size:,} bytes")


@app.command()
def restore(file: Backup, *, corpus: Corpus = None, index: Index = None, config: Config = None) -> None:
    """Check an archive, then have its build answer and its library take the place of the one here."""
    from retrieval.builds import shelf
    from retrieval.builds.backup import restore

    folder = wire(corpus, index, config).folder
    before = shelf.answering(folder)
    described = restore(file, folder)
    typer.echo(f"{described.build} of {described.created} answers now: {described.articles} articles")
    if before:
        typer.echo(
            f'"onrecord index rollback {before}" goes back to the build before; the library before is kept'
        )


def _kept(build: Path, *, answers: bool) -> dict[str, object]:
    """A build as ``info`` tells it; what cannot be read is null."""
    from retrieval.builds import manifest

    facts: dict[str, object] = {"id": build.name, "created": None, "articles": None, "bytes": None}
    try:
        described = manifest.read(build)
    except IndexUnusable:
        return facts | {"answers": answers}
    known = {"created": described.created, "articles": described.articles, "bytes": described.size}
    return facts | known | {"answers": answers}


def _line(build: dict[str, object]) -> str:
    if build["created"] is None:
        return f"{build['id']}, damaged or of another format"
    return f"{build['id']} of {build['created']}: {build['articles']} articles, {build['bytes']:,} bytes"


def _shown(value: object) -> str:
    from retrieval.builds.manifest import said

    if isinstance(value, dict):
        return ", ".join(f"{name} {said(part)}" for name, part in value.items())
    return ", ".join(value) if isinstance(value, list) else str(value)


def _whole(described: "Manifest") -> str:
    return f"{described.build}: {len(described.files)} files, {described.size:,} bytes"


def _of_no_use(line: str, build: Path) -> str:
    """An older build cannot be made again, and answers nothing."""
    return f"{line.rpartition(': ')[0]}: an older build, remove {build}"
