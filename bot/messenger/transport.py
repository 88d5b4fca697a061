"""How the bot's requests reach Telegram: paced by its published limits, and never stuck in silence."""

import json
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from telegram import Update
from telegram.error import NetworkError
from telegram.ext import AIORateLimiter
from telegram.request import HTTPXRequest

_RETRIES = 5  # times a "retry after" is obeyed for one message

_LOG = logging.getLogger(__name__)


class Pace(AIORateLimiter):
    """30 messages a second overall and 20 a minute in one group (Bots FAQ, "My bot is hitting limits").

    The typing action is no message and must not use these up. One message a second in a private chat is a
    limit with bursts that Telegram alone can tell; its "retry after" is obeyed.
    """

    def __init__(self) -> None:
        super().__init__(max_retries=_RETRIES)

    async def process_request(self, *args: Any, **kwargs: Any) -> Any:
        if kwargs["endpoint"] == "sendChatAction":
            return await kwargs["callback"](*kwargs["args"], **kwargs["kwargs"])
        return await super().process_request(*args, **kwargs)


class Polls(HTTPXRequest):
    """Polling, without two ways in which it would stop for good and say nothing.

    A token revoked while the bot runs is told of; an update the library cannot read, which it would ask for
    again and again, is let go.
    """

    def __init__(self, refused: Callable[[], None], timeout: float) -> None:
        super().__init__(connection_pool_size=1, read_timeout=timeout)
        self._refused = refused

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        status, payload = await super().do_request(*args, **kwargs)
        if status == HTTPStatus.UNAUTHORIZED:
            self._refused()
            raise NetworkError(
                "the token was refused"
            )  # InvalidToken would end polling before the rest is done
        return status, _readable(payload) if status == HTTPStatus.OK else payload


def _readable(payload: bytes) -> bytes:
    """The same response to getUpdates with bare numbers for those updates that cannot be read."""
    try:
        body = json.loads(payload)
        body["result"] = [u if _can_be_read(u) else {"update_id": u["update_id"]} for u in body["result"]]
    except (ValueError, LookupError, TypeError):  # no answer of the Bot API: the library words the error
        return payload
    return json.dumps(body).encode()


def _can_be_read(update: dict[str, Any]) -> bool:
    try:
        Update.de_json(update, None)
    except Exception as error:  # noqa: BLE001  whatever a constructor of the library raises
        _LOG.warning(
            "update %s cannot be read (%s); passed over", update.get("update_id"), type(error).__name__
        )
        return False
    return True
