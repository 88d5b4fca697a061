"""What became of the messages since the start, counted."""

from dataclasses import dataclass


@dataclass(slots=True)
class Tally:
    sent: int = 0
    edited: int = 0
    retried: int = 0
    """Requests made again after a fault of the network or of Telegram."""
    doubtful: int = 0
    """Messages of which it was not known whether they had arrived."""
    found: int = 0
    """Doubtful, and found to have arrived."""
    unproven: int = 0
    """Doubtful, not found and sent again, though not every id that it could have was tried: may stand there twice."""
    failed: int = 0
    """Refused by Telegram, or given up after minutes."""
    gone: int = 0
    """Not sent, for the chat takes nothing any more."""
