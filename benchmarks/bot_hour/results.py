"""Figures of a run, and where they are kept."""

import json
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.bot_hour import books as keeping
from benchmarks.bot_hour import picture
from benchmarks.bot_hour.books import Books
from tests.bot_api import BotApi

RESULTS = Path(__file__).resolve().parents[1] / "results"
BAD: tuple[keeping.Outcome, ...] = ("lost", "doubled", "failed", "spoken")

Json = dict[str, Any]
Memory = Sequence[tuple[float, float]]
"""Seconds since the start, and MB."""


def of_answers(books: Books) -> Json:
    account = keeping.close(books)
    messages = [turn for kind, turns in account.turns.items() for turn in turns if kind in keeping.IN_CHATS]
    total: Counter[str] = Counter()
    for counts in account.outcomes.values():
        total.update(counts)
    return {
        "total": dict(total.most_common()),
        "outcomes": account.outcomes,
        "seconds_to_answer": keeping.quantiles(messages),
        "seconds_to_answer_where_no_fault_came": keeping.quantiles(account.clean),
        "seconds_by_kind": {kind: keeping.quantiles(turns) for kind, turns in account.turns.items()},
        "calls": len(books.api.calls),
        "refused_by_telegram": dict(Counter(line[:120] for line in books.api.refused).most_common()),
        "faults": keeping.faults(books.api),
        "notable": keeping.notable(books, BAD)[:50],
    }


def of_memory(memory: Memory) -> Json:
    sizes = [size for _, size in memory] or [0.0]
    return {
        "after_a_minute": round(next((size for at, size in memory if at > 60), sizes[0])),
        "highest": round(max(sizes)),
        "last": round(sizes[-1]),
    }


def went_wrong(figures: Json) -> bool:
    """Whether anything is wrong beside what was lost to those who flooded the bot."""
    polite = (counts for kind, counts in figures["outcomes"].items() if kind not in keeping.FLOODS)
    bad = sum(counts.get(outcome, 0) for counts in polite for outcome in BAD)
    log = figures["log"]
    written = figures["secrets"] or log["questions_written_down"] or log["tracebacks"] or log["exceptions"]
    return bool(bad or written or figures["exit_code"])


def save(name: str, figures: Json) -> None:
    """In ``benchmarks/results``, and on standard output."""
    whole = figures | {"cores": os.cpu_count(), "load_average": [round(load, 1) for load in os.getloadavg()]}
    text = json.dumps(whole, indent=2, ensure_ascii=False)
    print(text)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def draw(name: str, title: str, books: Books, memory: Memory, began: float) -> None:
    turns = [
        (asked.at - began, books.turn(asked), _shown_as(asked))
        for asked in books.asked
        if asked.kind not in keeping.FLOODS and books.outcome(asked) == "answered"
    ]
    picture.draw(turns, memory, title, RESULTS / f"{name}.png")


def _shown_as(asked: keeping.Asked) -> str:
    if asked.what != "message":
        return asked.what
    return "question" if asked.kind in keeping.IN_CHATS else "command"


def write_calls(api: BotApi, file: Path) -> None:
    """Everything the bot did and was refused, to look into; not kept."""
    with file.open("w", encoding="utf-8") as lines:
        for call in api.calls:
            told = {"at": call.at, "method": call.method, "known": call.known, "data": call.data}
            result = call.result if isinstance(call.result, dict) else {}
            told["message_id"] = result.get("message_id")
            lines.write(json.dumps(told, ensure_ascii=False, default=str) + "\n")
