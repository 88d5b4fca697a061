"""A message as Telegram takes it, and what of it can be left out where Telegram does not."""

from dataclasses import dataclass, replace
from typing import Self

from telegram import InlineKeyboardMarkup, LinkPreviewOptions, MessageEntity
from telegram.error import TelegramError

from bot.messenger.outgoing import faults
from bot.messenger.outgoing.buttons import keyboard, pressable
from bot.messenger.outgoing.entities import entities, simple, unformatted
from bot.render.buttons import Rows
from bot.render.message import Message

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class Draft:
    text: str
    entities: tuple[MessageEntity, ...]
    markup: InlineKeyboardMarkup | None

    @classmethod
    def of(cls, message: Message, rows: Rows) -> Self:
        """Raises ValueError beyond Telegram's limits."""
        return cls(message.text, entities(message), keyboard(rows))

    def mended(self, error: TelegramError) -> "Draft | None":
        """Without what Telegram refuses; no character of the text is lost. None where that cannot be the reason."""
        if faults.about_entities(error) and self.entities:
            simpler = simple(self.entities)
            if simpler != self.entities:
                return replace(self, entities=simpler)
            return replace(self, text=unformatted(self.text, self.entities), entities=())
        kept = pressable(self.markup)
        if faults.about_buttons(error) and kept != self.markup:
            return replace(self, markup=kept)
        return None
