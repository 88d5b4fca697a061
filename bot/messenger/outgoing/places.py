"""Where a message goes."""

from dataclasses import dataclass
from typing import Self

from telegram import Message, ReplyParameters


@dataclass(frozen=True, slots=True)
class Place:
    """A chat, a topic in it, and the message that is replied to."""

    chat_id: int
    thread_id: int | None = None
    reply_to: int | None = None

    @classmethod
    def of(cls, message: Message) -> Self:
        """A reply to that message, in its topic."""
        topic = message.message_thread_id if message.is_topic_message else None
        return cls(message.chat_id, topic, message.message_id)

    @property
    def reply(self) -> ReplyParameters | None:
        """The message arrives even when the one replied to was deleted."""
        if self.reply_to is None:
            return None
        return ReplyParameters(self.reply_to, allow_sending_without_reply=True)
