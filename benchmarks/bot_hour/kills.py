"""kill -9 at random moments under the same load, and what it cost.

    python -m benchmarks.bot_hour.kills [--times 50] [--seed 1] [--users 1000] [--webhook]

The bot of ``benchmarks.bot_hour`` is killed, started anew in the same folder, and killed again some seconds after it
takes updates, at moments drawn from the seed. Counted from the server's side: *lost* is what Telegram was told had
been received (polled past, or 200) and nobody ever answered; *doubled* has two messages. No fault is thrown but the
kills, so that everything that goes wrong is theirs; ``--faults`` throws those of the hour as well. Exit code 1 when
anything was lost or doubled.
"""

import argparse
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.bot_hour import books as keeping
from benchmarks.bot_hour import results, schedule, searching
from benchmarks.bot_hour.books import Asked, Books
from benchmarks.bot_hour.crowd import PATIENCE, Crowd
from benchmarks.bot_hour.process import BotProcess
from config.settings import load
from tests.bot_api import BotApi

_HANG, _DRAIN = 25.0, 120.0
_LIVES = 1.0, 9.0
"""Seconds that the bot lives after it takes updates."""
_EARLY = 0.15
"""How many lives end while it starts."""
_ROUND = 9.0
"""Seconds that a start and a life take together, about: so long is the schedule, times the kills."""


class Executioner:
    """Kills and starts the bot from within the crowd's loop."""

    def __init__(self, bot: BotProcess, random: Random, times: int) -> None:
        self._bot, self._random, self._times = bot, random, times
        self.kills: list[float] = []
        self._starting, self._due = False, time.monotonic() + random.uniform(*_LIVES)

    @property
    def done(self) -> bool:
        return len(self.kills) == self._times and not self._starting

    def check(self) -> None:
        """Do what is due; raises SystemExit when the bot has ended by itself."""
        if self._bot.ended:
            raise SystemExit(f"the bot has ended by itself: see {self._bot.log}")
        if self._starting and self._bot.is_ready():
            self._starting = False
            self._due = min(self._due, time.monotonic() + self._random.uniform(*_LIVES))
        if len(self.kills) < self._times and time.monotonic() >= self._due:
            self._kill()

    def _kill(self) -> None:
        self._bot.kill()
        self.kills.append(time.monotonic())
        self._bot.launch()
        early = self._random.random() < _EARLY
        self._starting = True
        self._due = time.monotonic() + self._random.uniform(0.3, 4.0) if early else float("inf")


def main() -> int:
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="bot-kills-"))
    seconds = options.times * _ROUND
    with BotApi(hang=_HANG) as api:
        bot = BotProcess.in_folder(api, folder, load().data / "models", webhook=options.webhook)
        bot.start()
        books = Books(api)
        crowd = Crowd(api, books, speed=1.0)
        if options.faults:
            schedule.throw(api, options.seed)
        schedule.hour(crowd, options.users, seconds / 60, options.seed, floods=False)
        executioner = Executioner(bot, Random(options.seed), options.times)  # noqa: S311  no secret
        print(f"the bot's folder is {folder}", flush=True)
        crowd.play(seconds * 3 + PATIENCE, executioner.check)
        while not executioner.done:  # the rest of them, with less to do
            executioner.check()
            time.sleep(0.02)
        drained = books.settle(_DRAIN)
        code = bot.stop()
    figures = _figures(books, executioner.kills) | {"drained": drained, "exit_code": code}
    figures |= {"secrets": searching.secrets_in(folder), "log": searching.log_figures(bot.log)}
    figures |= {"times": options.times, "seed": options.seed, "users": options.users}
    figures |= {"webhook": options.webhook, "faults": keeping.faults(api)}
    results.write_calls(api, folder / "calls.jsonl")
    results.save("bot_hour-kills" + ("-webhook" if options.webhook else ""), figures)
    return int(bool(figures["lost"] or figures["doubled"] or figures["secrets"]))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--users", type=int, default=400)
    parser.add_argument("--webhook", action="store_true")
    parser.add_argument("--faults", action="store_true")
    return parser.parse_args()


def _figures(books: Books, kills: list[float]) -> dict[str, Any]:
    books.follow()
    account = keeping.close(books)
    lost = [asked for asked in books.asked if books.outcome(asked) == "lost"]
    doubled = [asked for asked in books.asked if books.outcome(asked) == "doubled"]
    return {
        "kills": len(kills),
        "in_hand_at_a_kill": sum(any(_in_hand(books, asked, at) for at in kills) for asked in books.asked),
        "outcomes": account.outcomes,
        "lost": len([asked for asked in lost if _acknowledged(books, asked)]),
        "never_received": len([asked for asked in lost if not _acknowledged(books, asked)]),
        "doubled": len(doubled),
        "notable": keeping.notable(books, ("lost", "doubled", "failed")),
        "seconds_to_answer": keeping.quantiles([t for turns in account.turns.values() for t in turns]),
        "kills_at": [round(at, 2) for at in kills],
    }


def _in_hand(books: Books, asked: Asked, at: float) -> bool:
    """Whether it was received and not yet answered at that moment."""
    delivery = books.delivery(asked)
    given = delivery.given if delivery else None
    if given is None or given > at or not books.settled(asked):
        return False
    return at < asked.at + books.turn(asked)


def _acknowledged(books: Books, asked: Asked) -> bool:
    delivery = books.delivery(asked)
    return delivery is not None and delivery.acknowledged is not None


if __name__ == "__main__":
    raise SystemExit(main())
