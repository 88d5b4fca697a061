"""Whole indexes of many sizes: what building costs, what a search takes, and what the vectors still find.

``python -m benchmarks.scale ARTICLES QUESTIONS...`` builds an index of each size with ``retrieval.build`` in a
process of its own, opens it in a fresh one and asks the questions. The corpora are not real: they are recombined
from the real ARTICLES, and so are their vectors (see ``benchmarks.recombined``), which takes the place of embedding;
questions are embedded by the real encoder. Figures go to results/scale.json, a size that is measured again in place
of its last figures, and a picture of them to results/scale.png.
"""

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

from benchmarks.cold_start import megabytes
from benchmarks.recombined import BEGIN, DAYS, NOISE, Copied, Pool, Recombining, documents, gather
from benchmarks.scale_picture import draw
from corpus.article import Document
from retrieval import build, glossary
from retrieval.cache import Cache
from retrieval.encoder import load
from retrieval.filling import CHUNK, embedded_text
from retrieval.glossary import WordEncoder
from retrieval.search import DEPTH, Filters, Index

RESULT = Path(__file__).parent / "results" / "scale.json"
SIZES = (10_000, 100_000, 1_000_000, 3_000_000)
MODEL = "all-MiniLM-L6-v2"
ASKED = 200
NEEDED = 7_000
"""Bytes of free disk for each passage: its index 2,600, its vector in the cache 1,700, and the same as a reserve."""
EXACT_UP_TO = 1_000_000
NEAREST = 10
ONE_SITE = Filters(outlets=("site-7.example",))
RECOMBINED = (
    f"recombined: passages are real ones with one sentence exchanged, their vectors are the real passages' moved"
    f" by {NOISE} of the difference of two other real vectors; questions are embedded by {MODEL}"
)


def build_one(work: Path, size: int) -> dict[str, Any]:
    """Build an index of so many passages in ``work/index``; seconds of each stage, and memory."""
    pool, real = Pool.load(work), load(MODEL, work / "models")
    encoder, before = Recombining(pool, real), _peak()
    begun = time.perf_counter()
    stages: dict[str, float] = {}

    def told(stage: str, _done: int, _total: int) -> None:
        stages.setdefault(stage, time.perf_counter())

    report = build.build(
        documents(pool, size),
        work / "index",
        encoder,
        sources=["recombined"],
        cache=work / "cache",
        progress=told,
    )
    ends = [*list(stages.values())[1:], time.perf_counter()]
    whole = time.perf_counter() - begun
    return {
        "passages": report.passages,
        "articles": report.articles,
        "seconds": round(whole, 1),
        "stages": {s: round(end - at, 1) for (s, at), end in zip(stages.items(), ends, strict=True)},
        "passages_a_second": round(report.passages / whole),
        "peak_mb": _peak(),
        "peak_mb_before": before,
        **_disk(work / "index" / "builds" / report.build, report.passages),
    }


def ask_one(work: Path, size: int, questions: Sequence[str]) -> dict[str, Any]:
    """Open the index in ``work/index`` and ask; milliseconds."""
    pool, real = Pool.load(work), load(MODEL, work / "models")
    encoder, before = Recombining(pool, real), _resident()
    begun = time.perf_counter()
    index = Index.open(work / "index", encoder)
    figures: dict[str, Any] = {"open_s": round(time.perf_counter() - begun, 3)}
    figures["first_ms"] = _times(index.search, questions[:1])["p50"]
    late = Filters(since=BEGIN + timedelta(days=DAYS // 2))
    few = questions[: max(1, len(questions) // 10)]
    figures |= {
        "whole": _times(index.search, questions),
        "encode": _times(lambda asked: real.encode([asked], kind="query"), questions),
        "vectors": _times(lambda asked: index.by_meaning(asked, DEPTH), questions, encoder),
        "words": _times(lambda asked: index.by_words(asked, DEPTH), questions),
        "whole_of_half": _times(lambda asked: index.search(asked, filters=late), few),
        "whole_of_one_site": _times(lambda asked: index.search(asked, filters=ONE_SITE), few),
        "memory_mb": {name: size - before[name] for name, size in _resident().items()},
    }
    if size <= EXACT_UP_TO:
        figures["recall@10"] = recall(index, encoder, documents(pool, size), questions)
    index.close()
    return figures


def _times(
    step: Callable[[str], object], questions: Sequence[str], encoder: Recombining | None = None
) -> dict[str, float]:
    """Milliseconds; an ``encoder``, which remembers the last question, is asked it before."""
    taken = []
    for question in questions:
        if encoder:
            encoder.encode([question], kind="query")
        begun = time.perf_counter()
        step(question)
        taken.append(1000 * (time.perf_counter() - begun))
    taken.sort()
    return {"p50": round(statistics.median(taken), 2), "p95": round(taken[int(0.95 * (len(taken) - 1))], 2)}


def recall(index: Index, encoder: Recombining, corpus: Iterable[Document], questions: Sequence[str]) -> float:
    """Share of the ten nearest passages, by the vectors as they were made, that the index finds."""
    asked = np.concatenate([encoder.encode([question], kind="query") for question in questions])
    best = np.full((len(questions), NEAREST), -2, np.float32)
    rows = np.zeros((len(questions), NEAREST), np.int64)
    texts = (
        embedded_text(document.article.title, document.article.text[passage.start : passage.end])
        for document in corpus
        for passage in document.passages
    )
    for begin in count(step=CHUNK):
        if not (part := list(islice(texts, CHUNK))):
            break
        scores = np.concatenate((best, asked @ encoder.encode(part).T), axis=1)
        places = np.arange(begin, begin + len(part))
        of = np.concatenate((rows, np.tile(places, (len(questions), 1))), axis=1)
        top = np.argpartition(-scores, NEAREST - 1, axis=1)[:, :NEAREST]
        best, rows = np.take_along_axis(scores, top, 1), np.take_along_axis(of, top, 1)
    found = [set(index.by_meaning(question, NEAREST)) for question in questions]
    return round(sum(len(f & set(r)) for f, r in zip(found, rows.tolist(), strict=True)) / rows.size, 4)


def _disk(folder: Path, passages: int) -> dict[str, Any]:
    """Bytes of each kind of file, and megabytes for a million passages."""
    kinds: Counter[str] = Counter()
    for path in folder.rglob("*"):
        if path.is_file():
            kinds[path.relative_to(folder).parts[0].partition(".")[0]] += path.stat().st_size
    growing = {kind: size for kind, size in kinds.items() if kind not in ("glossary", "manifest")}
    return {"bytes": dict(kinds), "mb_a_million": {k: round(n / passages) for k, n in growing.items()}}


def _peak() -> int:
    """MB."""
    return round(megabytes(resource.getrusage(resource.RUSAGE_SELF)))


def _resident() -> dict[str, int]:
    """MB now, of its own and of mapped files."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return {k: int(status[name].split()[0]) // 1000 for k, name in (("own", "RssAnon"), ("files", "RssFile"))}


def questions_of(files: Iterable[Path]) -> list[str]:
    """``ASKED`` questions, evenly from all files."""
    asked = [json.loads(line)["question"] for file in files for line in file.read_text("utf-8").splitlines()]
    return asked[:: max(1, len(asked) // ASKED)][:ASKED]


def measure(size: int, pool: Path, questions: Sequence[str], work: Path, *, keep: bool) -> dict[str, Any]:
    """One size, in processes of their own; its index goes afterwards unless it is to be kept."""
    folder = work / str(size)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(pool, folder)
    try:
        figures = {"load": round(os.getloadavg()[0], 1), "building": _child("build", folder, size, [])}
        figures["searching"] = _child("ask", folder, size, questions)
    finally:
        if not keep:
            shutil.rmtree(folder)
    return figures


def _child(task: str, folder: Path, size: int, questions: Sequence[str]) -> dict[str, Any]:
    given = json.dumps([task, str(folder), size, list(questions)])
    command = [sys.executable, "-m", "benchmarks.scale", "--task"]
    done = subprocess.run(command, input=given, stdout=subprocess.PIPE, text=True, check=True)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def prepare(articles: Path, data: Path, folder: Path) -> None:
    """The pool, the models, and a cache that knows the glossary's words, into ``folder``."""
    folder.mkdir(parents=True)
    real = load(MODEL, data / "models")
    pool = gather(
        articles, real, data / "cache", lambda done: print(f"{done} real passages", file=sys.stderr)
    )
    pool.save(folder)
    shutil.copytree(data / "models", folder / "models")
    texts = map(" ".join, zip(pool.titles, pool.firsts, pool.others, strict=True))
    glossary.write(folder, texts, data / "cache", lambda _done, _total: None)
    words = (folder / glossary.WORDS).read_text("utf-8").split("\n")
    with (
        closing(Cache(data / "cache", WordEncoder())) as known,
        closing(Cache(folder / "cache", Copied(known))) as fresh,
    ):
        fresh.encode(words, lambda _done: None)


def save(figures: dict[str, Any]) -> None:
    """Into the results, in place of what was measured of these sizes."""
    kept = json.loads(RESULT.read_text("utf-8")) if RESULT.exists() else {"sizes": {}}
    sizes = {int(size): one for size, one in (kept["sizes"] | figures).items()}
    whole = {"corpus": RECOMBINED, "sizes": {str(size): sizes[size] for size in sorted(sizes)}}
    RESULT.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    draw(sizes, RESULT.with_suffix(".png"))


def _task() -> None:
    """A child's part: told on standard input, figures as the last line of standard output."""
    task, folder, size, questions = json.load(sys.stdin)
    figures = build_one(Path(folder), size) if task == "build" else ask_one(Path(folder), size, questions)
    print(json.dumps(figures))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("articles", type=Path, help="real articles, as the corpus reads them")
    parser.add_argument("questions", type=Path, nargs="+", help="JSON lines with a question each")
    parser.add_argument("--sizes", type=lambda text: [int(n) for n in text.split(",")], default=list(SIZES))
    parser.add_argument(
        "--data", type=Path, default=Path(platformdirs.user_cache_dir("onrecord")) / "benchmarks"
    )
    parser.add_argument("--work", type=Path, help="where indexes are built; else a temporary folder")
    parser.add_argument("--keep", action="store_true", help="leave the indexes in --work")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        work = chosen.work or Path(temporary)
        pool = work / "pool"
        if not pool.exists():
            prepare(chosen.articles, chosen.data, pool)
        for size in chosen.sizes:
            if shutil.disk_usage(work).free < NEEDED * size:
                print(f"{size} passages are left out: {work} has no {NEEDED * size / 1e9:.0f} GB free")
                continue
            asked = questions_of(chosen.questions)
            figures = measure(size, pool, asked, work, keep=chosen.keep)
            measured = {"measured": datetime.now(UTC).isoformat(timespec="seconds"), "cpus": os.cpu_count()}
            print(json.dumps({size: figures}, indent=1))
            save({str(size): measured | {"python": platform.python_version()} | figures})


if __name__ == "__main__":
    _task() if sys.argv[1:] == ["--task"] else main()
