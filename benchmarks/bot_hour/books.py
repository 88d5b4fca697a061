"""What became of everything people did: kept from the side of Telegram alone, never from what the bot says of itself."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.render.phrases import LANGUAGES, phrases
from tests.bot_api import BotApi, Call, Delivery, buttons_of


def _said_as(*english: str) -> tuple[str, ...]:
    """What the bot says so, in each of its languages."""
    return tuple(phrases(code)(text) for code in LANGUAGES for text in english)


REFUSALS = _said_as(
    "Too many questions are waiting just now. Please ask again in a minute.",
    "That was a lot of questions for one minute. Please ask again a little later.",
    "Many questions in a minute: try again a little later",
    "Busy just now: try again in a minute",
)
FAILURES = _said_as(
    "Something went wrong here and your question was not answered. Please ask again.",
    "Something went wrong here. Please try again.",
)
_AFTERWARDS = 5.0

What = Literal["message", "press", "inline", "guest", "silence"]
Outcome = Literal[
    "answered",
    "refused",
    "failed",
    "lost",
    "doubled",
    "closed",
    "passed over",
    "overtaken",
    "quiet",
    "spoken",
]
FLOODS = {"flood", "inline flood"}
"""Kinds of which the bot may pass over the most, once it has said so."""
IN_CHATS = {"question", "follow-up", "reordered", "in a group", "in a topic", "reply in a group"}
"""Kinds of questions that are answered with a message."""


@dataclass(slots=True)
class Asked:
    """Something a person did; ``number`` is a message's id, or that of a query."""

    kind: str
    what: What
    chat: int
    number: int | str
    by: int
    at: float = field(default_factory=time.monotonic)
    update_id: int = 0


class Books:
    """Follows the server's record of calls; ``replies`` holds what was said in reply to each message."""

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self.asked: list[Asked] = []
        self.replies: defaultdict[tuple[int, int], list[Call]] = defaultdict(list)
        self.moved: dict[int, int] = {}
        """Groups that became supergroups: the old id to the new."""
        self._known: set[tuple[int, int | str]] = set()
        self._read = 0

    def add(self, asked: Asked) -> Asked:
        self.asked.append(asked)
        self._known.add((asked.chat, asked.number))
        return asked

    def follow(self) -> None:
        """Read on in the record."""
        calls = self.api.calls
        end = len(calls)
        for call in calls[self._read : end]:
            if call.method != "sendMessage":
                continue
            number = (call.data.get("reply_parameters") or {}).get("message_id", 0)
            self.replies[call.data["chat_id"], number].append(call)
        self._read = end

    def said(self, asked: Asked) -> list[Call]:
        """Messages in reply to it; in a group that has moved, also those that reply to nothing and share its words."""
        if asked.what not in {"message", "silence"}:
            return []
        said, new = self.replies[asked.chat, int(asked.number)], self.moved.get(asked.chat)
        if new is None or asked.what == "silence" or (new, asked.number) in self._known:
            return said
        said = [*said, *self.replies[new, int(asked.number)]]
        text = " ".join(str((self.api.chats.find(asked.chat, int(asked.number)) or {}).get("text")).split())
        loose = [(call, _shared(call)) for call in self.replies[new, 0]]
        said += [call for call, shared in loose if shared and shared in text]
        return said or [call for call, shared in loose if not shared]

    def settled(self, asked: Asked) -> bool:
        """Whether there is any answer."""
        if asked.what in {"message", "silence"}:
            return bool(self.said(asked))
        return bool(self.api.queries.known[str(asked.number)].answers)

    def settle(self, seconds: float) -> bool:
        """Wait until nothing is missing, and a little for what should not come; False where something still is."""
        end = time.monotonic() + seconds
        while any(self.outcome(asked) == "lost" for asked in self.asked):
            if time.monotonic() > end:
                return False
            time.sleep(0.5)
            self.follow()
        time.sleep(_AFTERWARDS)
        return True

    def outcome(self, asked: Asked) -> Outcome:
        if asked.what == "silence":
            return "spoken" if self.said(asked) else "quiet"
        if asked.what != "message":
            return self._of_query(asked)
        said = self.said(asked)
        if len(said) > 1:
            return "doubled"
        if not said:
            return self._missing(asked)
        now = self.api.chats.find(said[0].data["chat_id"], said[0].message_id) or {}
        return _manner(said[0].text, str(now.get("text")))

    def _of_query(self, asked: Asked) -> Outcome:
        answers = self.api.queries.known[str(asked.number)].answers
        if answers:
            return _manner(str(answers[0].get("text") or (answers[0].get("button") or {}).get("text")))
        later = (a for a in self.asked if a.what == "inline" and a.by == asked.by and a.at > asked.at)
        overtaken = asked.what == "inline" and asked.kind not in FLOODS and any(map(self.settled, later))
        return "overtaken" if overtaken else self._missing(asked)

    def _missing(self, asked: Asked) -> Outcome:
        if asked.kind in FLOODS:
            return "passed over"
        closed = asked.chat in self.api.chats.refusals and asked.chat not in self.moved
        return "closed" if closed else "lost"

    def turn(self, asked: Asked) -> float:
        """Seconds from when it was said to its first answer."""
        if asked.what == "message":
            return self.said(asked)[0].at - asked.at
        return (self.api.queries.known[str(asked.number)].answered or asked.at) - asked.at

    def delivery(self, asked: Asked) -> Delivery | None:
        """How its update fared; None where Telegram never made one."""
        known = self.api.updates.deliveries
        if asked.update_id in known or asked.what not in {"message", "silence"}:
            return known.get(asked.update_id)
        for number, delivery in known.items():  # it came in another order than it was sent
            message = delivery.update.get("message", {})
            if (message.get("message_id"), message.get("chat", {}).get("id")) == (asked.number, asked.chat):
                asked.update_id = number
        return known.get(asked.update_id)

    def buttons(self, asked: Asked) -> list[str]:
        """Callback data of the buttons that now stand below its answer."""
        said = self.said(asked)
        if not said or said[0].data["chat_id"] != asked.chat:
            return []
        shown = self.api.chats.find(asked.chat, said[0].message_id)
        return [str(b["callback_data"]) for b in buttons_of(shown or {}) if "callback_data" in b]


def _shared(call: Call) -> str:
    """The question on the button that shares it; empty where there is none."""
    rows = call.data.get("reply_markup", {}).get("inline_keyboard", [])
    return next((b["switch_inline_query"] for row in rows for b in row if "switch_inline_query" in b), "")


def _manner(*texts: str) -> Outcome:
    if any(text in REFUSALS for text in texts):
        return "refused"
    return "failed" if any(text in FAILURES for text in texts) else "answered"


@dataclass(frozen=True, slots=True)
class Account:
    """The books, closed."""

    outcomes: dict[str, dict[str, int]]
    """Of each kind."""
    turns: dict[str, list[float]]
    """Seconds, of what was answered, by kind."""
    clean: list[float]
    """Turns of questions in chats where no fault was thrown meanwhile."""


def close(books: Books) -> Account:
    books.follow()
    outcomes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    turns: defaultdict[str, list[float]] = defaultdict(list)
    clean = []
    faulty = defaultdict(list)
    for injected in books.api.faults.injected:
        faulty[injected.chat].append(injected.at)
    for asked in books.asked:
        outcome = books.outcome(asked)
        outcomes[asked.kind][outcome] += 1
        if outcome in {"answered", "doubled", "refused"}:
            turn = books.turn(asked)
            turns[asked.kind].append(turn)
            hit = any(asked.at <= at <= asked.at + turn for at in (*faulty[asked.chat], *faulty[None]))
            if asked.kind in IN_CHATS and not hit:
                clean.append(turn)
    return Account({kind: dict(c) for kind, c in sorted(outcomes.items())}, dict(turns), clean)


def quantiles(turns: Sequence[float]) -> dict[str, float]:
    ordered = sorted(turns)
    if not ordered:
        return {}
    last = len(ordered) - 1
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "slowest": 1.0}
    return {name: round(ordered[round(share * last)], 3) for name, share in shares.items()}


def faults(api: BotApi) -> dict[str, dict[str, int]]:
    """How many of each were thrown, by method."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for injected in api.faults.injected:
        counts[injected.method][str(injected.fault)] += 1
    return {method: dict(counted.most_common()) for method, counted in sorted(counts.items())}


def notable(books: Books, outcomes: Iterable[Outcome]) -> list[dict[str, Any]]:
    """Everything that came out so, with what was said."""
    wanted = set(outcomes)
    return [
        {"kind": a.kind, "chat": a.chat, "number": a.number, "at": round(a.at, 2), "outcome": outcome}
        | {
            "said": [call.text[:60] for call in books.said(a)],
            "calls": [round(c.at, 2) for c in books.said(a)],
        }
        for a in books.asked
        if (outcome := books.outcome(a)) in wanted
    ]
