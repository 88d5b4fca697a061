"""How many questions a minute, from one person and from one group; kept in memory alone."""

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from telegram import Update
from telegram.constants import ChatType


class Quota:
    """Two numbers for each who wrote in the last two minutes: the storage forgets the others."""

    def __init__(self, *, per_user: int, per_group: int) -> None:
        """Questions a minute."""
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._user, self._group = RateLimitItemPerMinute(per_user), RateLimitItemPerMinute(per_group)

    def admits(self, update: Update) -> bool:
        """Count it, if whoever asks has not asked too often; what is refused does not count."""
        counts = list(self._counts(update))
        if not all(self._limiter.test(item, *who) for item, *who in counts):
            return False
        for item, *who in counts:
            self._limiter.hit(item, *who)
        return True

    def _counts(self, update: Update) -> list[tuple[RateLimitItem, str, str]]:
        """In a group both count; who writes in a chat's name there is nobody in particular."""
        message, user, chat = update.effective_message, update.effective_user, update.effective_chat
        found: list[tuple[RateLimitItem, str, str]] = []
        if user and not (message and message.sender_chat):
            found.append((self._user, "user", str(user.id)))
        if chat and chat.type in {ChatType.GROUP, ChatType.SUPERGROUP} and not update.guest_message:
            found.append((self._group, "group", str(chat.id)))
        return found


class Seldom:
    """Whether to say something again: once a minute to each."""

    def __init__(self) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def may(self, *who: object) -> bool:
        return self._limiter.hit(RateLimitItemPerMinute(1), *map(str, who))
