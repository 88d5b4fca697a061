"""Passages become vectors, words and rows on disk; a question becomes hits."""

import os

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
"""Read when onnxruntime is imported, which is below here alone. From 1.31 it keeps a device id and reports to its maker."""
