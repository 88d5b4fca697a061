"""What comes in: journalled first, then read, then refused or put into its lane; and what a kill left is done again."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

from telegram import Update, User

from bot.messenger.incoming import gate, sorting
from bot.messenger.incoming.lanes import FullError, Lane, Lanes
from bot.messenger.incoming.quota import Quota
from bot.messenger.incoming.refusals import Refusals
from bot.messenger.memory.state import Memory
from bot.messenger.operations.failures import place
from bot.messenger.operations.figures import FIGURES
from bot.messenger.operations.logs import about
from bot.messenger.options import Options
from bot.messenger.outgoing.outbox import Outbox

MOST_ID = 2**53
_PAUSES = (2.0, 10.0, 30.0, *[60.0] * 9)
"""Seconds before an update is tried again after Telegram could not be reached, or nothing be written down. With the
outbox's own patience, minutes for each message, an outage of an hour is outlived."""
_TYPING = 0.3
"""Seconds without another letter after which an inline query is taken to be typed."""
_LOG = logging.getLogger(__name__)
Raw = dict[str, Any]


class Inbox:
    """``take`` returns once the updates are on the disk; from ``begin`` on, what they ask for is done in the lanes."""

    def __init__(
        self,
        memory: Memory,
        outbox: Outbox,
        refusals: Refusals,
        options: Options,
        process: Callable[[Update], Awaitable[bool]],
    ) -> None:
        """``process`` does what an update asks for, and is False where Telegram could not be reached."""
        self._journal, self._people = memory.journal, memory.people
        self._refusals, self._options = refusals, options
        self._outbox, self._bot = outbox, outbox.bot
        self._process = process
        self._closing = asyncio.Event()
        self._begun = False
        self._quota = Quota(per_user=options.per_user, per_group=options.per_group)
        self.lanes = Lanes[Update](self._work, most=options.waiting, most_each=options.waiting_each)

    def take(self, updates: Sequence[Raw]) -> None:
        """Each as ``is_update`` wants it. Raises OSError: then none of them is taken."""
        if not updates:
            return
        bodies = {raw["update_id"]: raw for raw in updates}
        fresh = self._journal.take([(raw["update_id"], json.dumps(raw)) for raw in updates])
        for number, _ in fresh if self._begun else ():
            self._sort(number, bodies[number], again=False)

    def begin(self) -> None:
        """Once handlers are there: do what an earlier process took and did not do, and what came since, in order."""
        self._begun = True
        waiting = self._journal.waiting()
        if waiting:
            _LOG.info("%d updates were left to do", len(waiting))
        for number, body in waiting:
            self._sort(number, json.loads(body), again=True)

    async def close(self, seconds: float) -> None:
        """What is in hand may take that long; the rest, and what still comes, stays in the journal."""
        self._begun = False
        self._closing.set()
        await asyncio.gather(self.lanes.close(seconds), self._refusals.close(seconds))

    def _sort(self, number: int, raw: Raw, *, again: bool) -> None:
        try:
            self._place(number, raw, again=again)
        except OSError as error:  # a full disk
            _LOG.error("update %d waits for the next start", number, exc_info=error)
        except Exception as error:  # noqa: BLE001  one that cannot be placed must not keep others from it
            _LOG.error("update %d is passed over", number, exc_info=error)
            with suppress(OSError):
                self._journal.done(number)

    def _place(self, number: int, raw: Raw, *, again: bool) -> None:
        FIGURES.update(_kind(raw))
        update = self._read(number, raw)
        if update and update.message:
            self._outbox.seen(update.message)
        if update is None or sorting.is_chatter(update, self._me):
            self._journal.done(number)
            return
        lane = sorting.lane(update)
        if not gate.admits(update, self._options, self._people.place):
            self._refusals.stranger(update, lane)
        elif not again and self._counts(update) and not self._quota.admits(update):
            FIGURES.question("limited")
            self._refusals.too_often(update, lane)
        else:
            self._queue(update, lane, again=again)

    def _queue(self, update: Update, lane: Lane, *, again: bool) -> None:
        try:
            if update.inline_query:
                older = self.lanes.replace(lane, update, pause=_TYPING)
                for passed in older:  # whoever types on waits for the last alone
                    self._journal.done(passed.update_id)
            else:
                self.lanes.put(lane, update, bounded=not again and not self._is_admin(update))
        except FullError:
            FIGURES.question("busy")
            self._refusals.busy(update, lane)

    def _counts(self, update: Update) -> bool:
        """For the limits."""
        return sorting.is_question(update, self._me) and not self._is_admin(update)

    def _is_admin(self, update: Update) -> bool:
        """They send many articles at once."""
        user = update.effective_user
        return user is not None and user.id in self._options.admins

    def _read(self, number: int, raw: Raw) -> Update | None:
        try:
            return Update.de_json(raw, self._bot)
        except Exception as error:  # noqa: BLE001  whatever a constructor of the library raises
            _LOG.warning("update %d cannot be read (%s); passed over", number, place(error))
            return None

    @property
    def _me(self) -> User:
        return self._bot.bot

    async def _work(self, update: Update) -> None:
        with about(update=update.update_id, lane=sorting.lane(update).number):
            try:
                await self._until_done(update)
            except Exception as error:  # noqa: BLE001  a fault of ours: the lane goes on
                _LOG.error("the update failed", exc_info=error)

    async def _until_done(self, update: Update) -> None:
        for pause in _PAUSES:
            try:
                if await self._attempt(update):
                    return
            except OSError as error:  # a full disk
                _LOG.error("nothing can be written down", exc_info=error)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), pause)
                return
        self._give_up(update)

    async def _attempt(self, update: Update) -> bool:
        """Whether nothing is left to do. Raises OSError."""
        number = update.update_id
        if not self._journal.begin(number):
            self._give_up(update)
            return True
        try:
            reached = await self._process(update)
        except asyncio.CancelledError:
            self._journal.put_off(number)
            raise
        if reached:
            self._journal.done(number)
        else:
            self._journal.put_off(number)
        return reached

    def _give_up(self, update: Update) -> None:
        _LOG.error("given up after several tries")
        self._refusals.failed(update, sorting.lane(update))


def _kind(raw: Raw) -> str:
    return next((name for name in raw if name != "update_id"), "")


def is_update(raw: object) -> bool:
    """Whether it has what the journal needs; all else is the library's to judge."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number < MOST_ID
