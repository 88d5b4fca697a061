"""A feed as its reader meets it: the real commands, and what the index holds after each poll.

No setting lets a command ask this machine's own servers, and none should. The commands run here from a program
that gives the fetcher a test's allowance for one port before it starts them.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.app import App
from retrieval.encoder import Encoder
from tests.corpus.fetching.site import Site, page

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import runpy, sys
from functools import partial
from corpus.fetching import client
from corpus.fetching.addresses import Allowance
from corpus.fetching.limits import Limits
allowed = Allowance(frozenset({("127.0.0.1", int(sys.argv.pop(1)))}))
client.Fetcher = partial(client.Fetcher, limits=Limits(pause=0), allow=allowed)
runpy.run_module("bot", run_name="__main__", alter_sys=True)
"""
CHANGED = (3, 8, 13)


@pytest.fixture
def data(encoder: Encoder, models: Path, tmp_path: Path) -> Path:
    assert encoder.dimension == 384
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "models").symlink_to(models)
    return tmp_path / "data"


def onrecord(site: Site, data: Path, *arguments: str) -> str:
    """What the command said on standard error."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(site.port), *arguments],
        cwd=data.parent,
        env=kept | {"ONRECORD_DATA": str(data), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    return done.stderr


def publish(site: Site, numbers: Sequence[int], said: str) -> None:
    for number in numbers:
        article = (
            f"<html><head><title>Bridge {number}</title></head><body><article><h1>Bridge {number}</h1>"
            f"<p>The mayor of town {number} said on Monday that bridge {number} {said}.</p>"
            f"<p>It has stood unfinished for {number + 2} years, and the council paid for it twice over.</p>"
            "</article></body></html>"
        )
        site.says(f"/{number}.html", page(article.encode(), "Content-Type: text/html; charset=utf-8"))


def list_articles(site: Site, numbers: Sequence[int]) -> None:
    items = "".join(
        f"<item><title>Bridge {n}</title><link>http://127.0.0.1:{site.port}/{n}.html</link>"
        "<pubDate>Wed, 01 May 2024 10:00:00 GMT</pubDate></item>"
        for n in numbers
    )
    feed = f"<?xml version='1.0'?><rss version='2.0'><channel><title>Bridges</title>{items}</channel></rss>"
    site.says("/feed", page(feed.encode(), "Content-Type: application/rss+xml"))


def held(data: Path, monkeypatch: pytest.MonkeyPatch) -> dict[int, str]:
    """What each bridge is said to do, in the order of the index."""
    monkeypatch.setenv("ONRECORD_DATA", str(data))
    found = {}
    for article in App.of([], None, None).articles():
        said = "will never open" if "will never open" in article.text else "will open in May"
        assert said in article.text
        assert str(article.published) == "2024-05-01"
        found[int(Path(article.id).stem)] = said
    return found


def test_what_the_index_holds_after_each_poll(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Site() as site:
        publish(site, range(20), "will open in May")
        list_articles(site, range(20))
        first = onrecord(site, data, "corpus", "add", f"http://127.0.0.1:{site.port}/feed")
        assert "20 read, 0 failed; articles: 20 new, 0 changed, 0 unchanged, 0 removed\n" in first
        assert "20 passages, 20 of them embedded now" in first
        assert held(data, monkeypatch) == dict.fromkeys(range(20), "will open in May")

        same = onrecord(site, data, "corpus", "update")
        assert "0 read, 0 failed; articles: 0 new, 0 changed, 20 unchanged, 0 removed\n" in same
        assert same.endswith("the index holds all that already\n")

        publish(site, CHANGED, "will never open")
        second = onrecord(site, data, "corpus", "update")
        assert "3 read, 0 failed; articles: 0 new, 3 changed, 17 unchanged, 0 removed\n" in second
        assert "20 passages, 3 of them embedded now" in second
        assert held(data, monkeypatch) == {
            n: "will never open" if n in CHANGED else "will open in May" for n in range(20)
        }

        publish(site, [20], "will open in May")
        list_articles(site, range(1, 21))
        third = onrecord(site, data, "corpus", "update")
        assert "1 read, 0 failed; articles: 1 new, 0 changed, 20 unchanged, 0 removed\n" in third
        assert "21 passages, 1 of them embedded now" in third
        assert sorted(held(data, monkeypatch)) == list(range(21))


def test_without_the_allowance_this_machine_is_not_asked(data: Path) -> None:
    with Site() as site:
        publish(site, [1], "will open in May")
        done = subprocess.run(
            [sys.executable, "-m", "bot", "corpus", "add", f"http://127.0.0.1:{site.port}/1.html"],
            cwd=ROOT,
            env=dict(os.environ) | {"ONRECORD_DATA": str(data)},
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == 2, done.stderr
        assert "127.0.0.1 is 127.0.0.1, not a public address, and is not asked" in done.stderr
        assert site.requests == []
