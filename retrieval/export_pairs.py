"""A sentence-transformers CrossEncoder as one ONNX graph: a stored pair model, see ``retrieval.pairs``.

Run as a program of its own: ``python -m retrieval.export_pairs MODEL FOLDER TASK``; see ``retrieval.exporting``.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.errors import ModelError
from retrieval.exporting import (
    EXACT,
    fetch,
    hush,
    moved_to,
    program,
    say,
    weights_hash,
    write_card,
    write_graph,
)
from retrieval.pairs import STANCES, OnnxPairs, Pair

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

HEAD_OF = {"entailment": "supports", "contradiction": "refutes", "neutral": "neither"} | {
    s: s for s in STANCES
}
"""Labels of models of natural language inference, in lower case, and the heads that they are."""
LONGEST = 512  # tokens of a pair; two sentences are seldom longer than 150
CLOSE = 1e-3  # largest difference of a logit between the exported and the original model
PROBES: tuple[Pair, ...] = (
    ("Was it denied?", "The minister denied it."),
    ("The tax rises in May.", "The tax, she said, will not rise before the end of the year. " * 4),
    ("A claim longer than its sentence, as it happens now and then.", "No."),
    ("Он заявил об этом?", "Президент заявил об этом в понедельник."),
)


def export(model: str, home: Path, task: str) -> None:
    """Write the exported model into ``home``, aside first, then in one rename. Raises ModelError."""
    source = fetch(model, "cross-encoder")
    weights = weights_hash(source)
    heads = heads_of(labels_of(source), task)
    say("loading sentence-transformers (once)", 0)
    original = _open(source)
    say("exporting the model (once)", 1)
    with moved_to(home, OnnxPairs) as aside:
        _write(original, aside)
        _describe(original, aside, name=model, weights=weights, heads=heads)
        say("checking the exported model", 2)
        _compare(original, aside)
    say("checking the exported model", 3)


def labels_of(source: Path) -> list[str]:
    """The names of a model's logits, in their order, whatever their order in the file. Raises OSError, ValueError."""
    config = json.loads((source / "config.json").read_text(encoding="utf-8"))
    named = config.get("id2label") or {"0": "LABEL_0", "1": "LABEL_1"}  # what transformers takes for granted
    return [named[column] for column in sorted(named, key=int)]


def heads_of(labels: Sequence[str], task: str) -> list[str]:
    """The heads that a model's labels are, in order. Raises ModelError when they are not those of the task."""
    listed = ", ".join(labels)
    if task == "relevance":
        if len(labels) != 1:
            raise ModelError(f"for relevance it must have one label, and it has {listed}")
        return ["relevance"]
    heads = [HEAD_OF.get(label.lower(), "") for label in labels]
    if sorted(heads) != sorted(STANCES):
        raise ModelError(
            f"for stance its labels must be entailment, contradiction and neutral, and they are {listed}: "
            "name them in id2label of its config.json, or choose another model"
        )
    return heads


def _open(source: Path) -> "CrossEncoder":
    hush()
    from sentence_transformers import CrossEncoder  # noqa: PLC0415  takes 8 to 12 s

    opened: CrossEncoder = CrossEncoder(
        str(source), device="cpu", local_files_only=True, model_kwargs=EXACT
    ).eval()
    return opened


def _write(original: "CrossEncoder", aside: Path) -> None:
    tokens = original.tokenizer(list(PROBES[:2]), padding=True, truncation=True, return_tensors="pt")
    inner: Any = original.model
    write_graph(lambda tensors: inner(**tensors).logits, original, tokens, aside, "logits")
    original.tokenizer.backend_tokenizer.save(str(aside / "tokenizer.json"))


def _describe(
    original: "CrossEncoder", aside: Path, *, name: str, weights: str, heads: Sequence[str]
) -> None:
    max_tokens = min(original.tokenizer.model_max_length, LONGEST)
    sentence_first = "relevance" not in heads  # the premise comes before the hypothesis
    write_card(
        aside,
        "pairs.json",
        decides=[weights, max_tokens, heads, sentence_first],
        name=name,
        heads=heads,
        sentence_first=sentence_first,
        max_tokens=max_tokens,
        pad_id=original.tokenizer.pad_token_id,
        pad_token=original.tokenizer.pad_token,
        weights_sha256=weights,
    )


def _compare(original: "CrossEncoder", aside: Path) -> None:
    exported = OnnxPairs(aside)
    ours = exported.logits(PROBES)
    pairs = [(b, a) if exported.sentence_first else (a, b) for a, b in PROBES]
    theirs = original.predict(pairs, activation_fn=lambda logits: logits, show_progress_bar=False)
    worst = float(np.abs(ours - theirs.reshape(ours.shape)).max())
    if not worst < CLOSE:  # not a number is no agreement either
        raise ModelError(f"its ONNX export differs from the original (a logit by {worst:.4f})")


if __name__ == "__main__":
    raise SystemExit(program(export))
