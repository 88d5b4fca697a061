"""What an error of a request says about the message: whether it arrived, and what can be done."""

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

FINAL = (BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter)
"""Telegram read the request and did not do it."""

_NOT_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_CLOSED = (
    "chat not found",
    "peer_id_invalid",
    "channel_private",
    "chat was deactivated",
    "user_is_blocked",
    "user_deactivated",
)
_MUTED = (
    "not enough rights",
    "have no rights",
    "administrator rights",
    "chat_write_forbidden",
    "chat_send_plain_forbidden",
    "chat_restricted",
    "topic_closed",
)
_NOT_EDITABLE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message",
)


def never_left(error: TelegramError) -> bool:
    """Nothing of the request can have been acted on: no connection, or a 429 that does not say how long."""
    return isinstance(error.__cause__, _NOT_LEFT) or _says(error, "too many requests")


def token_refused(error: TelegramError) -> bool:
    """The library raises the same for a method that a server does not know."""
    return isinstance(error, InvalidToken) and _says(error, "unauthorized")


def closed(error: TelegramError) -> bool:
    """The chat takes nothing any more."""
    return isinstance(error, Forbidden) or _says(error, *_CLOSED)


def muted(error: TelegramError) -> bool:
    """The chat takes nothing of the bot's just now."""
    return _says(error, *_MUTED)


def no_topic(error: TelegramError) -> bool:
    return _says(error, "thread not found", "topic_deleted", "topic_id_invalid")


def unchanged(error: TelegramError) -> bool:
    """The message is there already, just as it was to become."""
    return _says(error, "message is not modified", "message_not_modified")


def not_editable(error: TelegramError) -> bool:
    """There is no such message of the bot's, or not any more."""
    return _says(error, *_NOT_EDITABLE)


def too_late(error: TelegramError) -> bool:
    """The query was answered already, or nobody waits for an answer any more."""
    return _says(error, "query is too old", "query id is invalid", "query_id_invalid")


def about_entities(error: TelegramError) -> bool:
    return _says(error, "entit")


def about_buttons(error: TelegramError) -> bool:
    return _says(error, "button", "reply_markup", "reply markup")


def _says(error: TelegramError, *words: str) -> bool:
    said = str(error).lower()
    return any(word in said for word in words)
