"""Message ids that are known to belong to somebody, so that one which is not can be looked for.

Private chats and basic groups of an account share one counter; every supergroup and channel has its own
(core.telegram.org/api/updates, "message boxes").
"""

from collections.abc import Iterator

SUPERGROUPS = -1_000_000_000_000
"""Ids of supergroups and channels lie at or below (core.telegram.org/api/bots/ids)."""

_KNOWN = 16_384  # ids remembered, of all counters together
_COUNTERS = 4_096


class Ids:
    """Bounded, the oldest forgotten first; what is forgotten only makes a search longer."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], None] = {}
        self._highest: dict[int, int] = {}

    def add(self, chat: int, message_id: int) -> None:
        """That message is known."""
        self.reached(chat, message_id)
        self._known[_counter(chat), message_id] = None
        if len(self._known) > _KNOWN:
            del self._known[next(iter(self._known))]

    def reached(self, chat: int, message_id: int) -> None:
        """The counter came so far; whose that id is remains to be seen."""
        counter = _counter(chat)
        self._highest[counter] = max(message_id, self._highest.pop(counter, 0))
        if len(self._highest) > _COUNTERS:
            del self._highest[next(iter(self._highest))]

    def highest(self, chat: int) -> int | None:
        return self._highest.get(_counter(chat))

    def unknown(self, chat: int, after: int) -> Iterator[int]:
        """Ids above ``after`` that nobody is known to have, the lowest first, without end."""
        counter, number = _counter(chat), after + 1
        while True:
            if (counter, number) not in self._known:
                yield number
            number += 1


def _counter(chat: int) -> int:
    return chat if chat <= SUPERGROUPS else 0
