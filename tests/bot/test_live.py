"""Answers while builds come and go: real builds of small articles, under the encoder of words hashed."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.answer import Answer, Quote
from bot.answering.answerer import Answerer
from bot.answering.pair_reader import WordsAlone
from bot.answering.question import Claim
from bot.live import Contents, Live
from corpus.article import Article, Sentence
from corpus.errors import IndexDamaged
from corpus.reading import digest
from retrieval.build import build
from retrieval.builds import manifest
from retrieval.encoder import Encoder
from retrieval.search import Index
from tests.bot_api import wait_for

PLACES = ("Ordan", "Sarn", "Tolk")
QUESTION = "How many people does the mill employ?"


class Desk:
    """A folder of builds, and what is needed to make and to read them."""

    def __init__(self, place: Path, encoder: Encoder) -> None:
        self.folder, self.encoder, self._cache = place / "index", encoder, place / "cache"
        self.people: dict[str, int] = {}
        """For each build the number that all of its articles tell."""
        self.said: list[str] = []

    def build(self, people: int, *, keep: int = 3) -> str:
        articles = [
            Article(place, text, ((0, len(text)),), place, outlet=f"{place} Post")
            for place in PLACES
            for text in [f"The mill in {place} employs {people} people, director Bek said."]
        ]
        documents = [digest(article) for article in articles]
        name = build(
            documents, self.folder, self.encoder, sources=["mills"], cache=self._cache, keep=keep
        ).build
        self.people[name] = people
        return name

    def switch(self, name: str) -> None:
        (self.folder / "CURRENT.new").write_text(name + "\n", encoding="utf-8")
        (self.folder / "CURRENT.new").replace(self.folder / "CURRENT")

    def opened(self) -> Answerer:
        return Answerer(Index.open(self.folder, self.encoder), reader=WordsAlone(), threshold=0.0)

    @contextmanager
    def live(self, opened: Callable[[], Answerer] | None = None) -> Iterator[Live]:
        live = Live(self.folder, opened or self.opened, self.said.append)
        try:
            yield live
        finally:
            live.close()

    def is_whole(self, answer: Answer) -> bool:
        """Every quote and every passage tells the number of the build that the answer names."""
        texts = [quote.text for said in answer.statements for quote in said.quotes]
        texts += [passage.text for passage in answer.passages]
        told = f" {self.people[answer.build]} people"
        return answer.answered and len(texts) > len(PLACES) and all(told in text for text in texts)


@pytest.fixture
def desk(tmp_path: Path, fake_encoder: Encoder) -> Desk:
    return Desk(tmp_path, fake_encoder)


def test_the_next_answer_comes_from_the_new_build_and_from_that_before_after_a_rollback(desk: Desk) -> None:
    first = desk.build(10)
    with desk.live() as live:
        assert live.contents() == Contents(first, "fake", tuple((f"{place} Post", 1) for place in PLACES))
        assert live.answer(QUESTION).build == first
        second = desk.build(20)
        answer = live.answer(QUESTION)
        assert (answer.build, desk.is_whole(answer)) == (second, True)
        assert (len(live.contents().outlets), live.contents().build) == (3, second)
        desk.switch(first)
        assert live.answer(QUESTION).build == live.contents().build == first
    assert desk.said == []


def test_a_thousand_questions_from_eight_threads_during_ten_rebuilds(desk: Desk) -> None:
    names, done = [desk.build(100)], threading.Event()

    def ask(_: int) -> list[Answer]:
        answers: list[Answer] = []
        while len(answers) < 125 or not done.is_set():
            answers.append(live.answer(QUESTION))
        return [*answers, live.answer(QUESTION)]

    with desk.live() as live, ThreadPoolExecutor(8) as threads:
        made = threads.map(ask, range(8))
        try:
            names += [desk.build(100 + rebuild) for rebuild in range(1, 11)]
            wait_for(
                lambda: live.answer(QUESTION).build == names[-1], 20, lambda: "the last build is not seen"
            )
        finally:
            done.set()
        by_thread = list(made)
    answers = [answer for answers in by_thread for answer in answers]
    assert len(answers) > 1000
    assert all(desk.is_whole(answer) for answer in answers)
    for one in by_thread:
        order = [names.index(answer.build) for answer in one]
        assert order == sorted(order)
        assert order[-1] == 10
    assert len({answer.build for answer in answers}) > 5
    assert desk.said == []


class Slow(WordsAlone):
    """Reads when it is let to; tells when it is about to."""

    def __init__(self) -> None:
        self.begun, self.may = threading.Event(), threading.Event()

    def read(self, claim: Claim, sentences: Sequence[tuple[Sentence, str]]) -> None:
        del claim, sentences
        self.begun.set()
        assert self.may.wait(20)


def test_an_answer_under_way_ends_on_its_build_which_then_may_be_removed(desk: Desk) -> None:
    first, reader = desk.build(10), Slow()
    readers = iter([reader])

    def opened() -> Answerer:
        index = Index.open(desk.folder, desk.encoder)
        return Answerer(index, reader=next(readers, WordsAlone()), threshold=0.0)

    with desk.live(opened) as live, ThreadPoolExecutor(1) as thread:
        under_way = thread.submit(live.answer, QUESTION)
        assert reader.begun.wait(20)
        second = desk.build(20, keep=1)
        assert live.answer(QUESTION).build == second
        assert open_files(first)
        assert (desk.folder / "builds" / first).is_dir()
        reader.may.set()
        answer = under_way.result(20)
        assert (answer.build, desk.is_whole(answer)) == (first, True)
        assert open_files(first) == []
        third = desk.build(30, keep=1)
        assert live.answer(QUESTION).build == third
        assert {path.name for path in (desk.folder / "builds").glob("[!.]*")} == {second, third}


def test_while_one_thread_opens_the_new_build_the_others_go_on(desk: Desk) -> None:
    first = desk.build(10)
    begun, may = threading.Event(), threading.Event()
    may.set()

    def opened() -> Answerer:
        begun.set()
        assert may.wait(20)
        return desk.opened()

    with desk.live(opened) as live, ThreadPoolExecutor(1) as thread:
        second = desk.build(20)
        begun.clear()
        may.clear()
        opening = thread.submit(live.answer, QUESTION)
        assert begun.wait(20)
        assert [live.answer(QUESTION).build for _ in range(3)] == [first] * 3
        may.set()
        assert opening.result(20).build == second
        assert live.answer(QUESTION).build == second


def test_the_text_of_an_article_and_what_stands_around_a_quote(desk: Desk) -> None:
    first, second, third = "Bek opened the mill.", "“It pays,” he said.", "Nobody disagreed."
    text = f"{first} {second}\n\n{third}"
    article = Article("a", text, ((0, len(text)),), "a", outlet="Post")
    build([digest(article)], desk.folder, desk.encoder, sources=["mills"], cache=desk.folder.parent / "cache")
    start = text.index(second)
    quoted = Quote(second, "a", None, "Post", None, None, None, "a", start, start + len(second))
    with desk.live() as live:
        assert (live.text("a"), live.text("b")) == (text, None)
        assert live.around(quoted) == live.around(quoted, 1) == (f"{first} ", f"\n\n{third}")
        assert live.around(quoted, 0) == ("", "")
        inner = replace(quoted, text="It pays", start=start + 1, end=start + 8)
        assert live.around(inner, 1) == ("“", ",” he said.")
        last = replace(quoted, text=third, start=len(text) - len(third), end=len(text))
        assert live.around(last, 9) == (f"{first} {second}\n\n", "")
        assert live.around(replace(quoted, start=start - 1)) is None
        assert live.around(replace(quoted, article_id="b")) is None


def test_the_build_is_known_without_a_question_and_so_are_the_outlets(desk: Desk) -> None:
    first = desk.build(10)
    with desk.live() as live:
        assert live.build == first
        assert live.outlets() == tuple((f"{place} Post", 1) for place in PLACES)
        second = desk.build(20)
        assert live.build == second
        assert live.model == "fake"


def test_a_bare_topic_gives_what_was_said_on_it(desk: Desk) -> None:
    name = desk.build(10)
    with desk.live() as live:
        found = live.on_topic("mill")
        assert (found.answered, found.verdict, found.build) == (True, None, name)
        assert {q.article_id for s in found.statements for q in s.quotes} == set(PLACES)
        assert live.on_topic("volcanoes").statements == ()


def cut(build: Path) -> None:
    path = build / "rows.sqlite"
    path.write_bytes(path.read_bytes()[:-100])


def of_another_format(build: Path) -> None:
    path = build / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"schema": ', '"schema": 9'), encoding="utf-8")


@pytest.mark.parametrize(("harm", "reason"), [(cut, "is damaged"), (of_another_format, "has format 9")])
def test_a_build_that_cannot_be_opened_leaves_the_last_one_answering(
    desk: Desk, harm: Callable[[Path], None], reason: str
) -> None:
    first, second = desk.build(10), desk.build(20)
    desk.switch(first)
    with desk.live() as live:
        harm(desk.folder / "builds" / second)
        for turn in (1, 2):  # CURRENT is written anew: it is tried, and told of, once more
            desk.switch(second)
            assert [live.answer(QUESTION).build for _ in range(3)] == [first] * 3
            assert live.contents().build == first
            assert len(desk.said) == turn
        assert desk.said[0].startswith(f"build {first} goes on answering: ")
        assert reason in desk.said[0]
        assert second in desk.said[0]
        assert desk.said[0].endswith(manifest.MEND)
        third = desk.build(30)
        answer = live.answer(QUESTION)
        assert (answer.build, desk.is_whole(answer)) == (third, True)
    assert len(desk.said) == 2


def test_a_build_of_another_model_leaves_the_last_one_answering(desk: Desk, fake_encoder_type: Any) -> None:
    first, other = desk.build(10), fake_encoder_type()
    other.name = other.fingerprint = "another"
    with desk.live() as live:
        Desk(desk.folder.parent, other).build(20)
        assert [live.answer(QUESTION).build for _ in range(3)] == [first] * 3
        (said,) = desk.said
        assert said.startswith(f"build {first} goes on answering: ")
        assert "another" in said


def test_an_index_that_is_removed_goes_on_answering(desk: Desk) -> None:
    first = desk.build(10)
    with desk.live() as live:
        (desk.folder / "CURRENT").unlink()
        assert [live.answer(QUESTION).build for _ in range(3)] == [first] * 3
        assert len(desk.said) == 1
        second = desk.build(20)
        assert live.answer(QUESTION).build == second


def test_an_index_that_cannot_be_opened_at_first_is_an_error(desk: Desk) -> None:
    desk.build(10)
    cut(manifest.current(desk.folder))
    with pytest.raises(IndexDamaged):
        Live(desk.folder, desk.opened, desk.said.append)


def test_thirty_switches_leave_nothing_of_closed_builds_open(desk: Desk) -> None:
    names = [desk.build(people) for people in (10, 20, 30)]
    counts = []
    with desk.live() as live:
        for turn in range(30):
            desk.switch(names[turn % 3])
            answer = live.answer(QUESTION)
            assert (answer.build, desk.is_whole(answer)) == (names[turn % 3], True)
            assert [bool(open_files(name)) for name in names] == [name == answer.build for name in names]
            counts.append(len(list(Path("/proc/self/fd").iterdir())))
    assert len(set(counts)) == 1


def open_files(build: str) -> list[str]:
    """Descriptors and mappings of this process that belong to the build, removed files included."""
    held = [line.rstrip() for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()]
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            held.append(str(descriptor.readlink()))
        except FileNotFoundError:  # that of the listing itself
            continue
    return [one for one in held if f"/{build}/" in one]
