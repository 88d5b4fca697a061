"""Answer every question of labelled sets through the command line and score the answers.

    python -m benchmarks.answers FOLDER… [--scorer SCRIPT]

Each FOLDER holds questions.jsonl and articles.jsonl[.gz] or is beside a folder of articles named with
``FOLDER=ARTICLES``. SCRIPT is called with the folder, the answers and ``--json``; without one only counts and times
are told. Results go to benchmarks/results/answers.json, one entry a set, kept from run to run.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results" / "answers.json"


def main() -> None:
    """Run the sets that were named, one after another."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folders", nargs="+", metavar="FOLDER[=ARTICLES]")
    parser.add_argument("--scorer", type=Path)
    options = parser.parse_args()
    for named in options.folders:
        folder, _, articles = named.partition("=")
        result = run(Path(folder), Path(articles) if articles else _articles(Path(folder)), options.scorer)
        _keep(Path(folder).name, result)
        print(Path(folder).name, json.dumps(result))


def run(folder: Path, articles: Path, scorer: Path | None) -> dict[str, Any]:
    """Answer and score one set; times in milliseconds are the program's own ``took_ms``."""
    corpus = ["--corpus", str(articles)]
    _onrecord("index", "build", *corpus)
    began = time.perf_counter()
    printed = _onrecord("ask", "--batch", str(folder / "questions.jsonl"), "--json", *corpus)
    seconds = time.perf_counter() - began
    answers = [json.loads(line) for line in printed.splitlines()]
    times = sorted(answer["took_ms"] for answer in answers)
    result = {
        "answers": len(answers),
        "seconds": round(seconds, 1),
        "p50_ms": statistics.median(times),
        "p95_ms": times[int(0.95 * (len(times) - 1))],
    }
    return result | (_scored(folder, printed, scorer) if scorer else {})


def _scored(folder: Path, printed: str, scorer: Path) -> dict[str, Any]:
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.write(printed)
        file.flush()
        command = [sys.executable, str(scorer), str(folder), file.name, "--json"]
        scored: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return scored


def _articles(folder: Path) -> Path:
    plain = folder / "articles.jsonl"
    return plain if plain.exists() else folder / "articles.jsonl.gz"


def _onrecord(*arguments: str) -> str:
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout


def _keep(name: str, result: dict[str, Any]) -> None:
    kept: dict[str, Any] = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(kept | {name: result}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
