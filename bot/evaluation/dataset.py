"""A labelled set: a folder with ``questions.jsonl`` and, as a rule, the articles that it asks about."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.errors import UsageError

QUESTIONS = "questions.jsonl"
ARTICLES = ("articles.jsonl", "articles.jsonl.gz")


class Labelled(BaseModel):
    """A question with what is known about its answer. Other keys of its line are passed over."""

    model_config = ConfigDict(frozen=True, strict=True)

    id: str = Field(min_length=1)
    question: str = Field(pattern=r"\w")
    kind: Literal["yesno", "open"]
    verdict: Literal["yes", "no", "disputed", "unclear"] | None
    answerable: bool
    """Whether the articles of the set answer it."""
    articles: tuple[str, ...] = ()
    """Ids of the articles that answer it."""
    answers: tuple[str, ...] = ()
    """Wordings of the answer to an open question; a quote that holds one of them is right."""
    quotes: tuple[str, ...] = ()
    """Words of the sentences that answer; they go before ``answers``."""
    verdict_also: tuple[str, ...] = ()
    """Other verdicts that are right too."""
    disputed_by: tuple[str, ...] = ()
    """Words of sources that contradict the answer and must be shown beside it."""
    conflicting: tuple[str, ...] = ()
    """Answers that other articles of the set give to an open question."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """The questions of a folder, in order."""

    name: str
    file: Path
    """Where the questions were read from."""
    questions: tuple[Labelled, ...]
    articles: Path | None
    """The set's own articles; None where the folder holds none."""


def load(folder: Path, limit: int | None = None) -> Dataset:
    """The set in ``folder``, its first ``limit`` questions.

    Raises UsageError, naming file and line, for a file that is missing, malformed or holds no question.
    """
    file = folder / QUESTIONS
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}: name a folder that holds {QUESTIONS}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: not UTF-8 text ({error.reason}): convert the file") from error
    questions: dict[str, Labelled] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        labelled = _parsed(line, file, number)
        if labelled.id in questions:
            raise UsageError(f"{file}: line {number}: the id {labelled.id!r} is taken: give each its own")
        questions[labelled.id] = labelled
    if not questions:
        raise UsageError(f"{file}: no question in it: write one JSON object a line, as README.md shows")
    return Dataset(folder.resolve().name, file, tuple(questions.values())[:limit], _articles(folder))


def _parsed(line: str, file: Path, number: int) -> Labelled:
    try:
        return Labelled.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(map(str, first["loc"]))
        found = f"{where}: {first['msg']}" if where else first["msg"]
        raise UsageError(f"{file}: line {number}: {found}; README.md shows the format") from None


def _articles(folder: Path) -> Path | None:
    return next((folder / name for name in ARTICLES if (folder / name).is_file()), None)
