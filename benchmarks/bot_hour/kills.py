"""kill -9 at random moments under the same load, and what it cost.

    python -m benchmarks.bot_hour.kills [--times 50] [--seed 1] [--users 1000] [--webhook]

The bot of ``benchmarks.bot_hour`` is killed, started anew in the same folder, and killed again some seconds after it
takes updates, at moments drawn from the seed: half at random, half aimed at work in hand. Counted from the server's side: *lost* is what Telegram was told had
been received (polled past, or 200) and nobody ever answered; *doubled* has two messages. No fault is thrown but the
kills, so that everything that goes wrong is theirs; ``--faults`` throws those of the hour as well. Exit code 1 when
anything was lost or doubled, a secret was written down, or an exception met by nobody.
"""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, Literal

from benchmarks.bot_hour import books as keeping
from benchmarks.bot_hour import results, schedule, searching
from benchmarks.bot_hour.books import Asked, Books
from benchmarks.bot_hour.crowd import PATIENCE, Crowd
from benchmarks.bot_hour.process import BotProcess
from config.settings import load
from tests.bot_api import LATE_TIMEOUT, BotApi

_HANG, _DRAIN = 25.0, 120.0
_LIVES = 1.0, 9.0
"""Seconds that the bot lives after it takes updates."""
_EARLY = 0.15
"""How many lives end while it starts."""
_ROUND = 9.0
"""Seconds that a start and a life take together, about: so long is the schedule, times the kills."""


Way = Literal["at random", "just asked", "while sending"]
_WAYS: tuple[Way, ...] = "at random", "at random", "just asked", "while sending"
_AIMING = 15.0
"""Seconds to wait for somebody to ask, or the bot to send; then it is killed all the same."""


class Executioner:
    """Kills and starts the bot from within the crowd's loop.

    Half of the kills come at a random moment; a quarter within 0.4 s after somebody asked; a quarter when a message
    has been sent and its answer is still on the way, so that the bot cannot know.
    """

    def __init__(self, bot: BotProcess, random: Random, times: int) -> None:
        self._bot, self._random, self._times = bot, random, times
        self.kills: list[tuple[float, Way]] = []
        self._starting, self._due = False, time.monotonic() + random.uniform(*_LIVES)
        self._way: Way = "at random"
        self._hit: Callable[[], bool] | None = None

    @property
    def done(self) -> bool:
        return len(self.kills) == self._times and not self._starting

    def check(self) -> None:
        """Do what is due; raises SystemExit when the bot has ended by itself."""
        if self._bot.ended:
            raise SystemExit(f"the bot has ended by itself: see {self._bot.log}")
        now = time.monotonic()
        if self._starting and self._bot.is_ready():
            self._starting = False
            self._due = min(self._due, now + self._random.uniform(*_LIVES))
        if len(self.kills) == self._times or now < self._due:
            return
        if self._hit is None:
            self._hit = self._aimed()
        if self._hit() or now > self._due + _AIMING:
            self._kill()

    def _aimed(self) -> Callable[[], bool]:
        """Chooses the way; whether it is time now."""
        self._way = "at random" if self._starting else self._random.choice(_WAYS)
        api, after = self._bot.api, self._random.uniform(0.0, 0.4)
        if self._way == "just asked":
            known = len(api.updates.deliveries)
            return lambda: (
                len(api.updates.deliveries) > known
                and api.updates.deliveries[known + 1].said + after <= time.monotonic()
            )
        if self._way == "while sending":
            calls = len(api.calls)
            api.faults["sendMessage"].append(LATE_TIMEOUT)
            return lambda: any(not c.known and c.method == "sendMessage" for c in api.calls[calls:])
        return lambda: True

    def _kill(self) -> None:
        self._bot.kill()
        self.kills.append((time.monotonic(), self._way))
        self._bot.api.faults["sendMessage"].clear()
        self._bot.launch()
        early = self._random.random() < _EARLY
        self._starting, self._hit = True, None
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
    raised = figures["log"]["exceptions"]
    return int(bool(figures["lost"] or figures["doubled"] or figures["secrets"] or raised))


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


def _figures(books: Books, kills: list[tuple[float, Way]]) -> dict[str, Any]:
    books.follow()
    account = keeping.close(books)
    lost = [asked for asked in books.asked if books.outcome(asked) == "lost"]
    doubled = [asked for asked in books.asked if books.outcome(asked) == "doubled"]
    return {
        "kills": dict(Counter(way for _, way in kills)),
        "kills_with_something_in_hand": sum(
            any(_in_hand(books, a, at) for a in books.asked) for at, _ in kills
        ),
        "in_hand_at_a_kill": sum(any(_in_hand(books, a, at) for at, _ in kills) for a in books.asked),
        "probes": dict(Counter(_probes(books.api))),
        "outcomes": account.outcomes,
        "lost": len([asked for asked in lost if _acknowledged(books, asked)]),
        "never_received": len([asked for asked in lost if not _acknowledged(books, asked)]),
        "doubled": len(doubled),
        "notable": keeping.notable(books, results.BAD),
        "seconds_to_answer": keeping.quantiles([t for turns in account.turns.values() for t in turns]),
        "kills_at": [(round(at, 2), way) for at, way in kills],
    }


def _probes(api: BotApi) -> Iterator[str]:
    """How the bot found out whether a message had arrived."""
    for line in api.refused:
        method, _, why = line.partition(": ")
        if method == "editMessageReplyMarkup":
            yield "it had arrived" if "not modified" in why else "it was not this one"


def _in_hand(books: Books, asked: Asked, at: float) -> bool:
    """Whether it was received and not yet answered at that moment."""
    delivery = books.delivery(asked)
    given = delivery.given if delivery else None
    if given is None or given > at or asked.what == "silence" or not books.settled(asked):
        return False
    return at < asked.at + books.turn(asked)


def _acknowledged(books: Books, asked: Asked) -> bool:
    delivery = books.delivery(asked)
    return delivery is not None and delivery.acknowledged is not None


if __name__ == "__main__":
    raise SystemExit(main())
