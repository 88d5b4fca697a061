"""Everything the bot says leaves here: each message once, at Telegram's pace, and never where it cannot arrive."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any
from weakref import WeakValueDictionary

from telegram import InlineQueryResult, InlineQueryResultsButton, Message
from telegram.constants import ChatAction
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError
from telegram.ext import ExtBot

from bot.messenger.memory.ledger import Ledger
from bot.messenger.memory.people import People
from bot.messenger.outgoing import faults
from bot.messenger.outgoing.delivery import Office
from bot.messenger.outgoing.drafts import NO_PREVIEW, Draft
from bot.messenger.outgoing.ids import Ids
from bot.messenger.outgoing.places import Place
from bot.messenger.outgoing.repeating import Requests
from bot.messenger.outgoing.tally import Tally
from bot.render import message as render
from bot.render.buttons import Rows

__all__ = ["Outbox", "Place"]

_FIRST_WAIT, _PATIENCE = 0.5, 300.0  # seconds
_WHILE_ASKED = 10.0  # seconds that a query is answered for: Telegram soon forgets it
_ONE_TRY = 3.0  # seconds of these, so that a try that is lost on the way is not the last
_TYPING_EVERY = 4.0  # seconds; Telegram shows the action for five
_MOVES = 3  # of one chat, while one message is on its way to it
_RECENT = 8192

_LOG = logging.getLogger(__name__)


class Outbox:
    """``say`` sends once ever for each key, across restarts too; ``probe`` tells how, and what cannot be known."""

    def __init__(
        self,
        bot: ExtBot[Any],
        ledger: Ledger,
        people: People,
        *,
        refused: Callable[[], None] = lambda: None,
        first_wait: float = _FIRST_WAIT,
        patience: float = _PATIENCE,
    ) -> None:
        """``bot`` has a Pace as its rate limiter. ``refused`` is called when Telegram takes the token no more.

        In seconds: ``first_wait`` before a request is made again, ``patience`` with all faults of one message.
        """
        self.bot, self.tally = bot, Tally()
        self._ledger, self._people = ledger, people
        self._ids = Ids()
        for chat, number in ledger.recent(_RECENT):
            self._ids.add(chat, number)
        self._requests = Requests(self.tally, refused, first_wait, patience)
        self._office = Office(bot, ledger, people, self._ids, self._requests, self.tally)
        self._turns: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()

    def seen(self, message: Message) -> None:
        """Tell of every message that comes in, when it does: its id is nobody else's, and its chat is there."""
        chat = message.chat_id
        if message.from_user and message.from_user.id == self.bot.id:
            self._ids.reached(chat, message.message_id)  # it may be the very one that is looked for
            return
        self._ids.add(chat, message.message_id)
        self._people.back(chat)
        if message.migrate_to_chat_id:
            self._people.moved(chat, message.migrate_to_chat_id)

    async def say(self, key: str, place: Place, message: render.Message, rows: Rows = ()) -> int | None:
        """Send once ever for ``key``; the id of the message, or None where it cannot arrive.

        Messages to one chat go one at a time, in the order of the calls. Raises ValueError beyond Telegram's limits,
        and TelegramError where Telegram refuses the message or could not be reached for minutes.
        """
        draft = Draft.of(message, rows)
        for _ in range(_MOVES):
            chat = self._people.place(place.chat_id)
            if chat is None:
                return self._office.keep(key, place.chat_id)
            there = place if chat == place.chat_id else Place(chat)  # ids and topics do not go along
            async with self._turn(chat):
                if self._people.place(chat) != chat:  # it went while this one waited for its turn
                    continue
                try:
                    return await self._office.deliver(key, there, draft)
                except ChatMigrated as error:
                    self._people.moved(chat, error.new_chat_id)
        raise TelegramError("the chat moves on and on")

    async def edit(
        self,
        chat_id: int,
        message_id: int,
        message: render.Message,
        rows: Rows = (),
        *,
        holds: Callable[[], bool] = lambda: True,
    ) -> bool:
        """False where it cannot be edited any more. Raises as ``say``.

        What no longer ``holds`` when its turn comes is left: something newer is there.
        """
        draft: Draft | None = Draft.of(message, rows)
        async with self._turn(
            (chat_id, message_id)
        ):  # an old page that is tried again never covers a new one
            if not holds():
                return True
            while draft:
                try:
                    await self._requests.again(_editing(self.bot, chat_id, message_id, draft))
                except (BadRequest, Forbidden, ChatMigrated) as error:
                    if faults.unchanged(error):
                        break
                    if (draft := draft.mended(error)) is None and not self._lost(chat_id, error):
                        raise
                else:
                    break
        if draft:
            self.tally.add("edited")
        return draft is not None

    async def press(self, callback_query_id: str, text: str = "", *, alert: bool = False) -> None:
        """Answer a press of a button. A failure is logged alone: all that is lost is a toast."""
        try:
            await self._while_asked(
                lambda: self.bot.answer_callback_query(
                    callback_query_id, text or None, show_alert=alert, read_timeout=_ONE_TRY
                )
            )
        except TelegramError as error:
            _LOG.warning("a press was not answered (%s)", type(error).__name__)

    async def inline(
        self,
        inline_query_id: str,
        results: Sequence[InlineQueryResult],
        *,
        button: InlineQueryResultsButton | None = None,
        cache_seconds: int = 60,
    ) -> None:
        """Answer an inline query, for this person alone. Raises TelegramError."""
        await self._while_asked(
            lambda: self.bot.answer_inline_query(
                inline_query_id,
                results,
                cache_time=cache_seconds,
                is_personal=True,
                button=button,
                read_timeout=_ONE_TRY,
            )
        )

    async def guest(self, guest_query_id: str, result: InlineQueryResult) -> None:
        """Answer where the bot was called as a guest. Raises TelegramError."""
        await self._while_asked(
            lambda: self.bot.answer_guest_query(guest_query_id, result, read_timeout=_ONE_TRY)
        )

    @asynccontextmanager
    async def typing(self, place: Place) -> AsyncIterator[None]:
        """Show that an answer is being written, for as long as the block takes."""
        shown = asyncio.create_task(self._typing(place))
        try:
            yield
        finally:
            shown.cancel()

    async def _typing(self, place: Place) -> None:
        with suppress(TelegramError):  # an ornament: never a reason to fail
            while True:
                await self.bot.send_chat_action(
                    place.chat_id, ChatAction.TYPING, message_thread_id=place.thread_id
                )
                await asyncio.sleep(_TYPING_EVERY)

    async def _while_asked(self, call: Callable[[], Awaitable[object]]) -> None:
        """A query answered twice is answered once."""
        try:
            await self._requests.again(call, _WHILE_ASKED)
        except BadRequest as error:
            if not faults.too_late(error):
                raise

    def _lost(self, chat: int, error: TelegramError) -> bool:
        """Whether there is nothing to edit there any more."""
        if isinstance(error, ChatMigrated):
            self._people.moved(chat, error.new_chat_id)
            return True
        if faults.closed(error):
            self._people.gone(chat)
            return True
        return faults.not_editable(error) or faults.muted(error)

    def _turn(self, what: Hashable) -> asyncio.Lock:
        """Held by nobody, it is forgotten."""
        return self._turns.setdefault(what, asyncio.Lock())


def _editing(bot: ExtBot[Any], chat: int, message_id: int, draft: Draft) -> Callable[[], Awaitable[object]]:
    return lambda: bot.edit_message_text(
        draft.text,
        chat,
        message_id,
        entities=draft.entities,
        reply_markup=draft.markup,
        link_preview_options=NO_PREVIEW,
    )
