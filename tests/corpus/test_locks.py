"""One holder at a time, who tells its name; a dead one holds nothing, and nobody is named who does not hold it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from corpus import locks
from corpus.errors import IndexBusy

ROOT = Path(__file__).resolve().parents[2]
HOLDER = """
import sys
from pathlib import Path
from corpus import locks
sys.argv = ["/usr/bin/onrecord", "index", "update", "--corpus", "secret"]
with locks.held(Path(FILE), "painting the fence"):
    print("ready", flush=True)
    sys.stdin.readline()
"""
FORMER = "1\n2020-01-01 10:00\nsomebody long gone\n"


@contextmanager
def holding(file: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HOLDER.replace("FILE", repr(str(file)))]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


def refused(file: Path) -> str:
    with pytest.raises(IndexBusy) as caught:
        locks.take(file, "painting the fence")
    return str(caught.value)


def test_the_second_is_told_who_the_first_is(tmp_path: Path) -> None:
    with holding(tmp_path / "lock") as other:
        told = refused(tmp_path / "lock")
        since = (tmp_path / "lock").read_text(encoding="utf-8").split()[2]
    assert told == (
        f'process {other.pid} ("onrecord index update", since {since}) is painting the fence: wait for it to end'
    )
    assert len(since) == len("12:03")


@pytest.mark.parametrize("end", ["killed", "done"])
def test_its_end_leaves_it_free(end: str, tmp_path: Path) -> None:
    with holding(tmp_path / "lock") as other:
        if end == "killed":
            other.send_signal(signal.SIGKILL)
        other.communicate("\n")
    assert (end == "done") == ((tmp_path / "lock").read_bytes() == b"")
    with locks.held(tmp_path / "lock", "x"):
        assert (tmp_path / "lock").read_text(encoding="utf-8").startswith(f"{os.getpid()}\n")
    assert (tmp_path / "lock").read_bytes() == b""


def test_what_a_former_holder_left_is_not_believed(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    file.write_text(FORMER, encoding="utf-8")
    lock = locks.take(file, "x")
    gone = subprocess.Popen(["true"])
    gone.wait()
    for left in (b"", b"\xff", b"x\ny\nz\n", f"{gone.pid}\nnow\nx\n".encode(), b"9" * 40 + b"\nnow\nx\n"):
        file.write_bytes(left)
        assert refused(file) == "another process is painting the fence: wait for it to end"
    file.write_text(FORMER.replace("1\n", f"{os.getpid()}\n", 1), encoding="utf-8")
    assert '("somebody long gone", since 2020-01-01 10:00)' in refused(file)
    locks.release(lock)


def test_no_question_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/x/bot/__main__.py", "ask", "Did they?", "--json"])
    with locks.held(tmp_path / "lock", "x"):
        assert (tmp_path / "lock").read_text(encoding="utf-8").splitlines()[2] == "bot ask"


def test_a_child_does_not_hold_it_on(tmp_path: Path) -> None:
    lock = locks.take(tmp_path / "lock", "x")
    with subprocess.Popen(["sleep", "60"]) as child:
        locks.release(lock)
        locks.release(locks.take(tmp_path / "lock", "x"))
        child.kill()
