"""A line of what was found, and how bad it is."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """``note`` is something to know, ``wrong`` something to mend before the bot can do its work."""

    grade: Literal["ok", "note", "wrong"]
    text: str
    """What, and what to do about it."""
    tells_of_running: bool = False

    def __str__(self) -> str:
        return f"{self.grade:<6}{self.text}"


def ok(text: str) -> Finding:
    return Finding("ok", text)


def note(text: str) -> Finding:
    return Finding("note", text)


def wrong(text: str) -> Finding:
    return Finding("wrong", text)
