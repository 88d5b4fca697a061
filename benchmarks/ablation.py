"""What each part of the design adds: ``python -m benchmarks.ablation EVAL_FOLDER SET… [--data DIR] [--save FILE]``.

Every SET of the EVAL_FOLDER (``NAME``, or ``NAME=ARTICLES`` where its articles lie elsewhere, several joined by the
system's path separator) is asked by the whole design and with one part off at a time:

- ``no model``: rules and the overlap of words alone, with the weights that were fitted without the evidence model;
- ``no rules``: which way a sentence speaks is decided by the evidence model alone;
- ``no calibration``: confidence is the relevance of the best sentence, held against the same threshold;
- ``no attribution``: every sentence is the outlet's own, and it does not matter who was asked about.

``--held-out`` asks only the questions whose ids hash odd, on which ``training.fit_scorer`` fits nothing. The figures are
those of ``onrecord eval``, each with its n and a 95 % interval; they go to ``benchmarks/results/ablation.json``, one
entry a set, kept from run to run.
"""

import argparse
import json
import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import platformdirs

from bot.answer import Answer
from bot.answering.answerer import Answerer
from bot.answering.evidence import Evidence
from bot.answering.pair_reader import PairReader, Reader, WordsAlone
from bot.answering.question import Claim
from bot.answering.stance import Judgement
from bot.evaluation import dataset, run
from bot.evaluation.dataset import Dataset
from bot.evaluation.scores import figures
from config.settings import load
from corpus.article import Article, Sentence
from corpus.reading import digest, read
from retrieval import encoder
from retrieval.build import build
from retrieval.encoder import Encoder
from retrieval.search import Hit, Index
from training.remembered import Remembered

RESULTS = Path(__file__).parent / "results" / "ablation.json"
SHOWN = ("quote@1", "quote@3", "verdict", "flipped", "rejected", "false_abstain", "auroc", "disputed", "ece")


class ModelAlone:
    """A StanceJudge that believes the evidence model; what it has not read takes no side."""

    def judge(self, claim: Claim, evidence: Sequence[Evidence]) -> list[Judgement]:
        del claim
        return [self._one(e) for e in evidence]

    @staticmethod
    def _one(evidence: Evidence) -> Judgement:
        reading = evidence.reading
        if reading is None or max(reading.supports, reading.refutes) < 0.5:
            return Judgement("neutral", 1.0)
        if reading.supports > reading.refutes:
            return Judgement("yes", reading.supports)
        return Judgement("no", reading.refutes)


class RawRelevance:
    """A Sufficiency that is no more than the best sentence's relevance."""

    def confidence(
        self, claim: Claim, evidence: Sequence[Evidence], *, sided: float, lacking: float
    ) -> float:
        del claim, sided, lacking
        return max((e.relevance for e in evidence), default=0.0)


class VoicelessIndex(Index):
    """An index that does not tell who speaks."""

    def sentences(self, article: int) -> list[Sentence]:
        return [replace(s, voice="narrator", speaker=None) for s in super().sentences(article)]


class NobodyAsked(Answerer):
    """Answers as if nobody's words in particular were asked for."""

    def _decide(
        self, question: str, claim: Claim, evidence: list[Evidence], hits: Sequence[Hit], k: int
    ) -> Answer:
        return super()._decide(question, replace(claim, speaker=None), evidence, hits, k)


def designs(index: Index, voiceless: Index, reader: Reader) -> Iterator[tuple[str, Answerer]]:
    """The whole design, then with each part off. All answer whatever they find: the threshold is put on later."""
    once = Remembered(reader)
    yield "whole", Answerer(index, threshold=0, reader=once)
    yield "no rules", Answerer(index, threshold=0, reader=once, judge=ModelAlone())
    yield "no calibration", Answerer(index, threshold=0, reader=once, sufficiency=RawRelevance())
    yield "no model", Answerer(index, threshold=0, reader=WordsAlone())
    yield "no attribution", NobodyAsked(voiceless, threshold=0, reader=reader)


def measure(
    asked: Dataset, articles: Sequence[Path], data: Path, encode: Encoder, threshold: float
) -> dict[str, Any]:
    """Every figure of every design on one set."""
    folder = data / "benchmarks" / f"ablation-{asked.name}"
    documents = (digest(found) for found in read(articles) if isinstance(found, Article))
    build(documents, folder, encode, sources=[str(path) for path in articles], cache=data / "cache", keep=1)
    index, voiceless = Index.open(folder, encode), VoicelessIndex.open(folder, encode)
    sources = run.source_texts(articles)
    try:
        measured: dict[str, Any] = {}
        for name, answerer in designs(index, voiceless, PairReader.shipped()):
            outcomes = run.evaluate(asked, answerer.answer, threshold, sources, lambda *_: None)
            measured[name] = {figure: asdict(value) for figure, value in figures(outcomes).items()}
            shown = (f"{key} {_number(measured[name][key]['value'])}" for key in SHOWN)
            print(f"{asked.name:16} {name:15} n {len(outcomes):5}  ", "  ".join(shown), flush=True)
        return measured
    finally:
        index.close()
        voiceless.close()


def held_out(asked: Dataset) -> Dataset:
    """The half of the questions that nothing is fitted on: the rule of ``training.fit_scorer``."""
    return replace(asked, questions=tuple(q for q in asked.questions if zlib.crc32(q.id.encode()) % 2))


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _keep(file: Path, name: str, measured: dict[str, Any]) -> None:
    kept: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(kept | {name: measured}, indent=1) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    cache = Path(platformdirs.user_cache_dir("onrecord")) / "benchmarks"
    parser.add_argument("folder", type=Path, metavar="EVAL_FOLDER")
    parser.add_argument("sets", nargs="+", metavar="SET[=ARTICLES]")
    parser.add_argument("--data", type=Path, default=cache, help="models, vectors and indexes")
    parser.add_argument("--save", type=Path, default=RESULTS)
    parser.add_argument("--held-out", action="store_true", help="only questions that nothing was fitted on")
    chosen = parser.parse_args()
    settings = load()
    encode = encoder.load(settings.model, chosen.data / "models")
    for named in chosen.sets:
        name, _, elsewhere = named.partition("=")
        asked = dataset.load(chosen.folder / name)
        articles = [Path(p) for p in elsewhere.split(os.pathsep) if p]
        if asked.articles and not articles:
            articles = [asked.articles]
        if not articles:
            parser.error(f"{asked.file.parent} holds no articles.jsonl: name them, {name}=ARTICLES")
        if chosen.held_out:
            asked = held_out(asked)
        _keep(chosen.save, name, measure(asked, articles, chosen.data, encode, settings.answers.threshold))


if __name__ == "__main__":
    main()
