"""The child that parses hostile files: whatever it does there, it costs one clear line here."""

import os
import signal
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from corpus import confined
from corpus.confined import Answer, call, stream
from corpus.decoding import Unfit


def echo(data: bytes, word: str | None = None) -> Answer:
    return {"size": len(data), "word": word, "process": os.getpid()}


def refuse(data: bytes) -> Answer:
    raise Unfit(f"refused {len(data)} bytes")


def raise_anything(data: bytes) -> Answer:
    raise KeyError(data)


def recurse(data: bytes) -> Answer:
    return recurse(data)


def hang(data: bytes) -> Answer:
    while True:
        time.sleep(1)


def grow(data: bytes) -> Answer:
    return {"size": len(bytes(5_000_000_000))}


def crash(data: bytes) -> Answer:
    os.kill(os.getpid(), signal.SIGSEGV)
    return {}


def print_much(data: bytes) -> Answer:
    print("not an answer\n" * 10_000, flush=True)  # noqa: T201  as a library might
    return {"size": len(data)}


def count(data: bytes) -> Iterator[Answer]:
    for number in range(int(data)):
        yield {"number": number}
    raise Unfit("that was all")


def count_slowly(data: bytes) -> Iterator[Answer]:
    for number in range(int(data)):
        time.sleep(0.7)
        yield {"number": number}


@pytest.fixture(autouse=True)
def _found(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The child finds the functions of this file, and is a fresh one."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    for function in (
        echo,
        refuse,
        raise_anything,
        recurse,
        hang,
        grow,
        crash,
        print_much,
        count,
        count_slowly,
    ):
        monkeypatch.setattr(function, "__module__", "test_confined")
    confined._end()
    yield
    confined._end()


def test_bytes_and_words_go_there_and_an_answer_comes_back() -> None:
    first = call(echo, b"\0\n" * 500_000, "слово")
    assert (first["size"], first["word"]) == (1_000_000, "слово")
    assert first["process"] != os.getpid()
    assert call(echo, b"", None) == {"size": 0, "word": None, "process": first["process"]}


@pytest.mark.parametrize(
    ("read", "reason", "is_kept"),
    [
        (refuse, "refused 4 bytes", True),
        (raise_anything, "damaged, or not what its name says (KeyError)", True),
        (recurse, "nested too deeply", True),
        (grow, "needs more than 2000 MB", True),
        (hang, "took longer than 1 seconds", False),
        (crash, "broke down on it", False),
    ],
)
def test_one_reason_each_and_the_next_file_is_read(
    monkeypatch: pytest.MonkeyPatch,
    read: confined.Reader,
    reason: str,
    is_kept: bool,  # noqa: FBT001  a table
) -> None:
    before = call(echo, b"")["process"]
    monkeypatch.setattr(confined, "SECONDS", 1 if read is hang else 60)
    with pytest.raises(Unfit) as told:
        call(read, b"data")
    monkeypatch.setattr(confined, "SECONDS", 60)
    assert reason in str(told.value)
    assert "\n" not in str(told.value)
    assert (call(echo, b"")["process"] == before) is is_kept


def test_what_is_printed_is_no_answer() -> None:
    assert call(print_much, b"data") == {"size": 4}


def test_a_stream_has_a_child_of_its_own_and_calls_go_on_beside_it() -> None:
    answers = stream(count, b"3")
    for number in range(3):
        assert next(answers) == {"number": number}
        assert call(echo, b"ab")["size"] == 2
    with pytest.raises(Unfit, match="that was all"):
        next(answers)


def test_each_answer_of_a_stream_has_its_time_and_the_parent_may_take_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(confined, "SECONDS", 2)
    found = []
    for answer in stream(count_slowly, b"4"):
        found.append(answer["number"])
        time.sleep(2.5 if answer["number"] == 1 else 0)
    assert found == [0, 1, 2, 3]


def test_a_stream_that_is_left_ends_its_child() -> None:
    answers = stream(count_slowly, b"1000")
    assert next(answers) == {"number": 0}
    assert isinstance(answers, Generator)
    answers.close()
    with pytest.raises(StopIteration):
        next(answers)


def test_threads_take_turns() -> None:
    sizes: list[int] = []
    threads = [
        threading.Thread(target=lambda n=n: sizes.append(call(echo, b"x" * n)["size"])) for n in range(1, 30)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sizes) == list(range(1, 30))
