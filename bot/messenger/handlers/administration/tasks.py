"""Commands that administrators start: one after the other, each with a message that shows how far it is.

A command goes on while questions are answered. It is stopped by its button and when the bot ends; what was broken
off by a kill is told of at the next start. The index answers as before until a command has ended well.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from telegram.error import TelegramError

from bot.messenger.memory.audit import RUNNING, Deed
from bot.messenger.operations.failures import place
from bot.messenger.operations.jobs import Ended, run
from bot.messenger.services import Services
from bot.render.buttons import Button, Rows
from bot.render.message import UNITS, Message
from bot.render.phrases import Phrases, phrases
from bot.render.shield import shielded
from bot.render.splitting import beginning
from corpus.errors import OnrecordError

STOP = "admin:stop:"
"""Begins the data of the button that stops; the number of the deed follows."""

_EVERY = 3.0
"""Seconds between two edits of one message."""
_LINES = 12
"""Of what a command told at its end, those that are shown, and ``_LINE`` characters of one."""
_LINE = 250
_UNREAD = "not read: "
"""Begins what ``corpus add``, which goes on with the rest and ends well, tells of what it cannot read."""
_PROGRAM = "onrecord: "
"""Begins an error on the command line; in a chat it is plain who speaks."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Task:
    """A command, and what takes it back where it came to nothing."""

    line: list[str]
    place: str = ""
    """What is added."""
    undo: list[str] | None = None


Prepare = Callable[[], Awaitable[Task]]
"""Makes ready what the command needs."""


@dataclass(slots=True)
class _Shown:
    """A message and what it says."""

    chat: int
    message_id: int
    say: Phrases
    line: str = ""


class Tasks:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._broken = services.memory.audit.running()  # before anything new is
        self._turn = asyncio.Lock()
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._closing = False

    def start(self, deed: Deed, chat: int, message_id: int, say: Phrases, prepare: Prepare) -> None:
        """Do it in the background, telling of it in that message."""
        self._services.memory.audit.shown(deed.number, chat, message_id)
        task = asyncio.create_task(self._do(deed, _Shown(chat, message_id, say), prepare))
        self._under_way[deed.number] = task
        task.add_done_callback(lambda _: self._under_way.pop(deed.number, None))

    def stop(self, number: int) -> bool:
        """False where it is over."""
        task = self._under_way.get(number)
        return task is not None and task.cancel()

    async def close(self) -> None:
        """Stop all, as the bot ends."""
        self._closing = True
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def tell_of_broken(self) -> None:
        """At a start: what was under way when the process was killed."""
        memory = self._services.memory
        for deed in self._broken:
            outcome = "broken off by a restart"
            memory.audit.move(deed.number, RUNNING, outcome)
            log(deed, outcome)
            if deed.chat is not None and deed.message_id is not None:
                say = phrases(memory.people.chosen(deed.chat))
                await self._show(_Shown(deed.chat, deed.message_id, say), broken_off(say))

    async def _do(self, deed: Deed, shown: _Shown, prepare: Prepare) -> None:
        say = shown.say
        try:
            outcome, text = await self._done(deed, shown, prepare)
        except asyncio.CancelledError:
            outcome, text = "stopped", say("Stopped. The index answers as before.")
            if self._closing:
                text = say("Stopped, as the bot is shut down. The index answers as before.")
        except (OnrecordError, TelegramError, OSError) as error:
            told = str(error) if isinstance(error, OnrecordError) else type(error).__name__
            outcome, text = f"failed: {told}", say("That failed.") + f"\n\n{told}"
        except Exception as error:  # noqa: BLE001  an error of our own must not leave a message that says it goes on
            _LOG.exception("an administrator's command failed")
            outcome, text = f"failed: {place(error)}", say("That failed.")
        self._services.memory.audit.move(deed.number, RUNNING, outcome)
        log(deed, outcome)
        await self._show(shown, text)

    async def _done(self, deed: Deed, shown: _Shown, prepare: Prepare) -> tuple[str, str]:
        say, rows = shown.say, _stop(deed, shown.say)
        if self._turn.locked():
            await self._show(shown, say("Waiting for the one before to end."), rows)
        async with self._turn:
            head = say("Reading and indexing. Questions are answered meanwhile.")
            await self._show(shown, head, rows)
            task = await prepare()
            ended = await self._run(task.line, shown, head, rows)
            unread = _unread(task.place, ended.told)
            if task.undo and (unread or not ended.ok):
                await run(task.undo)  # else every later update would stumble over it again
        told = [_short(line) for line in ended.told[-_LINES:]]
        if unread:
            return unread, say("That could not be read.") + f"\n\n{_short(unread)}"
        lines = "\n".join(told)
        if ended.ok:
            return "done", say("Done.") + f"\n\n{lines}"
        outcome = "stopped" if ended.stopped else f"failed: {told[-1] if told else ended.code}"
        return outcome, say("That failed.") + f"\n\n{lines}"

    async def _run(self, line: list[str], shown: _Shown, head: str, rows: Rows) -> Ended:
        def far(told: str) -> None:
            shown.line = told

        showing = asyncio.create_task(self._follow(shown, head, rows))
        try:
            return await run(line, far)
        finally:
            showing.cancel()
            with suppress(asyncio.CancelledError):
                await showing  # its last edit must not come after the one that tells the end

    async def _follow(self, shown: _Shown, head: str, rows: Rows) -> None:
        last = ""
        while True:
            await asyncio.sleep(_EVERY)
            if shown.line != last:
                last = shown.line
                await self._show(shown, f"{head}\n\n{last}", rows)

    async def _show(self, shown: _Shown, text: str, rows: Rows = ()) -> None:
        """An edit that fails is no reason to stop: the audit knows."""
        with suppress(TelegramError):
            await self._services.outbox.edit(
                shown.chat, shown.message_id, shielded(Message(beginning(text, UNITS))), rows
            )


def _unread(place: str, told: Sequence[str]) -> str:
    """What was told of the place that was added, not of an older source, where it could not be read."""
    return next((line for line in told if place and line.startswith(f"{_UNREAD}{place}")), "")


def _short(line: str) -> str:
    line = line.removeprefix(_PROGRAM)
    return line if len(line) <= _LINE else f"{beginning(line, _LINE).rstrip()} …"


def log(deed: Deed, outcome: str) -> None:
    """Who, what, and what came of it; not of which article, nor what a command told."""
    facts = {"admin": deed.admin, "action": deed.action, "deed": deed.number}
    _LOG.info("administration", extra={"facts": facts | {"outcome": outcome.partition(":")[0]}})


def broken_off(say: Phrases) -> str:
    return say("The bot was started anew, and this was broken off. The index answers as before.")


def _stop(deed: Deed, say: Phrases) -> Rows:
    return ((Button(say("Stop"), f"{STOP}{deed.number}"),),)
