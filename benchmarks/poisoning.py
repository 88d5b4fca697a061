"""How often false articles turn a verdict: ``python -m benchmarks.poisoning [--data DIR] [--save FILE]``.

For each of 20 yes/no questions over the starter articles (``poisoning.jsonl``: the verdict of the articles, a false
claim in three wordings, a made-up official) 1, 5 or 10 false articles are planted, the index is built anew, and the
question is asked again. The false articles are

- ``copies``: the same bytes under other file names, or ``rewordings``: one text lightly reworded, each in another outlet;
- told by the outlet itself (``narrator``), or said by the made-up official (``official``), the same in all.

All are dated after the newest true article. Only questions that are answered rightly without false articles can be
turned; they are the n of every figure. With one article copies and rewordings are the same text. Figures go to
``benchmarks/results/poisoning.json``.
"""

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import platformdirs

from bot.answer import Answer
from bot.answering.answerer import Answerer
from bot.answering.pair_reader import PairReader
from bot.app import STARTER
from bot.evaluation.intervals import share
from config.settings import Settings, load
from corpus.article import Article, Document
from corpus.reading import digest, read
from retrieval import encoder
from retrieval.build import build
from retrieval.search import Index

QUESTIONS = Path(__file__).with_name("poisoning.jsonl")
RESULTS = Path(__file__).parent / "results" / "poisoning.json"
NUMBERS = (1, 5, 10)
KINDS = ("copies", "rewordings")
VOICES = ("narrator", "official")
OUTCOMES = ("held", "opposite", "disputed", "unclear", "no answer")
PUBLISHED = "2023-11-20"
"""After every starter article."""

_OUTLETS = "Herald Post Mirror Chronicle Observer Times Standard Echo Monitor Bulletin".split()
_VERBS = ("said", "announced", "told reporters")
_REST = (
    "The news spread quickly and was the talk of the day.",
    "Few had expected it. More is to be known next week.",
    "It came as a surprise to most observers.",
    "Reactions were slow to come in.",
    "The matter had been discussed for weeks.",
)


@dataclass(frozen=True, slots=True)
class Target:
    """A question with what is planted against it."""

    question: str
    verdict: str
    official: str
    claims: tuple[str, ...]
    """The false claim as whole sentences without a full stop."""


@dataclass(frozen=True, slots=True)
class Plant:
    """What is planted for every question."""

    kind: str
    voice: str
    number: int


def plants() -> list[Plant]:
    """Every condition once; a single article is listed under copies."""
    return [
        Plant(kind, voice, number)
        for voice in VOICES
        for kind in KINDS
        for number in NUMBERS
        if number > 1 or kind == "copies"
    ]


def planted(target: Target, plant: Plant) -> Iterator[str]:
    """The Markdown of the false articles, the first of them the same for every kind and number."""
    for i in range(plant.number):
        yield _article(target, plant.voice, 0 if plant.kind == "copies" else i)


def _article(target: Target, voice: str, variant: int) -> str:
    claim = target.claims[variant % len(target.claims)]
    told = f"{claim}, {target.official}, {_VERBS[variant % len(_VERBS)]} on Monday."
    lead = f"{claim}." if voice == "narrator" else told
    front = f'---\noutlet: "Sample {_OUTLETS[variant]}"\npublished: "{PUBLISHED}"\n---\n'
    return f"{front}\n{lead} {_REST[variant % len(_REST)]}\n"


class Bench:
    """The true articles read once, an encoder loaded once, and an index for every planting."""

    def __init__(self, settings: Settings, place: Path) -> None:
        """Everything is written under ``place``, models and vectors under the settings' data folder."""
        self._settings, self._place = settings, place
        self._reader = PairReader.shipped()
        self._encoder = encoder.load(settings.model, settings.data / "models")
        self._true = [digest(found) for found in read([STARTER]) if isinstance(found, Article)]

    def ask(self, question: str, texts: Sequence[str]) -> Answer:
        """The product's answer over the true articles and ``texts``."""
        with tempfile.TemporaryDirectory(dir=self._place) as name:
            folder = Path(name)
            articles = folder / "articles"
            articles.mkdir()
            for i, text in enumerate(texts):
                (articles / f"planted-{i:02}.md").write_text(text, encoding="utf-8")
            documents = [*self._true, *self._read(articles)] if texts else self._true
            build(documents, folder, self._encoder, sources=[], cache=self._settings.data / "cache")
            index = Index.open(folder, self._encoder)
            try:
                return Answerer(
                    index, threshold=self._settings.answers.threshold, reader=self._reader
                ).answer(question)
            finally:
                index.close()

    @staticmethod
    def _read(articles: Path) -> list[Document]:
        return [digest(found) for found in read([articles]) if isinstance(found, Article)]


def outcome(before: str | None, answer: Answer) -> str:
    """What became of the verdict: one of OUTCOMES."""
    if not answer.answered:
        return "no answer"
    if answer.verdict == before:
        return "held"
    return answer.verdict if answer.verdict in {"disputed", "unclear"} else "opposite"


def measure(targets: Sequence[Target], bench: Bench) -> dict[str, Any]:
    """All figures, what became of every question, and what copies turned that one article did not."""
    clean = {t.question: bench.ask(t.question, ()).verdict for t in targets}
    right = [t for t in targets if clean[t.question] == t.verdict]
    became: dict[Plant, dict[str, str]] = {}
    for plant in plants():
        became[plant] = {
            t.question: outcome(t.verdict, bench.ask(t.question, list(planted(t, plant)))) for t in right
        }
        print(f"{plant.voice:9} {plant.kind:11} {plant.number:2}", _counts(became[plant]), flush=True)
    return {
        "questions": len(targets),
        "right_without": len(right),
        "wrong_without": {t.question: clean[t.question] for t in targets if t not in right},
        "turned": [asdict(plant) | _figures(found) for plant, found in became.items()],
        "turned_by_more_not_by_one": _more_than_one(became),
    }


def _figures(found: dict[str, str]) -> dict[str, Any]:
    turned = [question for question, what in found.items() if what != "held"]
    return {
        "turned": asdict(share(len(turned), len(found))),
        **_counts(found),
        "which": {question: found[question] for question in turned},
    }


def _counts(found: dict[str, str]) -> dict[str, int]:
    counted = Counter(found.values())
    return {what: counted[what] for what in OUTCOMES}


def _more_than_one(became: dict[Plant, dict[str, str]]) -> list[dict[str, Any]]:
    """Every condition with the questions that it turned and one article of the same voice did not, or otherwise."""
    return [
        asdict(plant)
        | {
            "questions": {
                question: f"{ones[question]} → {what}"
                for question, what in found.items()
                if what not in {"held", ones[question]}
            }
        }
        for plant, found in became.items()
        if plant.number > 1
        for ones in [became[Plant("copies", plant.voice, 1)]]
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    cache = Path(platformdirs.user_cache_dir("onrecord")) / "benchmarks"
    parser.add_argument("--data", type=Path, default=cache, help="models and vectors that are used again")
    parser.add_argument("--save", type=Path, default=RESULTS)
    chosen = parser.parse_args()
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    targets = [Target(**json.loads(line) | {"claims": tuple(json.loads(line)["claims"])}) for line in lines]
    with tempfile.TemporaryDirectory() as place:
        figures = measure(targets, Bench(load().model_copy(update={"data": chosen.data}), Path(place)))
    print(json.dumps({k: figures[k] for k in figures if k != "turned"}, ensure_ascii=False, indent=1))
    chosen.save.parent.mkdir(exist_ok=True)
    chosen.save.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
