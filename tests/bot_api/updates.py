"""How updates reach the bot: kept until it has polled past them, or posted to its webhook until it says 200."""

import itertools
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx

from tests.bot_api.faults import Json

_POST_SECONDS = 30.0
_NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass(slots=True)
class Delivery:
    """One update; times are ``time.monotonic``."""

    update: Json
    said: float
    given: float | None = None
    """First shown to the bot."""
    acknowledged: float | None = None
    """Polled past, or taken by the webhook with 200: Telegram will not send it again."""


class Updates:
    """Thread-safe. Ids rise by one; ``retry`` is seconds between two posts of an update that is not taken."""

    def __init__(self, connections: int = 16, retry: float = 0.2) -> None:
        self.webhook: Json = {}
        self.allowed: list[str] | None = None
        """Kinds of updates the bot wants, as it last said; None before it has."""
        self.deliveries: dict[int, Delivery] = {}
        self.last_status: int | None = None
        """Of the last post to a webhook; 0 when nothing answered."""
        self._pending: dict[int, Json] = {}
        self._again: list[Json] = []
        self._held: list[Json] | None = None
        self._ids, self._retry = itertools.count(1), retry
        self._lock, self._stop = threading.RLock(), threading.Event()
        self._posts = ThreadPoolExecutor(connections, thread_name_prefix="webhook")
        self._client = httpx.Client(timeout=_POST_SECONDS, limits=httpx.Limits(max_connections=connections))

    def close(self) -> None:
        self._stop.set()
        self._posts.shutdown(wait=True, cancel_futures=True)
        self._client.close()

    # Telegram's side

    def push(self, **update: Any) -> int:
        """Put an update on its way, of whatever kind or none that is known; returns its id."""
        with self._lock:
            if self._held is not None:
                self._held.append(update)
                return 0
            number = next(self._ids)
            update["update_id"] = number
            self.deliveries[number] = Delivery(update, time.monotonic())
            self._pending[number] = update
            if self.webhook.get("url"):
                self._posts.submit(self._post, number)
            return number

    def tell(self, kind: str, content: Json) -> int:
        """``push`` of what the bot has asked to be told of; 0 where it has not."""
        if self.allowed is not None and not self._wanted(kind):
            return 0
        return self.push(**{kind: content})

    def _wanted(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in _NOT_BY_DEFAULT

    @contextmanager
    def reordered(self) -> Iterator[None]:
        """What is told meanwhile arrives afterwards, the last first."""
        with self._lock:
            self._held = []
        try:
            yield
        finally:
            with self._lock:
                held, self._held = self._held, None
            for update in reversed(held):
                self.push(**update)

    def repeat(self, number: int) -> None:
        """Deliver an update a second time, under the same id."""
        update = self.deliveries[number].update
        with self._lock:
            if self.webhook.get("url"):
                self._posts.submit(self._send, update)
            else:
                self._again.append(update)

    @property
    def pending(self) -> int:
        return len(self._pending)

    # The bot's side

    def poll(self, offset: int, limit: int) -> list[Json]:
        with self._lock:
            for known in [number for number in self._pending if number < offset]:
                self._taken(known)
            ready = [*self._again, *self._pending.values()][:limit]
            self._again = []
            for update in ready:
                self._given(update)
            return ready

    def ready(self, offset: int) -> bool:
        with self._lock:
            return bool(self._again) or any(number >= offset for number in self._pending)

    def hook(self, webhook: Json) -> None:
        """Post to this webhook from now on; {} keeps updates for polling again."""
        with self._lock:
            self.webhook = webhook
            if webhook.get("drop_pending_updates"):
                self._pending.clear()
            if webhook.get("url"):
                for number in self._pending:
                    self._posts.submit(self._post, number)

    def _post(self, number: int) -> None:
        while not self._stop.is_set() and number in self._pending and self.webhook.get("url"):
            self._given(self._pending[number])
            if self._send(self._pending[number]):
                with self._lock:
                    self._taken(number)
                return
            self._stop.wait(self._retry)

    def _send(self, update: Json) -> bool:
        secret = self.webhook.get("secret_token")
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        try:
            self.last_status = self._client.post(
                self.webhook["url"], json=update, headers=headers
            ).status_code
        except httpx.HTTPError:
            self.last_status = 0
        return self.last_status == HTTPStatus.OK

    def _given(self, update: Json) -> None:
        delivery = self.deliveries[update["update_id"]]
        delivery.given = delivery.given or time.monotonic()

    def _taken(self, number: int) -> None:
        if self._pending.pop(number, None):
            self.deliveries[number].acknowledged = time.monotonic()
