"""``onrecord index``: build, update, info, verify."""

import typer

from bot.cli import commands_library
from bot.cli.options import Config, Corpus, Index, Json, wire

app = typer.Typer(
    help="Build the index, tell what it holds, check it.", no_args_is_help=True, rich_markup_mode=None
)


@app.command()
def build(*, corpus: Corpus = None, index: Index = None, config: Config = None) -> None:
    """Read every article and build the index anew; the last one answers until this one is whole."""
    from bot.cli import asking

    asking.build(wire(corpus, index, config))


app.command()(commands_library.update)


@app.command()
def info(*, json: Json = False, corpus: Corpus = None, index: Index = None, config: Config = None) -> None:
    """What the index holds and which model made it."""
    from bot.cli import asking
    from retrieval.builds import manifest

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
    }
    if json:
        asking.print_json(facts)
    else:
        for name, value in facts.items():
            typer.echo(f"{name:<10} {', '.join(value) if isinstance(value, list) else value}")


@app.command()
def verify(*, corpus: Corpus = None, index: Index = None, config: Config = None) -> None:
    """Check every byte of the index."""
    from retrieval.builds import manifest

    described = manifest.verify(wire(corpus, index, config).folder)
    typer.echo(
        f"{described.build}: {len(described.files)} files, {described.size:,} bytes, as they were written"
    )
