"""What a message asks, where a process against a server cannot say it: broken text, mentions without a name."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from telegram import Message, User

from bot.messenger.mentions import Asked, asked_in, claim_in
from tests.bot_api import ME, person

BOT = User.de_json(ME, None)
GROUP = {"id": -5, "type": "group", "title": "G"}


def message(text: str, *entities: dict[str, Any], **fields: Any) -> Message:
    content = {
        "message_id": 1,
        "date": 1,
        "chat": GROUP,
        "from": person(7),
        "text": text,
        "entities": list(entities),
    }
    return Message.de_json(content | fields, None)


def called(offset: int, length: int) -> dict[str, Any]:
    return {"type": "text_mention", "offset": offset, "length": length, "user": ME}


def test_a_mention_by_id_calls_it_whatever_it_is_named_there() -> None:
    assert asked_in(message("dear bot, is it raining?", called(0, 8)), BOT) == Asked("is it raining?")
    stranger = called(0, 8) | {"user": person(8)}
    assert asked_in(message("dear bot, is it raining?", stranger), BOT) is None


def test_half_a_character_can_be_stored_and_sent() -> None:
    asked = asked_in(message("bot is it \ud83d raining?", called(0, 3)), BOT)
    assert asked == Asked("is it \N{REPLACEMENT CHARACTER} raining?")


def test_a_reply_to_a_message_elsewhere_is_about_the_words_it_quotes() -> None:
    elsewhere = {
        "origin": {"type": "hidden_user", "date": 1, "sender_user_name": "A"},
        "chat": {"id": -9, "type": "supergroup", "title": "H"},
        "message_id": 4,
    }
    quote = {"text": "The mill will close.", "position": 0}
    asks = message("bot", called(0, 3), external_reply=elsewhere, quote=quote)
    assert asked_in(asks, BOT) == Asked("The mill will close.", is_claim=True)
    replied = {
        "message_id": 3,
        "date": 1,
        "chat": GROUP,
        "from": person(8),
        "text": "Rain. The mill will close.",
    }
    assert (
        claim_in(message("bot", called(0, 3), reply_to_message=replied, quote=quote), BOT) == replied["text"]
    )


@given(
    before=st.text(st.characters(exclude_categories=["Cs"])),
    after=st.text(st.characters(exclude_categories=["Cs"])),
)
def test_what_stands_around_a_mention_stays(before: str, after: str) -> None:
    offset = len(before.encode("utf-16-le")) // 2
    asked = asked_in(message(f"{before}bot{after}", called(offset, 3)), BOT)
    assert asked is not None
    assert asked.question == (before + after).strip(" \t\n,:;")
