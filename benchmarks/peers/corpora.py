"""The articles and questions that every system gets: a data set, cut to what torch embeds in minutes."""

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SEED = 5


@dataclass(frozen=True, slots=True)
class Corpus:
    """Files for ``protocol``, the right articles of each question in order, and what was cut."""

    name: str
    articles: Path
    questions: Path
    right: tuple[frozenset[str], ...]
    asked: tuple[str, ...]
    count: int
    of: int

    @property
    def told(self) -> dict[str, Any]:
        left = self.of - self.count
        return {
            "articles": self.count,
            "articles_of_the_data_set": self.of,
            "cut": f"{left} of {self.of} articles left out: every article that answers a question is kept,"
            f" the others were drawn with seed {SEED}"
            if left
            else "nothing",
            "questions": len(self.asked),
            "articles_bytes": self.articles.stat().st_size,
        }


def cut(dataset: Path, folder: Path, count: int) -> Corpus:
    """Write at most ``count`` articles of ``dataset`` and its answerable questions into ``folder``.

    Should ``count`` not hold all right articles, the questions that they belong to are left out.
    """
    source = next(iter(sorted(dataset.glob("articles.jsonl*"))))
    ids = [article["id"] for article in _rows(source)]
    questions = [q for q in _rows(dataset / "questions.jsonl") if q["answerable"]]
    kept: set[str] = set()
    for question in questions:
        wanted = kept | set(question["articles"])
        kept = wanted if len(wanted) <= count else kept
    asked = [question for question in questions if kept.issuperset(question["articles"])]
    others = [one for one in ids if one not in kept]
    chosen = random.Random(SEED)  # noqa: S311  a sample that is the same in every run, not a secret
    kept |= set(chosen.sample(others, min(count, len(ids)) - len(kept)))
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "articles.jsonl", (a for a in _rows(source) if a["id"] in kept))
    _write(folder / "questions.jsonl", ({"question": q["question"]} for q in asked))
    return Corpus(
        dataset.name,
        folder / "articles.jsonl",
        folder / "questions.jsonl",
        tuple(frozenset(question["articles"]) for question in asked),
        tuple(question["question"] for question in asked),
        len(kept),
        len(ids),
    )


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    """Line by line: what this process holds counts as its children's memory."""
    with (
        gzip.open(file, "rt", encoding="utf-8")
        if file.suffix == ".gz"
        else file.open(encoding="utf-8") as lines
    ):
        for line in lines:
            if line.strip():
                yield json.loads(line)


def _write(file: Path, rows: Iterator[dict[str, Any]]) -> None:
    with file.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
