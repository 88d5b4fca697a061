"""Small documents made of given texts, and indexes of them with the fake encoder."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from corpus.article import Article, Document, Passage, Sentence
from retrieval.build import Report, build
from retrieval.encoder import Encoder

Make = Callable[..., Document]


@pytest.fixture(scope="session")
def document() -> Make:
    """``document(id, *sentences, title=None, speakers=(), ...)``: one sentence a passage."""

    def make(name: str, *sentences: str, speakers: tuple[str | None, ...] = (), **named: Any) -> Document:
        spans, start = [], 0
        for sentence in sentences:
            spans.append((start, start + len(sentence)))
            start += len(sentence) + 1
        named.setdefault("published", date(2023, 9, 28))
        article = Article(
            id=name, text=" ".join(sentences), body=((0, start - 1),), path=f"{name}.txt", **named
        )
        who = [*speakers, *[None] * (len(spans) - len(speakers))]
        said = tuple(
            Sentence(*span, "direct" if one else "narrator", one)
            for span, one in zip(spans, who, strict=True)
        )
        return Document(article, said, tuple(Passage(*span, i, i + 1) for i, span in enumerate(spans)))

    return make


@pytest.fixture(scope="session")
def news(document: Make) -> list[Document]:
    """Three articles, six passages."""
    return [
        document(
            "border",
            "Kazakhstan does not participate in parallel imports, Tokayev said.",
            "The border spans 7,591 km.",
            title="No parallel imports",
            outlet="The Astana Times",
            speakers=("Kassym-Jomart Tokayev",),
        ),
        document(
            "rates",
            "The central bank raised its rate to 12 percent.",
            "Inflation is slowing, Governor Suleimenov said.",
            outlet="Kazinform",
            speakers=(None, "Timur Suleimenov"),
            published=date(2024, 1, 19),
        ),
        document(
            "undated",
            "The U.S. ambassador praised O'Brien's measures.",
            "Путин заявил об этом.",
            published=None,
        ),
    ]


@pytest.fixture
def make_index(tmp_path: Path, fake_encoder: Encoder) -> Callable[..., Report]:
    """``make_index(documents, folder=..., encoder=..., ...)`` with the fake encoder, in ``tmp_path / "index"``."""

    def make(documents: Any, **named: Any) -> Report:
        settings = {"folder": tmp_path / "index", "encoder": fake_encoder, "cache": tmp_path / "cache"}
        return build(documents, **{**settings, "sources": ["news"], **named})

    return make


@pytest.fixture(scope="session")
def folder(news: list[Document], fake_encoder_type: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the news with the fake encoder, built once; a test that changes it takes a copy."""
    base = tmp_path_factory.mktemp("news")
    build(news, base / "index", fake_encoder_type(), sources=["news"], cache=base / "cache")
    return base / "index"
