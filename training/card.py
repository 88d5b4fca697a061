"""The model card: what the weights were made of, how, what they reach and where they fail."""

from collections.abc import Mapping
from typing import Any

from training.sources import SOURCES

_HEAD = """# Model card: onrecord-evidence

A cross-encoder that reads a question or claim and one sentence, and gives four logits: the sentence *supports* it,
*refutes* it, says *neither*, and whether the sentence is *relevant* (answers the question).

* **Base**: all-MiniLM-L6-v2 (Apache-2.0), the sentence encoder that Onrecord installs; word embeddings frozen.
* **Head**: [CLS] joined with the mean of the tokens, one linear layer; at most 128 tokens.
* **Form**: ONNX, int8 weights per channel, float activations. `pairs.json` holds the SHA-256 of every file, checked
  each time the model is opened.
* **Meant for**: judging retrieved news sentences inside Onrecord, in English, beside rules and a fitted calibration.
  Not for deciding alone what is true.

## Recipe

`python -m training.fit_evidence TRAIN EVAL WORDNET OUT`, then `python -m training.calibrate EVAL` (two cores, bfloat16, about
two hours; seeded, goes on where it was stopped). Six stages, about 60 pairs a step:

1. natural pairs once; learning rate 1.4e-4 falling to 5e-5;
2. pairs written from the bank of predicates (`predicates.jsonl`), natural pairs edited in one number, name or
   negation, and natural pairs again; 1.0e-4 to 0;
3. edited and natural pairs; 8e-5 to 6e-5;
4. written, edited and natural pairs; 8e-5 to 0;
5. the same with sentences that differ in one word of a thesaurus; 1.0e-4 to 0;
6. all kinds, with dates and numbers written another way ("three decades" for "30 years"); 7e-5 to 0.

What ships is the mean of the weights after the last two, one part to two.

AdamW, five times the rate for the head, 6 % warm-up, gradients clipped at 1. A label may leave two stances open
("refutes or neither"); it then costs only what it knows. Every claim, question and evidence sentence that figures are
reported on was left out. `--licensed-only` trains without the sets that state no licence (not tried on the whole).

The weights that ship were made so, with one difference: families were written in three rounds, before stage 2 (480), before
stage 4 (465) and before stage 5 (600), and stage 2 took a denied side of a contrary pair for "neither" alone. The command
therefore rebuilds them in kind, not bit by bit.

## Data

Written for it: {families} families of news predicates in many frames ({kept} more were kept aside to measure with, and
{dropped} too close to those left out), and pairs of synonyms, opposites and narrower words from WordNet 3.0 (Princeton
University; its licence lets it be used and changed for any purpose), but for words that are both of one family kept aside.
Public sets, from copies whose licence was seen as given here:

| set | what | licence seen | most rows |
|---|---|---|---|
"""

_FAILURES = """
## Known failures

* A predicate is judged by likeness to those it met; rare idioms may be missed.
* Sentences of several clauses: the stance of one clause may be taken for another's.
* "We" and "it" are read with the speaker's name before the sentence, when that is known; otherwise they tell little.
* Irony, hints and arithmetic ("three of the five left" for "two stayed") are beyond it.
* English only.
"""


def write(figures: Mapping[str, Any], *, families: int, kept: int, dropped: int) -> str:
    """Markdown; ``figures`` as ``training.measure_evidence.measure`` gives them."""
    text = _HEAD.format(families=families, kept=kept, dropped=dropped)
    text += "".join(
        f"| {name} | {s.about} | {s.licence} | {s.cap or 'all'} |\n" for name, s in SOURCES.items()
    )
    text += "\n## Figures\n\n| set | figure | value | n | 95 % interval |\n|---|---|---|---|---|\n"
    for name, found in figures.items():
        if isinstance(found, Mapping):
            text += "".join(_row(name, figure, value) for figure, value in found.items())
    return text + _FAILURES


def _row(name: str, figure: str, value: object) -> str:
    if isinstance(value, Mapping):
        return f"| {name} | {figure} | {value['value']:.3f} | {value['n']} | {value['low']:.3f} to {value['high']:.3f} |\n"
    return f"| {name} | {figure} | {value:.3f} | | |\n" if isinstance(value, float) else ""
