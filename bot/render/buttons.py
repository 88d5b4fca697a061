"""Buttons below a message, as plain values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Button:
    """One button; it does the one thing of which it has the value."""

    label: str
    data: str | None = None
    """Comes back as the callback data: at most 64 bytes."""
    url: str | None = None
    share: str | None = None
    """Opens a chat of the reader's choice with the bot's name and this text typed in: at most 256 characters."""


Rows = tuple[tuple[Button, ...], ...]
