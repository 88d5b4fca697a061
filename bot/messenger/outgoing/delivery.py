"""The way of one message to its chat."""

import logging
from dataclasses import replace
from typing import Any

from telegram import Message
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.messenger.memory.ledger import Ledger
from bot.messenger.memory.people import People
from bot.messenger.outgoing import faults
from bot.messenger.outgoing.drafts import NO_PREVIEW, Draft
from bot.messenger.outgoing.ids import Ids
from bot.messenger.outgoing.places import Place
from bot.messenger.outgoing.probe import Probe
from bot.messenger.outgoing.repeating import Requests
from bot.messenger.outgoing.tally import Tally

_LONGEST_REASON = 200

_LOG = logging.getLogger(__name__)


class Office:
    """What every delivery needs."""

    def __init__(
        self, bot: ExtBot[Any], ledger: Ledger, people: People, ids: Ids, requests: Requests, tally: Tally
    ) -> None:
        self.bot, self.ledger, self.people = bot, ledger, people
        self.ids, self.requests, self.tally = ids, requests, tally
        self.probe = Probe(bot, ids, requests)

    async def deliver(self, key: str, place: Place, draft: Draft) -> int | None:
        """The id of the message, None where it cannot arrive. One at a time in a chat.

        Raises ChatMigrated, and any other TelegramError once nothing can help.
        """
        entry = self.ledger.find(key)
        if entry and self.people.place(entry.chat) != place.chat_id:
            entry = None  # another's: keys hold numbers of updates, which Telegram may begin anew
        if entry and entry.settled:
            return entry.message_id
        delivery = _Delivery(self, key, place, draft)
        if entry and entry.state == "sending" and entry.chat == place.chat_id:
            delivery.doubt(entry.after)
        return await delivery.run()

    def keep(self, key: str, chat: int) -> int | None:
        """Send nothing, for the chat is gone; the id where it was sent before."""
        entry = self.ledger.find(key)
        if entry and entry.settled:
            return entry.message_id
        self.ledger.gone(key, chat, "the chat is gone")
        self.tally.add("gone")
        return None


class _Delivery:
    def __init__(self, office: Office, key: str, place: Place, draft: Draft) -> None:
        self._office, self._key, self._place, self._draft = office, key, place, draft
        self._waits = office.requests.waits()
        self._doubtful = False
        self._after: int | None = None

    def doubt(self, after: int | None) -> None:
        """It may have arrived, with an id above ``after``."""
        if not self._doubtful:
            self._office.tally.add("doubtful")
        self._doubtful, self._after = True, after

    async def run(self) -> int | None:
        while True:
            try:
                return await self._attempt()
            except (ChatMigrated, InvalidToken, RetryAfter) as error:
                self._give_up(error)
                raise
            except (BadRequest, Forbidden) as error:
                if not self._mended(error):
                    self._undeliverable(error)
                    return None
            except TelegramError as error:
                await self._wait(error)

    async def _attempt(self) -> int | None:
        if self._doubtful:
            if (found := await self._found()) is not None:
                return self._arrived(found)
            self._office.tally.add("resent")
        message = await self._office.requests.once(self._send)
        return self._arrived(message.message_id)

    async def _send(self) -> Message:
        place, draft = self._place, self._draft
        return await self._office.bot.send_message(
            place.chat_id,
            draft.text,
            entities=draft.entities,
            reply_markup=draft.markup,
            message_thread_id=place.thread_id,
            reply_parameters=place.reply,
            link_preview_options=NO_PREVIEW,
            rate_limit_args=self._leaving,
        )

    def _leaving(self) -> None:
        if not self._doubtful:
            known = self._office.ids.highest(self._place.chat_id), self._place.reply_to
            self._after = max((number for number in known if number), default=None)
        self._office.ledger.sending(self._key, self._place.chat_id, self._after)

    async def _found(self) -> int | None:
        if self._after is None:  # no id of that chat was ever known
            self._office.tally.add("unproven")
            return None
        finding = await self._office.probe.find(self._place.chat_id, self._draft, self._after)
        self._after = finding.after
        if finding.message_id is not None:
            self._office.tally.add("found")
        elif not finding.complete:
            self._office.tally.add("unproven")
        return finding.message_id

    def _arrived(self, message_id: int) -> int:
        self._office.ids.add(self._place.chat_id, message_id)
        self._office.ledger.sent(self._key, self._place.chat_id, message_id)
        self._office.tally.add("sent")
        return message_id

    async def _wait(self, error: TelegramError) -> None:
        if not faults.never_left(error):
            self.doubt(self._after)
        elif not self._doubtful:
            self._office.ledger.failed(self._key, self._place.chat_id, _why(error))
        try:
            await self._waits.after(error)
        except TelegramError:
            self._give_up(error)
            raise
        self._office.tally.add("retried")

    def _mended(self, error: TelegramError) -> bool:
        if faults.no_topic(error) and self._place.thread_id is not None:
            self._place = replace(self._place, thread_id=None)
        elif draft := self._draft.mended(error):
            self._draft = draft
        else:
            return False
        _LOG.warning("a message is sent in a plainer way (%s)", _why(error))
        return True

    def _undeliverable(self, error: BadRequest | Forbidden) -> None:
        chat, why = self._place.chat_id, _why(error)
        if faults.closed(error):
            _LOG.warning("a chat takes no messages any more (%s)", why, extra={"facts": {"chat": chat}})
            self._office.people.gone(chat)
            self._office.ledger.gone(self._key, chat, why)
            self._office.tally.add("gone")
            return
        self._office.ledger.failed(self._key, chat, why)
        self._office.tally.add("failed")
        if not faults.muted(error):
            _LOG.error("Telegram refused a message (%s)", why)
            raise error
        _LOG.warning(
            "a chat takes no messages of the bot just now (%s)", why, extra={"facts": {"chat": chat}}
        )

    def _give_up(self, error: TelegramError) -> None:
        if isinstance(error, ChatMigrated):
            return
        if not self._doubtful:  # else it stays "sending": it may have arrived
            self._office.ledger.failed(self._key, self._place.chat_id, _why(error))
        self._office.tally.add("failed")
        _LOG.error("a message was given up%s (%s)", " in doubt" if self._doubtful else "", _why(error))


def _why(error: TelegramError) -> str:
    """Telegram's words about the message, which never repeat its text; for all else the kind alone."""
    if isinstance(error, (BadRequest, Forbidden)):
        return str(error)[:_LONGEST_REASON]
    return type(error.__cause__ or error).__name__
