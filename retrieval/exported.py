"""The exported copy of a model, made by a child process on first use: torch's memory and settings stay there."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from corpus.errors import ModelError
from retrieval.onnx_files import sha256

Progress = Callable[[str, int, int], None]
"""Told ``(stage, done, total)``; a total of 0 means that it is not known yet."""
Opened = TypeVar("Opened")


def opened(
    kind: Callable[[Path], Opened],
    program: str,
    model: str,
    folder: Path,
    *options: str,
    progress: Progress | None = None,
) -> Opened:
    """``kind(home)``, where home is the exported copy of ``model`` in ``folder``.

    A copy that is absent, incomplete or changed is made anew by ``python -m program MODEL HOME OPTIONS``.
    Raises ModelError.
    """
    home = folder / slug(model, *options)
    try:
        return kind(home)
    except ModelError:
        _export(program, model, home, *options, progress=progress or (lambda _stage, _done, _total: None))
        return kind(home)


def slug(model: str, *options: str) -> str:
    """A folder name: readable, and unlike that of any other model or of the same folder retrained."""
    source = Path(model).expanduser()
    weights = sorted(source.glob("*.safetensors"))
    stamps = [f"{file.stat().st_size} {file.stat().st_mtime_ns}" for file in weights]
    readable = "".join(c if c.isalnum() or c in "-_" else "-" for c in source.name)[:60]
    return f"{readable}-{sha256(chr(10).join([model, *stamps, *options]).encode())[:8]}"


def _export(program: str, model: str, home: Path, *options: str, progress: Progress) -> None:
    command = [sys.executable, "-P", "-m", program, model, str(home), *options]
    paths = [str(Path(__file__).resolve().parents[1]), os.environ.get("PYTHONPATH", "")]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
    failure = "it ended without a word"
    with subprocess.Popen(  # noqa: S603  our own interpreter and module, the model as one argument
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8", env=env
    ) as child:
        try:
            for line in child.stdout or ():
                message = json.loads(line)
                failure = message.get("error", failure)
                if "stage" in message:
                    progress(message["stage"], message["done"], message["total"])
        except BaseException:
            child.send_signal(signal.SIGINT)  # it leaves nothing behind then
            raise
    if child.returncode:
        raise ModelError(f"cannot use the model {model}: {failure}")
