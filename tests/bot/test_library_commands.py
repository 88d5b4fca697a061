"""``onrecord corpus add``, ``update``, ``watch`` and ``remove`` as processes."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from retrieval.encoder import Encoder

ROOT = Path(__file__).resolve().parents[2]
TEXT = "The mayor of town {0} said on Monday that bridge {0} would open in May."


@pytest.fixture(scope="module")
def data(encoder: Encoder, models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert encoder.dimension == 384
    folder = tmp_path_factory.mktemp("data")
    (folder / "models").symlink_to(models)
    return folder


@pytest.fixture
def place(data: Path, tmp_path: Path) -> Path:
    """A working folder, with a data folder and a folder of three articles in it."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "models").symlink_to(data / "models")
    (tmp_path / "news").mkdir()
    for number in range(3):
        (tmp_path / "news" / f"{number}.txt").write_text(TEXT.format(number))
    return tmp_path


def environment(place: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
    return kept | {"ONRECORD_DATA": str(place / "data"), "PYTHONPATH": str(ROOT)}


def onrecord(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(
        command, cwd=place, env=environment(place), capture_output=True, text=True, check=False, timeout=120
    )


def summary(done: subprocess.CompletedProcess[str]) -> str:
    """The line that counts, of those on standard error."""
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    (line,) = [line for line in done.stderr.splitlines() if "; articles: " in line]
    return line


def listed(place: Path) -> list[str]:
    return [
        json.loads(line)["id"] for line in onrecord(place, "corpus", "list", "--json").stdout.splitlines()
    ]


def test_add_update_and_remove(place: Path) -> None:
    added = onrecord(place, "corpus", "add", "news")
    assert summary(added) == "3 read, 0 failed; articles: 3 new, 0 changed, 0 unchanged, 0 removed"
    assert "3 passages, 3 of them embedded now" in added.stderr.splitlines()[-1]
    (place / "news" / "1.txt").write_text("Nobody said anything on Monday.")
    (place / "news" / "2.txt").unlink()
    (place / "news" / "3.txt").write_text("")
    updated = onrecord(place, "corpus", "update")
    assert summary(updated) == "2 read, 1 failed; articles: 0 new, 1 changed, 1 unchanged, 1 removed"
    assert f"not read: {place / 'news' / '3.txt'}: the file is empty" in updated.stderr.splitlines()
    assert "2 passages, 1 of them embedded now" in updated.stderr.splitlines()[-1]
    assert listed(place) == ["0.txt", "1.txt"]
    again = onrecord(place, "corpus", "update")
    assert again.stderr.splitlines()[-1] == "the index holds all that already"
    (place / "own.txt").write_text("The ferry sank off the cape.")
    onrecord(place, "corpus", "add", "own.txt")
    assert onrecord(place, "corpus", "remove", "news").returncode == 0
    assert listed(place) == ["own.txt"]


def test_a_feed_of_the_settings_is_not_fetched_unasked(place: Path) -> None:
    (place / "data" / "onrecord.toml").write_text(
        'corpus = ["../news"]\n[reading]\nfeeds = ["http://127.0.0.1:9/feed"]\n', encoding="utf-8"
    )
    done = onrecord(place, "corpus", "update")
    assert summary(done) == "3 read, 0 failed; articles: 3 new, 0 changed, 0 unchanged, 0 removed"
    assert done.stderr.startswith("the feeds in the settings are not fetched: set fetch = true")
    with (place / "data" / "onrecord.toml").open("a", encoding="utf-8") as settings:
        settings.write("fetch = true\n")
    allowed = onrecord(place, "corpus", "update")
    assert summary(allowed) == "0 read, 1 failed; articles: 0 new, 0 changed, 3 unchanged, 0 removed"
    assert "not read: http://127.0.0.1:9/feed: " in allowed.stderr


@contextmanager
def watching(place: Path) -> Iterator[tuple[subprocess.Popen[str], Iterator[str]]]:
    # A test run in the background ignores SIGINT, and so would its children: this one listens again.
    listening = "import signal, runpy; signal.signal(signal.SIGINT, signal.default_int_handler)"
    program = f"{listening}; runpy.run_module('bot', run_name='__main__', alter_sys=True)"
    command = [sys.executable, "-c", program, "corpus", "watch", "news"]
    with subprocess.Popen(
        command,
        cwd=place,
        env=environment(place),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        try:
            yield process, iter(process.stderr.readline, "")
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_watch_follows_a_folder_until_it_is_told_to_stop(place: Path, number: signal.Signals) -> None:
    with watching(place) as (process, lines):
        assert next(line for line in lines if line.startswith("watching "))
        (place / "news" / "4.txt").write_text(TEXT.format(4))
        assert next(line for line in lines if "; articles: " in line) == (
            "1 read, 0 failed; articles: 1 new, 0 changed, 3 unchanged, 0 removed\n"
        )
        assert ": 4 articles, " in next(lines)
        (place / "news" / "0.txt").unlink()
        assert next(line for line in lines if "; articles: " in line) == (
            "0 read, 0 failed; articles: 0 new, 0 changed, 3 unchanged, 1 removed\n"
        )
        assert ": 3 articles, " in next(lines)
        process.send_signal(number)
        assert process.wait(60) == 0
        assert list(lines) == []
    assert listed(place) == ["1.txt", "2.txt", "4.txt"]
