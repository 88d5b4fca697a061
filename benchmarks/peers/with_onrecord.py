"""Onrecord: ``onrecord index build`` as it stands, and Index.search.

``prepare DATA`` makes the encoder ready, once for an installation; no store counts it, as no peer's counts its model.
"""

import os
import sys
from pathlib import Path

from protocol import PASSAGES, Search, serve

MODEL = "all-MiniLM-L6-v2"  # the installed package's folder, which the peers are given as a path


def index(articles: Path, store: Path, _model: str) -> int:
    """Becomes the command, so that memory and time are the command's."""
    made = ["index", "build", "--corpus", str(articles), "--index", str(store / "index")]
    os.execv(sys.executable, [sys.executable, "-m", "bot", *made])  # noqa: S606  our own interpreter


def load(store: Path, _model: str) -> Search:
    from retrieval.encoder import load as open_encoder  # noqa: PLC0415  "index" is not to load it
    from retrieval.search import Index  # noqa: PLC0415

    found = Index.open(store / "index", open_encoder(MODEL, models(Path(os.environ["ONRECORD_DATA"]))))
    return lambda question: [hit.article_id for hit in found.search(question, k=PASSAGES)]


def models(data: Path) -> Path:
    return data / "models"


def prepare(data: Path) -> None:
    from retrieval.encoder import load as open_encoder  # noqa: PLC0415

    open_encoder(MODEL, models(data))


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(Path(sys.argv[2]))
    else:
        serve(index, load)
