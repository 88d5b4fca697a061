"""What it costs to keep an index up to date: ``python -m benchmarks.updates EVAL_FOLDER``.

The articles of realtimeqa are laid out one file each. They are read, looked through for copies, and indexed by the
command line as a user would; then one sentence of one file is changed, the index brought up to date, and built
whole once more. Seconds are by the wall clock, and of the processors, which says more on a busy machine; memory is
a process's largest resident size in MB. Vectors are kept in the data folder's cache, so ``embedded`` counts the
passages that no earlier run had met.
"""

import argparse
import gzip
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import platformdirs

from benchmarks.cold_start import megabytes
from bot.app import App
from bot.render.as_json import to_dict
from corpus.article import Article
from corpus.duplicates import copies
from corpus.reading import digest, read
from retrieval.search import DEPTH

RESULT = Path(__file__).parent / "results" / "updates.json"
ASKED = 20
"""Questions that must be answered as before."""
SPARE = 5
"""Further ones asked before the change, as it may come to touch some."""
RANKINGS = 3
"""That a search fuses, each of ``DEPTH`` passages."""
SENTENCE = "The council of Lower Marrowby said on Tuesday that its ferry {} would not sail before spring."
_TOLD = re.compile(
    r"(?P<read>\d+) read, (?P<failed>\d+) failed; articles: (?P<new>\d+) new, (?P<changed>\d+) changed,"
    r" (?P<unchanged>\d+) unchanged, (?P<removed>\d+) removed"
)
_BUILT = re.compile(r"(?P<passages>\d+) passages, (?P<embedded>\d+) of them embedded now")

Rows = list[dict[str, Any]]


def measure(dataset: Path, work: Path, most: int | None) -> dict[str, Any]:
    """All figures; ``work`` is an empty folder, ``most`` the number of articles taken, None for all."""
    with gzip.open(dataset / "articles.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in islice(file, most)]
    folder, index = work / "articles", work / "index"
    lay_out(rows, folder)
    figures = {
        "articles": len(rows),
        "reading": reading(folder),
        "dates_of_bare_text": dates(rows, work / "bare"),
    }
    changed = len(rows) // 2
    steps = {"first_build": run("index", "build", folder=folder, index=index)}
    steps["update_of_nothing"] = run("corpus", "update", folder=folder, index=index)
    before = answers(folder, index, questions(dataset), rows[changed]["id"], ASKED + SPARE)
    rows[changed]["text"] = with_sentence(rows[changed]["text"])
    (folder / f"{changed:05}.jsonl").write_text(json.dumps(rows[changed]) + "\n", encoding="utf-8")
    steps["update_of_one"] = run("corpus", "update", folder=folder, index=index)
    after = answers(folder, index, before, rows[changed]["id"], ASKED)
    steps["whole_rebuild"] = run("index", "build", folder=folder, index=index)
    one, whole = steps["update_of_one"], steps["whole_rebuild"]
    return figures | {
        "steps": steps,
        "update_to_rebuild": {unit: round(one[unit] / whole[unit], 4) for unit in ("seconds", "cpu_seconds")},
        "answers": compared(before, after),
    }


def lay_out(rows: Rows, folder: Path) -> None:
    """One JSONL file an article."""
    folder.mkdir()
    for number, row in enumerate(rows):
        (folder / f"{number:05}.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")


def reading(folder: Path) -> dict[str, Any]:
    """How fast articles are read and digested in this process, what is known of them, and which are copies."""
    begun, worked = time.perf_counter(), time.process_time()
    articles = [found for found in read([folder]) if isinstance(found, Article)]
    for article in articles:
        digest(article)
    seconds, work = time.perf_counter() - begun, time.process_time() - worked
    begun = time.perf_counter()
    groups = copies(articles)
    return {
        "pages_a_minute": round(60 * len(articles) / seconds),
        "pages_a_cpu_minute": round(60 * len(articles) / work),
        "share_dated": round(sum(a.published is not None for a in articles) / len(articles), 4),
        "groups_of_copies": len(groups),
        "copies": sum(len(group) - 1 for group in groups),
        "copies_seconds": round(time.perf_counter() - begun, 1),
        "ten_groups": [list(group) for group in groups[:10]],
    }


def dates(rows: Rows, folder: Path) -> dict[str, Any]:
    """The same texts as scraped pages, of which no file tells the date: how many have one, and the right one."""
    folder.mkdir()
    for number, row in enumerate(rows):
        (folder / f"{number:05}.txt").write_text(row["text"], encoding="utf-8", newline="")
    found = {a.id: a.published for a in read([folder]) if isinstance(a, Article)}
    dated = [(found.get(f"{n:05}.txt"), row["published"]) for n, row in enumerate(rows)]
    given = [(day.isoformat(), told) for day, told in dated if day]
    return {
        "share_dated": round(len(given) / len(rows), 4),
        "share_of_them_as_given": round(sum(day == told for day, told in given) / len(given), 4)
        if given
        else None,
    }


def with_sentence(text: str) -> str:
    """``text`` with a sentence more, new in each run, at the end of its first long paragraph."""
    paragraphs = text.split("\n\n")
    at = next((n for n, paragraph in enumerate(paragraphs) if len(paragraph) > 200), 0)
    paragraphs[at] += f" {SENTENCE.format(time.time_ns())}"
    return "\n\n".join(paragraphs)


def run(*command: str, folder: Path, index: Path) -> dict[str, Any]:
    """What a command of ``onrecord`` took, and what it told of it."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *command, "--corpus", str(folder), "--index", str(index)],
        stderr=subprocess.PIPE,
        text=True,
    )
    told = process.stderr.read() if process.stderr else ""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    counts = _TOLD.search(told)
    if process.returncode or not counts:
        raise SystemExit(f"{command} ended with {process.returncode}: {told}")
    built = _BUILT.search(told)
    return {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 2),
        "peak_mb": round(megabytes(usage)),
        **{name: int(count) for name, count in counts.groupdict().items()},
        **({name: int(count) for name, count in built.groupdict().items()} if built else {}),
    }


def questions(dataset: Path) -> list[str]:
    lines = (dataset / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines if line.strip()]


def answers(folder: Path, index: Path, asked: Iterable[str], changed: str, most: int) -> dict[str, str]:
    """The first questions that the article ``changed`` does not touch, each with its answer.

    It touches a question when one of the rankings that are fused for it holds a passage of the article. An answer
    is its JSON but for the time it took and the build it came from.
    """
    answerer = App.of([folder], index, None).answerer(lambda _stage, _done, _total: None)

    def each() -> Iterator[tuple[str, str]]:
        for question in asked:
            weighed = answerer.index.search(question, k=RANKINGS * DEPTH)
            if not any(hit.article_id == changed for hit in weighed):
                answer = to_dict(answerer.answer(question))
                del answer["took_ms"], answer["index"]["build"]
                yield question, json.dumps(answer, ensure_ascii=False)

    return dict(islice(each(), most))


def compared(before: dict[str, str], after: dict[str, str]) -> dict[str, Any]:
    """How many answers are byte-equal, and how many but for the scores of the passages.

    BM25 weighs words by how many passages there are and how long: any change may swap two ranks far down, and
    a fused score is made of ranks.
    """
    other = [question for question, answer in after.items() if before[question] != answer]
    moved = [question for question in other if _unscored(before[question]) == _unscored(after[question])]
    return {
        "asked": len(after),
        "byte_equal": len(after) - len(other),
        "equal_but_for_scores": len(after) - len(other) + len(moved),
        "others": other,
    }


def _unscored(answer: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer)
    for passage in found["passages"]:
        del passage["score"]
    return found


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("evaluation", type=Path, help="the folder that holds realtimeqa")
    parser.add_argument("--articles", type=int, metavar="N", help="the first N alone")
    parser.add_argument(
        "--data", type=Path, default=Path(platformdirs.user_cache_dir("onrecord")) / "benchmarks"
    )
    parser.add_argument("--save", action="store_true", help=f"write {RESULT.name} too")
    chosen = parser.parse_args(None if arguments is None else list(arguments))
    os.environ["ONRECORD_DATA"] = str(chosen.data.resolve())
    machine = {
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
    }
    with tempfile.TemporaryDirectory() as work:
        figures = machine | measure(chosen.evaluation / "realtimeqa", Path(work), chosen.articles)
    written = json.dumps(figures, indent=1) + "\n"
    print(written, end="")
    if chosen.save:
        RESULT.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
