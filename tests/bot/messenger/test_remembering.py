"""What the bot remembers of answers, topics and votes, in its file."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import Answer, Quote, RankedPassage, Statement
from bot.messenger.memory.shown import Asking, Shown, ShownAnswer, new_short
from bot.messenger.memory.state import Memory
from corpus.database import Database
from corpus.errors import UsageError
from tests.bot.messenger.process import running, terminated
from tests.bot_api import BotApi

DAY = 86_400
QUOTE = Quote(
    "“Мы не участвуем 🙂.”", "a.txt", "T", "Wire", "Ann", date(2023, 9, 29), "https://a.example/", "a", 3, 22, "reported",
    ((4, 6), (7, 9)),
)  # fmt: skip
BARE = Quote("no", "b.txt", None, None, None, None, None, "b", 0, 2)
ANSWER = Answer(
    question="Did it?",
    answered=True,
    reason=None,
    verdict="no",
    confidence=0.93,
    statements=(
        Statement("no", "Aida Serik", "direct", (QUOTE, BARE), 1),
        Statement("yes", None, "narrator", (BARE,)),
    ),
    passages=(RankedPassage("a.txt", 0, 5, 0.03, "Hello", "T", "Wire", date(2023, 9, 29)),),
    build="7f3a",
    model="test",
    took_ms=1.5,
    said=True,
    opposite=True,
    asked="Aida Serik",
)


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    with closing(Memory(tmp_path / "state.sqlite")) as opened:
        yield opened


def shown(key: str = "1:0", *, person: int | None = 5, at: int = 1000, chat: int = 7) -> ShownAnswer:
    return ShownAnswer(new_short(), Asking(key, chat, None, 3, person, "Did it?", "Before?"), ANSWER, at)


def test_an_answer_comes_back_whole(memory: Memory) -> None:
    kept = replace(shown(), message_id=9, page=2, newest=True, context=True, vote=-1, pressed=8)
    memory.shown.add(kept, keep_days=1)
    assert memory.shown.get(kept.short) == kept
    assert memory.shown.of_key("1:0", kept.asking.chat) == kept
    assert memory.shown.in_message(7, 9) == kept
    assert memory.shown.to_message(7, 3) == kept
    assert memory.shown.get(new_short()) is None


@given(text=st.text(st.characters(exclude_categories=["Cs"])), number=st.floats(0, 1))
def test_any_text_comes_back(tmp_path_factory: pytest.TempPathFactory, text: str, number: float) -> None:
    database = Database(tmp_path_factory.getbasetemp() / "any.sqlite", Shown.SCHEMA)
    with closing(database):
        quote = replace(QUOTE, text=text, title=text)
        answer = replace(
            ANSWER, question=text, confidence=number, statements=(Statement("no", text, "direct", (quote,)),)
        )
        kept = replace(shown(new_short()), answer=answer)
        Shown(database).add(kept, keep_days=1)
        assert Shown(database).get(kept.short) == kept


def test_short_ids_are_long_enough_not_to_be_guessed() -> None:
    made = {new_short() for _ in range(1000)}
    assert len(made) == 1000
    assert {len(short) for short in made} == {12}


def test_an_answer_takes_the_place_of_the_one_before(memory: Memory) -> None:
    before, after = shown("1:0"), shown("2:0")
    memory.shown.add(before, keep_days=1)
    memory.shown.add(after, keep_days=1, instead_of=before)
    assert memory.shown.get(before.short) is None
    assert memory.shown.to_message(7, 3) == after


def test_what_is_shown_changes_and_where_it_stands_does_not(memory: Memory) -> None:
    kept = shown()
    memory.shown.add(kept, keep_days=1)
    memory.shown.arrived(kept.short, 11)
    memory.shown.change(replace(kept, page=1, vote=1, pressed=4))
    assert memory.shown.get(kept.short) == replace(kept, message_id=11, page=1, vote=1, pressed=4)


def test_old_answers_and_too_many_go(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "few.sqlite", Shown.SCHEMA)) as database:
        answers = Shown(database, most=3)
        kept = [shown(f"{n}:0", at=10 * DAY) for n in range(5)]
        for one in kept:
            answers.add(one, keep_days=2)
        assert [answers.get(one.short) is not None for one in kept] == [False, False, True, True, True]
        answers.add(shown("9:0", at=12 * DAY + 1), keep_days=2)
        assert [answers.get(one.short) for one in kept] == [None] * 5


def test_an_answer_of_another_version_is_none(memory: Memory) -> None:
    kept = shown()
    memory.shown.add(kept, keep_days=1)
    with memory.database.transaction():
        memory.database.put("UPDATE shown SET answer = ?", '{"question": 1}')
    assert memory.shown.get(kept.short) is None


def test_topics_are_of_person_chat_and_thread_and_end(memory: Memory) -> None:
    memory.topics.put(7, None, 5, "Did it rain?", at=1000, since=0)
    memory.topics.put(7, 3, 5, "Did it snow?", at=1000, since=0)
    memory.topics.put(8, None, 5, "Who won?", at=1000, since=0)
    assert memory.topics.get(7, None, 5, since=1000) == "Did it rain?"
    assert memory.topics.get(7, 3, 5, since=1000) == "Did it snow?"
    assert memory.topics.get(7, None, 6, since=0) is None
    assert memory.topics.get(7, None, 5, since=1001) is None
    memory.topics.forget(7, 5)
    assert [memory.topics.get(c, t, 5, since=0) for c, t in ((7, None), (7, 3), (8, None))] == [
        None,
        None,
        "Who won?",
    ]
    memory.topics.put(9, None, 6, "Why?", at=2000, since=1500)
    assert memory.topics.get(8, None, 5, since=0) is None


def test_a_vote_is_kept_with_what_it_was_cast_on_and_without_who_cast_it(memory: Memory) -> None:
    kept = shown(person=424_242)
    memory.feedback.put(kept.short, ANSWER, "Before?", 1, at=50, keep_days=1)
    memory.feedback.put(kept.short, ANSWER, "Before?", -1, at=60, keep_days=1)
    (vote,) = memory.feedback.votes()
    assert (vote.question, vote.topic, vote.answered, vote.verdict, vote.build) == (
        "Did it?",
        "Before?",
        True,
        "no",
        "7f3a",
    )
    assert vote.statements == (
        (("a.txt", 3, 22, QUOTE.text), ("b.txt", 0, 2, "no")),
        (("b.txt", 0, 2, "no"),),
    )
    assert (vote.vote, vote.at) == (-1, 60)
    assert "424242" not in str(memory.database.rows("SELECT * FROM feedback"))
    memory.feedback.put(kept.short, ANSWER, None, 0, at=61, keep_days=1)
    assert list(memory.feedback.votes()) == []


def test_votes_end_with_their_days_and_are_forgotten(memory: Memory) -> None:
    for number, at in enumerate((0, 2 * DAY, 2 * DAY + 5)):
        memory.feedback.put(f"short-{number}", ANSWER, None, 1, at=at, keep_days=1)
    assert [vote.short for vote in memory.feedback.votes()] == ["short-1", "short-2"]
    memory.feedback.forget(["short-1"])
    assert [vote.short for vote in memory.feedback.votes()] == ["short-2"]


def test_old_votes_go_where_nobody_votes_any_more(tmp_path: Path) -> None:
    file, now = tmp_path / "state" / "state.sqlite", int(time.time())
    with closing(Memory(file)) as memory:
        for short, at in (("old", now - 3 * DAY), ("new", now - DAY)):
            memory.feedback.put(short, ANSWER, None, 1, at=at, keep_days=90)
    with BotApi() as api, running(api.url, tmp_path, keep_days=2) as process:
        api.say("Is it raining?")
        api.wait_sent(1)
        terminated(process)
    with closing(Memory(file)) as memory:
        assert [vote.short for vote in memory.feedback.votes()] == ["new"]


def test_what_is_forgotten_is_that_persons_there(memory: Memory) -> None:
    kept = [shown("1:0"), shown("2:0", person=6), shown("3:0", chat=8), shown("4:0", person=None)]
    for one in kept:
        memory.shown.add(one, keep_days=1)
    assert memory.shown.forget(7, 5) == [kept[0].short]
    assert memory.shown.forget(7, None) == [kept[3].short]
    assert [memory.shown.get(one.short) is not None for one in kept] == [False, True, True, False]


def test_a_number_that_comes_again_brings_nobody_an_answer_of_another_chat(memory: Memory) -> None:
    first, second = shown("1:0", chat=7), shown("1:0", chat=8)
    memory.shown.add(first, keep_days=1)
    assert memory.shown.of_key("1:0", 8) is None
    memory.shown.add(second, keep_days=1)
    assert memory.shown.of_key("1:0", 8) == second
    assert memory.shown.get(first.short) is None


def test_a_file_of_another_version_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite"
    with closing(Memory(file)) as memory:
        memory.people.choose(7, "ru")
    with closing(Memory(file)) as memory:
        assert memory.people.chosen(7) == "ru"
        memory.database.put("DROP TABLE ledger")
        memory.database.put("PRAGMA user_version = 2")
    with pytest.raises(
        UsageError, match=r"was written by another version of Onrecord \(state 2, this is 1\)"
    ):
        Memory(file)
    with closing(Database(file)) as database:
        assert database.rows("SELECT name FROM sqlite_master WHERE name = 'ledger'") == []
