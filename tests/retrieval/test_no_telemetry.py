"""The runtime of the models reports to nobody: releases since 1.31 would, and keep a device id in the home folder."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OPENED = """
import retrieval.onnx_files
import onnxruntime
session = onnxruntime.InferenceSession("bot/answering/weights/model.onnx", providers=["CPUExecutionProvider"])
print(len(session.get_inputs()))
"""


def test_a_model_that_is_opened_leaves_nothing_in_the_home_folder(tmp_path: Path) -> None:
    said = {
        name: value
        for name, value in os.environ.items()
        if name not in {"ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME"}
    }
    done = subprocess.run(
        [sys.executable, "-c", OPENED],
        cwd=ROOT,
        env=said | {"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) > 0
    assert list(tmp_path.rglob("*")) == []
