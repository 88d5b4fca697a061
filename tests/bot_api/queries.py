"""What waits for one answer and not for a message: presses of buttons, inline queries, guest messages."""

import itertools
import time
from dataclasses import dataclass, field
from typing import Literal

from tests.bot_api.faults import Json
from tests.bot_api.limits import Refused

Kind = Literal["press", "inline", "guest"]


@dataclass(slots=True)
class Query:
    kind: Kind
    by: int
    asked: float
    answers: list[Json] = field(default_factory=list)
    """Parameters of the method that answered it; Telegram takes one."""
    answered: float | None = None
    update_id: int = 0
    expired: bool = False


class Queries:
    def __init__(self) -> None:
        self.known: dict[str, Query] = {}
        self._ids = itertools.count(4_000_000_000_001)

    def new(self, kind: Kind, by: int) -> str:
        number = str(next(self._ids))
        self.known[number] = Query(kind, by, time.monotonic())
        return number

    def answer(self, kind: Kind, number: str, data: Json) -> None:
        """Raises Refused for ids that are unknown, answered already or too old."""
        query = self.known.get(number)
        if query is None or query.kind != kind or query.expired or query.answers:
            raise Refused("query is too old and response timeout expired or query ID is invalid")
        query.answers.append(data)
        query.answered = time.monotonic()

    def expire(self, number: str) -> None:
        """As after some time, which Telegram does not tell."""
        self.known[number].expired = True
