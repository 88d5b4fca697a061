"""Telling what is new: a real index that grows, the real outbox over HTTP, faults and restarts between."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot.answering.answerer import Answerer
from bot.answering.pair_reader import WordsAlone
from bot.live import Live
from bot.messenger.handlers.news import telling
from bot.messenger.handlers.news.novelty import looked_at, marks, unseen
from bot.messenger.handlers.news.telling import Teller
from bot.messenger.memory.watches import Subject, Watches, together
from bot.messenger.options import Options
from bot.messenger.services import Services
from bot.render.phrases import phrases
from retrieval.encoder import Encoder
from retrieval.search import Index
from tests.bot.messenger.library import Library
from tests.bot.messenger.posting import Post, post
from tests.bot_api import BLOCKED, LATE_RESET, SERVER_ERROR, BotApi

T = TypeVar("T")
DAY = 86_400
NOW = 20_000 * DAY
BAN = "Ardavia will ban grain exports from January, Minister Vera Lang said on Friday."
LIFTED = "The ban on grain exports is lifted, Prime Minister Otto Brandt said in Velin."


class Newsroom:
    """An index, its Live, and a clock; a bot's memory and outbox come and go with ``open``."""

    def __init__(self, library: Library, encoder: Encoder, api: BotApi) -> None:
        self.library, self.api, self.now = library, api, float(NOW)
        self._encoder = encoder
        self.live = Live(library.index, self._opened, self._told)

    def _opened(self) -> Answerer:
        return Answerer(Index.open(self.library.index, self._encoder), reader=WordsAlone())

    def _told(self, line: str) -> None:
        raise AssertionError(line)

    @asynccontextmanager
    async def open(self, **options: Any) -> AsyncIterator[tuple[Teller, Post]]:
        async with post(self.api, self.library.folder, patience=0.3) as outbox:
            services = Services(
                self.live, outbox.memory, outbox, Options(**options), _work, lambda _: phrases("en")
            )
            yield Teller(services, now=lambda: self.now), outbox

    def watch(self, watches: Watches, chat: int, topic: str, language: str | None = None) -> Subject:
        answer = self.live.on_topic(topic)
        known = looked_at(answer) | marks(answer.statements)
        subject = replace(watches.subject(chat, topic), build=answer.build, language=language, known=known)
        return watches.keep(subject, at=int(self.now), keep_days=90)

    def texts(self, chat: int) -> list[str]:
        return [call.text for call in self.api.sent(chat)]


async def _work(call: Callable[[], T], /) -> T:
    return await asyncio.to_thread(call)


@pytest.fixture
def newsroom(
    tmp_path: Path, fake_encoder: Encoder, starter: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> Any:
    monkeypatch.setattr(telling, "_PAUSE", 0.0)
    library = Library(tmp_path, fake_encoder, starter, models)
    library.build()
    with BotApi() as api:
        room = Newsroom(library, fake_encoder, api)
        yield room
        room.live.close()


def test_one_message_a_chat_and_build_and_nothing_twice(newsroom: Newsroom) -> None:
    async def run() -> None:
        async with newsroom.open() as (teller, outbox):
            for chat in (7, 8):
                newsroom.watch(outbox.memory.watches, chat, "grain exports")
            newsroom.watch(outbox.memory.watches, 7, "the ban on exports")
            newsroom.watch(outbox.memory.watches, 9, "football cup")
            await teller.round()
            assert newsroom.api.sent() == []
            newsroom.library.add("ban.md", BAN)
            for _ in range(3):
                await teller.round()
        async with newsroom.open() as (teller, _):
            await teller.round()

    asyncio.run(run())
    assert [len(newsroom.texts(chat)) for chat in (7, 8, 9)] == [1, 1, 0]
    assert newsroom.texts(7)[0].startswith(
        f"New on “grain exports”\n\n{BAN}\n— Vera Lang, reported · Northern"
    )
    assert newsroom.texts(7)[0].count(BAN) == 1


@pytest.mark.parametrize("fault", [SERVER_ERROR, LATE_RESET])
def test_what_could_not_be_sent_is_sent_once_after_a_restart(newsroom: Newsroom, fault: Any) -> None:
    async def run() -> None:
        async with newsroom.open() as (teller, outbox):
            outbox.hear(newsroom.api, 7)
            newsroom.watch(outbox.memory.watches, 7, "grain exports")
            newsroom.library.add("ban.md", BAN)
            newsroom.api.faults["sendMessage"].extend([fault] * 40)
            newsroom.api.faults["editMessageReplyMarkup"].extend([SERVER_ERROR] * 40)
            await teller.round()
            assert len(outbox.memory.watches.tellings()) == 1
        newsroom.api.faults["sendMessage"].clear()
        newsroom.api.faults["editMessageReplyMarkup"].clear()
        newsroom.library.add("lifted.md", LIFTED)
        async with newsroom.open() as (teller, outbox):
            await teller.round()
            assert outbox.memory.watches.tellings() == []

    asyncio.run(run())
    assert len([text for text in newsroom.texts(7) if BAN in text]) == 1
    assert len([text for text in newsroom.texts(7) if LIFTED in text]) == 1


def test_no_more_than_so_many_a_day_and_the_rest_with_the_next(newsroom: Newsroom) -> None:
    async def run() -> None:
        async with newsroom.open(watch_messages=1) as (teller, outbox):
            newsroom.watch(outbox.memory.watches, 7, "grain exports")
            newsroom.library.add("ban.md", BAN)
            await teller.round()
            for number, (who, said) in enumerate(MORE):
                newsroom.library.add(f"{number}.md", f"Exports of grain {said}, {who} said in Velin.")
                newsroom.now += 3600
                await teller.round()
            assert len(newsroom.texts(7)) == 1
            newsroom.now += DAY
            await teller.round()
            await teller.round()

    asyncio.run(run())
    assert len(newsroom.texts(7)) == 2
    assert newsroom.texts(7)[1].count("Exports of grain") == 5
    assert newsroom.texts(7)[1].endswith("and 1 more: /new grain exports")


def test_a_chat_that_is_gone_loses_its_topics(newsroom: Newsroom) -> None:
    async def run() -> list[int]:
        async with newsroom.open() as (teller, outbox):
            watches = outbox.memory.watches
            for chat in (7, 8, 9):
                newsroom.watch(watches, chat, "grain exports")
            outbox.memory.people.gone(8)
            newsroom.api.chats.refusals[9] = BLOCKED
            newsroom.library.add("ban.md", BAN)
            await teller.round()
            await teller.round()
            assert watches.tellings() == []
            return watches.chats()

    assert asyncio.run(run()) == [7]
    assert [len(newsroom.texts(chat)) for chat in (7, 8, 9)] == [1, 0, 0]


def test_a_group_that_moved_is_told_where_it_is(newsroom: Newsroom) -> None:
    new = -1_000_000_000_070

    async def run() -> list[int]:
        async with newsroom.open() as (teller, outbox):
            newsroom.watch(outbox.memory.watches, -70, "grain exports")
            outbox.memory.people.moved(-70, new)
            newsroom.library.add("ban.md", BAN)
            await teller.round()
            await teller.round()
            return outbox.memory.watches.chats()

    assert asyncio.run(run()) == [new]
    assert len(newsroom.texts(new)) == 1


def test_whom_the_owner_let_in_no_longer_is_not_told(newsroom: Newsroom) -> None:
    async def run() -> None:
        async with newsroom.open(users=frozenset({8}), groups=frozenset({-71})) as (teller, outbox):
            for chat in (7, 8, -70, -71):
                newsroom.watch(outbox.memory.watches, chat, "grain exports")
            newsroom.library.add("ban.md", BAN)
            await teller.round()

    asyncio.run(run())
    assert [len(newsroom.texts(chat)) for chat in (7, 8, -70, -71)] == [0, 1, 0, 1]


def test_news_come_in_the_language_of_who_watches(newsroom: Newsroom) -> None:
    async def run() -> None:
        async with newsroom.open() as (teller, outbox):
            newsroom.watch(outbox.memory.watches, 7, "grain exports", "ru")
            newsroom.watch(outbox.memory.watches, 8, "grain exports", "en")
            outbox.memory.people.choose(8, "ru")
            newsroom.library.add("ban.md", BAN)
            await teller.round()

    asyncio.run(run())
    heading = phrases("ru")("New on “{topic}”", topic="grain exports")
    assert heading != "New on “grain exports”"
    assert all(newsroom.texts(chat)[0].startswith(heading) for chat in (7, 8))


def test_going_back_a_build_and_forth_tells_nothing_again(newsroom: Newsroom) -> None:
    async def run() -> None:
        async with newsroom.open() as (teller, outbox):
            first = newsroom.live.build
            newsroom.watch(outbox.memory.watches, 7, "grain exports")
            second = newsroom.library.add("ban.md", BAN)
            await teller.round()
            for build in (first, second, first):
                (newsroom.library.index / "CURRENT.new").write_text(f"{build}\n", encoding="utf-8")
                (newsroom.library.index / "CURRENT.new").replace(newsroom.library.index / "CURRENT")
                await teller.round()
            newsroom.watch(outbox.memory.watches, 7, "export monitoring ban")
            (newsroom.library.index / "CURRENT.new").write_text(f"{second}\n", encoding="utf-8")
            (newsroom.library.index / "CURRENT.new").replace(newsroom.library.index / "CURRENT")
            await teller.round()

    asyncio.run(run())
    assert len(newsroom.texts(7)) == 1


def test_what_is_said_again_days_later_is_news_and_another_report_is_none(newsroom: Newsroom) -> None:
    said = "Prime Minister Otto Brandt said in Velin that grain exports are banned."
    newsroom.library.add("first.md", said, day=date(2023, 12, 1))
    before = newsroom.live.on_topic("grain exports")
    seen = looked_at(before) | marks(before.statements)
    newsroom.library.add("report.md", f"{said} It rained.", outlet="Southern Post", day=date(2023, 12, 2))
    assert unseen(newsroom.live.on_topic("grain exports"), seen) == ()
    newsroom.library.add("again.md", f"{said} It snowed.", outlet="Southern Post", day=date(2023, 12, 9))
    (again,) = unseen(newsroom.live.on_topic("grain exports"), seen)
    assert [quote.article_id for quote in again.quotes] == ["again.md"]


def test_marks_are_bounded_and_the_new_ones_stay() -> None:
    old, new = (
        frozenset(bytes([kind, 0, 0, 0, 0, 0, *divmod(n, 256)]) for n in range(1900)) for kind in (1, 2)
    )
    both = together(old, new)
    assert len(both) == 2000
    assert new <= both


MORE = (
    ("Clara Weiss", "have never been so dear"),
    ("Ivan Petrenko", "go through two ports alone"),
    ("Maria Santos", "need new rules"),
    ("John Carter", "hurt the poor"),
    ("Aliya Bekova", "will double by autumn"),
    ("Hugo Stern", "are a scandal"),
)
