"""The trained model as the product loads it: an ONNX graph with int8 weights, tokenizer and card, each file hashed.

Matrices are stored as int8 with one scale a column (tables: a row) and multiplied out to float when the model is
opened. Computing in int8 as well would be faster, but onnxruntime scales activations over the whole batch, and a
sentence would then be judged a little differently in other company.
"""

import hashlib
import json
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper

from training.model import HEADS, EvidenceModel
from training.train import MAX_TOKENS

WEIGHTS = Path(__file__).parent.parent / "bot" / "answering" / "weights"
OPSET = 17
_INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
_LARGE = 50_000
"""Weights with more numbers than this are stored as int8."""


def export(model: EvidenceModel, base: Path, home: Path, *, quantized: bool = True) -> None:
    """Write model.onnx, tokenizer.json and pairs.json into ``home``."""
    home.mkdir(parents=True, exist_ok=True)
    graph = _graph(model)
    if quantized:
        _store_int8(graph)
    onnx.save(graph, home / "model.onnx")
    shutil.copyfile(base / "tokenizer.json", home / "tokenizer.json")
    files = {name: _sha256(home / name) for name in ("model.onnx", "tokenizer.json")}
    card = {
        "name": "onrecord-evidence",
        "heads": list(HEADS),
        "max_tokens": MAX_TOKENS,
        "pad_id": 0,
        "pad_token": "[PAD]",
        "fingerprint": files["model.onnx"][:16],
        "files": files,
    }
    (home / "pairs.json").write_text(json.dumps(card, indent=1) + "\n", "utf-8")


def _graph(model: EvidenceModel) -> Any:
    model.eval()
    ids = torch.ones(2, 8, dtype=torch.int64)
    axes = {name: {0: "batch", 1: "tokens"} for name in _INPUTS} | {"logits": {0: "batch"}}
    with tempfile.NamedTemporaryFile(suffix=".onnx") as file:
        with warnings.catch_warnings(action="ignore"):  # about the other exporter, which leaves shapes fixed
            torch.onnx.export(
                model,
                (ids, ids, torch.zeros_like(ids)),
                file.name,
                input_names=_INPUTS,
                output_names=["logits"],
                dynamic_axes=axes,
                opset_version=OPSET,
                dynamo=False,
            )
        return onnx.load(file.name)


def _store_int8(model: Any) -> None:
    """Replace every large float matrix by int8 numbers, scales and a DequantizeLinear node."""
    graph = model.graph
    large = [w for w in graph.initializer if len(w.dims) == 2 and np.prod(w.dims) > _LARGE]
    for weight in large:
        table = all(n.op_type == "Gather" for n in graph.node if weight.name in n.input)
        axis = 0 if table else 1
        values = numpy_helper.to_array(weight)
        scale = np.abs(values).max(axis=1 - axis) / 127
        scale[scale == 0] = 1
        rounded = np.round(values / np.expand_dims(scale, 1 - axis)).astype(np.int8)
        names = [f"{weight.name}_int8", f"{weight.name}_scale"]
        graph.initializer.remove(weight)
        graph.initializer.append(numpy_helper.from_array(rounded, names[0]))
        graph.initializer.append(numpy_helper.from_array(scale.astype(np.float32), names[1]))
        graph.node.insert(0, helper.make_node("DequantizeLinear", names, [weight.name], axis=axis))
    onnx.checker.check_model(model)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
