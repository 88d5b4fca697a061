"""What became of the messages since the start, counted."""

from collections import Counter
from typing import Literal

from bot.messenger.operations.figures import FIGURES

Event = Literal["sent", "edited", "retried", "doubtful", "found", "resent", "unproven", "failed", "gone"]
"""``retried``: a request made again after a fault of the network or of Telegram. ``doubtful``: a message of which it
was not known whether it had arrived. ``found``: it had. ``resent``: it was looked for, not found, and sent again.
``unproven``: resent though not every id that it could have had was tried. ``failed``: refused, or given up after
minutes. ``gone``: its chat takes nothing any more."""


class Tally(Counter[Event]):
    """Of one outbox; the process's figures count along."""

    def add(self, event: Event) -> None:
        self[event] += 1
        FIGURES.send(event)
