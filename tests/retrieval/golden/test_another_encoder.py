"""Change by change: a build made by an encoder that is not the one at hand is refused by the name of what changed."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from corpus.article import Document
from corpus.errors import IndexMismatch
from retrieval.build import build
from retrieval.builds import manifest
from retrieval.encoder import Encoder, OnnxEncoder
from retrieval.search import Index

ZEROS = "0" * 64
CARD = "encoder.json"


@pytest.fixture(scope="module")
def home(models: Path, encoder: OnnxEncoder) -> Path:
    """The folder of the exported encoder."""
    for path in models.glob(f"*/{CARD}"):
        if json.loads(path.read_text(encoding="utf-8"))["fingerprint"] == encoder.fingerprint:
            return path.parent
    raise AssertionError(models)


@pytest.fixture(scope="module")
def made(
    news: list[Document], home: Path, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """An index by the encoder as it is."""
    base = tmp_path_factory.mktemp("made")
    same = changed(home, base / "encoder", fingerprint=encoder.fingerprint)
    build(news, base / "index", same, sources=["news"], cache=base / "cache")
    return base / "index"


def changed(home: Path, to: Path, **card: Any) -> OnnxEncoder:
    """The encoder with another card, and so another fingerprint; ``tokenizer``: with another of that too."""
    to.mkdir()
    for path in home.iterdir():
        if path.name != CARD:
            (to / path.name).symlink_to(path)
    told = {"fingerprint": "another", "pooling": "mean", "normalised": True}  # which older cards do not tell
    values = json.loads((home / CARD).read_text(encoding="utf-8")) | told | card
    if values.pop("tokenizer", None):
        content = (home / "tokenizer.json").read_bytes() + b"\n"
        (to / "tokenizer.json").unlink()
        (to / "tokenizer.json").write_bytes(content)
        values["files"]["tokenizer.json"] = hashlib.sha256(content).hexdigest()
    (to / CARD).write_text(json.dumps(values), encoding="utf-8")
    return OnnxEncoder(to)


NAME = "all-MiniLM-L6-v2"
CHANGES = [
    ({"name": "e5"}, f"made with {NAME} (384), the settings name e5 (384)"),
    ({"dimension": 32}, f"made with {NAME} (384), the settings name {NAME} (32)"),
    ({"weights_sha256": ZEROS}, "of weights 53aa51172d14, the settings name one of weights 000000000000"),
    ({"tokenizer": True}, "of tokenizer "),
    ({"pooling": "cls"}, 'of pooling "mean", the settings name one of pooling "cls"'),
    ({"normalised": False}, "of normalised true, the settings name one of normalised false"),
    ({"max_tokens": 128}, "of max_tokens 256, the settings name one of max_tokens 128"),
    (
        {"prefixes": {"query": "query: ", "passage": ""}},
        'of query prefix "", the settings name one of query prefix "query: "',
    ),
    (
        {"prefixes": {"query": "", "passage": "passage: "}},
        'of passage prefix "", the settings name one of passage prefix "passage: "',
    ),
]


@pytest.mark.parametrize(
    ("card", "said"), CHANGES, ids=lambda value: "-".join(value) if isinstance(value, dict) else ""
)
def test_what_changed_is_named_with_what_mends_it(
    made: Path, home: Path, tmp_path: Path, card: dict[str, Any], said: str
) -> None:
    other = changed(home, tmp_path / "other", **card)
    with pytest.raises(IndexMismatch) as caught:
        Index.open(made, other)
    line = str(caught.value)
    assert said in line
    assert line.startswith(str(manifest.current(made)))
    assert line.endswith(f": {manifest.MEND}")
    assert "\n" not in line


def test_what_mends_it_does(home: Path, tmp_path: Path, news: list[Document]) -> None:
    first = changed(home, tmp_path / "first", fingerprint="first")
    other = changed(home, tmp_path / "other", prefixes={"query": "query: ", "passage": "passage: "})
    folder = tmp_path / "index"
    for one, fresh in ((first, 6), (other, 6), (first, 0)):
        report = build(news, folder, one, sources=["news"], cache=tmp_path / "cache")
        assert report.embedded == fresh
        index = Index.open(folder, one)
        assert index.search("central bank rate")[0].article_id == "rates"
        index.close()
    with pytest.raises(
        IndexMismatch, match='of query prefix "", passage prefix "", the settings name one of query'
    ):
        Index.open(folder, other)
