"""``onrecord corpus``: show what is read from files, list the articles of the index."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import Config, Corpus, Index, Json, wire

if TYPE_CHECKING:
    from corpus.article import Article, Document
    from corpus.doctor import Report

SHOWN = 10
"""Findings of one kind that the doctor prints."""

app = typer.Typer(
    help="See what was read from files, list the articles.", no_args_is_help=True, rich_markup_mode=None
)


@app.command()
def show(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", show_default=False)],
    *,
    json: Json = False,
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
) -> None:
    """What is read from files and folders: source data, sentences, who speaks."""
    from bot.cli import asking
    from corpus.article import Unreadable
    from corpus.errors import CorpusError
    from corpus.reading import digest, read

    passages = wire(corpus, index, config).settings.passages
    articles = 0
    for found in read(paths):
        if isinstance(found, Unreadable):
            asking.complain(f"not read: {found.path}: {found.reason}")
            continue
        articles += 1
        document = digest(found, words=passages.words, overlap=passages.overlap)
        if json:
            asking.print_json(_described(document))
        else:
            _print(document)
    if not articles:
        raise CorpusError(
            f"no article could be read from {', '.join(map(str, paths))}: see README.md for what can"
        )


@app.command("list")
def list_articles(
    *, json: Json = False, corpus: Corpus = None, index: Index = None, config: Config = None
) -> None:
    """The articles of the index: id, outlet, date and title."""
    from bot.cli import asking
    from bot.render.terminal import visible

    for article in wire(corpus, index, config).articles():
        if json:
            asking.print_json(_source(article))
        else:
            fields = (article.id, article.outlet or "-", article.published or "undated", article.title or "-")
            typer.echo("\t".join(visible(str(field)) for field in fields))


def _source(article: "Article") -> dict[str, Any]:
    return {
        "id": article.id,
        "path": article.path,
        "title": article.title,
        "outlet": article.outlet,
        "author": article.author,
        "published": article.published.isoformat() if article.published else None,
        "updated": article.updated.isoformat() if article.updated else None,
        "url": article.url,
    }


def _described(document: "Document") -> dict[str, Any]:
    article = document.article
    return _source(article) | {
        "text": article.text,
        "body": _body(article),
        "sentences": [
            {
                "start": s.start,
                "end": s.end,
                "text": article.text[s.start : s.end],
                "voice": s.voice,
                "speaker": s.speaker,
            }
            for s in document.sentences
        ],
    }


def _body(article: "Article") -> str:
    """The article alone, without the page's furniture; one block a line."""
    return "\n".join(article.text[start:end] for start, end in article.body)


def _print(document: "Document") -> None:
    from bot.render.terminal import visible

    for name, value in _source(document.article).items():
        typer.echo(f"{name:<10} {visible(str(value)) if value is not None else '-'}")
    for sentence in document.sentences:
        voice = f"{sentence.voice}, {sentence.speaker}" if sentence.speaker else sentence.voice
        text = document.article.text[sentence.start : sentence.end]
        typer.echo(visible(f"{sentence.start:>6}-{sentence.end:<6} [{voice}] {text}"))
    typer.echo()


@app.command()
def doctor(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH...]", help="[the corpus]", show_default=False)
    ] = None,
    *,
    json: Json = False,
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
) -> None:
    """What may be wrong with the articles, and what to do: copies, dates, garbled text, furniture."""
    from datetime import UTC, datetime

    from bot.cli import asking
    from corpus.doctor import ADVICE, examine
    from corpus.reading import read

    found = read(paths) if paths else wire(corpus, index, config).read()
    report = examine(found, datetime.now(UTC).date())
    if not json:
        _print_report(report)
        return
    for finding in report.findings:
        asking.print_json(
            {
                "kind": finding.kind,
                "articles": finding.articles,
                "detail": finding.detail,
                "do": ADVICE[finding.kind][1],
            }
        )
    asking.print_json({"articles": report.articles, "findings": len(report.findings)})


def _print_report(report: "Report") -> None:
    from itertools import groupby

    from bot.render.terminal import visible
    from corpus.doctor import ADVICE

    typer.echo(f"{report.articles} articles looked at, {len(report.findings)} findings")
    for kind, group in groupby(report.findings, lambda finding: finding.kind):
        findings = list(group)
        what, advice = ADVICE[kind]
        typer.echo(f"\n{what}: {len(findings)}; what to do: {advice}")
        for found in findings[:SHOWN]:
            typer.echo(visible("  " + ": ".join(filter(None, (", ".join(found.articles), found.detail)))))
        if len(findings) > SHOWN:
            typer.echo(f"  and {len(findings) - SHOWN} more, which --json lists")
