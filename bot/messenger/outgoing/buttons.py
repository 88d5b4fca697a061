"""``render.Rows`` as Telegram's keyboard below a message."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.render.buttons import Button, Rows

_DATA = 64  # bytes (Bot API, InlineKeyboardButton)
_SHARED = 256  # characters (Bot API, InlineQuery.query)


def keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    """None without buttons. Raises ValueError for what Telegram would refuse: a mistake of whoever made them."""
    shown = [[_button(button) for button in row] for row in rows if row]
    return InlineKeyboardMarkup(shown) if shown else None


def pressable(markup: InlineKeyboardMarkup | None) -> InlineKeyboardMarkup | None:
    """The buttons that come back to the bot, without those that open something."""
    rows = (
        [[b for b in row if b.callback_data is not None] for row in markup.inline_keyboard] if markup else []
    )
    shown = [row for row in rows if row]
    return InlineKeyboardMarkup(shown) if shown else None


def _button(button: Button) -> InlineKeyboardButton:
    does = [value for value in (button.data, button.url, button.share) if value is not None]
    if not button.label.strip() or len(does) != 1:
        raise ValueError(f"a button has a label and does one thing: {button.label!r}, {len(does)} things")
    if button.data is not None and not 0 < len(button.data.encode()) <= _DATA:
        raise ValueError(f"callback data of {len(button.data.encode())} bytes; Telegram takes 1 to {_DATA}")
    if button.share is not None and len(button.share) > _SHARED:
        raise ValueError(f"a text to share of {len(button.share)} characters; Telegram takes {_SHARED}")
    return InlineKeyboardButton(
        button.label, callback_data=button.data, url=button.url, switch_inline_query=button.share
    )
