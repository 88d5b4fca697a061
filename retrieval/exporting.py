"""What the programs that export models share: the only importer of torch and transformers.

Such a program is started by ``retrieval.exported`` as ``python -m MODULE MODEL FOLDER …``. It prints JSON lines,
``{"stage", "done", "total"}`` as it goes and ``{"error"}`` when it fails. Weights are read from safetensors alone:
no pickle is ever opened.
"""

import hashlib
import json
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import ModelError
from retrieval.onnx_files import PARTS, WEIGHTS, optimise, sha256

if TYPE_CHECKING:
    import torch

OPSET = 17  # the newest that the TorchScript exporter writes completely
EXACT = {"use_safetensors": True, "attn_implementation": "eager", "dtype": "float32"}
"""How models are opened."""


def say(stage: str, done: int, total: int = 3) -> None:
    print(json.dumps({"stage": stage, "done": done, "total": total}), flush=True)  # noqa: T201  read by the parent


def program(export: Callable[..., None]) -> int:
    """Run ``export(MODEL, FOLDER, …)`` with the command line's arguments; the exit code."""
    warnings.simplefilter("ignore")
    try:
        model, home, *options = sys.argv[1:]
        export(model, Path(home), *options)
    except Exception as exc:  # noqa: BLE001  the parent shows one line, whatever went wrong in there
        reason = str(exc).strip().partition("\n")[0] or type(exc).__name__
        print(json.dumps({"error": reason}), flush=True)  # noqa: T201  read by the parent
        return 1
    return 0


def fetch(model: str, organization: str) -> Path:
    """The user's own folder, or a downloaded snapshot; a name without an organization is in ``organization``."""
    if (folder := Path(model).expanduser()).is_dir():
        os.environ["HF_HUB_OFFLINE"] = "1"
        return folder
    if model.startswith((".", "~", "/")) or model.count("/") > 1:
        raise ModelError(f"there is no folder {folder}")
    from huggingface_hub import snapshot_download  # noqa: PLC0415  slow, and seldom needed

    wanted = ["*.json", "*.txt", "*.model", "*.safetensors"]
    return Path(
        snapshot_download(model if "/" in model else f"{organization}/{model}", allow_patterns=wanted)
    )


def weights_hash(source: Path) -> str:
    files = sorted(source.rglob("*.safetensors"))
    if not files:
        raise ModelError(f"{source} holds no model.safetensors: other weight formats are not opened")
    whole = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                whole.update(block)
    return whole.hexdigest()


def hush() -> None:
    """Nothing of transformers on standard output or error."""
    import transformers  # noqa: PLC0415  takes seconds

    transformers.utils.logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]


def write_graph(
    run: Callable[[dict[str, Any]], Any],
    original: "torch.nn.Module",
    tokens: Mapping[str, "torch.Tensor"],
    aside: Path,
    output: str,
) -> None:
    """Write the graph and its weights: what ``run`` makes of token tensors with ``original``, at any size of both axes."""
    import torch  # noqa: PLC0415  takes seconds

    fields = [field for field in ("input_ids", "attention_mask", "token_type_ids") if field in tokens]

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.original = original

        def forward(self, *tensors: torch.Tensor) -> Any:
            return run(dict(zip(fields, tensors, strict=True)))

    torch.onnx.export(
        Whole().eval(),
        tuple(tokens[field] for field in fields),
        str(plain := aside / "plain.onnx"),
        input_names=fields,
        output_names=[output],
        dynamic_axes={field: {0: "texts", 1: "tokens"} for field in fields} | {output: {0: "texts"}},
        opset_version=OPSET,
        dynamo=False,
    )
    optimise(plain, aside)
    plain.unlink()


def write_card(aside: Path, card: str, *, decides: list[Any], **values: Any) -> None:
    """Write the card beside the parts. Its fingerprint covers what decides an output, not the graph's bytes."""
    files = {part: sha256((aside / part).read_bytes()) for part in (*PARTS, WEIGHTS)}
    decided = json.dumps([decides[0], files["tokenizer.json"], *decides[1:]])
    values |= {"fingerprint": sha256(decided.encode())[:16], "files": files}
    (aside / card).write_text(json.dumps(values, indent=1), encoding="utf-8")


@contextmanager
def moved_to(home: Path, kind: Callable[[Path], object]) -> Iterator[Path]:
    """A folder to write into, which becomes ``home`` by one rename when all went well; ``kind`` opens it."""
    home.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".export-", dir=home.parent))
    try:
        yield aside
        _move(aside, home, kind)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _move(aside: Path, home: Path, kind: Callable[[Path], object]) -> None:
    try:
        aside.rename(home)
    except OSError:
        try:
            kind(home)  # another process was first, and did it well
        except ModelError:
            shutil.rmtree(home)
            aside.rename(home)
