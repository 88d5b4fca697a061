"""``onrecord corpus``: show what is read from files, list the articles of the index."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.options import Config, Corpus, Index, Json, wire

if TYPE_CHECKING:
    from corpus.article import Article, Days, Document
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
    """What is read from files and folders: source data, sentences, who speaks.

    Lines that pages of one site among them share are left out, as in an index of the same files.
    """
    from bot.cli import asking
    from corpus.article import Unreadable
    from corpus.cleaning.template_lines import page, template_lines, without
    from corpus.errors import CorpusError
    from corpus.reading import digest, read

    passages = wire(corpus, index, config).settings.passages
    articles = []
    for found in read(paths):
        if isinstance(found, Unreadable):
            asking.complain(f"not read: {found.path}: {found.reason}")
        else:
            articles.append(found)
    templates = template_lines(filter(None, map(page, articles)))
    for article in articles:
        document = digest(without(article, templates), words=passages.words, overlap=passages.overlap)
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
        "language": article.language,
        "origins": dict(article.origins),
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
                "when": [day.isoformat() for day in s.when] if s.when else None,
            }
            for s in document.sentences
        ],
    }


def _body(article: "Article") -> str:
    """The article alone, without the page's furniture or its headline; one block a line."""
    below = [span for span in article.body if span != article.title_span]
    return "\n".join(article.text[start:end] for start, end in below or article.body)


def _days(when: "Days") -> str:
    """Such as "2023-09-28", or "2022-01-01 to 2022-12-31"."""
    return " to ".join(dict.fromkeys(day.isoformat() for day in when))


def _print(document: "Document") -> None:
    from bot.render.terminal import visible

    source = _source(document.article)
    origins = source.pop("origins")
    for name, value in source.items():
        origin = f"  ({origins[name]})" if name in origins else ""
        typer.echo(visible(f"{name:<10} {'-' if value is None else value}{origin}"))
    for sentence in document.sentences:
        marks = [sentence.voice, sentence.speaker or "", _days(sentence.when) if sentence.when else ""]
        text = document.article.text[sentence.start : sentence.end]
        typer.echo(
            visible(f"{sentence.start:>6}-{sentence.end:<6} [{', '.join(filter(None, marks))}] {text}")
        )
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
