"""How often the right article is found: ``python -m benchmarks.retrieval DATASET_FOLDER…``.

A data set is a folder with ``articles.jsonl[.gz]`` and ``questions.jsonl``. Each is indexed and asked all its
answerable questions, ranked by article in four ways: hybrid (what ``onrecord ask`` does), vectors alone,
words alone, and plain BM25 over whole documents without stemming, in the same run. Figures go to
``benchmarks/results/retrieval-NAME.json``.
"""

import argparse
import json
import math
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import platformdirs

from corpus.article import Article
from corpus.reading import digest, read
from retrieval.build import build
from retrieval.encoder import Encoder, load
from retrieval.search import Index

RESULTS = Path(__file__).parent / "results"
TOP = 10
Ranking = Callable[[str], list[str]]
"""A question to the ids of articles, best first."""


class PlainBM25:
    """The baseline: Okapi BM25 with k1 = 1.5 and b = 0.75 over lower-cased words of whole documents."""

    def __init__(self, articles: Sequence[Article], k1: float = 1.5, b: float = 0.75) -> None:
        self._ids = [article.id for article in articles]
        counts = [Counter(_words(f"{a.title or ''} {a.text}")) for a in articles]
        lengths = [count.total() for count in counts]
        mean = sum(lengths) / len(lengths)
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for row, (count, length) in enumerate(zip(counts, lengths, strict=True)):
            for word, times in count.items():
                weight = times * (k1 + 1) / (times + k1 * (1 - b + b * length / mean))
                self._postings[word].append((row, weight))

    def rank(self, question: str) -> list[str]:
        scores: dict[int, float] = defaultdict(float)
        for word in _words(question):
            postings = self._postings.get(word, [])
            idf = math.log(1 + (len(self._ids) - len(postings) + 0.5) / (len(postings) + 0.5))
            for row, weight in postings:
                scores[row] += idf * weight
        return [self._ids[row] for row in sorted(scores, key=lambda row: -scores[row])[:TOP]]


def measure(dataset: Path, encoder: Encoder, data: Path) -> dict[str, Any]:
    """All figures of one data set."""
    articles = [a for a in read([_articles(dataset)]) if isinstance(a, Article)]
    report = build(
        map(digest, articles),
        data / "benchmarks" / dataset.name,
        encoder,
        sources=[str(dataset)],
        cache=data / "cache",
        progress=_show,
    )
    index = Index.open(data / "benchmarks" / dataset.name, encoder)
    questions = [q for q in _rows(dataset / "questions.jsonl") if q["answerable"]]
    plain = PlainBM25(articles)
    rankings: dict[str, Ranking] = {
        "hybrid": lambda question: [hit.article_id for hit in index.search(question, k=TOP)],
        "vectors": lambda question: _ids(index, index.by_meaning(question, TOP)),
        "words": lambda question: _ids(index, index.by_words(question, TOP)),
        "plain_bm25": plain.rank,
    }
    return {
        "dataset": dataset.name,
        "articles": report.articles,
        "passages": report.passages,
        "questions": len(questions),
        "model": encoder.name,
        "build_seconds": round(report.seconds, 1),
        "embedded": report.embedded,
        **{name: score(ranking, questions) for name, ranking in rankings.items()},
    }


def score(ranking: Ranking, questions: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Share of questions with a right article among the first 1, 4 and 10, MRR@10, and the median time."""
    ranks, times = [], []
    for question in questions:
        begun = time.perf_counter()
        found = ranking(question["question"])
        times.append(time.perf_counter() - begun)
        ranks.append(
            next((i for i, one in enumerate(found, start=1) if one in question["articles"]), math.inf)
        )
    share = {f"hits@{k}": sum(rank <= k for rank in ranks) / len(ranks) for k in (1, 4, TOP)}
    share["mrr@10"] = sum(1 / rank for rank in ranks) / len(ranks)
    return {k: round(v, 4) for k, v in share.items()} | {
        "ms": round(sorted(times)[len(times) // 2] * 1000, 1)
    }


def _ids(index: Index, passages: Sequence[int]) -> list[str]:
    places = index.places(passages)
    return [places[row].article_id for row in passages]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _articles(dataset: Path) -> Path:
    return next(path for path in sorted(dataset.glob("articles.jsonl*")))


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _show(stage: str, done: int, total: int) -> None:
    if done % 1000 == 0 or done == total:
        print(f"  {stage} {done}/{total or '?'}", flush=True)


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument(
        "--data", type=Path, default=Path(platformdirs.user_cache_dir("onrecord")) / "benchmarks"
    )
    chosen = parser.parse_args(None if arguments is None else list(arguments))
    encoder = load("all-MiniLM-L6-v2", chosen.data / "models")
    RESULTS.mkdir(exist_ok=True)
    for dataset in chosen.datasets:
        figures = measure(dataset, encoder, chosen.data)
        print(json.dumps(figures, indent=1))
        (RESULTS / f"retrieval-{dataset.name}.json").write_text(
            json.dumps(figures, indent=1) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
