"""Everything that is measured of speed, size and safety, one after another: ``python -m benchmarks EVAL_FOLDER``.

EVAL_FOLDER holds the labelled public sets. Some four hours on two cores that do nothing else, 15 GB of disk, and the
package registry for the environments of the peers. Each benchmark runs in a process of its own, says more of itself
with ``--help``, and writes its figures to ``benchmarks/results/``.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import platformdirs

Command = tuple[str, ...]


def commands(evaluation: Path, data: Path) -> dict[str, tuple[Command, ...]]:
    """What each name runs: modules with their arguments, in order."""
    news, asked = evaluation / "realtimeqa", str(evaluation / "realtimeqa" / "questions.jsonl")
    articles, paragraphs = str(news / "articles.jsonl.gz"), evaluation / "xquad-en"
    corpus = ("--corpus", str(paragraphs / "articles.jsonl"))
    sets = [str(evaluation / name) for name in ("realtimeqa", "multihop-rag", "xquad-en", "boolq")]
    vectors, models = str(data / "cache" / "vectors.sqlite"), str(data / "models")
    kept = ("--data", str(data))
    return {
        "cold_start": (("benchmarks.cold_start",),),
        "building": (("benchmarks.building", articles, "--save", *kept),),
        "profile_answer": (
            ("bot", "index", "build", *corpus),
            ("benchmarks.profile_answer", str(paragraphs / "questions.jsonl"), *corpus),
        ),
        "retrieval": (("benchmarks.retrieval", *sets, *kept),),
        "updates": (("benchmarks.updates", str(evaluation), "--save", *kept),),
        "scale": (
            ("benchmarks.scale", articles, asked, str(evaluation / "boolq" / "questions.jsonl"), *kept),
        ),
        "nearest": (("benchmarks.nearest", vectors, "--models", models, "--eval", str(evaluation)),),
        "peers": (("benchmarks.peers", str(evaluation), "--environments", str(data / "peers")),),
        "faults": (("benchmarks.faults", "--save"),),
        "text_fragments": (("benchmarks.text_fragments", "--save"),),
        "bot_hour": (
            ("benchmarks.bot_hour",),
            ("benchmarks.bot_hour", "--webhook", "--minutes", "20", "--users", "330"),
            ("benchmarks.bot_hour", "--burst", "200"),
            ("benchmarks.bot_hour.kills",),
        ),
    }


def main() -> int:
    """Returns 1 when any failed; the others are run all the same."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("evaluation", type=Path, metavar="EVAL_FOLDER")
    parser.add_argument(
        "--data", type=Path, default=Path(platformdirs.user_cache_dir("onrecord")) / "benchmarks"
    )
    parser.add_argument("--only", action="append", metavar="NAME", help="one of them; repeatable")
    chosen = parser.parse_args()
    every = commands(chosen.evaluation, chosen.data)
    if unknown := set(chosen.only or ()) - set(every):
        parser.error(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(every)}")
    failed = [name for name in chosen.only or every if not _run(name, every[name], chosen.data)]
    if failed:
        print(f"failed: {', '.join(failed)}")
    return int(bool(failed))


def _run(name: str, programs: tuple[Command, ...], data: Path) -> bool:
    print(f"== {name}", flush=True)
    env = os.environ | {"ONRECORD_DATA": str(data)}
    return all(
        subprocess.run([sys.executable, "-m", *program], env=env, check=False).returncode == 0
        for program in programs
    )


if __name__ == "__main__":
    raise SystemExit(main())
