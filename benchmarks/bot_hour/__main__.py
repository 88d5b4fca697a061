"""A scripted hour of a thousand people and one bot, with faults thrown at a few per cent of all calls.

    python -m benchmarks.bot_hour [--minutes 60] [--speed 1] [--users 1000] [--webhook] [--seed 1]

The bot runs as ``python -m bot bot`` over the starter articles, with the real models, and talks to the Bot API
server for tests on loopback. A fifth of the people write in groups, a tenth type inline; they press buttons,
follow up, change what they asked, send everything twice or in the wrong order, block the bot, and three of them
flood it. What became of every question is kept from the server's side. Figures and picture go to
``benchmarks/results``; the exit code is 1 when anything was lost or doubled, failed, or written where it must not be.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.bot_hour import books as keeping
from benchmarks.bot_hour import picture, schedule, searching
from benchmarks.bot_hour.books import Books
from benchmarks.bot_hour.crowd import PATIENCE, Crowd
from benchmarks.bot_hour.process import BotProcess, watched
from config.settings import load
from tests.bot_api import BotApi, wait_for

RESULTS = Path(__file__).resolve().parents[1] / "results"
HANG = 25.0
"""Seconds for which a "timeout" keeps the bot waiting: longer than it waits."""
DRAIN = 120.0
_BAD: tuple[keeping.Outcome, ...] = ("lost", "doubled", "failed", "spoken")


def main() -> int:
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="bot-hour-"))
    with BotApi(hang=HANG) as api:
        bot = BotProcess.in_folder(api, folder, load().data / "models", webhook=options.webhook)
        bot.start()
        books = Books(api)
        began = time.monotonic()
        with watched(bot) as memory:
            _play(bot, books, options)
        figures = _figures(books, memory, began) | {"start_seconds": bot.starts, "exit_code": bot.stop()}
    figures |= {"secrets": searching.secrets_in(folder), "log": searching.log_figures(bot.log)}
    figures["notable"] = keeping.notable(books, _BAD)[:50]
    chosen = {name: getattr(options, name) for name in ("minutes", "speed", "users", "webhook", "seed")}
    figures |= chosen | {"cores": os.cpu_count(), "load_average": os.getloadavg()}
    name = "bot_hour-webhook" if options.webhook else "bot_hour"
    save(name, figures)
    _draw(name, figures, books, memory, began)
    return _verdict(figures)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=60.0, help="of the schedule")
    parser.add_argument("--speed", type=float, default=1.0, help="2 plays the same schedule in half the time")
    parser.add_argument("--users", type=int, default=1000)
    parser.add_argument("--webhook", action="store_true", help="instead of polling")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _play(bot: BotProcess, books: Books, options: argparse.Namespace) -> None:
    crowd = Crowd(bot.api, books, options.speed)
    schedule.throw(bot.api, options.seed)
    schedule.hour(crowd, options.users, options.minutes, options.seed)
    print(f"the bot's folder is {bot.folder}", flush=True)
    crowd.play(60 * options.minutes / options.speed + PATIENCE, _alive(bot))
    try:
        wait_for(lambda: settled(books), DRAIN, lambda: "")
    except TimeoutError:
        print("not everything was answered in time", flush=True)
    time.sleep(5)  # for what should not come


def _alive(bot: BotProcess) -> Any:
    def check() -> None:
        if bot.ended:
            sys.exit(f"the bot has ended: see {bot.log}")

    return check


def settled(books: Books) -> bool:
    books.follow()
    return all(books.outcome(asked) != "lost" for asked in books.asked)


def _figures(books: Books, memory: list[tuple[float, float]], began: float) -> dict[str, Any]:
    account = keeping.close(books)
    messages = [turn for kind, turns in account.turns.items() for turn in turns if kind in _ANSWERED_IN_CHAT]
    total: dict[str, int] = {}
    for counts in account.outcomes.values():
        for outcome, count in counts.items():
            total[outcome] = total.get(outcome, 0) + count
    return {
        "seconds": round(time.monotonic() - began),
        "total": total,
        "outcomes": account.outcomes,
        "seconds_to_answer": keeping.quantiles(messages),
        "seconds_to_answer_where_no_fault_came": keeping.quantiles(account.clean),
        "seconds_by_kind": {kind: keeping.quantiles(turns) for kind, turns in account.turns.items()},
        "calls": len(books.api.calls),
        "refused_by_telegram": _refused(books.api.refused),
        "faults": keeping.faults(books.api),
        "memory_mb": {
            "after_a_minute": round(next((size for at, size in memory if at > 60), 0.0)),
            "highest": round(max((size for _, size in memory), default=0.0)),
            "last": round(memory[-1][1]) if memory else 0,
        },
    }


_ANSWERED_IN_CHAT = {"question", "follow-up", "reordered", "in a group", "in a topic", "reply in a group"}


def _refused(lines: list[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for line in lines:
        counts[line[:120]] = counts.get(line[:120], 0) + 1
    return counts


def save(name: str, figures: dict[str, Any]) -> None:
    text = json.dumps(figures, indent=2, ensure_ascii=False)
    print(text)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def _draw(
    name: str, figures: dict[str, Any], books: Books, memory: list[tuple[float, float]], began: float
) -> None:
    turns = [
        (asked.at - began, books.turn(asked), asked.what)
        for asked in books.asked
        if asked.kind not in {"flood", "inline flood"} and books.outcome(asked) == "answered"
    ]
    title = f"{figures['users']:,} people, {figures['minutes']:g} minutes at speed {figures['speed']:g}"
    picture.draw(turns, memory, title, RESULTS / f"{name}.png")


def _verdict(figures: dict[str, Any]) -> int:
    polite = {kind: c for kind, c in figures["outcomes"].items() if kind not in {"flood", "inline flood"}}
    bad = sum(counts.get(outcome, 0) for counts in polite.values() for outcome in _BAD)
    log = figures["log"]
    leaked = bool(figures["secrets"]) or log["questions_written_down"]
    return int(bool(bad or leaked or log["tracebacks"] or log["errors"] or figures["exit_code"]))


if __name__ == "__main__":
    raise SystemExit(main())
