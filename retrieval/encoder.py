"""Texts to unit vectors with onnxruntime and tokenizers alone: nothing here imports torch.

The model is exported once by a child process (``retrieval.export``) into a folder of four files:
``model.onnx``, ``weights.bin``, ``tokenizer.json`` and ``encoder.json``, which names the model and the hash of each.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

from retrieval import exported
from retrieval.exported import Progress
from retrieval.onnx_files import Float32, OnnxModel

__all__ = ["Encoder", "Float32", "Kind", "OnnxEncoder", "Progress", "load"]

Kind = Literal["query", "passage"]


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
    return exported.opened(OnnxEncoder, "retrieval.export", model, folder, progress=progress)


class OnnxEncoder:
    """An exported model. Threads may share it."""

    def __init__(self, home: Path) -> None:
        """Raises ModelError when a file is missing or is not what ``encoder.json`` says."""
        self._model = OnnxModel(home, "encoder.json", "dimension", "prefixes", "pooling", "normalised")
        card = self._model.card
        self.name: str = card["name"]
        self.fingerprint: str = card["fingerprint"]
        self.dimension: int = card["dimension"]
        self._prefixes: dict[str, str] = card["prefixes"]
        self.facts: dict[str, object] = _facts(card)
        """What its vectors depend on, by names fit to show."""

    def encode(
        self, texts: Sequence[str], *, kind: Kind = "passage", progress: Callable[[int], None] | None = None
    ) -> Float32:
        """As Encoder.encode; texts longer than the model's limit (256 tokens for MiniLM) are cut."""
        prefix = self._prefixes.get(kind, "")
        return self._model.run([prefix + text for text in texts], width=self.dimension, progress=progress)


def _facts(card: Mapping[str, Any]) -> dict[str, object]:
    prefixes = {f"{kind} prefix": prefix for kind, prefix in card["prefixes"].items()}
    return {
        "weights": card["weights_sha256"],
        "tokenizer": card["files"]["tokenizer.json"],
        "pooling": card["pooling"],
        "normalised": card["normalised"],
        "max_tokens": card["max_tokens"],
        **prefixes,
    }
