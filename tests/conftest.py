"""What many tests share: encoders, corpora, and indexes that are built once a run."""

import hashlib
import os
import signal
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from corpus.article import Article
from corpus.reading import digest, read
from retrieval.build import build
from retrieval.encoder import Encoder, Float32, Kind, load
from retrieval.search import Index

MODEL = "all-MiniLM-L6-v2"
ROOT = Path(__file__).resolve().parents[1]
KEPT = Path(tempfile.gettempdir()) / f"onrecord-tests-{os.getuid()}"
"""Exported models and embeddings, which later runs on this machine use again."""

settings.register_profile("unhurried", deadline=None)  # else an example of 0.2 s fails, on a busy machine any
settings.load_profile("unhurried")


def pytest_configure() -> None:
    """Under nohup or in the background signals are ignored, and the processes that tests stop would inherit that."""
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


class FakeEncoder:
    """Words hashed into directions: equal texts are equal, texts that share words are near. Deterministic."""

    name, fingerprint, dimension = "fake", "fake-1", 64

    def __init__(self) -> None:
        self.seen: list[str] = []

    def encode(
        self, texts: Sequence[str], *, kind: Kind = "passage", progress: Callable[[int], None] | None = None
    ) -> Float32:
        """As Encoder.encode; ``seen`` keeps the texts, ``kind`` makes no difference."""
        del kind
        if progress:
            progress(len(texts))
        self.seen.extend(texts)
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in ["", *text.lower().split()]:
                seed = int.from_bytes(hashlib.sha256(word.encode(errors="replace")).digest()[:8])
                vectors[row] += np.random.default_rng(seed).standard_normal(self.dimension)
        unit: Float32 = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


@pytest.fixture(autouse=True)
def _data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test writes to the data folder of whoever runs it."""
    monkeypatch.setenv("ONRECORD_DATA", str(tmp_path / "data"))


@pytest.fixture(scope="session")
def models() -> Path:
    """The folder of exported models."""
    return KEPT / "models"


@pytest.fixture(scope="session")
def encoder(models: Path) -> Encoder:
    """The real model; its export takes some 15 s on a machine's first run."""
    return load(MODEL, models)


@pytest.fixture(scope="session")
def fake_encoder_type() -> type[FakeEncoder]:
    return FakeEncoder


@pytest.fixture
def fake_encoder(fake_encoder_type: type[FakeEncoder]) -> FakeEncoder:
    return fake_encoder_type()


@pytest.fixture(scope="session")
def starter() -> Path:
    """The starter articles of the checkout."""
    return ROOT / "corpus" / "articles"


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The five scraped articles beside the checkout; tests that need them skip where they are absent."""
    folder = ROOT.parent / "shared" / "corpus" / "seeds"
    if not folder.is_dir():
        pytest.skip("../shared/corpus/seeds is not here")
    return folder


@pytest.fixture(scope="session")
def starter_index(
    starter: Path, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Index]:
    yield from _index(starter, encoder, tmp_path_factory)


@pytest.fixture(scope="session")
def seed_index(seeds: Path, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    yield from _index(seeds, encoder, tmp_path_factory)


def _index(source: Path, encoder: Encoder, temporary: pytest.TempPathFactory) -> Iterator[Index]:
    folder = temporary.mktemp("index")
    documents = (digest(found) if isinstance(found, Article) else found for found in read([source]))
    build(documents, folder, encoder, sources=[str(source)], cache=KEPT / "cache")
    index = Index.open(folder, encoder)
    yield index
    index.close()
