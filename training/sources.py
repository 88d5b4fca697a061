"""Labelled pairs from public sets: read, capped, freed of what measures, each with its set and licence.

A row of the data folder is ``{question_or_claim, evidence, label, source}`` (JSON lines, gzipped).
"""

import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

STANCES = ("supports", "refutes", "neither")
_LABELS = {
    **{name: frozenset([name]) for name in STANCES},
    "not_supports": frozenset(["refutes", "neither"]),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """One training example: what a sentence says on a claim, whether it answers a question, or both."""

    claim: str
    evidence: str
    source: str
    stances: frozenset[str] = frozenset()
    """The stances that the label leaves possible; empty when the pair says nothing on stance."""
    relevant: bool | None = None
    """Whether the evidence answers the claim or question; None when the pair says nothing on it."""


@dataclass(frozen=True, slots=True)
class Source:
    """A public set: what it is, the licence seen on it, and how much of it is used."""

    about: str
    licence: str
    cap: int | None = None
    """Most rows taken; None for all. Templated and opinion sets are capped."""

    @property
    def licensed(self) -> bool:
        """Whether a licence that permits training was seen on it."""
        return not self.licence.startswith("none")


SOURCES = {
    "mnli": Source("TaxiNLI's sample of MNLI", "MS Computational Use of Data v1.0"),
    "cad": Source("counterfactually augmented SNLI", "Apache-2.0"),
    "fever": Source("FEVER dev with evidence", "none on the copy (FEVER: CC BY-SA 3.0)"),
    "fever_nei": Source("FEVER dev, re-paired as neither", "none on the copy (FEVER: CC BY-SA 3.0)"),
    "fever_sym_dev": Source("FEVER-symmetric dev", "CC BY-SA 3.0"),
    "climate": Source("Climate-FEVER", "none stated"),
    "rte": Source("PASCAL RTE 1-3", "asks to cite"),
    "covidfact": Source("COVID-Fact", "none stated"),
    "verid": Source("verb veridicality", "none stated"),
    "breaking": Source("Breaking NLI", "CC BY-SA 4.0"),
    "healthver": Source("HealthVer dev", "none stated"),
    "fm2": Source("Fool Me Twice dev", "Apache-2.0"),
    "fm2_nei": Source("Fool Me Twice dev, re-paired as neither", "Apache-2.0"),
    "cbank": Source("CommitmentBank", "none stated"),
    "condaqa": Source("CondaQA dev", "Apache-2.0"),
    "neg_MNLI": Source("negation and NLI, from MNLI", "MIT"),
    "neg_SNLI": Source("negation and NLI, from SNLI", "MIT"),
    "neg_RTE": Source("negation and NLI, from RTE", "MIT"),
    "monli": Source("MoNLI", "none stated", cap=500),
    "ling_in_loop": Source("LingNLI", "none stated"),
    "conjnli": Source("ConjNLI: conjunctions, negation, quantifiers", "MIT", cap=8000),
    "fnc1": Source("FNC-1 headlines against bodies", "none stated", cap=1500),
    "fnc1_lead_noisy": Source("FNC-1, bodies cut to their lead", "none stated", cap=1000),
    "perspectrum": Source("Perspectrum: perspectives on claims", "CC BY-SA 4.0", cap=2000),
    "explagraphs": Source("ExplaGraphs: arguments", "MIT", cap=800),
    "ibm_claim_stance": Source("IBM claim stance", "none stated", cap=400),
    "scone": Source("ScoNe: scope of negation", "CC0", cap=1000),
    "help_and_or": Source("HELP: monotonicity", "CC BY-SA 4.0", cap=500),
    "med": Source("MED: monotonicity", "CC BY-SA 4.0", cap=800),
    "dnc_factuality": Source("DNC: event factuality", "none stated", cap=1500),
    "dnc_megaveridicality": Source("DNC: veridicality of verbs", "none stated", cap=1000),
    "dnc_function_words": Source("DNC: function words", "none stated"),
    "strategyqa": Source("StrategyQA with its facts", "MIT"),
    "textfooler_nli": Source("rows of MNLI and SNLI used by TextFooler", "MIT"),
    "pubmedqa": Source("PubMedQA", "MIT"),
    "politihop": Source("PolitiHop", "none stated"),
    "ambient_dev": Source("AmbiEnt dev", "none stated"),
    "wanli_sample": Source("a sample of WANLI", "none stated"),
    "selqa": Source("SelQA", "Apache-2.0"),
    "qamr": Source("QAMR", "MIT"),
    "wikiqa": Source("WikiQA", "none stated"),
    "qed": Source("QED", "CC BY-SA 3.0"),
    "trecqa": Source("TREC QA", "mixed"),
}
"""Sets that may be trained on. SICK (non-commercial) is in the data folder and is not used."""

_FILES = {"stance.jsonl.gz": False, "stance-more.jsonl.gz": False, "relevance.jsonl.gz": True}
_QUESTIONS = frozenset(["condaqa", "strategyqa", "pubmedqa"])
"""Stance sets whose claims are questions: a sentence that takes a side answers them."""


def read(folder: Path, *, without: frozenset[str], seed: int, licensed_only: bool = False) -> list[Pair]:
    """Pairs of all sources, capped; rows whose claim or evidence is in ``without`` (see ``key``) are left out."""
    by_source: dict[tuple[str, bool], list[Pair]] = {}
    for name, relevance in _FILES.items():
        for pair in _rows(folder / name, relevance=relevance):
            source = SOURCES.get(pair.source)
            usable = source is not None and (source.licensed or not licensed_only)
            seen = without & {key(pair.claim), key(pair.evidence)}
            if usable and not seen and pair.evidence.strip():
                by_source.setdefault((pair.source, relevance), []).append(pair)
    chosen: list[Pair] = []
    for (name, _), pairs in sorted(by_source.items()):
        cap = SOURCES[name].cap
        shuffled = random.Random(f"{seed} {name}").sample(pairs, len(pairs))  # noqa: S311  a shuffle, no secret
        chosen.extend(shuffled[:cap])
    return chosen


def measured(eval_folder: Path) -> frozenset[str]:
    """Keys of every claim, question and evidence that figures are reported on: none of them is trained on."""
    found: set[str] = set()
    for path in sorted(eval_folder.glob("*/*.jsonl")):
        if path.stem in {"questions", "pairs"}:
            for row in _lines(path):
                found |= {key(str(row.get(field) or "")) for field in ("question", "claim", "evidence")}
    return frozenset(found - {""})


def key(text: str) -> str:
    """Letters and digits alone, in lower case: what makes two claims the same one."""
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def _rows(path: Path, *, relevance: bool) -> Iterator[Pair]:
    for row in _lines(path):
        claim, evidence, source = str(row["question_or_claim"]), str(row["evidence"]), str(row["source"])
        if relevance:
            yield Pair(claim, evidence, source, relevant=bool(row["label"]))
        else:
            stances = _LABELS[str(row["label"])]
            sided = not stances & {"neither"} if source in _QUESTIONS else None
            yield Pair(claim, evidence, source, stances, sided)


def _lines(path: Path) -> Iterable[dict[str, object]]:
    text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text("utf-8")
    for line in filter(None, text.split("\n")):
        yield json.loads(line)
