"""The Telegram bot as a process: what it is made of, in which order its parts start and end, and what ends it."""

import asyncio
import logging
import signal
import warnings
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from telegram.warnings import PTBUserWarning

from bot.messenger.account import REFUSED, Account, Status, Webhook
from bot.messenger.dispatching import App, Dispatch, application
from bot.messenger.engine import Engine
from bot.messenger.handlers.administration.admin import Administration
from bot.messenger.handlers.asking.buttons import Buttons
from bot.messenger.handlers.asking.questions import Questions
from bot.messenger.handlers.commands import Commands as BasicCommands
from bot.messenger.handlers.elsewhere.guests import Guests
from bot.messenger.handlers.elsewhere.inline import Inline
from bot.messenger.handlers.language import Language, introduce, spoken
from bot.messenger.handlers.membership import Membership
from bot.messenger.handlers.news.new import News
from bot.messenger.handlers.news.watching import Watching
from bot.messenger.incoming.inbox import Inbox
from bot.messenger.incoming.listening import Health, Servers
from bot.messenger.incoming.polling import WANTED, Poller
from bot.messenger.incoming.refusals import Refusals
from bot.messenger.memory.state import Memory
from bot.messenger.operations.figures import FIGURES
from bot.messenger.operations.jobs import Commands
from bot.messenger.operations.redaction import redacted
from bot.messenger.options import Options
from bot.messenger.outgoing.outbox import Outbox
from bot.messenger.services import Services
from bot.messenger.workers import Workers
from corpus import locks
from corpus.errors import IndexBusy, UsageError

_LOG = logging.getLogger(__name__)

_STUCK = 120.0
"""Seconds after which a call to the engine is taken to have no end."""
_CLOSING = 8.0
"""Seconds for what is in hand at the end; those who stop containers wait ten."""


class Handler(Protocol):
    def register(self, application: App, /) -> None: ...


@runtime_checkable
class Lasting(Protocol):
    """A handler that does something by itself while the bot runs."""

    async def start(self) -> None:
        """Once Telegram can be reached."""

    async def close(self) -> None:
        """While Telegram can still be reached."""


def handlers(services: Services, commands: Commands, folder: Path) -> list[Handler]:
    """In the order in which they are asked: the first that wants an update has it."""
    return [
        Membership(services),
        Language(services),
        Inline(services),
        Guests(services),
        News(services),
        Watching(services),
        Administration(services, commands, folder / "files"),
        BasicCommands(services),
        Buttons(services),
        Questions(services),
    ]


def run(
    engine: Engine,
    account: Account,
    folder: Path,
    *,
    commands: Commands,
    options: Options | None = None,
    webhook: Webhook | None = None,
    status: Status | None = None,
    workers: int = 2,
) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is in hand and return.

    Args:
        engine: answers; called from ``workers`` threads at once.
        account: the bot's.
        folder: what the bot remembers; one process at a time.
        commands: how administrators' commands are started.
        options: of the settings.
        webhook: None polls.
        status: None opens no /health and no /metrics.
        workers: threads that answer.

    Raises:
        UsageError: the token, the webhook or a port cannot be used, or another process
            polls with the same token or uses the same folder.
        Unreachable: Telegram does not answer at the start.
        IndexDamaged: what the bot remembers cannot be read.
    """
    key = account.key
    hook = webhook.settled() if webhook else None
    hidden = (key.partition(":")[2], hook.asked if hook else "")
    warnings.filterwarnings(
        "ignore", "Please use 'Bot.getUpdates'", PTBUserWarning
    )  # that gives no raw updates
    with (
        redacted(*hidden),
        _alone(folder),
        closing(Memory(folder / "state.sqlite")) as memory,
        Workers(workers) as threads,
    ):
        made = _Bot(engine, account, options or Options(), memory, threads)
        asyncio.run(made.serve(hook, status, lambda services: handlers(services, commands, folder)))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # what people ask is nobody else's business
    try:
        with locks.held(folder / "lock", "running this bot"):
            yield
    except IndexBusy as error:
        raise UsageError(f"{str(error).rpartition(':')[0]}: stop it, then start this one again") from error


class _Bot:
    def __init__(
        self, engine: Engine, account: Account, options: Options, memory: Memory, workers: Workers
    ) -> None:
        self._engine, self._account, self._workers = engine, account, workers
        self._application = application(account)
        bot, speak = self._application.bot, partial(spoken, memory.people)
        outbox = Outbox(bot, memory.ledger, memory.people, refused=lambda: self._end(REFUSED))
        self._services = Services(engine, memory, outbox, options, workers, speak)
        dispatch = Dispatch(self._application, outbox, speak, self._end)
        refusals = Refusals(outbox, speak, memory.journal.done)
        self._inbox = Inbox(memory, outbox, refusals, options, dispatch)
        self._servers, self._poller = Servers(), Poller(bot, self._inbox.take, account.poll)
        self._stop = asyncio.Event()
        self._serving, self._polls, self._ended_by = False, False, ""

    async def serve(
        self, hook: Webhook | None, status: Status | None, made: Callable[[Services], list[Handler]]
    ) -> None:
        self._on_signals()
        self._handlers = made(self._services)
        try:
            self._open(hook, status)
            await _first([self._stop.wait(), self._work(hook)])
        finally:
            self._serving = False
            self._servers.stop()
            await self._inbox.close(_CLOSING)
            for handler in self._lasting():
                with suppress(Exception):  # the others are to be closed too
                    await handler.close()
            await self._servers.close()
            await self._application.shutdown()
        if self._ended_by:
            raise UsageError(self._ended_by)

    def _on_signals(self) -> None:
        """The first is asked nicely; the second ends the process as it would any other."""
        loop = asyncio.get_running_loop()

        def stop() -> None:
            self._stop.set()
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop)

    def _open(self, hook: Webhook | None, status: Status | None) -> None:
        """First of all, so that a port in use is told at once."""
        if status and status.port:
            self._servers.status(status.listen, status.port, self._health, FIGURES.exposition)
        if hook:
            self._servers.webhook(hook.listen, hook.port, hook.path, hook.asked, self._inbox.take)

    def _register(self) -> None:
        FIGURES.observe(
            waiting=lambda: self._inbox.lanes.held,
            lanes=lambda: len(self._inbox.lanes),
            build=lambda: self._engine.build,
        )
        for handler in self._handlers:
            handler.register(self._application)

    async def _work(self, hook: Webhook | None) -> None:
        """Until it is broken off. Raises UsageError."""
        bot = self._application.bot
        await self._account.reach(self._application.initialize)
        self._register()
        self._inbox.begin()
        if hook:
            secret = hook.asked or None
            await self._account.reach(
                lambda: bot.set_webhook(hook.url, allowed_updates=WANTED, secret_token=secret)
            )
        else:
            await self._account.reach(bot.delete_webhook)
        self._polls, self._serving = hook is None, True
        how = "its webhook" if hook else "polling"
        _LOG.info("@%s answers from build %s, by %s", bot.username, self._engine.build, how)
        aside = asyncio.create_task(self._begin())
        try:
            await (self._stop.wait() if hook else self._poller.run())
        finally:
            await _cancel([aside])

    async def _begin(self) -> None:
        """What handlers do by themselves; no failure of it is a reason not to answer."""
        for handler in self._lasting():
            try:
                await handler.start()
            except Exception as error:  # noqa: BLE001  as above
                _LOG.error("a part of the bot could not start", exc_info=error)
        await introduce(self._application.bot, self._services.options.admins)

    def _lasting(self) -> list[Lasting]:
        return [handler for handler in self._handlers if isinstance(handler, Lasting)]

    def _end(self, reason: str) -> None:
        self._ended_by = self._ended_by or reason
        self._stop.set()

    def _health(self) -> Health:
        heard = not self._polls or self._poller.silent == 0
        ok = self._serving and heard and self._workers.longest < _STUCK
        return Health(ok, self._engine.build, self._inbox.lanes.held)


async def _first(works: Iterable[Coroutine[Any, Any, object]]) -> None:
    """Until one of them ends; the others are broken off. Raises what it raised."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await _cancel(tasks)
    for task in ended:
        task.result()


async def _cancel(tasks: Iterable[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
