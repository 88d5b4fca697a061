"""Which lane an update goes into, whether it is for the bot, and whether its sender may use it."""

from typing import Any

import pytest
from limits.storage import MemoryStorage
from telegram import Update, User

from bot.messenger.incoming import gate, sorting
from bot.messenger.incoming.lanes import Lane
from bot.messenger.incoming.quota import Quota, Seldom
from bot.messenger.options import Options
from tests.bot_api import ME

GROUP = {"id": -100, "type": "supergroup", "title": "G"}
BOT = User(4242424242, "Onrecord", is_bot=True, username=str(ME["username"]))


def update(kind: str = "message", **fields: Any) -> Update:
    person = {"id": 7, "is_bot": False, "first_name": "P"}
    whole: dict[str, Any] = {"from": person, **fields}
    if "message" in kind:
        whole = {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}} | whole
    made = Update.de_json({"update_id": 1, kind: whole}, None)
    assert made is not None
    return made


def text(words: str, **fields: Any) -> Update:
    kinds = {"@": "mention", "/": "bot_command"}
    marked = [w for w in words.split() if w[0] in kinds]
    found = [{"type": kinds[w[0]], "offset": words.index(w), "length": len(w)} for w in marked]
    return update(text=words, entities=found, **fields)


@pytest.mark.parametrize(
    ("given", "lane"),
    [
        (text("Hi"), Lane("chat", 7)),
        (text("Hi", chat=GROUP), Lane("chat", -100, 7)),
        (update("edited_message", text="Hi"), Lane("chat", 7)),
        (update("callback_query", id="1", chat_instance="1", data="a:c"), Lane("press", 7)),
        (update("inline_query", id="1", query="Hi", offset=""), Lane("inline", 7)),
        (update("guest_message", text="Hi", chat=GROUP, guest_query_id="1"), Lane("guest", 7)),
    ],
)
def test_lanes(given: Update, lane: Lane) -> None:
    assert sorting.lane(given) == lane


@pytest.mark.parametrize(
    ("given", "is_question", "is_chatter"),
    [
        (text("Hi"), True, False),
        (text("Hi", chat=GROUP), False, True),
        (text(f"@{ME['username']} Hi", chat=GROUP), True, False),
        (text("@another_bot Hi", chat=GROUP), False, True),
        (text("/help", chat=GROUP), True, False),
        (text(f"/help@{ME['username']}", chat=GROUP), True, False),
        (text("/help@another_bot", chat=GROUP), False, True),
        (text("Look at /help", chat=GROUP), False, True),
        (update(chat=GROUP, new_chat_title="H"), False, False),
        (update(chat=GROUP, migrate_to_chat_id=-200), False, False),
        (update(pinned_message={"message_id": 1, "date": 1, "chat": GROUP}), False, False),
        (update("inline_query", id="1", query="Hi", offset=""), False, False),
        (update("guest_message", text="Hi", chat=GROUP, guest_query_id="1"), True, False),
    ],
)
def test_what_is_for_the_bot(given: Update, is_question: bool, is_chatter: bool) -> None:  # noqa: FBT001
    assert (sorting.is_question(given, BOT), sorting.is_chatter(given, BOT)) == (is_question, is_chatter)


@pytest.mark.parametrize(
    ("options", "private", "group"),
    [
        (Options(), True, True),
        (Options(users=frozenset({7})), True, True),
        (Options(users=frozenset({8})), False, False),
        (Options(users=frozenset({8}), groups=frozenset({-100})), False, True),
        (Options(users=frozenset({8}), groups=frozenset({-90})), False, True),
        (Options(groups=frozenset({-200})), True, False),
        (Options(users=frozenset({8}), groups=frozenset({-200}), admins=frozenset({7})), True, True),
    ],
)
def test_the_gate(options: Options, private: bool, group: bool) -> None:  # noqa: FBT001
    def became(chat: int) -> int | None:
        return -100 if chat == -90 else chat

    asked = (gate.admits(text("Hi"), options, became), gate.admits(text("Hi", chat=GROUP), options, became))
    assert asked == (private, group)


def test_a_quota_is_of_each_person_and_each_group() -> None:
    quota = Quota(per_user=2, per_group=3)
    others = [
        text("Hi", chat=GROUP, **{"from": {"id": n, "is_bot": False, "first_name": "P"}}) for n in (8, 9)
    ]
    assert [quota.admits(text("Hi", chat=GROUP)) for _ in range(3)] == [True, True, False]
    assert [quota.admits(other) for other in others] == [True, False]
    assert not quota.admits(text("Hi"))
    assert quota.admits(text("Hi", **{"from": {"id": 9, "is_bot": False, "first_name": "P"}}))


def test_administrators_without_a_name_are_no_single_person() -> None:
    quota = Quota(per_user=1, per_group=5)
    named = text("Hi", chat=GROUP, sender_chat=GROUP)
    assert [quota.admits(named) for _ in range(6)] == [True] * 5 + [False]


def test_what_is_said_seldom() -> None:
    seldom = Seldom()
    assert [seldom.may("chat", n) for n in (1, 1, 2, 1, 2)] == [True, False, True, False, False]


def test_those_who_stay_away_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("limits.storage.memory.time.time", lambda: 0.0)
    quota = Quota(per_user=20, per_group=60)
    for number in range(500):
        quota.admits(text("Hi", **{"from": {"id": number, "is_bot": False, "first_name": "P"}}))
    monkeypatch.setattr("limits.storage.memory.time.time", lambda: 300.0)
    quota.admits(text("Hi"))
    storage = quota._limiter.storage
    assert isinstance(storage, MemoryStorage)
    storage.timer.join()
    assert len(storage.storage) <= 1
