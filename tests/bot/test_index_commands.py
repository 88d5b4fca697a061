"""``onrecord index`` as processes: going back, checking, carrying away, and being told to stop."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from corpus.database import Database
from retrieval.builds import manifest
from retrieval.encoder import Encoder

ROOT = Path(__file__).resolve().parents[2]
TEXT = "The mayor of town {0} said on Monday that bridge {0} would open in May."
COMMAND = [sys.executable, "-m", "bot"]


@pytest.fixture(scope="module")
def place(encoder: Encoder, models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with an index of three articles, built twice; the second time there were two."""
    assert encoder.dimension == 384
    place = tmp_path_factory.mktemp("place")
    (place / "data").mkdir()
    (place / "data" / "models").symlink_to(models)
    (place / "news").mkdir()
    for number in range(2):
        (place / "news" / f"{number}.txt").write_text(TEXT.format(number))
    done = onrecord(place, "index", "build")
    assert done.returncode == 0, done.stderr
    (place / "news" / "2.txt").write_text(TEXT.format(2))
    assert onrecord(place, "index", "update").returncode == 0
    return place


@pytest.fixture
def here(place: Path, tmp_path: Path) -> Iterator[Path]:
    """The same, to change: it is put back afterwards. A library knows its articles by their places."""
    kept = shutil.copytree(place, tmp_path / "kept", symlinks=True)
    yield place
    shutil.rmtree(place)
    shutil.copytree(kept, place, symlinks=True)


def environment(place: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
    return kept | {"ONRECORD_DATA": str(place / "data"), "PYTHONPATH": str(ROOT)}


def arguments(place: Path, *given: str) -> list[str]:
    return [*COMMAND, *given, "--corpus", str(place / "news"), "--index", str(place / "index")]


def onrecord(place: Path, *given: str, limits: str = "") -> subprocess.CompletedProcess[str]:
    command = arguments(place, *given)
    if limits:
        command = ["bash", "-c", f'{limits}; exec "$@"', "-", *command]
    return subprocess.run(
        command, cwd=place, env=environment(place), capture_output=True, text=True, check=False, timeout=120
    )


def info(place: Path) -> dict[str, Any]:
    done = onrecord(place, "index", "info", "--json")
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def entries(place: Path) -> list[str]:
    folders = (place / "index", place / "index" / "builds", place / "index" / "library")
    return sorted(path.relative_to(place).as_posix() for folder in folders for path in folder.iterdir())


def test_info_tells_the_builds_that_are_kept(place: Path) -> None:
    told = info(place)
    assert set(told) >= {
        "folder",
        "build",
        "created",
        "model",
        "dimension",
        "articles",
        "passages",
        "bytes",
        "sources",
    }
    assert (told["articles"], told["schema"]) == (3, manifest.SCHEMA)
    assert told["passage_settings"] == {"words": 110, "overlap": 1}
    assert [(build["articles"], build["answers"]) for build in told["builds"]] == [(3, True), (2, False)]
    assert told["builds"][0] == {
        "id": told["build"],
        "created": told["created"],
        "articles": 3,
        "bytes": told["bytes"],
        "answers": True,
    }
    shown = onrecord(place, "index", "info").stdout.splitlines()
    assert shown[-2].startswith(f"answers          {told['build']} of ")
    assert shown[-1].startswith(f"kept             {told['builds'][1]['id']} of ")


def test_the_encoder_is_remembered(place: Path, encoder: Encoder) -> None:
    facts = info(place)["encoder"]
    assert facts == encoder.facts  # type: ignore[attr-defined]
    assert (facts["pooling"], facts["normalised"], facts["max_tokens"]) == ("mean", True, 256)
    assert (facts["query prefix"], facts["passage prefix"]) == ("", "")
    assert facts["weights"].startswith("53aa51172d14")
    assert re.fullmatch("[0-9a-f]{64}", facts["tokenizer"])


def test_back_and_forth_again(here: Path) -> None:
    newest, older = (build["id"] for build in info(here)["builds"])
    done = onrecord(here, "index", "rollback")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{older} of ")
    assert done.stdout.endswith('2 articles\n"onrecord index update" indexes the articles as they are now\n')
    again = onrecord(here, "index", "rollback")
    assert (again.returncode, again.stdout) == (3, "")
    assert "there is no older build in" in again.stderr
    assert onrecord(here, "index", "rollback", "nothing").returncode == 2
    assert info(here)["build"] == older
    update = onrecord(here, "index", "update")
    assert "3 articles" in update.stderr
    told = info(here)
    assert (told["articles"], [build["id"] for build in told["builds"][1:]]) == (3, [newest, older])
    assert onrecord(here, "index", "rollback", newest).returncode == 0
    assert info(here)["build"] == newest


def test_verify_names_every_damaged_file(here: Path) -> None:
    current = manifest.current(here / "index")
    older = next(build for build in (here / "index" / "builds").iterdir() if build != current)
    whole = onrecord(here, "index", "verify", "--all")
    assert (whole.returncode, whole.stderr) == (0, "")
    assert [line.partition(":")[0] for line in whole.stdout.splitlines()] == [current.name, older.name]
    harmed = [current / "rows.sqlite", current / "words" / "meta.json"]
    for path in harmed:
        path.write_bytes(path.read_bytes() + b"x")
    (older / "manifest.json").unlink()
    done = onrecord(here, "index", "verify")
    assert (done.returncode, done.stdout) == (3, "")
    lines = done.stderr.splitlines()
    assert [line.partition(" is damaged")[0] for line in lines] == [f"onrecord: {path}" for path in harmed]
    assert all(line.endswith('run "onrecord index build"') for line in lines)
    every = onrecord(here, "index", "verify", "--all").stderr.splitlines()
    assert every[:2] == lines
    assert str(older / "manifest.json") in every[2]
    assert every[2].endswith(f"an older build, remove {older}")
    assert onrecord(here, "index", "build").returncode == 0
    assert onrecord(here, "index", "verify").returncode == 0


def test_carried_elsewhere(here: Path, tmp_path: Path) -> None:
    before = info(here)
    file = str(tmp_path / "backup.tar")
    done = onrecord(here, "index", "backup", file)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{file}: {before['build']}, ")
    assert onrecord(here, "index", "backup", file).returncode == 2
    assert onrecord(here, "index", "backup", file, "--force").returncode == 0
    shutil.rmtree(here / "index")
    restored = onrecord(here, "index", "restore", file)
    assert (restored.returncode, restored.stderr) == (0, "")
    assert restored.stdout == f"{before['build']} of {before['created']} answers now: 3 articles\n"
    after = info(here)
    assert after == before | {"builds": before["builds"][:1]}
    assert "the index holds all that already" in onrecord(here, "index", "update").stderr
    ask = onrecord(here, "ask", "Did the mayor of town 2 say that bridge 2 would open in May?", "--json")
    assert json.loads(ask.stdout)["statements"][0]["quotes"][0]["text"] == TEXT.format(2)


def test_restored_over_another(here: Path, tmp_path: Path) -> None:
    file = str(tmp_path / "backup.tar")
    assert onrecord(here, "index", "backup", file).returncode == 0
    (here / "news" / "0.txt").unlink()
    assert onrecord(here, "index", "update").returncode == 0
    before = info(here)
    assert before["articles"] == 2
    restored = onrecord(here, "index", "restore", file)
    assert f'"onrecord index rollback {before["build"]}" goes back' in restored.stdout
    assert info(here)["articles"] == 3
    (kept,) = (here / "index" / "library").glob("library-*.db")
    with closing(Database(kept)) as library:
        assert library.rows("SELECT count(*) FROM articles WHERE gone") == [(1,)]
    assert onrecord(here, "index", "rollback", before["build"]).returncode == 0
    assert info(here)["articles"] == 2


def test_a_harmed_backup_is_refused(here: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    assert onrecord(here, "index", "backup", str(file)).returncode == 0
    content, before = file.read_bytes(), entries(here)
    half = len(content) // 2
    for bad in (content[:-1], content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :]):
        file.write_bytes(bad)
        done = onrecord(here, "index", "restore", str(file))
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
        assert f"{file} cannot be restored" in done.stderr
    assert onrecord(here, "index", "restore", str(tmp_path / "none.tar")).returncode == 2
    assert entries(here) == before


@pytest.mark.parametrize(
    ("told", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
def test_a_build_that_is_told_to_stop_leaves_nothing(here: Path, told: signal.Signals, code: int) -> None:
    before, kept = entries(here), info(here)
    lines = (json.dumps({"id": str(n), "text": f"{TEXT.format(n)} {told}"}) + "\n" for n in range(1000))
    (here / "news" / "more.jsonl").write_text("".join(lines))
    command = arguments(here, "index", "build")
    with subprocess.Popen(
        command, cwd=here, env=environment(here), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert any(line.startswith("embedding: ") for line in iter(process.stderr.readline, ""))
        assert [name for name in entries(here) if ".aside-" in name]
        process.send_signal(told)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (code, "")
    assert "Traceback" not in err
    assert entries(here) == before
    assert info(here) == kept


@pytest.mark.parametrize("kib", [8, 20])
def test_files_that_may_not_grow(here: Path, kib: int) -> None:
    """The log that SQLite leaves of the library then is no debris."""
    (here / "news" / "long.txt").write_text("\n\n".join(TEXT.format(number) for number in range(800)))
    before, kept = entries(here), info(here)
    done = onrecord(here, "index", "update", limits=f"ulimit -f {kib}")
    assert (done.returncode, done.stdout) == (3, "")
    last = done.stderr.splitlines()[-1]
    assert last.startswith("onrecord: could not write the ")
    assert "an earlier build still answers" in last
    assert [name for name in entries(here) if not name.endswith(("-wal", "-shm"))] == before
    assert info(here) == kept
    assert onrecord(here, "index", "update").returncode == 0
    assert info(here)["articles"] == 4


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="no folder here that nobody can write to")
def test_a_folder_that_nobody_can_write_to(here: Path) -> None:
    command = [*COMMAND, "index", "build", "--corpus", str(here / "news"), "--index", "/sys/onrecord"]
    done = subprocess.run(
        command, cwd=here, env=environment(here), capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.splitlines()[-1].startswith("onrecord: could not write the library in /sys/onrecord")
    assert "Traceback" not in done.stderr
