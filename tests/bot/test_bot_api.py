"""The server that the messenger's tests believe: what the library's own client sees of it, and people's side."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import TypeVar

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, Update
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError, TimedOut

from tests import bot_api
from tests.bot_api import TOKEN, BotApi

T = TypeVar("T")
SUPERGROUP = -1_000_000_000_042
ROWS = InlineKeyboardMarkup([[InlineKeyboardButton("Next", callback_data="k1:p2")]])


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[BotApi]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # the library warns where it is not told how to give times
    with BotApi(hang=0.3) as server:
        yield server


@asynccontextmanager
async def client(api: BotApi) -> AsyncIterator[Bot]:
    async with Bot(TOKEN, base_url=f"{api.url}/bot", base_file_url=f"{api.url}/file/bot") as bot:
        yield bot


def asks(api: BotApi, call: Callable[[Bot], Awaitable[T]]) -> T:
    async def run() -> T:
        async with client(api) as bot:
            return await call(bot)

    return asyncio.run(run())


def refused(api: BotApi, call: Callable[[Bot], Awaitable[object]]) -> str:
    with pytest.raises(TelegramError) as caught:
        asks(api, call)
    return caught.value.message


def updates(api: BotApi, offset: int = 0) -> tuple[Update, ...]:
    return asks(api, lambda bot: bot.get_updates(offset))


def test_private_chats_and_groups_share_a_counter_and_supergroups_have_their_own(api: BotApi) -> None:
    assert [api.say("a", chat=1), api.say("b", chat=-5), api.say("c", chat=SUPERGROUP)] == [1, 2, 1]

    async def write(bot: Bot) -> list[int]:
        return [(await bot.send_message(chat, "x")).message_id for chat in (2, SUPERGROUP, -5)]

    assert asks(api, write) == [3, 2, 4]


def test_updates_stay_until_polled_past(api: BotApi) -> None:
    api.say("one")
    api.say("two")
    assert [u.update_id for u in updates(api)] == [1, 2]
    assert [u.update_id for u in updates(api, 2)] == [2]
    assert api.updates.deliveries[1].acknowledged is not None
    assert api.updates.deliveries[2].acknowledged is None
    api.updates.repeat(1)
    assert [u.update_id for u in updates(api, 2)] == [1, 2]
    with api.updates.reordered():
        api.say("three")
        api.say("four")
    assert [u.message.text for u in updates(api, 3) if u.message] == ["four", "three"]


def test_edits_and_presses(api: BotApi) -> None:
    message = asks(api, lambda bot: bot.send_message(7, "one", reply_markup=ROWS))
    number = message.message_id
    same = refused(api, lambda bot: bot.edit_message_text("one", 7, number, reply_markup=ROWS))
    assert same.startswith("Message is not modified: specified new message content and reply markup are")
    assert refused(api, lambda bot: bot.edit_message_reply_markup(7, number, reply_markup=ROWS)) == same
    assert (
        refused(api, lambda bot: bot.edit_message_reply_markup(7, number + 1)) == "Message to edit not found"
    )
    theirs = api.say("mine")
    assert refused(api, lambda bot: bot.edit_message_reply_markup(7, theirs)) == "Message can't be edited"

    query = api.press(7, number, "p2")
    (update,) = [u for u in updates(api) if u.callback_query]
    assert update.callback_query is not None
    assert update.callback_query.data == "k1:p2"
    with pytest.raises(LookupError):
        api.press(7, number, "p9")
    assert asks(api, lambda bot: bot.answer_callback_query(query, "done"))
    assert api.wait_answer(query)["text"] == "done"
    old = "Query is too old and response timeout expired or query id is invalid"
    assert refused(api, lambda bot: bot.answer_callback_query(query)) == old

    asks(api, lambda bot: bot.edit_message_text("two", 7, number))
    assert (api.shown(7, number)["text"], "reply_markup" in api.shown(7, number)) == ("two", False)


@pytest.mark.parametrize(
    ("data", "why"), [("x" * 65, "Button_data_invalid"), ("ж" * 33, "Button_data_invalid")]
)
def test_limits(api: BotApi, data: str, why: str) -> None:
    rows = InlineKeyboardMarkup([[InlineKeyboardButton("Next", callback_data=data)]])
    assert refused(api, lambda bot: bot.send_message(7, "x", reply_markup=rows)) == why
    assert api.sent() == []


def test_topics(api: BotApi) -> None:
    asked = api.say("x", chat=SUPERGROUP, thread=8)
    message = asks(api, lambda bot: bot.send_message(SUPERGROUP, "y", message_thread_id=8))
    assert (message.message_thread_id, message.is_topic_message) == (8, True)
    below = asks(api, lambda bot: bot.send_message(SUPERGROUP, "z", reply_to_message_id=asked))
    assert below.message_thread_id == 8
    assert refused(api, lambda bot: bot.send_message(SUPERGROUP, "y", message_thread_id=9)) == (
        "Message thread not found"
    )


@pytest.mark.parametrize(
    ("fault", "error", "arrived"),
    [
        (bot_api.TIMEOUT, TelegramError, 0),
        (bot_api.LATE_TIMEOUT, TelegramError, 1),
        (bot_api.LATE_RESET, TelegramError, 1),
        (bot_api.MALFORMED, TelegramError, 0),
        (bot_api.LATE_MALFORMED, TelegramError, 1),
        (bot_api.LATE_SERVER_ERROR, TelegramError, 1),
        (bot_api.flood(2), RetryAfter, 0),
        (bot_api.migrated(SUPERGROUP), ChatMigrated, 0),
        (bot_api.BLOCKED, Forbidden, 0),
    ],
)
def test_faults(api: BotApi, fault: bot_api.Fault, error: type[TelegramError], arrived: int) -> None:
    api.faults["sendMessage", 7].append(fault)
    asks(api, lambda bot: bot.send_message(8, "x"))
    with pytest.raises(error):
        asks(api, lambda bot: bot.send_message(7, "x"))
    assert len(api.sent(7)) == arrived
    asks(api, lambda bot: bot.send_message(7, "x"))


def test_a_read_that_times_out_after_the_effect(api: BotApi) -> None:
    api.faults["sendMessage"].append(bot_api.LATE_TIMEOUT)
    with pytest.raises(TimedOut):
        asks(api, lambda bot: bot.send_message(7, "x", read_timeout=0.1))
    assert [call.known for call in api.sent(7)] == [False]


def test_faults_at_random_come_again_with_the_same_seed(api: BotApi) -> None:
    def outcomes() -> list[bool]:
        api.faults.at_random(5, {"sendMessage": ((bot_api.SERVER_ERROR, 0.5),)})
        return [api.faults.next("sendMessage", {}) is None for _ in range(40)]

    first = outcomes()
    assert first == outcomes()
    assert 5 < sum(first) < 35


def test_chats_that_close_and_move(api: BotApi) -> None:
    api.leave(7)
    with pytest.raises(Forbidden):
        asks(api, lambda bot: bot.send_message(7, "x"))
    api.join(7)
    asks(api, lambda bot: bot.send_message(7, "x"))
    new = api.migrate(-5)
    with pytest.raises(ChatMigrated) as caught:
        asks(api, lambda bot: bot.send_message(-5, "x"))
    assert caught.value.new_chat_id == new
    asks(api, lambda bot: bot.send_message(new, "x"))


def test_files_go_both_ways(api: BotApi) -> None:
    api.document("page.html", b"<p>news</p>")
    (update,) = updates(api)
    assert update.message is not None
    document = update.message.document
    assert document is not None

    async def fetch(bot: Bot) -> bytes:
        file = await bot.get_file(document.file_id)
        return bytes(await file.download_as_bytearray())

    assert asks(api, fetch) == b"<p>news</p>"
    asks(api, lambda bot: bot.send_document(7, InputFile(b"{}\n", filename="votes.jsonl")))
    (call,) = [call for call in api.calls if call.method == "sendDocument"]
    assert call.data["document"] == {"file_name": "votes.jsonl", "content": b"{}\n"}


def test_inline_queries_and_guests_are_answered_once(api: BotApi) -> None:
    asked = api.inline("is it raining?")
    asks(api, lambda bot: bot.answer_inline_query(asked, []))
    assert api.wait_answer(asked)["results"] == []
    assert "too old" in refused(api, lambda bot: bot.answer_inline_query(asked, []))
    guest = api.guest("@onrecord_test_bot is it so?", under="It rained.")
    shown = updates(api)[-1].guest_message
    assert shown is not None
    assert shown.guest_query_id == guest
    assert shown.reply_to_message is not None
    assert shown.reply_to_message.text == "It rained."
    with pytest.raises(BadRequest):
        asks(api, lambda bot: bot.answer_inline_query(guest, []))
