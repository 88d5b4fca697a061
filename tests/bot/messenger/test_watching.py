"""/watch, /unwatch and what is told, over an index that grows: the bot as a process, killed and started again."""

import signal
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from retrieval.encoder import Encoder
from tests.bot.messenger.library import Library
from tests.bot_api import BotApi, Call, buttons_of, wait_for

GROUP = -70
BAN = "Ardavia will ban grain exports from January, Minister Vera Lang said on Friday."
DENIED = "Kazakhstan has never joined any parallel imports, Deputy Minister Kairat Torebayev said."
LIFTED = "The ban on grain exports is lifted, Prime Minister Otto Brandt said in Velin."
BANNED_AGAIN = "The ban on grain exports is back, Prime Minister Otto Brandt said in Velin."


@pytest.fixture
def library(tmp_path: Path, encoder: Encoder, starter: Path, models: Path) -> Library:
    made = Library(tmp_path, encoder, starter, models)
    made.build()
    return made


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as server:
        yield server
        # a poll of a process that was killed still stands when the next one polls
        assert [why for why in server.refused if not why.startswith("getUpdates")] == []


def asked(api: BotApi, command: str, chat: int, by: int | None = None) -> Call:
    """The reply."""
    before = len(api.sent(chat))
    api.say(command, chat, by=by)
    return api.wait_sent(before + 1, chat)[-1]


def labels(call: Call) -> list[str]:
    return [str(button["text"]) for button in buttons_of(call.data)]


def test_what_is_new_is_told_once_whatever_happens_meanwhile(api: BotApi, library: Library) -> None:
    with library.bot(api, watch_messages=2) as bot:
        begun = asked(api, "/watch grain exports", 7)
        assert begun.text.startswith("I watch “grain exports” from now on. 1 statement is there so far.")
        asked(api, "/watch parallel imports", 7)
        asked(api, "/watch parallel imports", 8)
        asked(api, "/watch the mill closure", 9)
        library.add("ban.md", f"{BAN}\n\n{DENIED}")
        told = api.wait_sent(3, 7)[2]
        assert told.shown("bold") == ["New on watched topics", "grain exports", "parallel imports"]
        assert sorted(told.shown("blockquote")) == [BAN, DENIED]
        assert labels(told) == ["What is watched here"]
        other = api.wait_sent(2, 8)[1]
        assert other.shown("bold") == ["New on “parallel imports”"]
        assert other.shown("blockquote") == [DENIED]
        assert asked(api, "/new grain exports", 7).text.startswith("Nothing new on “grain exports” since ")
        bot.send_signal(signal.SIGKILL)
        bot.wait()
    library.add("lifted.md", LIFTED)  # while it is down
    with library.bot(api, watch_messages=2):
        told = api.wait_sent(5, 7)[4]
        assert told.shown("blockquote") == [LIFTED]
        library.add("more.md", BANNED_AGAIN, day=date(2023, 12, 9))
        time.sleep(2.0)
        assert [len(api.sent(chat)) for chat in (7, 8, 9)] == [5, 2, 1]  # the day's two messages are told
        rest = asked(api, "/new grain exports", 7)
        assert rest.text.startswith("1 new statement on “grain exports” since ")
        assert rest.shown("blockquote") == [BANNED_AGAIN]
    assert "Traceback" not in library.log
    assert "grain" not in library.log


def test_lists_and_stopping(api: BotApi, library: Library) -> None:
    with library.bot(api, watches=2):
        assert asked(api, "/watch", 7).text.startswith("No topic is watched here.")
        asked(api, "/watch grain exports", 7)
        assert asked(api, "/watch Grain  exports!", 7).text.startswith("“Grain exports!” is watched already.")
        begun = asked(api, "/watch quantum computing", 7)
        assert "Nothing is there so far." in begun.text
        full = asked(api, "/watch parallel imports", 7)
        assert full.text.startswith("2 topics are watched already, and no more can be.")
        listed = asked(api, "/watch", 7)
        assert listed.text == "Watched here:\n– grain exports\n– quantum computing"
        assert labels(listed) == ["Stop: grain exports", "Stop: quantum computing"]
        press = api.press(7, listed.message_id, "Stop: grain exports")
        assert api.wait_answer(press)["text"] == "No longer watched."
        wait_for(
            lambda: api.shown(7, listed.message_id)["text"] == "Watched here:\n– quantum computing",
            20,
            lambda: "the list stays as it was",
        )
        assert asked(api, "/unwatch nothing", 7).text.startswith("“nothing” is not watched.\n\nWatched here:")
        assert asked(api, "/unwatch Quantum computing", 7).text == "“quantum computing” is no longer watched."
        assert asked(api, "/unwatch", 7).text.startswith("No topic is watched here.")


def test_in_a_group_administrators_decide(api: BotApi, library: Library) -> None:
    api.chats.members[GROUP, 41] = "administrator"
    with library.bot(api, admins=[42]):
        refused = asked(api, "/watch grain exports", GROUP, by=40)
        assert refused.text == "In this group, administrators decide what is watched."
        begun = asked(api, "/watch grain exports", GROUP, by=41)
        assert begun.text.startswith("I watch “grain exports” from now on.")
        asked(api, "/watch parallel imports", GROUP, by=42)
        press = api.press(GROUP, begun.message_id, "Stop: grain exports", by=40)
        assert api.wait_answer(press)["show_alert"] is True
        assert asked(api, "/unwatch grain exports", GROUP, by=40).text == refused.text
        listed = asked(api, "/watch", GROUP, by=40)
        assert listed.text == "Watched here:\n– grain exports\n– parallel imports"
        library.add("ban.md", BAN)
        told = api.wait_sent(6, GROUP)[-1]
        assert told.shown("blockquote") == [BAN]
        for by in (40, 41, 40):
            api.wait_answer(api.press(GROUP, told.message_id, "What is watched here", by=by))
        asked(api, "/watch", GROUP, by=40)
        assert [call.text for call in api.sent(GROUP)[6:]] == [listed.text] * 2  # one for the presses
