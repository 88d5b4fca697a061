"""Texts to unit vectors with onnxruntime and tokenizers alone: nothing here imports torch.

The model is exported once by a child process (``retrieval.export``) into a folder of three files:
``model.onnx``, ``tokenizer.json`` and ``encoder.json``, which names the model and the hash of both.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt
import onnxruntime  # type: ignore[import-untyped]
import tokenizers

from corpus.errors import ModelError

Float32 = npt.NDArray[np.float32]
Kind = Literal["query", "passage"]
Progress = Callable[[str, int, int], None]
"""Told ``(stage, done, total)``; a total of 0 means that it is not known yet."""

BATCH = 32  # texts; on two cores 16 to 64 differ by less than 3 %
PARTS = ("model.onnx", "tokenizer.json")


class Encoder(Protocol):
    """Whatever turns texts into vectors; two encoders with one fingerprint give the same vectors."""

    @property
    def name(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def dimension(self) -> int: ...

    def encode(
        self, texts: Sequence[str], *, kind: Kind = "passage", progress: Callable[[int], None] | None = None
    ) -> Float32:
        """Float32 ``(len(texts), dimension)``, unit rows; ``progress`` is told how many are done."""
        ...


def load(model: str, folder: Path, progress: Progress | None = None) -> "OnnxEncoder":
    """The encoder of a sentence-transformers name or folder, exported into ``folder`` on first use.

    An exported copy that is incomplete or changed is made anew. Raises ModelError.
    """
    home = folder / _slug(model)
    try:
        return OnnxEncoder(home)
    except ModelError:
        _export(model, home, progress or (lambda _stage, _done, _total: None))
        return OnnxEncoder(home)


class OnnxEncoder:
    """An exported model. Every file is hashed as it is opened (0.06 s for 90 MB). Threads may share it."""

    def __init__(self, home: Path) -> None:
        """Raises ModelError when a file is missing or is not what ``encoder.json`` says."""
        card, parts = _read(home)
        self.name: str = card["name"]
        self.fingerprint: str = card["fingerprint"]
        self.dimension: int = card["dimension"]
        self._prefixes: dict[str, str] = card["prefixes"]
        self._tokenizer = tokenizers.Tokenizer.from_buffer(parts["tokenizer.json"])
        self._tokenizer.enable_truncation(max_length=card["max_tokens"])
        self._tokenizer.enable_padding(pad_id=card["pad_id"], pad_token=card["pad_token"])
        self._session = onnxruntime.InferenceSession(
            parts["model.onnx"], _options(), providers=["CPUExecutionProvider"]
        )
        self._inputs = [node.name for node in self._session.get_inputs()]

    def encode(
        self, texts: Sequence[str], *, kind: Kind = "passage", progress: Callable[[int], None] | None = None
    ) -> Float32:
        """As Encoder.encode; texts longer than the model's limit (256 tokens for MiniLM) are cut."""
        prefix = self._prefixes.get(kind, "")
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        by_length = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # little padding within a batch
        for begin in range(0, len(by_length), BATCH):
            chosen = by_length[begin : begin + BATCH]
            vectors[chosen] = self._batch([prefix + texts[i] for i in chosen])
            if progress:
                progress(begin + len(chosen))
        return vectors

    def _batch(self, texts: list[str]) -> Any:
        tokens = self._tokenizer.encode_batch([_encodable(text) for text in texts])
        fields = {
            "input_ids": [t.ids for t in tokens],
            "attention_mask": [t.attention_mask for t in tokens],
            "token_type_ids": [t.type_ids for t in tokens],
        }
        feed = {name: np.array(fields[name], dtype=np.int64) for name in self._inputs}
        return self._session.run(None, feed)[0]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _encodable(text: str) -> str:
    """Lone surrogates, which JSON can smuggle in, become question marks; Rust takes UTF-8 only."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _slug(model: str) -> str:
    """A folder name: readable, and unlike that of any other model or of the same folder retrained."""
    source = Path(model).expanduser()
    weights = sorted(source.glob("*.safetensors"))
    stamps = [f"{file.stat().st_size} {file.stat().st_mtime_ns}" for file in weights]
    readable = "".join(c if c.isalnum() or c in "-_" else "-" for c in source.name)[:60]
    return f"{readable}-{sha256(chr(10).join([model, *stamps]).encode())[:8]}"


def _read(home: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    try:
        card = json.loads((home / "encoder.json").read_text(encoding="utf-8"))
        parts = {name: (home / name).read_bytes() for name in PARTS}
        damaged = [name for name in PARTS if sha256(parts[name]) != card["files"][name]]
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise ModelError(f"no usable exported model in {home}: {exc}") from exc
    if damaged:
        raise ModelError(f"{home / damaged[0]} is not what encoder.json says: delete {home} and ask again")
    return card, parts


def _options() -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = os.cpu_count() or 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # an idle bot burns no CPU
    options.log_severity_level = 3  # errors only; its warnings are about graph internals
    return options


def _export(model: str, home: Path, progress: Progress) -> None:
    """Run ``retrieval.export`` in a child, so that torch's memory, settings and warnings stay there."""
    command = [sys.executable, "-P", "-m", "retrieval.export", model, str(home)]
    paths = [str(Path(__file__).resolve().parents[1]), os.environ.get("PYTHONPATH", "")]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
    failure = "it ended without a word"
    with subprocess.Popen(  # noqa: S603  our own interpreter and module, the model as one argument
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8", env=env
    ) as child:
        for line in child.stdout or ():
            message = json.loads(line)
            failure = message.get("error", failure)
            if "stage" in message:
                progress(message["stage"], message["done"], message["total"])
    if child.returncode:
        raise ModelError(f"cannot use the model {model}: {failure}")
