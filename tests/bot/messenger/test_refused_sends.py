"""What Telegram refuses, what is done about it, and what is refused before it is sent."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from telegram import InlineQueryResultArticle, InputTextMessageContent, Message
from telegram.error import BadRequest, InvalidToken

from bot.messenger.outgoing.outbox import Place
from bot.render.buttons import Button
from bot.render.message import Entity
from bot.render.message import Message as Shown
from tests.bot.messenger.posting import GROUP, PRIVATE, post, rows, standing, text
from tests.bot_api import BLOCKED, LATE_RESET, RESET, REVOKED, SERVER_ERROR, BotApi, Fault, flood

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")  # in RetryAfter

QUOTE = Shown(
    "Верно 🙂 — they said “no”\nDaily Line",
    (
        Entity("bold", 0, 5),
        Entity("blockquote", 9, 16),
        Entity("text_link", 26, 10, url="https://a.example/"),
    ),
)
NO_ENTITIES = Fault(400, "Bad Request: can't parse entities: unsupported")


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as server:
        yield server


def test_a_topic_that_was_deleted(api: BotApi, tmp_path: Path) -> None:
    async def main() -> None:
        async with post(api, tmp_path) as outbox:
            api.chats.topics[GROUP].add(5)
            await outbox.say("1:0", Place(GROUP, thread_id=5), text("There."))
            await outbox.say("2:0", Place(GROUP, thread_id=6), text("Gone."))

    asyncio.run(main())
    assert [call.data.get("message_thread_id") for call in api.sent()] == [5, None]


def test_a_question_that_was_deleted(api: BotApi, tmp_path: Path) -> None:
    async def main() -> None:
        async with post(api, tmp_path) as outbox:
            asked = outbox.hear(api)
            api.chats.delete(PRIVATE, asked)
            assert await outbox.say("1:0", Place(PRIVATE, reply_to=asked), text()) == asked + 1

    asyncio.run(main())


def test_a_place_is_the_message_its_chat_and_its_topic(api: BotApi) -> None:
    topic = api.chats.find(GROUP, api.say("In a topic", GROUP, thread=3))
    below = api.chats.find(GROUP, api.say("Below another", GROUP, message_thread_id=8))
    places = [Place.of(Message.de_json(message or {})) for message in (topic, below)]
    assert [(p.chat_id, p.thread_id) for p in places] == [(GROUP, 3), (GROUP, None)]
    assert [p.reply_to for p in places] == [1, 2]


def test_entities_that_are_refused_are_left_out_step_by_step(api: BotApi, tmp_path: Path) -> None:
    async def main() -> None:
        async with post(api, tmp_path) as outbox:
            api.faults["sendMessage"].append(NO_ENTITIES)
            await outbox.say("1:0", Place(PRIVATE), QUOTE)
            api.faults["sendMessage"] += [NO_ENTITIES, NO_ENTITIES]
            await outbox.say("2:0", Place(PRIVATE), QUOTE)

    asyncio.run(main())
    simple, plain = api.sent()
    assert simple.text == QUOTE.text
    assert [entity["type"] for entity in simple.data["entities"]] == ["bold", "blockquote", "code"]
    assert plain.text == "Верно 🙂 “— they said “no””\nDaily Line"
    assert not plain.data.get("entities")


def test_a_link_that_is_refused_takes_no_other_button_along(api: BotApi, tmp_path: Path) -> None:
    async def main() -> None:
        async with post(api, tmp_path) as outbox:
            number = await outbox.say(
                "1:0", Place(PRIVATE), text(), ((Button("Source", url="gopher://x"), Button("‹", "q:p0")),)
            )
            assert number is not None
            assert await outbox.edit(PRIVATE, number, text("Edited."), ((Button("S", url="gopher://x"),),))

    asyncio.run(main())
    assert [b["text"] for row in api.sent()[0].data["reply_markup"]["inline_keyboard"] for b in row] == ["‹"]
    assert standing(api, PRIVATE) == ["Edited."]


def test_any_other_refusal_is_told_once_and_is_final(
    api: BotApi, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        async with post(api, tmp_path) as outbox:
            api.faults["sendMessage"].append(Fault(400, "Bad Request: SOMETHING_NEW"))
            with pytest.raises(BadRequest, match="Something_new"):
                await outbox.say("1:0", Place(PRIVATE), text("secret words"), rows())
            entry = outbox.memory.ledger.find("1:0")
            assert entry
            assert (entry.state, entry.why) == ("failed", "Something_new")

    with caplog.at_level(logging.INFO, logger="bot"):
        asyncio.run(main())
    said = [record.getMessage() for record in caplog.records if record.name.startswith("bot.")]
    assert said == ["Telegram refused a message (Something_new)"]
    assert api.sent() == []


def test_a_token_that_is_refused_ends_the_process_and_an_unknown_method_does_not(
    api: BotApi, tmp_path: Path
) -> None:
    told: list[str] = []

    async def main() -> None:
        async with post(api, tmp_path, refused=lambda: told.append("refused")) as outbox:
            api.faults["sendMessage"] += [Fault(404, "Not Found"), REVOKED]
            with pytest.raises(InvalidToken):
                await outbox.say("1:0", Place(PRIVATE), text())
            assert told == []
            with pytest.raises(InvalidToken):
                await outbox.say("1:0", Place(PRIVATE), text())
            assert told == ["refused"]

    asyncio.run(main())
    assert [call.method for call in api.calls] == ["getMe"]


# Edits, and answers to queries


@pytest.mark.parametrize("fault", [RESET, LATE_RESET, SERVER_ERROR])
def test_an_edit_is_made_again_until_it_is_there(api: BotApi, tmp_path: Path, fault: Fault) -> None:
    async def main() -> None:
        async with post(api, tmp_path) as outbox:
            number = await outbox.say("1:0", Place(PRIVATE), text(), rows()) or 0
            api.faults["editMessageText"] += [fault, fault]
            assert await outbox.edit(PRIVATE, number, text("Edited."), rows())
            assert await outbox.edit(PRIVATE, number, text("Edited."), rows())  # nothing to change

    asyncio.run(main())
    assert standing(api, PRIVATE) == ["Edited."]


def test_a_late_page_never_covers_a_newer_one(api: BotApi, tmp_path: Path) -> None:
    async def main() -> None:
        async with post(api, tmp_path) as outbox:
            number = await outbox.say("1:0", Place(PRIVATE), text(), rows()) or 0
            api.faults["editMessageText"].append(RESET)
            await asyncio.gather(*(outbox.edit(PRIVATE, number, text(page)) for page in "234"))

    asyncio.run(main())
    assert standing(api, PRIVATE) == ["4"]


def test_what_cannot_be_edited(api: BotApi, tmp_path: Path) -> None:
    async def main() -> None:
        async with post(api, tmp_path) as outbox:
            asked = outbox.hear(api)
            number = await outbox.say("1:0", Place(PRIVATE), text()) or 0
            assert not await outbox.edit(PRIVATE, 999, text())
            assert not await outbox.edit(PRIVATE, asked, text())
            api.chats.refusals[PRIVATE] = BLOCKED
            assert not await outbox.edit(PRIVATE, number, text("Edited."))
            assert outbox.memory.people.place(PRIVATE) is None
            grouped = await outbox.say("2:0", Place(GROUP), text()) or 0
            new = api.migrate(GROUP)
            assert not await outbox.edit(GROUP, grouped, text("Edited."))
            assert outbox.memory.people.place(GROUP) == new

    asyncio.run(main())


def test_queries_are_answered_once(api: BotApi, tmp_path: Path) -> None:
    result = InlineQueryResultArticle("1", "Title", InputTextMessageContent("They said no."))

    async def main() -> None:
        async with post(api, tmp_path) as outbox:
            number = await outbox.say("1:0", Place(PRIVATE), text(), rows()) or 0
            press, old = (api.press(PRIVATE, number, "‹") for _ in range(2))
            inline, guest = api.inline("what"), api.guest("@onrecord_test_bot what")
            for method in ("answerCallbackQuery", "answerInlineQuery", "answerGuestQuery"):
                api.faults[method] += [RESET, LATE_RESET]
            await outbox.press(press, "Noted.", alert=True)
            await outbox.inline(inline, [result])
            await outbox.guest(guest, result)
            api.queries.expire(old)
            await outbox.press(old)
            assert [len(api.queries.known[q].answers) for q in (press, inline, guest, old)] == [1, 1, 1, 0]
            assert api.wait_answer(press)["text"] == "Noted."
            assert api.wait_answer(inline)["is_personal"] is True

    asyncio.run(main())


def test_typing_is_never_a_reason_to_fail(api: BotApi, tmp_path: Path) -> None:
    async def main() -> None:
        async with post(api, tmp_path) as outbox:
            api.faults["sendChatAction"] += [flood(60), SERVER_ERROR]
            for _ in range(3):
                async with outbox.typing(Place(PRIVATE)):
                    await asyncio.sleep(0.1)
            assert await outbox.say("1:0", Place(PRIVATE), text())  # the flood was the typing's alone

    asyncio.run(main())
    assert [call.method for call in api.calls] == ["getMe", "sendChatAction", "sendMessage"]


# Mistakes of ours


@pytest.mark.parametrize(
    ("message", "shown", "mistake"),
    [
        (Shown("🙂" * 2049), (), "4098 UTF-16 units"),
        (Shown(" \n"), (), "2 UTF-16 units"),
        (Shown("a" * 101, tuple(Entity("bold", n, 1) for n in range(101))), (), "101 entities"),
        (Shown("🙂", (Entity("bold", 1, 2),)), (), "beyond the 2"),
        (text(), ((Button("‹", "я" * 33),),), "66 bytes"),
        (text(), ((Button("Share", share="x" * 257),),), "257 characters"),
        (text(), ((Button("Both", "q:p0", "https://a.example/"),),), "one thing"),
        (text(), ((Button("", "q:p0"),),), "label"),
    ],
)
def test_what_breaks_a_limit_is_not_tried(
    api: BotApi, tmp_path: Path, message: Shown, shown: tuple[tuple[Button, ...], ...], mistake: str
) -> None:
    async def main() -> None:
        async with post(api, tmp_path) as outbox:
            with pytest.raises(ValueError, match=mistake):
                await outbox.say("1:0", Place(PRIVATE), message, shown)
            with pytest.raises(ValueError, match=mistake):
                await outbox.edit(PRIVATE, 1, message, shown)

    asyncio.run(main())
    assert [call.method for call in api.calls] == ["getMe"]
