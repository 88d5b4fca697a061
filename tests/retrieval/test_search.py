import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.article import Document
from retrieval.build import Report
from retrieval.encoder import Encoder
from retrieval.search import Filters, Index, fuse


@pytest.fixture
def index(folder: Path, fake_encoder: Encoder) -> Iterator[Index]:
    opened = Index.open(folder, fake_encoder)
    yield opened
    opened.close()


def test_fusion_adds_the_reciprocal_of_the_ranks() -> None:
    assert fuse([[7, 8], [8, 9]]) == {7: 1 / 61, 8: pytest.approx(1 / 62 + 1 / 61), 9: 1 / 62}


def test_a_passage_asked_with_its_own_text_comes_first(index: Index, news: list[Document]) -> None:
    passages = [(d.article, p) for d in news for p in d.passages]
    for row, (article, passage) in enumerate(passages):
        best = index.search(article.text[passage.start : passage.end])[0]
        assert best.passage == row
        assert best.article_id == article.id
        assert (best.start, best.end, best.first, best.last) == (
            passage.start,
            passage.end,
            passage.first,
            passage.last,
        )
        if article.title is None:
            assert best.cosine == pytest.approx(1.0, abs=1e-5)
        assert best.bm25 > 0
        assert best.score == pytest.approx(3 / 61)


def test_hits_name_their_article(index: Index, news: list[Document]) -> None:
    for hit in index.search("Tokayev on imports"):
        assert index.article(hit.article).id == hit.article_id
        assert index.article(hit.article) == news[hit.article].article
        assert index.sentences(hit.article) == list(news[hit.article].sentences)


def test_scores_fall_and_k_bounds_them(index: Index) -> None:
    hits = index.search("rate of inflation")
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert index.search("rate of inflation", k=2) == hits[:2]
    assert index.search("rate of inflation", k=0) == []


def test_words_scattered_over_an_article_bring_its_best_passage(
    make_index: Callable[..., Report], document: Any, tmp_path: Path, fake_encoder: Encoder
) -> None:
    """One word a passage in "whole"; "part" holds more of them at once, and loses."""
    scattered = document("whole", "An eruption began.", "Then a tsunami rose.", "The islands lay under ash.")
    part = document(
        "part", "Ash and islands, ash and islands, the islands of Greece are fine in summer, say guests."
    )
    make_index([part, scattered, *(document(f"d{i}", f"Filler {i} about sport.") for i in range(20))])
    index = Index.open(tmp_path / "index", fake_encoder)
    hits = index.search("eruption tsunami ash islands")
    assert hits[0].article_id == "whole"
    assert hits[0].score > 2 / 61
    index.close()


def test_filters(index: Index) -> None:
    def found(**conditions: Any) -> set[int]:
        return {hit.passage for hit in index.search("Tokayev bank border", filters=Filters(**conditions))}

    assert found() == {0, 1, 2, 3, 4, 5}
    assert found(since=date(2023, 9, 28)) == {0, 1, 2, 3}
    assert found(until=date(2023, 12, 31)) == {0, 1}
    assert found(outlets=("astana times",)) == {0, 1}
    assert found(outlets=("times", "KAZINFORM")) == {0, 1, 2, 3}
    assert found(outlets=("tim",)) == set()
    assert found(speakers=("tokayev",)) == {0}
    assert found(speakers=("Suleimenov", "Timur Tokayev")) == {3}
    assert found(speakers=("tokayev",), since=date(2024, 1, 1)) == set()


@pytest.mark.parametrize(
    "question", ["", " ", "?!", "\0", "🙂" * 4096, "\ud800", "<b>Tokayev</b>", "a" * 10000]
)
def test_any_question_is_answered_with_passages(index: Index, question: str) -> None:
    assert len(index.search(question)) == 6


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40), min_size=1, max_size=5
    )
)
def test_saved_and_opened_again_an_index_answers_the_same(
    make_index: Callable[..., Report], document: Any, tmp_path: Path, fake_encoder: Encoder, texts: list[str]
) -> None:
    documents = [document(f"d{i}", text) for i, text in enumerate(texts)]
    answers = []
    for _ in range(2):
        make_index(documents)
        index = Index.open(tmp_path / "index", fake_encoder)
        assert [index.article(row) for row in range(len(texts))] == [d.article for d in documents]
        answers.append([index.search(text) for text in texts])
        index.close()
    assert answers[0] == answers[1]


def test_terms_vectors_and_frequencies(index: Index, fake_encoder: Any) -> None:
    assert index.terms("Tokayev’s imports") == ["tokayev", "import"]
    assert index.document_frequency("tokayev") == 1
    assert np.array_equal(index.vectors_of([5]), fake_encoder.encode(["Путин заявил об этом."]))
    assert np.array_equal(index.encode(["a b"]), fake_encoder.encode(["a b"]))
    assert index.passages == 6


def test_opening_and_searching_write_nothing(index: Index, folder: Path, fake_encoder: Encoder) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    opened = Index.open(folder, fake_encoder)
    assert opened.search("Tokayev") == index.search("Tokayev")
    opened.close()
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_the_real_model_finds_what_is_asked_in_other_words(starter_index: Index, encoder: Encoder) -> None:
    for row in range(starter_index.passages):
        place = starter_index.places([row])[row]
        text = starter_index.article(place.article).text[place.start : place.end]
        hit = starter_index.search(text, k=1)[0]
        assert text == starter_index.article(hit.article).text[hit.start : hit.end]


def test_searching_imports_nothing_heavy(
    make_index: Callable[..., Report], news: list[Document], tmp_path: Path, encoder: Encoder, models: Path
) -> None:
    make_index(news, encoder=encoder)
    program = (
        "import sys; from pathlib import Path; from retrieval.encoder import load; from retrieval.search import Index\n"
        f"index = Index.open(Path({str(tmp_path / 'index')!r}), load('all-MiniLM-L6-v2', Path({str(models)!r})))\n"
        "print(index.search('Does Kazakhstan take part in parallel import?')[0].article_id)\n"
        "heavy = 'torch transformers sentence_transformers trafilatura dateparser nupunkt telegram'.split()\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    env = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    ran = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True)
    assert (ran.stdout.splitlines(), ran.stderr) == (["border", "[]"], "")


def test_filters_are_all_or_nothing_by_default() -> None:
    assert replace(Filters()) == Filters(since=None, until=None, outlets=(), speakers=())
