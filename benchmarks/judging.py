"""What judging costs beside retrieval: ``python -m benchmarks.judging EVAL_FOLDER SET… --indexes DIR [--save FILE]``.

For each SET, whose index is ``DIR/SET``, every question is asked twice and timed the second time, when nothing is new to
the caches but the reading itself: retrieval (encoding the question, both indexes, fusion), the whole answer with the
evidence model, and the whole answer without it. Times are medians in milliseconds of one machine and say little alone; the
ratios to retrieval, of the same run, say what judging costs.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import platformdirs

from bot.answering.answerer import Answerer
from bot.answering.pair_reader import PairReader, WordsAlone
from bot.evaluation import dataset
from config.settings import load
from retrieval import encoder
from retrieval.search import Index

RESULTS = Path(__file__).parent / "results" / "judging.json"
MOST = 200
"""Questions asked of each set."""


def median_ms(ask: Callable[[str], object], questions: list[str]) -> float:
    """The median of the second asking."""
    taken = []
    for question in questions:
        ask(question)
        began = time.perf_counter()
        ask(question)
        taken.append(1000 * (time.perf_counter() - began))
    return round(statistics.median(taken), 1)


def measure(index: Index, questions: list[str]) -> dict[str, float]:
    """Medians in milliseconds, and their ratios to retrieval."""
    judged, worded = Answerer(index, reader=PairReader.shipped()), Answerer(index, reader=WordsAlone())
    retrieval = median_ms(lambda question: index.search(question, k=20), questions)
    whole, without = median_ms(judged.answer, questions), median_ms(worded.answer, questions)
    return {
        "questions": len(questions),
        "retrieval_ms": retrieval,
        "answer_ms": whole,
        "answer_without_model_ms": without,
        "judging_to_retrieval": round((whole - retrieval) / retrieval, 1),
        "model_to_retrieval": round((whole - without) / retrieval, 1),
    }


def main() -> None:
    """Measure the sets named and keep their figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    cache = Path(platformdirs.user_cache_dir("onrecord")) / "benchmarks"
    parser.add_argument("folder", type=Path, metavar="EVAL_FOLDER")
    parser.add_argument("sets", nargs="+", metavar="SET")
    parser.add_argument("--indexes", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=cache, help="prepared models")
    parser.add_argument("--save", type=Path, default=RESULTS)
    chosen = parser.parse_args()
    encode = encoder.load(load().model, chosen.data / "models")
    kept = json.loads(chosen.save.read_text("utf-8")) if chosen.save.exists() else {}
    for name in chosen.sets:
        asked = [q.question for q in dataset.load(chosen.folder / name).questions][:MOST]
        index = Index.open(chosen.indexes / name, encode)
        kept[name] = measure(index, asked)
        index.close()
        print(name, json.dumps(kept[name]))
    chosen.save.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
