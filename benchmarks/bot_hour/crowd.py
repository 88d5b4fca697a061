"""A thousand people, each a script that asks, reads, presses and waits; all drawn from one seed."""

import heapq
import itertools
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from random import Random

from benchmarks.bot_hour import wording
from benchmarks.bot_hour.books import Asked, Books, What
from tests.bot_api import ME, SUPERGROUPS, BotApi

PATIENCE = 90.0
"""Seconds, by the clock, that a person waits for an answer before going on."""
_TICK = 0.02
_NAME = f"@{ME['username']}"


@dataclass(frozen=True, slots=True)
class Until:
    """Go on when it is ready, or after that many seconds by the clock."""

    ready: Callable[[], bool]
    seconds: float


Script = Generator[float | Until, None, None]
"""Yields the seconds to let pass, or what to wait for."""


class Crowd:
    """Plays scripts in one thread; ``speed`` divides the time that people let pass, not what they wait for."""

    def __init__(self, api: BotApi, books: Books, speed: float) -> None:
        self.api, self.books, self._speed = api, books, speed
        self._due: list[tuple[float, int, Script]] = []
        self._waiting: list[tuple[Until, float, Script]] = []
        self._order = itertools.count()

    def enter(self, script: Script, after: float = 0.0) -> None:
        """Begin a script that many seconds of the schedule from now."""
        heapq.heappush(self._due, (time.monotonic() + after / self._speed, next(self._order), script))

    def play(self, seconds: float, each: Callable[[], None] = lambda: None) -> None:
        """Until all scripts have ended, but no longer than ``seconds`` by the clock; ``each`` at every tick."""
        end = time.monotonic() + seconds
        while (self._due or self._waiting) and time.monotonic() < end:
            each()
            self.books.follow()
            self._wake()
            while self._due and self._due[0][0] <= time.monotonic():
                self._step(heapq.heappop(self._due)[2])
            time.sleep(_TICK)

    def _wake(self) -> None:
        now, still = time.monotonic(), []
        for wait in self._waiting:
            until, end, script = wait
            if now >= end or until.ready():
                self._step(script)
            else:
                still.append(wait)
        self._waiting = still

    def _step(self, script: Script) -> None:
        wanted = next(script, None)
        if isinstance(wanted, Until):
            self._waiting.append((wanted, time.monotonic() + wanted.seconds, script))
        elif wanted is not None:
            self.enter(script, wanted)

    # What people do, entered in the books

    def write(
        self,
        kind: str,
        chat: int,
        text: str,
        by: int,
        *,
        what: What = "message",
        reply_to: int | None = None,
        thread: int | None = None,
    ) -> Asked:
        chat = self.books.moved.get(chat, chat)
        number = self.api.say(text, chat, by=by, reply_to=reply_to, thread=thread)
        return self.books.add(Asked(kind, what, chat, number, by, update_id=self.api.heard[chat, number]))

    def press(self, asked: Asked, data: str, by: int, kind: str = "press") -> Asked:
        shown = self.books.said(asked)[0].message_id
        return self._query(kind, "press", asked.chat, self.api.press(asked.chat, shown, data, by=by), by)

    def inline(self, text: str, by: int, kind: str = "inline") -> Asked:
        return self._query(kind, "inline", by, self.api.inline(text, by), by)

    def guest(self, text: str, by: int, under: str | None) -> Asked:
        chat = SUPERGROUPS - 800_000 - by
        return self._query("guest", "guest", chat, self.api.guest(text, by, chat, under), by)

    def _query(self, kind: str, what: What, chat: int, number: str, by: int) -> Asked:
        update_id = self.api.queries.known[number].update_id
        return self.books.add(Asked(kind, what, chat, number, by, update_id=update_id))

    def answered(self, asked: Asked) -> Until:
        return Until(lambda: self.books.settled(asked), PATIENCE)


# Scripts


def reader(crowd: Crowd, random: Random, who: int) -> Script:
    """Asks a few questions in a private chat, reads on, follows up; now and then something goes awry."""
    if random.random() < 0.15:
        crowd.api.languages[who] = "ru"
    if random.random() < 0.3:
        yield crowd.answered(crowd.write("command", who, "/start", who))
        yield random.uniform(2, 8)
    for turn in range(random.choice((1, 1, 2, 3))):
        kind, text = ("question", wording.question(random))
        if turn and random.random() < 0.5:
            kind, text = "follow-up", random.choice(wording.FOLLOW_UPS)
        asked = crowd.write(kind, who, text, who)
        oddity = random.random()
        if oddity < 0.06:
            yield random.uniform(0.0, 3.0)
            crowd.api.updates.repeat(asked.update_id)
        elif oddity < 0.10:
            yield random.uniform(0.5, 4.0)
            crowd.api.edit(who, int(asked.number), wording.question(random))
        yield crowd.answered(asked)
        yield from _presses(crowd, random, asked, who)
        yield random.uniform(5, 40)
    if random.random() < 0.25:
        yield from _commands(crowd, random, who)
    if random.random() < 0.02:
        yield from _leaves(crowd, random, who)


def hasty(crowd: Crowd, random: Random, who: int) -> Script:
    """Two questions at once, which arrive the wrong way round."""
    with crowd.api.updates.reordered():
        both = [crowd.write("reordered", who, wording.question(random), who) for _ in range(2)]
    for asked in both:
        yield crowd.answered(asked)


def member(crowd: Crowd, random: Random, who: int, chat: int, threads: tuple[int, ...]) -> Script:
    """Mentions the bot in a group, or replies to it; talks to others, too."""
    for _ in range(random.choice((1, 1, 2))):
        thread = random.choice(threads) if threads else None
        for _ in range(random.randrange(3)):
            text = random.choice(wording.NOT_FOR_THE_BOT)
            crowd.write("not for the bot", chat, text, who, what="silence", thread=thread)
            yield random.uniform(1, 10)
        text = random.choice(("{} {}", "{1} {0}")).format(_NAME, wording.question(random))
        kind = "in a topic" if thread else "in a group"
        asked = crowd.write(kind, chat, text, who, thread=thread)
        yield crowd.answered(asked)
        yield from _presses(crowd, random, asked, who)
        said = crowd.books.said(asked)
        if said and said[0].data["chat_id"] == chat and random.random() < 0.3:
            yield random.uniform(3, 15)
            text = random.choice(wording.FOLLOW_UPS)
            again = crowd.write(
                "reply in a group", chat, text, who, reply_to=said[0].message_id, thread=thread
            )
            yield crowd.answered(again)
        yield random.uniform(10, 60)


def typist(crowd: Crowd, random: Random, who: int) -> Script:
    """Types a question after the bot's name in some other chat: Telegram sends what stands there at each pause."""
    for _ in range(random.choice((1, 2))):
        words = wording.question(random)[:200].split()
        for part in (len(words) // 2, len(words)):
            asked = crowd.inline(" ".join(words[:part]), who)
            yield random.uniform(0.6, 2.0)
        yield crowd.answered(asked)
        yield random.uniform(5, 60)


def guest(crowd: Crowd, random: Random, who: int) -> Script:
    """Mentions the bot under a claim in a chat it does not belong to."""
    claim = wording.question(random) if random.random() < 0.8 else None
    yield crowd.answered(crowd.guest(f"{_NAME} is that so?", who, claim))


def flood(crowd: Crowd, random: Random, who: int, chat: int) -> Script:
    """Sixty questions within some seconds."""
    before = f"{_NAME} " if chat < 0 else ""
    for _ in range(60):
        crowd.write("flood", chat, before + random.choice(wording.asked()), who)
        yield random.uniform(0.1, 0.4)


def flood_of_queries(crowd: Crowd, random: Random, who: int) -> Script:
    for _ in range(60):
        crowd.inline(random.choice(wording.asked()), who, "inline flood")
        yield random.uniform(0.1, 0.3)


def _presses(crowd: Crowd, random: Random, asked: Asked, who: int) -> Script:
    for _ in range(random.choice((0, 0, 1, 2, 3))):
        yield random.uniform(2, 8)
        if buttons := crowd.books.buttons(asked):
            pressed = crowd.press(asked, random.choice(buttons), who)
            if random.random() < 0.05:
                crowd.api.updates.repeat(pressed.update_id)
            yield crowd.answered(pressed)


def _commands(crowd: Crowd, random: Random, who: int) -> Script:
    topic = random.choice(wording.TOPICS)
    for command in (random.choice(wording.COMMANDS), f"/watch {topic}", f"/new {topic}", "/unwatch"):
        if random.random() < 0.6:
            yield crowd.answered(crowd.write("command", who, command, who))
            yield random.uniform(1, 6)


def _leaves(crowd: Crowd, random: Random, who: int) -> Script:
    """Asks, and blocks the bot before it can answer."""
    crowd.write("and blocked it", who, wording.question(random), who)
    crowd.api.leave(who, who)
    yield 0.0
