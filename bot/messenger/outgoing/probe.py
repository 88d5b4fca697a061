"""Whether a message arrived that may have: Telegram has no idempotency key, so it is looked for.

A send that timed out, was reset, or was answered by a 5xx or by no JSON may have taken effect; so may one that was
under way when this process was killed. ``sendMessage`` cannot be told that it is the same as one before, and bots
cannot read a chat. But ids are given in order, and an edit says what is there: ``editMessageReplyMarkup`` with the very
buttons of the message answers "message is not modified" for this message, "message to edit not found" or "message can't
be edited" for any other id.

Proven: what is found is the message. Only one message of a chat is on its way at a time, ids that are known to be
others' are passed over, and the buttons of an answer have data of their own; without buttons it is the only message of
the bot's in that chat whose id is not known. What a probe changes was the message too, with other buttons by then (its
reader turned a page before the bot knew that it had been sent): it gets its first page back.

Not proven: that what is not found never arrives. The request may still be on its way inside Telegram, or its id may lie
beyond those that are tried, where very much else happened in the account meanwhile.
"""

from dataclasses import dataclass
from typing import Any

from telegram import Message
from telegram.error import BadRequest
from telegram.ext import ExtBot

from bot.messenger.outgoing import faults
from bot.messenger.outgoing.drafts import Draft
from bot.messenger.outgoing.ids import Ids
from bot.messenger.outgoing.repeating import Requests

_BEYOND = 8  # ids tried above the highest one known: messages of other chats that no update told of yet
_MOST = 24  # ids tried in all


@dataclass(frozen=True, slots=True)
class Finding:
    message_id: int | None
    after: int
    """No id up to this one is the message's."""
    complete: bool
    """Every id was tried that was given when the search began."""


class Probe:
    def __init__(self, bot: ExtBot[Any], ids: Ids, requests: Requests) -> None:
        self._bot, self._ids, self._requests = bot, ids, requests

    async def find(self, chat: int, draft: Draft, after: int) -> Finding:
        """Raises TelegramError where Telegram cannot be asked, or the chat is not there any more."""
        highest = max(self._ids.highest(chat) or 0, after)  # read before asking: later ids are higher
        passed = after
        for tried, number in enumerate(self._ids.unknown(chat, after)):
            if tried == _MOST or number > highest + _BEYOND:
                break
            if await self._is_it(chat, number, draft):
                return Finding(number, after, complete=True)
            passed = number
        return Finding(None, min(passed, highest), complete=passed >= highest)

    async def _is_it(self, chat: int, number: int, draft: Draft) -> bool:
        try:
            found = await self._requests.again(
                lambda: self._bot.edit_message_reply_markup(chat, number, reply_markup=draft.markup)
            )
        except BadRequest as error:
            if faults.closed(error):
                raise
            return faults.unchanged(error)
        return (
            not isinstance(found, Message) or found.text == draft.text or await self._restored(found, draft)
        )

    async def _restored(self, found: Message, draft: Draft) -> bool:
        """Whether it has the whole first page again; it is another, a file, if it takes no text."""
        chat, number = found.chat_id, found.message_id
        try:
            await self._requests.again(
                lambda: self._bot.edit_message_text(
                    draft.text, chat, number, entities=draft.entities, reply_markup=draft.markup
                )
            )
        except BadRequest as error:
            if faults.unchanged(error):
                return True
            await self._requests.again(lambda: self._bot.edit_message_reply_markup(chat, number))
            return False
        return True
