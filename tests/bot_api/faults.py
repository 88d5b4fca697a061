"""What goes wrong on the way between a bot and Telegram: told beforehand, or at random from a seed."""

import time
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Literal

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """What a caller sees instead, once. Status 0: no answer of the Bot API, but what ``description`` names."""

    status: int
    description: str = ""
    retry_after: int | None = None
    migrate_to: int | None = None
    late: bool = False
    """The method has taken effect first; only its answer is lost."""

    def __str__(self) -> str:
        kind = str(self.status) if self.status else self.description
        return f"{kind} after the effect" if self.late else kind

    @property
    def parameters(self) -> Json:
        given = {"retry_after": self.retry_after, "migrate_to_chat_id": self.migrate_to}
        return {name: value for name, value in given.items() if value is not None}


Break = Literal["reset", "timeout", "malformed"]


def broken(how: Break, *, late: bool = False) -> Fault:
    return Fault(0, how, late=late)


RESET, TIMEOUT, MALFORMED = broken("reset"), broken("timeout"), broken("malformed")
LATE_RESET, LATE_TIMEOUT = broken("reset", late=True), broken("timeout", late=True)
LATE_MALFORMED = broken("malformed", late=True)
SERVER_ERROR = Fault(500, "Internal Server Error")
LATE_SERVER_ERROR = Fault(500, "Internal Server Error", late=True)
BAD_GATEWAY = Fault(502, "Bad Gateway")
CONFLICT = Fault(
    409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
REVOKED = Fault(401, "Unauthorized")
BLOCKED = Fault(403, "Forbidden: bot was blocked by the user")
KICKED = Fault(403, "Forbidden: bot was kicked from the group chat")
GONE = Fault(400, "Bad Request: chat not found")


def flood(seconds: int) -> Fault:
    return Fault(429, f"Too Many Requests: retry after {seconds}", seconds)


def migrated(to: int) -> Fault:
    return Fault(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to=to)


@dataclass(frozen=True, slots=True)
class Injected:
    """A fault that came at random."""

    at: float
    method: str
    chat: object
    fault: Fault


Key = str | tuple[str, int]


class Faults(defaultdict[Key, deque[Fault]]):
    """``faults["sendMessage"].append(RESET)``, or ``faults["sendMessage", chat]`` for one chat alone."""

    def __init__(self) -> None:
        super().__init__(deque)
        self._rates: Mapping[str, Sequence[tuple[Fault, float]]] = {}
        self._random = Random()  # noqa: S311  no secret
        self.injected: list[Injected] = []

    def at_random(self, seed: int, rates: Mapping[str, Sequence[tuple[Fault, float]]]) -> None:
        """From now on each call of a method meets each of its faults with that probability; "" is any other method."""
        self._random, self._rates = Random(seed), rates  # noqa: S311  no secret

    def next(self, method: str, data: Json) -> Fault | None:
        told = ((method, data["chat_id"]),) if isinstance(data.get("chat_id"), int) else ()
        for key in (*told, method):
            if self.get(key):
                return self[key].popleft()
        drawn = self._random.random()
        for fault, rate in self._rates.get(method, self._rates.get("", ())):
            drawn -= rate
            if drawn < 0:
                self.injected.append(Injected(time.monotonic(), method, data.get("chat_id"), fault))
                return fault
        return None
