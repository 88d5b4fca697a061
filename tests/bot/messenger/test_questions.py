"""Questions, buttons and commands, to the bot as a process over literal answers: what people would see."""

import signal
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.bot.messenger.process import clean, logged, ready, running
from tests.bot_api import ME, TIMEOUT, BotApi, buttons_of, flood, person, wait_for

NAME = f"@{ME['username']}"
HINT = "I answer questions written as text. /help shows how to ask."
GONE = "These buttons no longer work. Please ask again."
_people = count(1000)


@pytest.fixture(scope="module")
def polling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[BotApi, Path]]:
    folder = tmp_path_factory.mktemp("bot")
    with (
        BotApi() as server,
        running(server.url, folder, per_user=1000, per_group=1000, waiting_each=50),
    ):
        ready(server)
        yield server, folder


@pytest.fixture
def api(polling: tuple[BotApi, Path]) -> BotApi:
    return polling[0]


@pytest.fixture
def someone() -> int:
    return next(_people)


@pytest.fixture
def group() -> int:
    return -next(_people)


def settle(api: BotApi, seconds: float = 0.3) -> None:
    """Until everything that was said has been given to the bot, and a little longer for what should not follow."""
    wait_for(
        lambda: all(told.given for told in list(api.updates.deliveries.values())), 20, lambda: "not taken"
    )
    time.sleep(seconds)


def quoted(api: BotApi, chat: int, number: int = 1) -> str:
    """What the last of so many answers in the chat quotes: the question, as the bot took it."""
    message = api.wait_sent(number, chat=chat)[-1]
    (text,) = message.shown("blockquote")
    return text


def silent(api: BotApi, chat: int) -> None:
    settle(api)
    assert api.sent(chat) == []


def now_shown(api: BotApi, chat: int, message_id: int, text: str) -> dict[str, Any]:
    """The message once it holds the text."""
    wait_for(
        lambda: text in api.shown(chat, message_id)["text"], 20, lambda: api.shown(chat, message_id)["text"]
    )
    return api.shown(chat, message_id)


def short_id(message: dict[str, Any]) -> str:
    """Of the answer that the message shows, as its buttons have it."""
    return str(next(buttons_of(message))["callback_data"]).partition(":")[0]


def labels(message: dict[str, Any]) -> list[str]:
    return [button["text"] for button in buttons_of(message)]


# Who is answered, where


def test_in_private_every_text_is_a_question(api: BotApi, someone: int) -> None:
    asked = api.say("Is it raining in Baku?", chat=someone)
    assert quoted(api, someone) == "Is it raining in Baku?"
    (answer,) = api.sent(someone)
    assert answer.data["reply_parameters"]["message_id"] == asked


def test_in_private_a_caption_is_a_question(api: BotApi, someone: int) -> None:
    photo = [{"file_id": "f", "file_unique_id": "f", "width": 1, "height": 1}]
    api.say(None, chat=someone, photo=photo, caption="Was this bridge closed?")
    assert quoted(api, someone) == "Was this bridge closed?"


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (f"{NAME} is it raining?", "is it raining?"),
        (f"🙂 is it raining, {NAME.upper()}?", "🙂 is it raining, ?"),
        (f"/ask{NAME} is it raining?", "is it raining?"),
        ("/ask is it raining?", "is it raining?"),
        ("/ASK\nis it\nraining?", "is it\nraining?"),
    ],
)
def test_in_a_group_it_is_asked_by_mention_and_command(
    api: BotApi, group: int, text: str, question: str
) -> None:
    api.say(text, chat=group)
    assert quoted(api, group) == question


def test_in_a_group_a_reply_to_it_asks(api: BotApi, group: int) -> None:
    api.say(f"{NAME} is it raining?", chat=group)
    (first,) = api.wait_sent(1, chat=group)
    api.say("Who closed the bridge?", chat=group, reply_to=first.message_id)
    assert quoted(api, group, 2) == "Who closed the bridge?"


def test_a_bare_mention_checks_the_message_replied_to(api: BotApi, group: int) -> None:
    claim = api.say("The mill will close in May.", chat=group, by=5)
    called = api.say(NAME, chat=group, by=6, reply_to=claim)
    assert quoted(api, group) == "Is it true that The mill will close in May?"
    assert api.sent(group)[0].data["reply_parameters"]["message_id"] == called


def test_a_bare_ask_checks_the_part_that_is_quoted(api: BotApi, group: int) -> None:
    claim = api.say("Rain all day. The mill will close in May.", chat=group, by=5)
    part = {"text": "The mill will close in May.", "position": 14, "is_manual": True}
    api.say("/ask", chat=group, by=6, reply_to=claim, quote=part)
    assert quoted(api, group) == "Is it true that The mill will close in May?"


def test_a_caption_can_be_checked_and_its_mention_is_left_out(api: BotApi, group: int) -> None:
    photo = [{"file_id": "f", "file_unique_id": "f", "width": 1, "height": 1}]
    claim = api.say(None, chat=group, by=5, photo=photo, caption="The mill will close in May.")
    api.say(f" {NAME}", chat=group, by=6, reply_to=claim)
    assert quoted(api, group) == "Is it true that The mill will close in May?"


@pytest.mark.parametrize("words", ["is that true?", "really?", "check this please", "правда?"])
def test_words_that_only_point_at_a_message_check_it(api: BotApi, group: int, words: str) -> None:
    claim = api.say("The mill will close in May.", chat=group, by=5)
    api.say(f"{NAME} {words}", chat=group, by=6, reply_to=claim)
    assert quoted(api, group) == "Is it true that The mill will close in May?"


def test_a_question_about_a_message_goes_on_with_it(api: BotApi, group: int) -> None:
    claim = api.say("The mill will close in May.", chat=group, by=5)
    api.say(f"{NAME} when was that said?", chat=group, by=6, reply_to=claim)
    assert quoted(api, group) == "when was that said? (Is it true that The mill will close in May?)"
    api.say(f"{NAME} who owns a mill?", chat=group, by=6, reply_to=claim)
    assert quoted(api, group, 2) == "who owns a mill?"


def test_a_forwarded_post_is_checked(api: BotApi, someone: int) -> None:
    api.forward("The mill will close in May.", chat=someone)
    assert quoted(api, someone) == "Is it true that The mill will close in May?"


@pytest.mark.parametrize("text", [NAME, "/ask", f"/ask{NAME}", f"  {NAME} , "])
def test_called_without_a_question_it_gives_a_hint(api: BotApi, group: int, text: str) -> None:
    api.say(text, chat=group)
    assert [m.text for m in api.wait_sent(1, chat=group)] == [HINT]


def test_thanks_are_no_question(api: BotApi, someone: int, group: int) -> None:
    api.say("Спасибо!", someone)
    (hint,) = api.wait_sent(1, chat=someone)
    assert hint.text == "/help shows how to ask, /sources what I have read."
    api.say(f"{NAME} thanks!", group)
    silent(api, group)


def test_anonymous_administrators_and_channels_are_answered(api: BotApi, group: int) -> None:
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    place = {"id": group, "type": "group", "title": "G"}
    writes: dict[str, Any] = {"from": anonymous, "sender_chat": place}
    api.say(f"{NAME} is it raining?", chat=group, **writes)
    assert quoted(api, group) == "is it raining?"
    api.press(group, api.sent(group)[0].message_id, "👍", by=77)  # whoever it was
    now_ticked(api, group, api.sent(group)[0].message_id)
    stands_in = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
    channel = {"id": -1_000_000_000_777, "type": "channel", "title": "C"}
    writes = {"from": stands_in, "sender_chat": channel}
    api.say("/ask who closed the bridge?", chat=group, **writes)
    assert quoted(api, group, 2) == "who closed the bridge?"


def now_ticked(api: BotApi, chat: int, message_id: int) -> None:
    wait_for(lambda: "👍 ✓" in labels(api.shown(chat, message_id)), 20, lambda: "no vote is shown")


def test_forum_topics_are_respected(api: BotApi) -> None:
    forum = -1_000_000_000_500
    opening = {
        "message_id": 8,
        "date": 1,
        "chat": {"id": forum, "type": "supergroup", "title": "G", "is_forum": True},
        "from": ME,  # even where the bot itself opened the topic
        "forum_topic_created": {"name": "News", "icon_color": 1},
    }
    api.say("Good morning!", chat=forum, by=5, thread=8, reply_to_message=opening)
    api.say(f"{NAME} is it raining?", chat=forum, by=5, thread=8, reply_to_message=opening)
    api.say(NAME, chat=forum, by=5, thread=8, reply_to_message=opening)
    answer, hint = api.wait_sent(2, chat=forum)
    settle(api)
    assert len(api.sent(forum)) == 2
    assert answer.shown("blockquote") == ["is it raining?"]
    assert hint.text == HINT
    assert {m.data["message_thread_id"] for m in (answer, hint)} == {8}


def test_what_is_not_for_the_bot_stays_unanswered(api: BotApi, group: int) -> None:
    other = api.say("Is it raining?", chat=group)
    api.say("Yes!", chat=group, reply_to=other)
    api.say("@another_bot is it raining?", chat=group)
    api.say("/ask@another_bot is it raining?", chat=group)
    api.say("/nonsense", chat=group)
    api.say(f"mail me at x{NAME}", chat=group, entities=[])
    robot: dict[str, Any] = {"from": person(5) | {"is_bot": True}}
    api.say(f"{NAME} hi", chat=group, **robot)
    api.say(f"{NAME} hi", chat=group, via_bot=ME)
    silent(api, group)


def test_what_somebody_shares_through_the_bot_is_no_question_to_it(api: BotApi, someone: int) -> None:
    api.say("Yes. It said so.", chat=someone, via_bot=ME)
    silent(api, someone)


def test_too_long_a_question_is_refused_politely(api: BotApi, someone: int) -> None:
    api.say("w" * 1001, chat=someone)
    (reply,) = api.wait_sent(1, chat=someone)
    assert reply.text == "That question has 1001 characters; please ask in at most 1000."


def test_a_failure_is_told_in_a_line_and_logged_by_its_place(
    polling: tuple[BotApi, Path], someone: int
) -> None:
    api, folder = polling
    api.say("fail over confidentialmatter", chat=someone)
    (reply,) = api.wait_sent(1, chat=someone)
    assert reply.text == "Something went wrong here and your question was not answered. Please ask again."
    text = logged(folder)
    assert "ValueError at " in text
    assert "confidentialmatter" not in text


# Commands


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("/start", "Ask me about the news"),
        ("/start c2VjcmV0LXBheWxvYWQ", "Ask me about the news"),
        ("/help", "Just write a question"),
        ("/about", "I am Onrecord. I have read 4 articles; build 7f3a, model literal."),
        ("/sources", "Articles by outlet\nDaily Line: 3\nBaku Wire: 1"),
        ("/nonsense", HINT),
        ("/ask", HINT),
    ],
)
def test_commands(api: BotApi, someone: int, command: str, shown: str) -> None:
    api.say(command, chat=someone)
    (reply,) = api.wait_sent(1, chat=someone)
    assert reply.text.startswith(shown)
    assert "c2Vj" not in reply.text


# Buttons


def asked(api: BotApi, chat: int, question: str = "Did it rain?", **by: Any) -> int:
    before = len(api.sent(chat))
    api.say(question, chat=chat, **by)
    return api.wait_sent(before + 1, chat=chat)[-1].message_id


def test_context_and_back(api: BotApi, someone: int) -> None:
    answer = asked(api, someone)
    before = api.shown(someone, answer)
    query = api.press(someone, answer, "Context")
    shown = now_shown(api, someone, answer, "It was a grey day. Did it rain? Nobody was surprised.")
    assert api.wait_answer(query).get("text", "") == ""
    assert labels(shown)[0] == "Back"
    api.press(someone, answer, "Back")
    wait_for(lambda: api.shown(someone, answer)["text"] == before["text"], 20, lambda: "not back")
    settle(api)
    assert api.shown(someone, answer)["entities"] == before["entities"]
    assert len(api.sent(someone)) == 1


def test_a_vote_is_shown_changed_and_taken_back(api: BotApi, someone: int) -> None:
    answer = asked(api, someone)
    told = []
    for button in ("u", "d", "d"):
        told.append(api.wait_answer(api.press(someone, answer, button))["text"])
        settle(api, 0.1)
        told.append(" ".join(label for label in labels(api.shown(someone, answer)) if label[0] in "👍👎"))
    assert told == [
        "Noted, thank you.",
        "👍 ✓ 👎",
        "Noted, thank you.",
        "👍 👎 ✓",
        "Your vote is taken back.",
        "👍 👎",
    ]


def test_buttons_are_for_whoever_asked(api: BotApi, group: int) -> None:
    answer = asked(api, group, f"{NAME} did it rain?", by=5)
    shown = api.shown(group, answer)
    toast = api.wait_answer(api.press(group, answer, "👍", by=6))
    assert (toast["text"], toast["show_alert"]) == ("These buttons are for whoever asked.", True)
    settle(api)
    assert api.shown(group, answer) == shown
    api.press(group, answer, "👍", by=5)
    now_ticked(api, group, answer)


@pytest.mark.parametrize(
    "data",
    [
        "",
        ":",
        "x",
        "AAAAAAAAAAAA:u",
        "AAAAAAAAAAAA:p0",
        "{short}:p",
        "{short}:z",
        "{short}:u:u",
        "{short}:p99999",
    ],
)
def test_data_that_is_no_button_gets_a_polite_toast(api: BotApi, someone: int, data: str) -> None:
    answer = asked(api, someone)
    short = short_id(api.shown(someone, answer))
    pressed = data.format(short=short) or None
    number = api.queries.new("press", someone)
    message = api.shown(someone, answer) | {"message_id": answer + 500}
    game = {} if pressed else {"game_short_name": "g"}
    update = {
        "id": number,
        "from": person(someone),
        "message": message,
        "chat_instance": "1",
        "data": pressed,
    } | game
    api.push(callback_query={name: value for name, value in update.items() if value is not None})
    assert api.wait_answer(number)["text"] == GONE


def test_a_button_does_nothing_in_another_chat(api: BotApi, someone: int, group: int) -> None:
    answer = asked(api, someone)
    message = api.shown(someone, answer)
    moved = message | {"chat": {"id": group, "type": "group", "title": "G"}}
    data = f"{short_id(message)}:u"
    number = api.queries.new("press", someone)
    api.push(
        callback_query={
            "id": number,
            "from": person(someone),
            "message": moved,
            "chat_instance": "1",
            "data": data,
        }
    )
    assert api.wait_answer(number)["text"] == GONE


def test_a_press_that_comes_twice_counts_once(api: BotApi, someone: int) -> None:
    answer = asked(api, someone)
    query = api.press(someone, answer, "👍")
    api.wait_answer(query)
    api.updates.repeat(api.queries.known[query].update_id)
    settle(api)
    now_ticked(api, someone, answer)


def test_asking_again_answers_in_the_same_message(api: BotApi, someone: int) -> None:
    answer = asked(api, someone)
    message = api.shown(someone, answer)
    short = short_id(message)

    def press() -> str:
        number = api.queries.new("press", someone)
        api.push(
            callback_query={
                "id": number,
                "from": person(someone),
                "message": message,
                "chat_instance": "1",
                "data": f"{short}:x",
            }
        )
        return str(api.wait_answer(number).get("text", ""))

    assert [press(), press()] == ["Asking again…", ""]  # the second finds it answered
    settle(api)
    assert len(api.sent(someone)) == 1
    assert short_id(api.shown(someone, answer)) != short
    api.press(someone, answer, "👍")
    now_ticked(api, someone, answer)


# Follow-ups


def test_a_follow_up_goes_on_with_the_topic_until_it_is_forgotten(api: BotApi, someone: int) -> None:
    asked(api, someone, "Did the mill close?")
    api.say("and when was that?", chat=someone)
    assert quoted(api, someone, 2) == "and when was that? (Did the mill close?)"
    first, second = (labels(api.shown(someone, m.message_id)) for m in api.sent(someone))
    assert "Share" in first
    assert "Share" not in second  # elsewhere it would ask something else
    api.say("and why?", chat=someone)
    assert quoted(api, someone, 3) == "and why? (Did the mill close?)"
    api.say("/forget", chat=someone)
    assert api.wait_sent(4, chat=someone)[-1].text.startswith("Forgotten: ")
    api.say("and who?", chat=someone)
    assert quoted(api, someone, 5) == "and who?"


def test_forgotten_answers_lose_their_buttons(api: BotApi, someone: int) -> None:
    answer = asked(api, someone)
    api.say("/forget", chat=someone)
    api.wait_sent(2, chat=someone)
    assert api.wait_answer(api.press(someone, answer, "👍"))["text"] == GONE


def test_topics_are_each_persons_own(api: BotApi, group: int) -> None:
    asked(api, group, f"{NAME} did the mill close?", by=5)
    api.say(f"{NAME} and why?", chat=group, by=6)
    assert quoted(api, group, 2) == "and why?"
    api.say(f"{NAME} and why?", chat=group, by=5)
    assert quoted(api, group, 3) == "and why? (did the mill close?)"


def test_a_reply_goes_on_with_the_answer_it_replies_to(api: BotApi, group: int) -> None:
    answer = asked(api, group, f"{NAME} did the mill close?", by=5)
    asked(api, group, f"{NAME} who opened the bridge?", by=5)
    api.say("and why?", chat=group, by=6, reply_to=answer)
    assert quoted(api, group, 3) == "and why? (did the mill close?)"


# Edits


def test_an_edited_question_is_answered_anew_in_place(api: BotApi, someone: int) -> None:
    written = api.say("Did it rain in May?", chat=someone)
    (answer,) = api.wait_sent(1, chat=someone)
    api.edit(someone, written, "Did it rain in June?")
    now_shown(api, someone, answer.message_id, "Did it rain in June?")
    api.press(someone, answer.message_id, "👍")
    now_ticked(api, someone, answer.message_id)
    assert len(api.sent(someone)) == 1


def test_where_the_answer_was_deleted_an_edit_is_answered_in_another(api: BotApi, someone: int) -> None:
    written = api.say("Did it rain in May?", chat=someone)
    (answer,) = api.wait_sent(1, chat=someone)
    api.chats.delete(someone, answer.message_id)
    api.edit(someone, written, "Did it rain in June?")
    assert quoted(api, someone, 2) == "Did it rain in June?"
    api.edit(someone, written, "Did it rain in July?")
    now_shown(api, someone, api.sent(someone)[1].message_id, "Did it rain in July?")


def test_an_edit_that_changes_nothing_of_the_question_does_nothing(api: BotApi, group: int) -> None:
    written = api.say(f"{NAME} did it rain?", chat=group, by=5)
    (answer,) = api.wait_sent(1, chat=group)
    shown = api.shown(group, answer.message_id)
    api.edit(group, written, f"{NAME}, did it rain?")
    api.edit(group, written, "never mind")
    settle(api)
    assert api.shown(group, answer.message_id) == shown
    assert len(api.sent(group)) == 1


def test_an_edit_that_adds_the_mention_asks(api: BotApi, group: int) -> None:
    written = api.say("did it rain?", chat=group, by=5)
    silent(api, group)
    api.edit(group, written, f"{NAME} did it rain?")
    assert quoted(api, group) == "did it rain?"


def test_an_edit_while_the_first_answer_is_made_does_not_make_two(api: BotApi, someone: int) -> None:
    written = api.say("sleep 1 second", chat=someone)
    wait_for(
        lambda: any(c.method == "sendChatAction" and c.data["chat_id"] == someone for c in api.calls),
        20,
        lambda: "it does not type",
    )
    api.edit(someone, written, "Did it rain?")
    (answer,) = api.wait_sent(1, chat=someone)
    now_shown(api, someone, answer.message_id, "Did it rain?")
    settle(api)
    assert len(api.sent(someone)) == 1


def test_a_page_on_its_way_never_covers_the_answer_to_an_edit(api: BotApi, someone: int) -> None:
    written = api.say("Did it rain in May?", chat=someone)
    (answer,) = api.wait_sent(1, chat=someone)
    api.faults["answerCallbackQuery"].append(flood(1))
    pressed = api.press(someone, answer.message_id, "c")
    wait_for(lambda: not api.faults["answerCallbackQuery"], 20, lambda: "the press is not answered")
    api.edit(someone, written, "Did it rain in June?")
    now_shown(api, someone, answer.message_id, "Did it rain in June?")
    api.wait_answer(pressed)
    settle(api)
    shown = api.shown(someone, answer.message_id)
    assert "Did it rain in June?" in shown["text"]
    api.press(someone, answer.message_id, "👍")
    now_ticked(api, someone, answer.message_id)


def test_buttons_work_where_the_group_moved_before_its_answer_came(api: BotApi, group: int) -> None:
    api.say("/ask sleep 1 second", chat=group, by=5)
    wait_for(
        lambda: any(c.method == "sendChatAction" and c.data["chat_id"] == group for c in api.calls),
        20,
        lambda: "it does not type",
    )
    moved = api.migrate(group)
    (answer,) = api.wait_sent(1, chat=moved)
    api.press(moved, answer.message_id, "c", by=5)
    now_shown(api, moved, answer.message_id, "In context")


def test_an_edit_that_arrives_before_its_message_wins(api: BotApi, someone: int) -> None:
    with api.updates.reordered():
        written = api.say("Did it rain in May?", chat=someone)
        api.edit(someone, written, "Did it rain in June?")
    assert quoted(api, someone) == "Did it rain in June?"
    settle(api)
    assert len(api.sent(someone)) == 1


def test_an_edit_after_an_hour_is_left_alone(api: BotApi, group: int) -> None:
    written = api.say("did it rain?", chat=group, by=5, date=int(time.time()) - 3700)
    api.edit(group, written, f"{NAME} did it rain?")
    silent(api, group)


def test_a_question_that_was_too_long_may_be_shortened(api: BotApi, someone: int) -> None:
    written = api.say("w" * 1001, chat=someone)
    api.wait_sent(1, chat=someone)
    api.edit(someone, written, "Did it rain?")
    assert quoted(api, someone, 2) == "Did it rain?"


# Restarts


def test_buttons_topics_and_votes_outlive_the_process(tmp_path: Path) -> None:
    with BotApi() as api:
        with running(api.url, tmp_path) as process:
            ready(api)
            answer = asked(api, 7, "Did the mill close?")
            api.press(7, answer, "👍")
            now_ticked(api, 7, answer)
            process.send_signal(signal.SIGKILL)
            process.wait()
        api.calls.clear()
        with running(api.url, tmp_path):
            ready(api)
            api.press(7, answer, "Context")
            shown = now_shown(api, 7, answer, "It was a grey day.")
            assert "👍 ✓" in labels(shown)
            api.say("and why?", chat=7)
            assert quoted(api, 7) == "and why? (Did the mill close?)"


def test_a_vote_that_is_taken_up_again_after_a_kill_counts_once(tmp_path: Path) -> None:
    with BotApi(hang=5) as api:
        with running(api.url, tmp_path) as process:
            ready(api)
            answer = asked(api, 7)
            api.faults["editMessageText"].append(TIMEOUT)
            api.wait_answer(api.press(7, answer, "👍"))
            wait_for(lambda: not api.faults["editMessageText"], 20, lambda: "no edit")
            process.send_signal(signal.SIGKILL)
            process.wait()
        api.calls.clear()
        with running(api.url, tmp_path):
            ready(api)
            now_ticked(api, 7, answer)


def test_no_log_holds_a_question(polling: tuple[BotApi, Path]) -> None:
    api, folder = polling
    answer = asked(api, 9, "Was confidentialmatter closed?")
    api.wait_answer(api.press(9, answer, "👍"))
    assert "confidentialmatter" not in logged(folder)
    clean(folder)
