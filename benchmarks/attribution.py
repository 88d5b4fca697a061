"""Who is speaking, against PolNeAR: ``python -m benchmarks.attribution EVAL_FOLDER [--part dev] [--save FILE]``.

``EVAL_FOLDER`` is ``polnear`` (or the folder above it) with ``dev.jsonl.gz`` and ``train.jsonl.gz``. Each file is read
as the product reads any JSONL of articles (``corpus.reading.read`` and ``digest``: cleaning, sentences, attribution); what
cleaning drops counts as not given.

**The figure.** An attribution counts when its content holds a quotation mark. Our answer to it is the speaker of the
sentences that overlap its *quoted part*, first to last quotation mark of the content; where they differ, the one that
covers most of its characters; none (not given) when most of it has none. It is right when that speaker is the gold
source (``benchmarks.polnear`` says who counts as the same, and how pronouns and descriptions are resolved).

    precision = right / given        recall = right / attributions        F1 = 2PR / (P + R)

``named`` are the attributions whose source is printed as a name; ``all`` has pronouns and descriptions too; a pronoun
that the gold's rule leaves open can only be wrong or not given. Attributions that share a sentence share our one
answer to it, so a quotation within a quotation costs. ``strict`` adds to "given", as wrong, every
run of sentences we call direct speech of one speaker though no attribution of the gold touches it. ``reported`` is the
same count over attributions without a quotation mark, on their whole content. ``voice`` crosses what the gold
holds with what we say of most of it; ``none`` are sentences (not attributions) that no content touches.

Intervals: 95 %, percentiles of 2,000 bootstrap samples of articles, seed 0.
"""

import argparse
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.polnear import Attribution, Gold, is_source, load
from corpus.article import Article, Sentence, Span
from corpus.reading import digest, read

SAMPLES, SEED = 2000, 0
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Judged:
    """One gold attribution with our answer to it."""

    article: str
    attribution: Attribution
    voice: str
    speaker: str | None
    right: bool


def judge(gold: Gold, sentences: Sequence[Sentence]) -> list[Judged]:
    """Our answer to every attribution of one article."""
    answers = []
    for attribution in gold.attributions:
        part = attribution.quoted or attribution.content
        speaker = _most(sentences, part, lambda s: s.speaker)
        right = speaker is not None and is_source(speaker, attribution.source, gold.text)
        voice = _most(sentences, part, lambda s: s.voice) or "narrator"
        answers.append(Judged(gold.id, attribution, voice, speaker, right))
    return answers


def unfounded(gold: Gold, sentences: Sequence[Sentence]) -> int:
    """Runs of direct sentences of one speaker that no attribution touches."""
    runs, before = 0, None
    for sentence in sentences:
        here = sentence.speaker if sentence.voice == "direct" and not _touched(gold, sentence) else None
        runs += here is not None and here != before
        before = here
    return runs


def figures(articles: Sequence[tuple[Sequence[Judged], int]]) -> dict[str, Any]:
    """Precision, recall and F1 of some attributions given by article, each with the unfounded runs there."""
    counts = [
        (len(js), sum(j.speaker is not None for j in js), sum(j.right for j in js), u) for js, u in articles
    ]
    draw = random.Random(SEED)  # noqa: S311  a bootstrap, not a secret
    samples = [_scores(draw.choices(counts, k=len(counts))) for _ in range(SAMPLES)]
    return {"n": sum(c[0] for c in counts)} | {
        name: [value, *_middle([sample[name] for sample in samples])]
        for name, value in _scores(counts).items()
    }


def measure(path: Path) -> tuple[dict[str, Any], list[Judged]]:
    """All figures of one file, and every attribution judged."""
    golds = {gold.id: gold for gold in load(path)}
    begun = time.process_time()
    found = {a.id: digest(a).sentences for a in read([path]) if isinstance(a, Article)}
    seconds = time.process_time() - begun
    judged = {name: judge(gold, found.get(name, ())) for name, gold in golds.items()}
    extra = {name: unfounded(gold, found.get(name, ())) for name, gold in golds.items()}

    def of(keep: Callable[[Attribution], bool], *, strict: bool = False) -> dict[str, Any]:
        rows = [
            ([j for j in judged[name] if keep(j.attribution)], extra[name] if strict else 0) for name in golds
        ]
        return figures(rows)

    return {
        "file": path.name,
        "articles": len(golds),
        "articles_read": len(found),
        "cpu_ms_per_article": round(1000 * seconds / len(golds), 1),
        "quoted": {
            "all": of(lambda a: a.quoted is not None),
            "named": of(lambda a: a.quoted is not None and a.source.kind == "name"),
            "pronouns": of(lambda a: a.quoted is not None and a.source.kind == "pronoun"),
            "descriptions": of(lambda a: a.quoted is not None and a.source.kind == "description"),
            "strict": of(lambda a: a.quoted is not None, strict=True),
        },
        "reported": {
            "all": of(lambda a: a.quoted is None),
            "named": of(lambda a: a.quoted is None and a.source.kind == "name"),
        },
        "voice": _voices(golds, judged, found),
        "pronouns_left_open": sum(
            j.attribution.source.kind == "pronoun" and not j.attribution.source.names
            for js in judged.values()
            for j in js
        ),
    }, [j for js in judged.values() for j in js]


def _voices(
    golds: dict[str, Gold], judged: dict[str, list[Judged]], found: dict[str, tuple[Sentence, ...]]
) -> dict[str, dict[str, int]]:
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for answers in judged.values():
        for j in answers:
            holds = "quoted" if j.attribution.wholly else "partly" if j.attribution.quoted else "reported"
            table[holds][j.voice] += 1
    for name, sentences in found.items():
        table["none"].update(s.voice for s in sentences if not _touched(golds[name], s))
    return {holds: dict(row) for holds, row in table.items()}


def _touched(gold: Gold, sentence: Sentence) -> bool:
    return any(a.content[0] < sentence.end and sentence.start < a.content[1] for a in gold.attributions)


def _most(sentences: Iterable[Sentence], part: Span, value: Callable[[Sentence], T]) -> T | None:
    """The value that holds for most characters of ``part``; None where no sentence touches it."""
    size: Counter[T] = Counter()
    for s in sentences:
        inside = min(s.end, part[1]) - max(s.start, part[0])
        if inside > 0:
            size[value(s)] += inside
    return size.most_common(1)[0][0] if size else None


def _scores(counts: Iterable[tuple[int, int, int, int]]) -> dict[str, float]:
    n, given, right, extra = (sum(column) for column in zip(*counts, strict=True))
    precision, recall = right / max(1, given + extra), right / max(1, n)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return {"precision": round(precision, 3), "recall": round(recall, 3), "f1": round(f1, 3)}


def _middle(values: Sequence[float]) -> tuple[float, float]:
    """The 2.5th and 97.5th percentile."""
    ordered = sorted(values)
    return ordered[round(0.025 * (len(ordered) - 1))], ordered[round(0.975 * (len(ordered) - 1))]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="the polnear folder, or the one it lies in")
    parser.add_argument("--part", default="dev", help="dev or train")
    parser.add_argument("--save", type=Path, help="JSON file for the figures")
    parser.add_argument("--misses", type=int, default=0, help="print so many attributions given wrong or not")
    chosen = parser.parse_args(arguments)
    folder = chosen.folder / "polnear" if (chosen.folder / "polnear").is_dir() else chosen.folder
    result, judged = measure(folder / f"{chosen.part}.jsonl.gz")
    shown = json.dumps(result, indent=1)
    print(shown)
    if chosen.save:
        chosen.save.write_text(shown + "\n", encoding="utf-8")
    misses = [j for j in judged if j.attribution.quoted and not j.right]
    for j in random.Random(SEED).sample(misses, min(chosen.misses, len(misses))):  # noqa: S311  a sample to look at
        a = j.attribution
        print(
            f"{j.article} {a.content}: gold {a.source.text!r} {a.source.names}, ours {j.voice} {j.speaker!r}"
        )


if __name__ == "__main__":
    main()
