"""An error told by its kind and its place alone: an error's own message may hold a question, or a token."""

from pathlib import PurePath
from traceback import extract_tb

_FRAMES = 30
_ROOTS = {"bot", "retrieval", "corpus", "config", "site-packages"}
"""Folders from which on a path is shown: where this is installed is nobody's business."""


def place(error: BaseException | None) -> str:
    """``ValueError at bot/answering/answerer.py:88``; ``no error`` for none."""
    if error is None:
        return "no error"
    last = trail(error)[-1:]
    return " at ".join([type(error).__name__, *(frame.partition(" ")[0] for frame in last)])


def trail(error: BaseException) -> list[str]:
    """The way to the error, outermost first, at most 30 frames: ``bot/app.py:12 serve``."""
    frames = extract_tb(error.__traceback__)[-_FRAMES:]
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def causes(error: BaseException) -> list[str]:
    """The places of what it came from, nearest first."""
    found, cause = list[str](), _cause(error)
    while cause is not None and len(found) < _FRAMES:
        found.append(place(cause))
        cause = _cause(cause)
    return found


def _cause(error: BaseException) -> BaseException | None:
    return error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _short(path: str) -> str:
    parts = PurePath(path).parts
    roots = [place for place, part in enumerate(parts[:-1]) if part in _ROOTS]
    return "/".join(parts[roots[-1] :] if roots else parts[-1:])
