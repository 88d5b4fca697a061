"""How near building an index comes to the encoder alone: ``python -m benchmarks.building ARTICLES --save``.

The same passages are embedded in a bare loop, batch after batch as they come, and by ``onrecord index build``, the
whole process with reading, rows, words and glossary, the cache of vectors empty; then the same build once more,
which has nothing to embed. Seconds are by the wall clock, and of the processors, which says more on a busy machine.
"""

import argparse
import gzip
import json
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import platformdirs

from benchmarks.cold_start import megabytes, once
from benchmarks.updates import run
from corpus.article import Article
from corpus.reading import digest, read
from retrieval.encoder import load
from retrieval.filling import embedded_text

RESULT = Path(__file__).parent / "results" / "building.json"
MODEL = "all-MiniLM-L6-v2"
ARTICLES = 120
"""Some 2,000 passages."""
BATCH = 32
GOAL = 0.6


def measure(rows: Sequence[str], work: Path, data: Path) -> dict[str, Any]:
    """All figures; ``rows`` are articles as JSON lines, ``work`` is an empty folder, ``data`` holds the model."""
    articles, texts = work / "articles.jsonl", work / "texts.json"
    articles.write_text("".join(rows), encoding="utf-8")
    texts.write_text(json.dumps(passages(articles)), encoding="utf-8")
    load(MODEL, data / "models")  # exported now, if need be
    shutil.copytree(data / "models", work / "data" / "models")
    os.environ["ONRECORD_DATA"] = str(work / "data")
    begun, usage = once([sys.executable, "-m", "benchmarks.building", "--bare", str(work)])
    bare = json.loads((work / "bare.json").read_text("utf-8")) | {"peak_mb": round(megabytes(usage))}
    bare["whole_process_seconds"] = round(begun, 2)
    first = run("index", "build", folder=articles, index=work / "index")
    again = run("index", "build", folder=articles, index=work / "index")
    return {
        "articles": len(rows),
        "passages": first["passages"],
        "bare_loop": bare,
        "index_build": first,
        "index_build_again": again,
        "passages_a_second": {
            "bare_loop": round(first["passages"] / bare["seconds"], 1),
            "index_build": round(first["passages"] / first["seconds"], 1),
        },
        "share_of_the_bare_loop": {
            unit: round(bare[unit] / first[unit], 3) for unit in ("seconds", "cpu_seconds")
        },
        "goal": GOAL,
    }


def passages(articles: Path) -> list[str]:
    """What is embedded of them, in order."""
    found = [digest(article) for article in read([articles]) if isinstance(article, Article)]
    return [
        embedded_text(one.article.title, one.article.text[p.start : p.end])
        for one in found
        for p in one.passages
    ]


def bare_loop(work: Path) -> None:
    """The encoder over the texts in ``work`` and nothing else; loading it is not counted."""
    texts: list[str] = json.loads((work / "texts.json").read_text("utf-8"))
    encoder = load(MODEL, work / "data" / "models")
    begun, worked = time.perf_counter(), time.process_time()
    for at in range(0, len(texts), BATCH):
        encoder.encode(texts[at : at + BATCH])
    figures = {
        "texts": len(texts),
        "seconds": round(time.perf_counter() - begun, 2),
        "cpu_seconds": round(time.process_time() - worked, 2),
    }
    (work / "bare.json").write_text(json.dumps(figures), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("articles", type=Path, help="JSON lines, perhaps packed with gzip")
    parser.add_argument("--number", type=int, default=ARTICLES, metavar="N", help="the first N articles")
    parser.add_argument(
        "--data", type=Path, default=Path(platformdirs.user_cache_dir("onrecord")) / "benchmarks"
    )
    parser.add_argument("--save", action="store_true", help=f"write {RESULT.name} too")
    chosen = parser.parse_args(arguments)
    machine = {
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
    }
    opened = gzip.open if chosen.articles.suffix == ".gz" else open
    with opened(chosen.articles, "rt", encoding="utf-8") as file, tempfile.TemporaryDirectory() as work:
        figures = machine | measure(list(islice(file, chosen.number)), Path(work), chosen.data)
    written = json.dumps(figures, indent=1) + "\n"
    print(written, end="")
    if chosen.save:
        RESULT.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    bare_loop(Path(sys.argv[2])) if sys.argv[1:2] == ["--bare"] else main()
