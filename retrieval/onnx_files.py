"""Exported models: files checked by hash, opened with onnxruntime and tokenizers, run in batches.

An exported model is a folder of ``model.onnx``, ``tokenizer.json`` and a card, a JSON object with at least
``name``, ``fingerprint``, ``max_tokens``, ``pad_id``, ``pad_token`` and ``files`` (the SHA-256 of every other file).
The graph may keep its weights in ``weights.bin``: those are mapped into memory, and are neither parsed nor copied.
Such a graph was made ready to run when it was exported.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import onnxruntime  # type: ignore[import-untyped]
import tokenizers

from corpus.errors import ModelError

Float32 = npt.NDArray[np.float32]
Text = TypeVar("Text", str, tuple[str, str])
"""What a model reads: texts, or pairs of texts."""

A_RUN = 20  # tokens that cost as much as one run does beside them
TOGETHER = 1024  # texts that are cut into tokens at once
BATCH = 32  # texts; on two cores 16 to 64 differ by less than 3 %
PARTS = ("model.onnx", "tokenizer.json")
WEIGHTS = "weights.bin"
_FIELDS = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}
_KEYS = ("name", "fingerprint", "max_tokens", "pad_id", "pad_token", "files")


class OnnxModel:
    """One model, ready to run. Every file is hashed as it is opened (0.06 s for 90 MB). Threads may share it."""

    def __init__(self, home: Path, card: str, *keys: str) -> None:
        """``card``: the name of the card's file; ``keys``: what it must hold beyond the usual.

        Raises:
            ModelError: a file is missing, is not what the card says, or cannot be opened.
        """
        self.card = _read(home, card, (*_KEYS, *keys))
        try:
            self._tokenizer = tokenizers.Tokenizer.from_file(str(home / "tokenizer.json"))
            self._session = onnxruntime.InferenceSession(
                str(home / "model.onnx"),
                _options(ready=WEIGHTS in self.card["files"]),
                providers=["CPUExecutionProvider"],
            )
        except Exception as exc:  # both libraries raise kinds of their own, straight from Exception
            reason = str(exc).partition("\n")[0]
            raise ModelError(f"the exported model in {home} does not open: {reason}; delete {home}") from exc
        self._tokenizer.enable_truncation(max_length=self.card["max_tokens"], strategy="longest_first")
        self._tokenizer.no_padding()
        self._inputs = {node.name: _FIELDS[node.name] for node in self._session.get_inputs()}

    def run(
        self, texts: Sequence[Text], *, width: int, progress: Callable[[int], None] | None = None
    ) -> Float32:
        """The graph's first output, float32 ``(len(texts), width)``; ``progress`` is told how many are done."""
        rows = np.empty((len(texts), width), dtype=np.float32)
        by_length = sorted(range(len(texts)), key=lambda i: _length(texts[i]))
        done = 0
        for begin in range(0, len(by_length), TOGETHER):
            chosen = by_length[begin : begin + TOGETHER]
            tokens = self._tokenizer.encode_batch([_encodable(texts[i]) for i in chosen])
            order = sorted(range(len(chosen)), key=lambda i: len(tokens[i]))
            for batch in batches([len(tokens[i]) for i in order]):
                rows[[chosen[i] for i in order[batch]]] = self._run([tokens[i] for i in order[batch]])
                done += batch.stop - batch.start
                if progress:
                    progress(done)
        return rows

    def _run(self, tokens: Sequence[tokenizers.Encoding]) -> Any:
        """One run; shorter texts are padded to the last, which is the longest."""
        feed = {name: np.zeros((len(tokens), len(tokens[-1])), dtype=np.int64) for name in self._inputs}
        feed["input_ids"] += self.card["pad_id"]
        for row, text in enumerate(tokens):
            for name, field in self._inputs.items():
                feed[name][row, : len(text)] = getattr(text, field)
        return self._session.run(None, feed)[0]


def batches(lengths: Sequence[int]) -> Iterator[slice]:
    """Texts of these lengths in tokens, ascending, cut where padding would cost more than a further run."""
    begin = 0
    for end in range(1, len(lengths) + 1):
        size = end - begin
        if end == len(lengths) or size == BATCH or size * (lengths[end] - lengths[end - 1]) > A_RUN:
            yield slice(begin, end)
            begin = end


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _length(text: str | tuple[str, str]) -> int:
    return len(text) if isinstance(text, str) else len(text[0]) + len(text[1])


def _encodable(text: Text) -> Text:
    """Lone surrogates, which JSON can smuggle in, become question marks; Rust takes UTF-8 only."""
    if isinstance(text, str):
        return text.encode("utf-8", "replace").decode("utf-8")
    return _encodable(text[0]), _encodable(text[1])


def _read(home: Path, name: str, keys: Sequence[str]) -> dict[str, Any]:
    """The card, after every file it names was hashed."""
    try:
        card: dict[str, Any] = json.loads((home / name).read_text(encoding="utf-8"))
        missing = [key for key in keys if key not in card]
        listed = {part: card["files"][part] for part in dict.fromkeys((*PARTS, *card["files"]))}
        damaged = [part for part, known in listed.items() if _sha256_of(home / part) != known]
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise ModelError(f"no usable exported model in {home}: {exc}") from exc
    if missing:
        raise ModelError(f"{home / name} does not say {missing[0]}: delete {home} and ask again")
    if damaged:
        raise ModelError(f"{home / damaged[0]} is not what {name} says: delete {home} and ask again")
    return card


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _options(*, ready: bool = False) -> onnxruntime.SessionOptions:
    """``ready``: the graph was optimised when it was written, which takes half of the time of opening it."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = os.cpu_count() or 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # an idle bot burns no CPU
    options.log_severity_level = 3  # errors only; its warnings are about graph internals
    if ready:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return options


def optimise(graph: Path, home: Path) -> None:
    """Write ``model.onnx`` and ``weights.bin`` into ``home``: the graph as it runs, fused, on any processor.

    The level leaves out what fits one kind of processor alone.
    """
    options = _options()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(home / "model.onnx")
    options.add_session_config_entry("session.optimized_model_external_initializers_file_name", WEIGHTS)
    options.add_session_config_entry(
        "session.optimized_model_external_initializers_min_size_in_bytes", "1024"
    )
    onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
