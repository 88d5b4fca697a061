"""Who comes when in the hour, and what goes wrong on the way: all from one seed."""

from random import Random

from benchmarks.bot_hour import crowd as people
from benchmarks.bot_hour import wording
from benchmarks.bot_hour.crowd import Crowd
from tests import bot_api
from tests.bot_api import SUPERGROUPS, BotApi, Fault

FIRST_PERSON = 1001
_GROUPS = 24
_LAST_ARRIVAL = 0.93
"""Of the hour, so that those who come last are done by its end."""

_SENDING: tuple[tuple[Fault, float], ...] = (
    (bot_api.flood(1), 0.004),
    (bot_api.flood(4), 0.004),
    (bot_api.SERVER_ERROR, 0.004),
    (bot_api.LATE_SERVER_ERROR, 0.002),
    (bot_api.BAD_GATEWAY, 0.002),
    (bot_api.TIMEOUT, 0.002),
    (bot_api.LATE_TIMEOUT, 0.003),
    (bot_api.RESET, 0.004),
    (bot_api.LATE_RESET, 0.004),
    (bot_api.MALFORMED, 0.002),
    (bot_api.LATE_MALFORMED, 0.002),
)
FAULTS: dict[str, tuple[tuple[Fault, float], ...]] = {
    "": _SENDING,
    "getUpdates": (
        (bot_api.SERVER_ERROR, 0.004),
        (bot_api.BAD_GATEWAY, 0.002),
        (bot_api.RESET, 0.003),
        (bot_api.LATE_RESET, 0.003),
        (bot_api.MALFORMED, 0.002),
        (bot_api.LATE_MALFORMED, 0.002),
        (bot_api.CONFLICT, 0.002),
        (bot_api.flood(1), 0.001),
        (bot_api.TIMEOUT, 0.0003),
    ),
    "getMe": (),
    "setWebhook": (),
    "deleteWebhook": (),
}
"""Of each method ("" is any other): faults with how likely each is at every call; 3.3 % together for a message."""


def group(number: int) -> tuple[int, tuple[int, ...]]:
    """A chat and its topics: a third basic groups, a third supergroups, a third supergroups with topics.

    A topic has the id of the message that opened it, which is none of those that follow.
    """
    if number % 3 == 0:
        return -(500 + number), ()
    chat = SUPERGROUPS - 500 - number
    return chat, (900_001, 900_002, 900_003) if number % 3 == 2 else ()


def hour(crowd: Crowd, users: int, minutes: float, seed: int, *, floods: bool = True) -> None:
    """Everyone enters once; a fifth in groups, a tenth inline, a fiftieth as guests, the others in private."""
    draw = Random(seed)  # noqa: S311  no secret
    seconds = 60 * minutes * _LAST_ARRIVAL
    for who in range(FIRST_PERSON, FIRST_PERSON + users):
        random = Random(draw.random())  # noqa: S311  each has their own, whatever the others do
        crowd.enter(_script(crowd, random, who, who % 50), random.uniform(0, seconds))
    crowd.enter(_moving(crowd), seconds * 0.6)
    if not floods:
        return
    flooders = range(FIRST_PERSON + users, FIRST_PERSON + users + 3)
    crowd.enter(people.flood(crowd, draw, flooders[0], flooders[0]), seconds * 0.2)
    crowd.enter(people.flood(crowd, draw, flooders[1], group(1)[0]), seconds * 0.45)
    crowd.enter(people.flood_of_queries(crowd, draw, flooders[2]), seconds * 0.7)


def _script(crowd: Crowd, random: Random, who: int, place: int) -> people.Script:
    if place < 10:
        chat, threads = group(random.randrange(_GROUPS))
        return people.member(crowd, random, who, chat, threads)
    if place < 15:
        return people.typist(crowd, random, who)
    if place < 16:
        return people.guest(crowd, random, who)
    if place < 18:
        return people.hasty(crowd, random, who)
    return people.reader(crowd, random, who)


def _moving(crowd: Crowd) -> people.Script:
    """A group becomes a supergroup while the bot writes to it."""
    old = group(0)[0]
    asked = crowd.write(
        "in a moving group", old, f"@{bot_api.ME['username']} did the mill close?", FIRST_PERSON
    )
    crowd.books.moved[old] = crowd.api.migrate(old)
    yield crowd.answered(asked)


def burst(crowd: Crowd, questions: int, seed: int) -> None:
    """All at once, four from each person."""
    random = Random(seed)  # noqa: S311  no secret
    for number in range(questions):
        who = FIRST_PERSON + number // 4
        crowd.write("question", who, random.choice(wording.asked()), who)


def throw(api: BotApi, seed: int) -> None:
    api.faults.at_random(seed, FAULTS)
