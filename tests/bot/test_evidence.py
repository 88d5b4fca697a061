"""Sentences measured against claims, and what an open question wants."""

from dataclasses import replace

import pytest

from bot.answering.claim_words import ClaimWords
from bot.answering.evidence import FEATURES, EvidenceFinder, _distinct
from bot.answering.lexicon import Lexicon
from bot.answering.pair_reader import PairReader, WordsAlone
from bot.answering.question import read
from bot.answering.sentence_vectors import SentenceVectors
from bot.answering.sufficiency import load_scorer
from bot.answering.wanted import answer_spans, wanted
from retrieval.search import Index


@pytest.fixture(scope="module")
def finder(starter_index: Index) -> EvidenceFinder:
    reader = PairReader.shipped()
    return EvidenceFinder(starter_index, Lexicon(starter_index.terms), load_scorer().sentence, reader)


def test_the_best_sentence_comes_first(finder: EvidenceFinder) -> None:
    question = "How long is the border between Kazakhstan and Russia?"
    found = finder.find(read(question), finder.index.search(question, k=20))
    assert "7,591 km" in found[0].text
    assert [e.relevance for e in found] == sorted((e.relevance for e in found), reverse=True)
    assert all(len(e.features) == len(FEATURES) for e in found)
    assert len({(e.article_row, e.position) for e in found}) == len(found)


def test_without_a_model_nothing_is_read(starter_index: Index) -> None:
    weights = load_scorer(model=False).sentence
    finder = EvidenceFinder(starter_index, Lexicon(starter_index.terms), weights, WordsAlone())
    question = "How long is the border between Kazakhstan and Russia?"
    found = finder.find(read(question), finder.index.search(question, k=20))
    assert "7,591 km" in found[0].text
    assert all(e.reading is None and e.feature("read_relevance") == 0 for e in found)


def test_words_are_weighed_and_met(starter_index: Index) -> None:
    claim = read("Did Kazakhstan join the parallel imports?")
    words = ClaimWords(claim, starter_index, Lexicon(starter_index.terms))
    assert (words.names, words.predicate, words.objects) == (["Kazakhstan"], "join", ["parallel", "imports"])
    met = words.met(set(starter_index.terms("A Kazakh firm took part in parallel imports.")))
    assert met["parallel"] == met["imports"] == 1.0
    assert 0 < met["join"] < met["Kazakhstan"] < 1
    assert words.share(met, words.objects) == 1.0
    assert words.share(words.met(set())) == 0.0
    assert words.missing(words.met(set())) > words.missing(met)


def test_remembered_vectors_are_the_encoders(starter_index: Index) -> None:
    vectors = SentenceVectors(starter_index)
    asked = [
        ((0, 0), "The mill is closed."),
        ((0, 1), "The border is long."),
        ((0, 0), "The mill is closed."),
    ]
    first, again = vectors.of(asked), vectors.of(asked)
    assert first.shape == (3, 384)
    assert (first == again).all()
    assert (first[0] == first[2]).all()
    assert first[1] @ starter_index.encode(["The border is long."])[0] == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize(
    ("question", "text", "held", "spans"),
    [
        ("How many troops were sent?", "It sent 2,000 troops.", True, ["2,000 troops"]),
        ("How many troops were sent?", "It sent troops.", False, []),
        ("When did it close?", "It closed on 3 May 2024 at noon.", True, ["3 May 2024"]),
        ("Who led the delegation?", "It was led by Ann Lee.", True, ["Ann Lee"]),
        ("Why did it close?", "It closed because of the flood.", True, ["because of the flood"]),
        ("What did Ann Lee say?", "“We stay here,” Lee said.", None, ["We stay here,"]),
        ("What is it?", "It is a mill.", None, []),
    ],
)
def test_what_is_wanted(question: str, text: str, *, held: bool | None, spans: list[str]) -> None:
    claim = read(question)
    assert wanted(claim, text) is held
    assert [text[a:b] for a, b in answer_spans(claim, text)] == spans


def test_copies_of_one_text_crowd_out_no_other(finder: EvidenceFinder) -> None:
    question = "How long is the border between Kazakhstan and Russia?"
    hits = finder.index.search(question, k=20)
    best = finder.find(read(question), hits)[0]
    copies = [replace(best, article_row=1000 + n) for n in range(30)]
    other = [e for e in finder.find(read(question), hits) if e.text != best.text]
    kept = _distinct([*copies, *other], 4)
    assert len(kept) == 30 + 3
    assert [e.text for e in kept[30:]] == [e.text for e in other[:3]]
