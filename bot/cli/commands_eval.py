"""``onrecord eval``: quality on a labelled set."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import Config, Corpus, Index, Json, wire

if TYPE_CHECKING:
    from bot.app import App
    from bot.evaluation.dataset import Dataset
    from bot.evaluation.run import Run


def evaluate(
    dataset: Annotated[Path, typer.Argument(metavar="DATASET", show_default=False)],
    *,
    json: Json = False,
    save: Annotated[
        Path | None,
        typer.Option("--save", metavar="FOLDER", help="Write evaluation.json and two pictures there."),
    ] = None,
    against: Annotated[
        Path | None, typer.Option("--against", metavar="FILE", help="Compare with this evaluation.json.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, metavar="N", help="Ask the first N questions. [all]")
    ] = None,
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
) -> None:
    """Quality on a labelled set: a folder with questions.jsonl and articles.jsonl[.gz]."""
    from bot.cli import asking
    from bot.evaluation import comparison, pictures, report, run
    from bot.evaluation.dataset import load

    asked = load(dataset, limit)
    before = run.load(against) if against else None
    draws = save is not None and pictures.can_draw()
    if save is not None:
        save.mkdir(parents=True, exist_ok=True)
        if not draws:
            asking.complain(pictures.MISSING)
    done = _run(asked, wire(corpus or _own_articles(asked), index, config))
    compared = before and comparison.compare(before.outcomes, done.outcomes)
    kept = run.to_dict(done)
    if save is not None:
        asking.complain(f"written: {run.save(kept, save)}")
    if save is not None and draws:
        for file in pictures.draw(done.outcomes, done.threshold, done.dataset, save):
            asking.complain(f"written: {file}")
    if json:
        asking.print_json(kept | ({"against": comparison.to_dict(compared)} if compared else {}))
    else:
        _print(report.report(done))
        _print(report.compared(compared) if compared else ())


def _own_articles(dataset: "Dataset") -> list[Path]:
    from corpus.errors import UsageError

    if dataset.articles is None:
        raise UsageError(
            f"{dataset.file.parent}: no articles.jsonl beside the questions: name the articles with --corpus"
        )
    return [dataset.articles]


def _run(dataset: "Dataset", app: "App") -> "Run":
    from bot import __version__
    from bot.cli import asking, progress
    from bot.evaluation.run import Run, evaluate, source_texts

    answerer = asking.ready(app, threshold=0.0)
    sources = source_texts(app.sources)
    named = {article for labelled in dataset.questions for article in labelled.articles}
    if missing := len(named - sources.keys()):
        asking.complain(f"{missing} of {len(named)} articles that the questions name are not in the corpus")
    settings = app.settings.answers
    with progress.shown() as told:
        outcomes = evaluate(
            dataset,
            lambda question: answerer.answer(question, k=settings.quotes),
            settings.threshold,
            sources,
            told,
        )
    return Run(
        dataset=dataset.name,
        version=__version__,
        build=answerer.index.build,
        model=answerer.index.model,
        threshold=settings.threshold,
        outcomes=tuple(outcomes),
    )


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)
