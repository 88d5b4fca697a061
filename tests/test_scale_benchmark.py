"""The corpora that the benchmark of sizes is made on, and that it measures what it says."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import scale
from benchmarks.recombined import Pool, Recombining, documents, gather
from retrieval.build import build
from retrieval.glossary import WordEncoder
from retrieval.search import Index

ARTICLES = Path(__file__).resolve().parents[1] / "corpus" / "articles"


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory, fake_encoder_type: Any) -> Pool:
    folder = tmp_path_factory.mktemp("pool")
    gather(ARTICLES, fake_encoder_type(), folder / "cache", lambda _done: None).save(folder)
    return Pool.load(folder)


def test_passages_are_real_ones_with_another_first_sentence(pool: Pool) -> None:
    made = list(documents(pool, 40))
    assert [len(one.passages) for one in made] == [17, 17, 6]
    for one in made:
        for passage in one.passages:
            said = one.sentences[passage.first : passage.last]
            text = one.article.text[passage.start : passage.end]
            assert (said[0].start, said[-1].end) == (passage.start, passage.end)
            first = one.article.text[said[0].start : said[0].end]
            assert first in pool.firsts
            assert text.removeprefix(f"{first} ") in pool.others
    assert made == list(documents(pool, 40))
    assert made[0] != next(documents(pool, 41))


def test_vectors_lie_near_the_real_ones_and_follow_from_the_text(pool: Pool, fake_encoder: Any) -> None:
    encoder = Recombining(pool, fake_encoder)
    made = encoder.encode([f"A title. A first sentence. {rest}" for rest in pool.others])
    assert np.allclose(np.linalg.norm(made, axis=1), 1)
    assert 0.7 < float(np.vecdot(made, pool.vectors).mean()) < 0.99
    assert np.array_equal(made[3], encoder.encode([f"A title. A first sentence. {pool.others[3]}"])[0])
    assert np.array_equal(encoder.encode(["why?"], kind="query"), fake_encoder.encode(["why?"], kind="query"))


def test_what_is_found_is_counted_against_every_vector(
    pool: Pool, tmp_path: Path, fake_encoder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WordEncoder, "available", lambda: False)  # whose words take longer than all else
    encoder = Recombining(pool, fake_encoder)
    build(documents(pool, 60), tmp_path / "index", encoder, sources=["test"], cache=tmp_path / "cache")
    index = Index.open(tmp_path / "index", encoder)
    asked = ["Did Kazakhstan join parallel imports?", "Who won the cup?"]
    assert scale.recall(index, encoder, documents(pool, 60), asked) == 1.0
    found = Index.by_meaning
    monkeypatch.setattr(Index, "by_meaning", lambda self, question, k: found(self, question, k)[: k // 2])
    assert scale.recall(index, encoder, documents(pool, 60), asked) == 0.5
    index.close()


def test_a_size_that_is_measured_again_replaces_its_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scale, "RESULT", tmp_path / "scale.json")
    drawn: list[list[int]] = []
    monkeypatch.setattr(scale, "draw", lambda sizes, _path: drawn.append(sorted(sizes)))
    for size, figure in (("100", 1), ("20", 2), ("100", 3)):
        scale.save({size: {"figure": figure}})
    assert drawn == [[100], [20, 100], [20, 100]]
    assert '"100": {\n   "figure": 3' in (tmp_path / "scale.json").read_text("utf-8")
