"""What must not be in a log or in the state: the planted token, the webhook's secret, what people asked, tracebacks."""

import json
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from benchmarks.bot_hour.process import SECRET
from benchmarks.bot_hour.wording import CANARY
from tests.bot_api import TOKEN

_MODELS = "models"
_RETRIED = "telegram.request"
"""Loggers below tell of what they also raise, and the bot meets; it mutes them, ``loud`` does not."""


def secrets_in(folder: Path) -> dict[str, int]:
    """Occurrences of the secrets, in any form they are passed on, in every file below but the models."""
    half = TOKEN.partition(":")[2]
    forms = {form for secret in (half, SECRET) for form in (secret, quote(secret, safe=""), secret[::-1])}
    forms |= {b64encode(TOKEN.encode()).decode(), b64encode(SECRET.encode()).decode()}
    files = [file for file in folder.rglob("*") if file.is_file() and _MODELS not in file.parts]
    return {
        str(file.relative_to(folder)): found
        for file in files
        if (found := sum(file.read_bytes().count(form.encode()) for form in forms))
    }


def log_figures(log: Path) -> dict[str, object]:
    """Lines by level; exceptions that nobody met on their way, by event and kind; questions that were written down."""
    text = log.read_text(encoding="utf-8", errors="replace")
    levels, errors, exceptions = Counter[str](), Counter[str](), Counter[str]()
    for entry in _entries(text):
        level, event = str(entry.get("level", "none")).lower(), str(entry.get("event", ""))[:120]
        levels[level] += 1
        if level in {"error", "critical"}:
            errors[event] += 1
            if "trail" in entry and not str(entry.get("logger")).startswith(_RETRIED):
                exceptions[f"{event}: {entry.get('error')}"] += 1
    return {
        "lines": dict(levels.most_common()),
        "tracebacks": text.count("Traceback (most recent call last)"),
        "exceptions": dict(exceptions.most_common(20)),
        "questions_written_down": text.count(CANARY),
        "errors": dict(errors.most_common(20)),
    }


def _entries(text: str) -> Iterator[dict[str, object]]:
    """The record of each line; of level "plain" for those that are no JSON."""
    for line in text.splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            entry = None
        yield entry if isinstance(entry, dict) else {"level": "plain", "event": line}
