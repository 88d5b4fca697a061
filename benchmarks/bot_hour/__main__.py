"""A scripted hour of a thousand people and one bot, with faults thrown at a few per cent of all calls.

    python -m benchmarks.bot_hour [--minutes 60] [--speed 1] [--users 1000] [--webhook] [--seed 1]
    python -m benchmarks.bot_hour --burst 200       that many questions from a quarter as many people at once, no faults

The bot runs as ``onrecord bot`` over the starter articles, with the real models and every logger at DEBUG, and talks
to the Bot API server for tests on loopback. A fifth of the people write in groups, a tenth type inline; they press buttons,
follow up, change what they asked, send everything twice or in the wrong order, block the bot, and three of them
flood it. What became of every question is kept from the server's side. Figures and picture go to
``benchmarks/results``; the exit code is 1 when anything was lost, doubled or failed, or written where it must not be.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.bot_hour import results, schedule, searching
from benchmarks.bot_hour.books import Books
from benchmarks.bot_hour.crowd import PATIENCE, Crowd
from benchmarks.bot_hour.process import BotProcess, watched
from config.settings import load
from tests.bot_api import BotApi

HANG = 25.0
"""Seconds for which a "timeout" keeps the bot waiting: longer than it waits."""
_DRAIN = 120.0


def main() -> int:
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="bot-hour-"))
    print(f"the bot's folder is {folder}", flush=True)
    with BotApi(hang=HANG) as api:
        bot = BotProcess.in_folder(api, folder, load().data / "models", webhook=options.webhook)
        bot.start()
        books = Books(api)
        began = time.monotonic()
        with watched(bot) as memory:
            _play(bot, books, options)
        figures = {"seconds": round(time.monotonic() - began), "memory_mb": results.of_memory(memory)}
        figures |= results.of_answers(books) | {"start_seconds": bot.starts, "exit_code": bot.stop()}
    figures |= {"secrets": searching.secrets_in(folder), "log": searching.log_figures(bot.log)}
    results.write_calls(api, folder / "calls.jsonl")
    chosen = ("burst",) if options.burst else ("minutes", "speed", "users", "webhook", "seed")
    figures |= {name: getattr(options, name) for name in chosen}
    name = _name(options)
    results.save(name, figures)
    if not options.burst:
        title = f"{options.users:,} people, {options.minutes:g} minutes at speed {options.speed:g}"
        results.draw(name, title, books, memory, began)
    return int(results.went_wrong(figures))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=60.0, help="of the schedule")
    parser.add_argument("--speed", type=float, default=1.0, help="2 plays the same schedule in half the time")
    parser.add_argument("--users", type=int, default=1000)
    parser.add_argument("--webhook", action="store_true", help="instead of polling")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--burst", type=int, default=0, metavar="QUESTIONS", help="instead of the hour")
    return parser.parse_args()


def _name(options: argparse.Namespace) -> str:
    return "bot_hour" + ("-burst" if options.burst else "") + ("-webhook" if options.webhook else "")


def _play(bot: BotProcess, books: Books, options: argparse.Namespace) -> None:
    crowd = Crowd(bot.api, books, options.speed)
    if options.burst:
        schedule.burst(crowd, options.burst, options.seed)
        crowd.play(_DRAIN, _alive(bot))
    else:
        schedule.throw(bot.api, options.seed)
        schedule.hour(crowd, options.users, options.minutes, options.seed)
        crowd.play(60 * options.minutes / options.speed + PATIENCE, _alive(bot))
    if not books.settle(_DRAIN):
        print("not everything was answered in time", flush=True)


def _alive(bot: BotProcess) -> Callable[[], None]:
    def check() -> None:
        if bot.ended:
            sys.exit(f"the bot has ended: see {bot.log}")

    return check


if __name__ == "__main__":
    raise SystemExit(main())
