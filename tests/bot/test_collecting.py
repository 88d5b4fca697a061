"""An index that follows its sources: what is read and embedded, and that answers do not move without a reason."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.render.as_json import to_dict
from corpus.errors import CorpusError, UsageError
from retrieval.builds import manifest
from retrieval.encoder import Encoder

LONG_AGO = 1_700_000_000
FOUNDING = "did Kazakhstan say it joins parallel imports?"
UNTOUCHED = [FOUNDING, "who spoke about the bridge?", "did the mill deny that it would close?"]


def told(_stage: str, _done: int, _total: int) -> None:
    pass


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one test embedded, the next need not embed again."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def app(encoder: Encoder, models: Path, cache: Path) -> App:
    """Over a fresh data folder, with the model ready and nothing configured."""
    assert encoder.dimension == 384
    made = App.of((), None, None)
    made.settings.data.mkdir(parents=True)
    (made.settings.data / "models").symlink_to(models)
    (made.settings.data / "cache").symlink_to(cache)
    return made


@pytest.fixture
def articles(starter: Path, tmp_path: Path) -> Path:
    """The starter articles, written long ago."""
    folder = Path(shutil.copytree(starter, tmp_path / "articles"))
    for path in folder.iterdir():
        os.utime(path, (LONG_AGO, LONG_AGO))
    return folder


def answers(app: App) -> list[str]:
    answerer = app.answerer(told)
    found = []
    for question in UNTOUCHED:
        answer = to_dict(answerer.answer(question))
        answer.pop("took_ms")
        answer["index"].pop("build")
        found.append(json.dumps(answer))
    answerer.index.close()
    return found


def test_one_changed_file_is_read_and_embedded_and_other_answers_stay(app: App, articles: Path) -> None:
    first = app.add(str(articles))
    assert first.report is not None
    assert (first.changes.read, first.changes.new) == (18, 18)
    before = answers(app)
    changed = articles / "2023-06-04-evening-cup-final.md"
    changed.write_text(
        changed.read_text(encoding="utf-8") + "\nThe final was watched by nine thousand people.\n"
    )
    outcome = app.update(told)
    assert outcome.report is not None
    assert (outcome.changes.read, outcome.changes.changed, outcome.changes.unchanged) == (1, 1, 17)
    assert outcome.report.embedded == 1
    assert answers(app) == before


def test_nothing_new_makes_no_build(app: App, articles: Path) -> None:
    app.add(str(articles))
    build = manifest.current(app.folder)
    outcome = app.update(told)
    assert (outcome.report, outcome.changes.unchanged) == (None, 18)
    assert manifest.current(app.folder) == build
    shutil.rmtree(build)
    again = app.update(told)
    assert again.report is not None
    assert (again.changes.read, again.report.articles, again.report.embedded) == (0, 18, 0)


def test_an_update_that_was_cut_short_before_the_build_is_made_good(app: App, articles: Path) -> None:
    app.add(str(articles))
    (articles / "2023-06-04-evening-cup-final.md").unlink()

    def interrupted(stage: str, _done: int, _total: int) -> None:
        if stage == "checking":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        app.update(interrupted)
    assert len(list(app.articles())) == 18
    outcome = app.update(told)
    assert (outcome.changes.removed, outcome.changes.unchanged) == (0, 17)
    assert outcome.report is not None
    assert len(list(app.articles())) == 17


def test_the_starter_articles_give_way_to_what_is_added(app: App, tmp_path: Path) -> None:
    assert app.build(told).changes.new == 18
    (tmp_path / "own.txt").write_text("The mayor said on Monday that the bridge would open in May.")
    app.add(str(tmp_path / "own.txt"))
    assert [article.id for article in app.articles()] == ["own.txt"]
    assert [article.path for article in app.articles()] == [str(tmp_path / "own.txt")]
    app.remove(str(tmp_path / "own.txt"))
    assert len(list(app.articles())) == 18


def test_what_is_added_stands_beside_a_named_corpus(
    app: App, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own.txt").write_text("The mayor said on Monday that the bridge would open in May.")
    named = App.of([articles], None, None)
    assert named.folder != app.folder
    named.add(str(tmp_path / "own.txt"))
    assert len(list(named.articles())) == 19
    assert len(list(App.of([articles], None, None).articles())) == 19


def test_an_address_that_is_refused_stays_visible(app: App, tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("The mayor said on Monday that the bridge would open in May.")
    app.add(str(tmp_path / "own.txt"))
    outcome = app.add("http://127.0.0.1:9/page.html")
    assert outcome.changes.failed == 1
    (failed,) = outcome.unreadable
    assert failed.path == "http://127.0.0.1:9/page.html"
    assert app.update(told).unreadable == (failed,)
    assert app.remove("http://127.0.0.1:9/page.html").unreadable == ()


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        (lambda app: app.add("nowhere"), UsageError, "no such file or folder: nowhere: add what is there"),
        (lambda app: app.remove("nowhere"), UsageError, "nowhere was not added; these were: none"),
        (lambda app: app.add("."), CorpusError, r"no articles in .*: add files there"),
    ],
)
def test_one_clear_line(
    app: App,
    change: Callable[[App], Any],
    error: type[Exception],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    with pytest.raises(error, match=said):
        change(app)
