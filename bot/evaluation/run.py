"""Ask every question of a set and judge the answers; keep the result, read a kept one again."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.answer import Answer
from bot.evaluation import curves, scores
from bot.evaluation.dataset import Dataset
from bot.evaluation.intervals import Figure
from bot.evaluation.outcomes import Outcome, outcome
from corpus.article import Article
from corpus.errors import UsageError
from corpus.reading import bare

SAVED = "evaluation.json"


class Run(BaseModel):
    """One evaluation. Its outcomes are all there is to keep: every figure is computed from them."""

    model_config = ConfigDict(frozen=True)

    dataset: str
    version: str
    """Of Onrecord."""
    build: str
    model: str
    threshold: float
    outcomes: tuple[Outcome, ...]

    @cached_property
    def figures(self) -> dict[str, Figure]:
        return scores.figures(self.outcomes)


def source_texts(paths: Iterable[Path]) -> dict[str, str]:
    """The texts of all articles by id, read from their files and not from the index."""
    return {found.id: found.text for found in bare(paths) if isinstance(found, Article)}


def evaluate(
    dataset: Dataset,
    ask: Callable[[str], Answer],
    threshold: float,
    sources: Mapping[str, str],
    progress: Callable[[str, int, int], None],
) -> list[Outcome]:
    """The outcome of every question, in order; ``ask`` answers with a threshold of 0 (see ``outcome``)."""
    outcomes = []
    progress("asking", 0, len(dataset.questions))
    for done, labelled in enumerate(dataset.questions, start=1):
        outcomes.append(outcome(labelled, ask(labelled.question), threshold, sources))
        progress("asking", done, len(dataset.questions))
    return outcomes


def to_dict(run: Run) -> dict[str, Any]:
    """What is kept and printed as JSON: the outcomes, and the figures that they come to."""
    return {
        "dataset": run.dataset,
        "version": run.version,
        "build": run.build,
        "model": run.model,
        "threshold": run.threshold,
        "questions": len(run.outcomes),
        "figures": {name: asdict(figure) for name, figure in run.figures.items()},
        "confusion": scores.confusion(run.outcomes),
        "reliability": [asdict(bin_) for bin_ in curves.reliability(scores.truth(run.outcomes))],
        "risk_coverage": [asdict(p) for p in curves.risk_coverage(scores.wrongness(run.outcomes))],
        "worst": [o.id for o in scores.worst(run.outcomes)],
        "outcomes": [o.model_dump() | {"right": o.right} for o in run.outcomes],
    }


def save(kept: Mapping[str, Any], folder: Path) -> Path:
    """Write ``evaluation.json`` whole or not at all; the file that was there stays until then."""
    file = folder / SAVED
    beside = file.with_suffix(".partial")
    beside.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return beside.replace(file)


def load(file: Path) -> Run:
    """A run that was saved. Raises UsageError, with one line, for a file that holds none."""
    try:
        return Run.model_validate_json(file.read_bytes())
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}: name the {SAVED} that --save wrote") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise UsageError(f"{file}: {where}: {first['msg']}: name the {SAVED} that --save wrote") from None
