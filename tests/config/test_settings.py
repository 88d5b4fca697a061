import os
from pathlib import Path

import pytest

from config.settings import load
from corpus.errors import UsageError


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith("ONRECORD_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ONRECORD_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


def test_defaults() -> None:
    settings = load()
    assert (settings.model, settings.corpus, settings.passages.words) == ("all-MiniLM-L6-v2", (), 110)
    assert settings.telegram.token.get_secret_value() == ""


def test_evidence_models_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (load().evidence.stance, load().evidence.relevance) == ("", "")
    file = tmp_path / "mine.toml"
    file.write_text('[evidence]\nstance = "nli"\nrelevance = "a"\n', encoding="utf-8")
    monkeypatch.setenv("ONRECORD_EVIDENCE_RELEVANCE", "cross-encoder/b")
    settings = load(file)
    assert (settings.evidence.stance, settings.evidence.relevance) == ("nli", "cross-encoder/b")


def test_the_environment_goes_before_dotenv_and_dotenv_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "data" / "onrecord.toml"
    file.parent.mkdir()
    file.write_text(
        'corpus = ["mine"]\n[answers]\nquotes = 2\n[telegram]\nport = 1\nqueue = 1\nworkers = 1\n'
    )
    (tmp_path / ".env").write_text("ONRECORD_TELEGRAM_PORT=2\nONRECORD_TELEGRAM_QUEUE=2\nOTHER_PROGRAM=x\n")
    monkeypatch.setenv("ONRECORD_TELEGRAM_PORT", "3")
    monkeypatch.setenv("ONRECORD_TELEGRAM_API_URL", "http://127.0.0.1:9")
    settings = load()
    telegram = settings.telegram
    assert (telegram.port, telegram.queue, telegram.workers, settings.answers.quotes) == (3, 2, 1, 2)
    assert telegram.api_url == "http://127.0.0.1:9"
    assert settings.corpus == (file.parent / "mine",)


def test_folders_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_CORPUS", os.pathsep.join(["/a", "/b c"]))
    assert load().corpus == (Path("/a"), Path("/b c"))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('modle = "x"', "bad.toml: modle: no such setting"),
        ("[answers]\nquotes = 0", "bad.toml: answers.quotes: "),
        ("[answers]\nquote = 3", "bad.toml: answers.quote: no such setting"),
        ('[telegram]\nadmins = [7, true, "me"]', "bad.toml: telegram.admins: "),
        ('answers = "x"', "bad.toml: answers: "),
        ("corpus = 5", "bad.toml: corpus: "),
        ("[answers", "bad.toml: not a TOML file: "),
        ('_env_file = "x"', "bad.toml: _env_file: no such setting"),
    ],
)
def test_a_bad_file_is_one_line_that_names_it(tmp_path: Path, written: str, said: str) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(written)
    with pytest.raises(UsageError) as caught:
        load(file)
    assert str(caught.value).startswith(f"{tmp_path}/{said}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["ONRECORD_TELEGRAM_WORKERS", "ONRECORD_TELEGRAM_TOKN", "ONRECORD_TELEGRAM"])
def test_a_bad_variable_is_named_and_its_value_is_not_told(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "110201543:AAHdqTcv")
    with pytest.raises(UsageError) as caught:
        load()
    assert "environment" in str(caught.value)
    assert "telegram" in str(caught.value)
    assert "AAHdq" not in str(caught.value)


def test_the_token_is_not_in_the_settings_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_TELEGRAM_TOKEN", "110201543:AAHdqTcv")
    settings = load()
    assert settings.telegram.token.get_secret_value() == "110201543:AAHdqTcv"
    assert "AAHdq" not in f"{settings!r} {settings}"
