"""The settings of the bot as plain values; ``config/default.toml`` explains each."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """Ids are Telegram's numbers; an empty list of users or groups lets everyone in."""

    users: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()
    admins: frozenset[int] = frozenset()
    question_chars: int = 1000
    per_user: int = 20
    """Questions a minute from one person, and ``per_group`` from one group."""
    per_group: int = 60
    waiting: int = 256
    """Questions under way and waiting together, and ``waiting_each`` those of one person in one chat."""
    waiting_each: int = 5
    topic_minutes: int = 30
    watches: int = 10
    """Topics that one person may watch."""
    watch_messages: int = 3
    """Messages a day about what is new, to one person or group."""
    keep_days: int = 90
    """How long buttons work and feedback is kept."""
