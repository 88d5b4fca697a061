"""/new over an index that grows, to the bot as a process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.encoder import Encoder
from tests.bot.messenger.library import Library
from tests.bot_api import BotApi, Call, wait_for

GROUP = -40
BAN = "The government will ban grain exports from January, Minister Vera Lang said on Friday."


@pytest.fixture(scope="module")
def library(
    tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, starter: Path, models: Path
) -> Library:
    made = Library(tmp_path_factory.mktemp("library"), encoder, starter, models)
    made.build()
    return made


@pytest.fixture(scope="module")
def api(library: Library) -> Iterator[BotApi]:
    with BotApi() as server, library.bot(server):
        yield server
        assert server.refused == []
    assert "Traceback" not in library.log


def asked(api: BotApi, command: str, chat: int) -> Call:
    """The reply."""
    before = len(api.sent(chat))
    api.say(command, chat)
    return api.wait_sent(before + 1, chat)[-1]


def quotes(call: Call) -> list[str]:
    return call.shown("blockquote")


def test_the_first_time_shows_the_newest_and_says_so(api: BotApi) -> None:
    first = asked(api, "/new parallel imports", 50)
    assert first.text.startswith(
        "“parallel imports”, the newest first. From now on /new tells what is new to you.\n\n"
        "Kazakh companies are routinely used for parallel imports"
    )
    assert len(quotes(first)) == 2
    assert "· and 3 other reports" in first.text
    again = asked(api, "/new Parallel   imports?", 50)
    assert again.text.startswith("Nothing new on “parallel imports” since ")
    elsewhere = asked(api, "/new parallel imports", 51)
    assert elsewhere.text.partition("\n—")[0] == first.text.partition("\n—")[0]


def test_the_newest_is_so_by_the_days_that_are_shown(api: BotApi) -> None:
    days = [
        entity["unix_time"]
        for entity in asked(api, "/new sanctions", 57).data["entities"]
        if entity["type"] == "date_time"
    ]
    assert len(days) == 5
    assert days == sorted(days, reverse=True)


def test_a_topic_that_nothing_comes_near(api: BotApi) -> None:
    assert asked(api, "/new quantum computing", 52).text == "Nothing on “quantum computing” so far."
    assert asked(api, "/new quantum computing", 52).text.startswith(
        "Nothing new on “quantum computing” since"
    )


def test_without_a_topic_it_is_that_of_the_question_before(api: BotApi) -> None:
    assert asked(api, "/new", 53).text == "On which topic? For example: /new grain exports"
    asked(api, "Did Kazakhstan say it joins parallel imports?", 53)
    assert asked(api, "/new", 53).text.startswith(
        "“Did Kazakhstan say it joins parallel imports?”, the newest"
    )


def test_forget_begins_anew(api: BotApi) -> None:
    asked(api, "/new rail fares", 56)
    asked(api, "/forget", 56)
    assert asked(api, "/new rail fares", 56).text.startswith("“rail fares”, the newest first.")


@pytest.mark.parametrize(
    ("topic", "reply"),
    [
        ("w" * 121, "Please name the topic in at most 120 characters."),
        ("?!", "A topic has at least one word."),
        ("of the", "Nothing on “of the” so far."),
    ],
)
def test_what_is_no_topic(api: BotApi, topic: str, reply: str) -> None:
    assert asked(api, f"/new {topic}", 54).text == reply


def test_a_topic_pings_nobody(api: BotApi) -> None:
    reply = asked(api, "/new @durov #grain", 55)
    assert "@durov" in "".join(reply.shown("code"))


def test_what_a_new_build_brings_is_shown_once(api: BotApi, library: Library) -> None:
    for chat in (60, GROUP):
        asked(api, "/new grain exports", chat)
    said = [f"Exports of grain {word}, {who} said in Velin." for who, word in SPEAKERS]
    build = library.add("ban.md", "\n\n".join([BAN, *said]))
    wait_for(lambda: build in asked(api, "/about", 62).text, 20, lambda: "the build is not seen")
    first = asked(api, "/new grain exports", 60)
    assert first.text.startswith("7 new statements on “grain exports” since ")
    assert len(quotes(first)) == 5
    assert first.text.count("/new") == 0
    api.press(60, first.message_id, "2 more")
    rest = api.wait_sent(3, 60)[-1]
    assert rest.text.startswith("2 more on “grain exports”")
    assert set(quotes(first)) | set(quotes(rest)) == {BAN, *said}
    assert asked(api, "/new grain exports", 60).text.startswith("Nothing new on “grain exports” since ")

    shown = asked(api, "/new grain exports", GROUP)  # where paging goes on in the same message
    api.press(GROUP, shown.message_id, "2 more", by=61)
    wait_for(lambda: "2 more on" in api.shown(GROUP, shown.message_id)["text"], 20, lambda: "not edited")
    assert len(api.sent(GROUP)) == 2
    assert asked(api, "/new grain exports", GROUP).text.startswith("Nothing new")


SPEAKERS = (
    ("Otto Brandt", "will fall by half"),
    ("Clara Weiss", "have never been so dear"),
    ("Ivan Petrenko", "go through two ports alone"),
    ("Maria Santos", "need new rules"),
    ("John Carter", "hurt the poor"),
    ("Aliya Bekova", "will double by autumn"),
)
