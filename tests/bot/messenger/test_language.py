"""/language, to the bot as a process: who may choose what, what holds, and what Telegram shows of the bot."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.messenger.handlers.language import commands, commands_for_admins
from bot.render.phrases import ENGLISH, phrases
from tests.bot.messenger.process import clean, ready, running
from tests.bot_api import ME, BotApi, buttons_of, wait_for

ASKED = "Which language shall I speak? Quotes stay as they were printed."
RUSSIAN, KAZAKH = phrases("ru"), phrases("kk")
HINT = "I answer questions written as text. /help shows how to ask."
COMMAND = f"/language@{ME['username']}"
ADMIN = 4711


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bot")


@pytest.fixture(scope="module")
def api(folder: Path) -> Iterator[BotApi]:
    with BotApi() as server, running(server.url, folder, admins=[ADMIN]):
        ready(server)
        yield server
    clean(folder)


def labels(api: BotApi, chat: int, message_id: int) -> list[str]:
    return [button["text"] for button in buttons_of(api.shown(chat, message_id))]


def settled(api: BotApi, chat: int, message_id: int, text: str) -> None:
    wait_for(
        lambda: api.shown(chat, message_id)["text"] == text, 20, lambda: str(api.shown(chat, message_id))
    )


def hint(api: BotApi, chat: int) -> str:
    """What the bot says to a sticker."""
    before = len(api.sent(chat))
    api.say(
        None,
        chat,
        sticker={
            "file_id": "s",
            "file_unique_id": "u",
            "type": "regular",
            "width": 1,
            "height": 1,
            "is_animated": False,
            "is_video": False,
        },
    )
    return api.wait_sent(before + 1, chat)[-1].text


def test_it_speaks_as_telegram_says_until_told_otherwise(api: BotApi) -> None:
    api.languages[20] = "ru"
    assert hint(api, 20) == RUSSIAN(HINT)
    api.say("/language", 20)
    shown = api.wait_sent(2, 20)[-1]
    assert shown.text == RUSSIAN(ASKED)
    assert labels(api, 20, shown.message_id) == ["English", "Русский", "Қазақша", "• Как в Telegram"]
    pressed = api.press(20, shown.message_id, "Қазақша")
    assert api.wait_answer(pressed)["text"] == KAZAKH("The language is set.")
    settled(api, 20, shown.message_id, KAZAKH(ASKED))
    assert labels(api, 20, shown.message_id) == ["English", "Русский", "• Қазақша", "Telegram тілінде"]
    assert hint(api, 20) == KAZAKH(HINT)
    api.press(20, shown.message_id, "Telegram тілінде")
    settled(api, 20, shown.message_id, RUSSIAN(ASKED))
    assert hint(api, 20) == RUSSIAN(HINT)


def test_in_a_group_whoever_asked_or_an_administrator_chooses_for_all(api: BotApi) -> None:
    asked = "Which language shall I speak in this group? Quotes stay as they were printed."
    api.languages[31] = "kk"
    api.chats.members[-30, 33] = "administrator"
    api.say(COMMAND, -30, by=31)
    shown = api.wait_sent(1, -30)[-1]
    assert shown.text == KAZAKH(asked)
    refused = api.wait_answer(api.press(-30, shown.message_id, "English", by=32))
    only = "In this group, whoever asked or an administrator chooses the language."
    assert (refused["text"], refused["show_alert"]) == (only, True)
    assert api.shown(-30, shown.message_id)["text"] == KAZAKH(asked)
    api.press(-30, shown.message_id, "Русский", by=33)
    settled(api, -30, shown.message_id, RUSSIAN(asked))
    api.say(f"/sources@{ME['username']}", -30, by=34)
    assert api.wait_sent(2, -30)[-1].text.startswith(RUSSIAN("Articles by outlet"))
    api.press(-30, shown.message_id, "English", by=31)
    settled(api, -30, shown.message_id, asked)
    assert hint(api, 31) == KAZAKH(HINT)  # alone with the bot, nothing has changed


def test_what_was_chosen_holds_for_the_group_that_moves(api: BotApi) -> None:
    api.say(COMMAND, -40, by=41)
    shown = api.wait_sent(1, -40)[-1]
    api.press(-40, shown.message_id, "Қазақша", by=41)
    settled(
        api,
        -40,
        shown.message_id,
        KAZAKH("Which language shall I speak in this group? Quotes stay as they were printed."),
    )
    new = api.migrate(-40)
    api.say(f"/sources@{ME['username']}", new, by=42)
    assert api.wait_sent(1, new)[-1].text.startswith(KAZAKH("Articles by outlet"))


def test_the_menu_and_descriptions_are_there_in_every_language(api: BotApi) -> None:
    calls = [
        (c.method, c.data.get("language_code"), c.data) for c in api.calls if c.method.startswith("setMy")
    ]
    for code, say in ((None, ENGLISH), ("ru", RUSSIAN), ("kk", KAZAKH)):
        mine = {method: data for method, language, data in calls if language == code and "scope" not in data}
        assert [(c["command"], c["description"]) for c in mine["setMyCommands"]["commands"]] == commands(say)
        assert len(mine["setMyDescription"]["description"]) <= 512
        assert len(mine["setMyShortDescription"]["short_description"]) <= 120
        (own,) = [data for _, language, data in calls if language == code and "scope" in data]
        assert own["scope"] == {"type": "chat", "chat_id": ADMIN}
        assert [c["command"] for c in own["commands"]] == [name for name, _ in commands_for_admins(say)]


def test_every_command_of_the_menu_is_answered(api: BotApi) -> None:
    for number, (name, description) in enumerate(commands(ENGLISH), start=50):
        assert 3 <= len(description) <= 256
        api.say(f"/{name}", number)
        assert api.wait_sent(1, number)[0].text
