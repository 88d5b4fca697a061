"""Each message once, whatever happens on the way; over real HTTP."""

import asyncio
import logging
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from telegram.error import NetworkError

from bot.messenger.outgoing.outbox import Place
from bot.render.buttons import Rows
from tests.bot.messenger.posting import GROUP, PRIVATE, SUPERGROUP, post, rows, standing, text
from tests.bot_api import (
    BAD_GATEWAY,
    BLOCKED,
    GONE,
    KICKED,
    LATE_MALFORMED,
    LATE_RESET,
    LATE_SERVER_ERROR,
    LATE_TIMEOUT,
    MALFORMED,
    RESET,
    SERVER_ERROR,
    TIMEOUT,
    TOKEN,
    BotApi,
    Fault,
    flood,
)

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")  # in RetryAfter

BEFORE = {"reset": RESET, "timeout": TIMEOUT, "json": MALFORMED, "500": SERVER_ERROR, "502": BAD_GATEWAY}
AFTER = {
    "reset": LATE_RESET,
    "timeout": LATE_TIMEOUT,
    "json": LATE_MALFORMED,
    "500": LATE_SERVER_ERROR,
    "nothing": Fault(200, late=True),  # JSON without a result
}
BARE_FLOOD = Fault(429, "Too Many Requests: retry later")


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi(hang=2.0) as server:
        yield server


# On the way


@pytest.mark.parametrize("fault", BEFORE.values(), ids=BEFORE)
def test_a_fault_before_the_effect_loses_nothing(api: BotApi, tmp_path: Path, fault: Fault) -> None:
    async def main() -> None:
        async with post(api, tmp_path, read_timeout=0.3) as outbox:
            asked = outbox.hear(api)
            api.faults["sendMessage"] += [fault, fault]
            number = await outbox.say("1:0", Place(PRIVATE, reply_to=asked), text(), rows())
            assert number == asked + 1
            assert outbox.tally == {"doubtful": 1, "retried": 2, "resent": 2, "sent": 1}

    asyncio.run(main())
    assert standing(api, PRIVATE) == ["They said no."]


@pytest.mark.parametrize("buttons", [rows(), ()], ids=["buttons", "bare"])
@pytest.mark.parametrize("fault", AFTER.values(), ids=AFTER)
def test_a_fault_after_the_effect_doubles_nothing(
    api: BotApi, tmp_path: Path, fault: Fault, buttons: Rows
) -> None:
    async def main() -> None:
        async with post(api, tmp_path, read_timeout=0.3) as outbox:
            for chat in (PRIVATE, GROUP, SUPERGROUP):
                await outbox.say(f"{chat}:0", Place(chat, reply_to=outbox.hear(api, chat)), text("Before."))
                asked = outbox.hear(api, chat)
                api.say("elsewhere, and not told yet", chat=99)
                api.faults["sendMessage"].append(fault)
                number = await outbox.say(f"{chat}:1", Place(chat, reply_to=asked), text(), buttons)
                assert number == api.sent(chat)[1].message_id
                assert standing(api, chat) == ["Before.", "They said no."]
            assert outbox.tally == {"doubtful": 3, "found": 3, "retried": 3, "sent": 6}

    asyncio.run(main())


def test_one_that_never_left_is_in_no_doubt(api: BotApi, tmp_path: Path) -> None:
    async def main() -> None:
        async with post(api, tmp_path, patience=0.2) as outbox:
            api.faults["sendMessage"].append(BARE_FLOOD)
            assert await outbox.say("1:0", Place(PRIVATE), text()) == 1
            with socket.create_server(("127.0.0.1", 0)) as closed:
                port = closed.getsockname()[1]
            outbox.bot._base_url = f"http://127.0.0.1:{port}/bot{TOKEN}"
            with pytest.raises(NetworkError):
                await outbox.say("2:0", Place(PRIVATE), text())
            entry = outbox.memory.ledger.find("2:0")
            assert entry
            assert (entry.state, entry.why) == ("failed", "ConnectError")
            assert outbox.tally["doubtful"] == 0

    asyncio.run(main())
    assert [call.method for call in api.calls] == ["getMe", "sendMessage"]


def test_given_up_in_doubt_it_is_looked_for_when_asked_again(api: BotApi, tmp_path: Path) -> None:
    async def main() -> None:
        async with post(api, tmp_path, patience=0.05) as outbox:
            place = Place(PRIVATE, reply_to=outbox.hear(api))
            api.faults["sendMessage"].append(LATE_RESET)
            api.faults["editMessageReplyMarkup"] += [RESET] * 20
            with pytest.raises(NetworkError):
                await outbox.say("1:0", place, text(), rows())
            entry = outbox.memory.ledger.find("1:0")
            assert entry
            assert entry.state == "sending"
            api.faults["editMessageReplyMarkup"].clear()
            assert await outbox.say("1:0", place, text(), rows()) == api.sent()[0].message_id

    asyncio.run(main())
    assert len(api.sent()) == 1


def test_a_page_turned_before_it_was_known_to_be_there(api: BotApi, tmp_path: Path) -> None:
    async def main() -> None:
        async with post(api, tmp_path) as outbox:
            asked = outbox.hear(api)
            api.faults["sendMessage"].append(LATE_RESET)
            api.faults["editMessageReplyMarkup"] += [SERVER_ERROR] * 5
            saying = asyncio.create_task(outbox.say("1:0", Place(PRIVATE, reply_to=asked), text(), rows()))
            await asyncio.to_thread(api.wait_sent, 1)
            number = api.sent()[0].message_id
            await outbox.edit(PRIVATE, number, text("The second page."), rows("p2"))
            assert await saying == number

    asyncio.run(main())
    assert standing(api, PRIVATE) == ["They said no."]
    assert len(api.sent()) == 1


# Once


def test_a_key_is_sent_once_across_restarts(api: BotApi, tmp_path: Path) -> None:
    async def main() -> None:
        for _ in range(3):
            async with post(api, tmp_path) as outbox:
                both = await asyncio.gather(*(outbox.say("1:0", Place(PRIVATE), text()) for _ in range(2)))
                assert both == [1, 1]

    asyncio.run(main())
    assert standing(api, PRIVATE) == ["They said no."]


def test_a_key_that_comes_again_for_another_chat_is_another_message(api: BotApi, tmp_path: Path) -> None:
    async def main() -> None:
        async with post(api, tmp_path) as outbox:
            await outbox.say("1:0", Place(PRIVATE), text("First."))
            await outbox.say("1:0", Place(GROUP), text("Second."))

    asyncio.run(main())
    assert standing(api, PRIVATE) == ["First."]
    assert standing(api, GROUP) == ["Second."]


def test_messages_to_a_chat_keep_their_order(api: BotApi, tmp_path: Path) -> None:
    async def main() -> None:
        async with post(api, tmp_path) as outbox:
            outbox.hear(api)
            api.faults["sendMessage"].append(RESET)
            await asyncio.gather(*(outbox.say(f"1:{n}", Place(PRIVATE), text(str(n))) for n in range(4)))

    asyncio.run(main())
    assert standing(api, PRIVATE) == ["0", "1", "2", "3"]


def test_a_flood_holds_up_its_chat_alone(api: BotApi, tmp_path: Path) -> None:
    async def main() -> None:
        async with post(api, tmp_path) as outbox:
            api.faults["sendMessage", PRIVATE] += [flood(1), flood(2)]
            held = asyncio.create_task(outbox.say("7:0", Place(PRIVATE), text()))
            behind = asyncio.create_task(outbox.say("7:1", Place(PRIVATE), text("Behind it.")))
            await asyncio.gather(*(outbox.say(f"{c}:0", Place(c), text()) for c in range(100, 149)))
            assert not held.done()
            assert not behind.done()
            assert all(await asyncio.gather(held, behind))
            assert outbox.tally == {"sent": 51}

    started = time.monotonic()
    asyncio.run(main())
    assert api.sent(PRIVATE)[0].at - started >= 3
    assert standing(api, PRIVATE) == ["They said no.", "Behind it."]


# Where it cannot arrive


@pytest.mark.parametrize(("fault", "why"), [(BLOCKED, BLOCKED.description), (GONE, "Chat not found")])
def test_a_chat_that_is_gone_is_left_alone_until_it_writes(
    api: BotApi, tmp_path: Path, fault: Fault, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        async with post(api, tmp_path) as outbox:
            api.chats.refusals[PRIVATE] = fault
            saying = (outbox.say(f"{n}:0", Place(PRIVATE), text()) for n in range(2))
            assert await asyncio.gather(*saying) == [None, None]
            assert await outbox.say("2:0", Place(PRIVATE), text()) is None
            assert outbox.memory.people.place(PRIVATE) is None
            assert outbox.memory.ledger.counts() == {"gone": 3}
            assert api.refused == [f"sendMessage: {fault.description}"]
            del api.chats.refusals[PRIVATE]
            asked = outbox.hear(api)
            assert await outbox.say("3:0", Place(PRIVATE), text()) == asked + 1

    asyncio.run(main())
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == [
        f"a chat takes no messages any more ({why})"
    ]


def test_kicked_while_in_doubt(api: BotApi, tmp_path: Path) -> None:
    async def main() -> None:
        async with post(api, tmp_path) as outbox:
            asked = outbox.hear(api, GROUP)
            api.faults["sendMessage"].append(RESET)
            api.faults["editMessageReplyMarkup"].append(KICKED)
            assert await outbox.say("1:0", Place(GROUP, reply_to=asked), text(), rows()) is None
            assert outbox.memory.people.place(GROUP) is None

    asyncio.run(main())


def test_a_muted_bot_keeps_the_chat(api: BotApi, tmp_path: Path) -> None:
    async def main() -> None:
        async with post(api, tmp_path) as outbox:
            muted = Fault(400, "Bad Request: not enough rights to send text messages to the chat")
            api.faults["sendMessage"].append(muted)
            assert await outbox.say("1:0", Place(GROUP), text()) is None
            assert outbox.memory.people.place(GROUP) == GROUP
            assert await outbox.say("2:0", Place(GROUP), text()) is not None

    asyncio.run(main())


def test_a_group_that_became_a_supergroup_is_followed(api: BotApi, tmp_path: Path) -> None:
    async def main() -> None:
        async with post(api, tmp_path) as outbox:
            asked = outbox.hear(api, GROUP)
            new = api.migrate(GROUP)
            number = await outbox.say("1:0", Place(GROUP, reply_to=asked), text(), rows())
            assert [(call.data["chat_id"], call.message_id) for call in api.sent()] == [(new, number)]
            assert "reply_parameters" not in api.sent()[0].data  # the id is another message's there
            await outbox.say("2:0", Place(GROUP), text())
            assert len(api.refused) == 1

    asyncio.run(main())


def test_a_move_that_is_told_of_is_known_before_sending(api: BotApi, tmp_path: Path) -> None:
    async def main() -> None:
        async with post(api, tmp_path) as outbox:
            outbox.hear(api, GROUP)
            new = api.migrate(GROUP)
            outbox.told(next(m for m in api.chats.in_chat(GROUP) if "migrate_to_chat_id" in m))
            assert await outbox.say("1:0", Place(GROUP), text())
            assert api.sent()[0].data["chat_id"] == new
            assert api.refused == []

    asyncio.run(main())


def test_a_press_that_is_lost_on_the_way_is_answered_while_telegram_remembers(tmp_path: Path) -> None:
    async def main(api: BotApi) -> None:
        async with post(api, tmp_path, read_timeout=30.0) as outbox:
            asked = outbox.hear(api)
            number = await outbox.say("1:0", Place(PRIVATE, reply_to=asked), text(), rows())
            assert number is not None
            button = rows()[0][0].label
            query = await asyncio.to_thread(api.press, PRIVATE, number, button)
            api.faults["answerCallbackQuery"] += [TIMEOUT]
            await outbox.press(query, "Noted.")
            assert [answer["text"] for answer in api.queries.known[query].answers] == ["Noted."]

    with BotApi(hang=25.0) as api:
        asyncio.run(main(api))
