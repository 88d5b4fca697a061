from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import IndexDamaged
from retrieval.words import STOP, Words, Writer

TEXTS = [
    (None, "Kazakhstan’s president joined the talks"),
    ("Parallel imports", "The minister denied it"),
    (None, "The minister said imports of cars fell; imports grew elsewhere"),
    (None, "Who is who in the U.S. Senate, by O'Brien"),
    (None, "Цены выросли на 7,591 тенге в кафе"),
]


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Words:
    folder = tmp_path_factory.mktemp("words") / "words"
    with Writer(folder) as writer:
        for row, (title, text) in enumerate(TEXTS):
            writer.add(row, title, text)
    return Words(folder)


def rows(words: Words, question: str) -> list[int]:
    return [row for row, _ in words.search(question, 10)]


def test_terms_are_lower_cased_folded_and_stemmed(words: Words) -> None:
    assert words.terms("Kazakhstan’s Tokayev's Cafés joining") == ["kazakhstan", "tokayev", "cafe", "join"]
    assert words.terms("the U.S. and the US, 7,591 km") == ["the", "us", "and", "the", "us", "7,591", "km"]
    assert words.terms("O'Brien F-16 C++ 🙂 \ud800") == ["o'brien", "f", "16", "c"]


def test_what_is_important_is_not_imported(words: Words) -> None:
    imports, important, importance = words.terms("imports Important importance")
    assert imports == "import"
    assert important == importance != "import"


def test_word_forms_find_one_another(words: Words) -> None:
    assert rows(words, "Did Kazakhstan join?") == [0]
    assert rows(words, "O’Brien's") == [3]
    assert rows(words, "цены") == [4]


def test_titles_count(words: Words) -> None:
    assert set(rows(words, "parallel import")) == {1, 2}


def test_scores_fall_and_are_positive(words: Words) -> None:
    scores = [score for _, score in words.search("minister imports cars", 10)]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0
    assert rows(words, "minister imports cars")[0] == 2


def test_stop_words_are_left_out_unless_nothing_else_is_left(words: Words) -> None:
    assert rows(words, "did the minister") == rows(words, "minister")
    assert rows(words, "who is who") == [3]
    assert {"whi", "doe", "ani"} <= STOP  # as the stemmer writes them


def test_only_the_rows_asked_for_are_found(words: Words) -> None:
    everywhere = dict(words.search("minister imports", 10))
    assert dict(words.search("minister imports", 10, np.array([0, 1]))) == {1: pytest.approx(everywhere[1])}
    assert words.search("minister", 10, np.array([], np.int64)) == []


def test_few_rows_and_many_are_found_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Writer(tmp_path / "words") as writer:
        for row in range(3000):
            writer.add(row, None, f"minister {'word ' * (row % 97)}{'imports' if row % 3 else 'exports'}")
    words = Words(tmp_path / "words")
    for step in (2, 7, 100, 2999):
        asked = np.arange(1, 3000, step)
        named = words.search("minister imports", 40, asked)
        with monkeypatch.context() as patch:
            patch.setattr("retrieval.words.FEW", 0)
            looked_up = words.search("minister imports", 40, asked)
        assert [score for _, score in looked_up] == pytest.approx([score for _, score in named])
        assert len(looked_up) == min(40, len(asked))
        assert {row for row, _ in looked_up} <= set(asked.tolist())


def test_document_frequency_counts_passages_by_their_text(words: Words) -> None:
    assert words.document_frequency("import") == 1
    assert words.document_frequency("minist") == 2
    assert words.document_frequency("nothing") == 0


@given(st.text(max_size=300))
def test_no_question_is_a_query_language(words: Words, question: str) -> None:
    assert all(0 <= row < len(TEXTS) for row in rows(words, question))


@pytest.mark.parametrize(
    "question", ["text:minister", "*", "minister AND NOT minister", '"minister said"', "-minister"]
)
def test_operators_are_words(words: Words, question: str) -> None:
    assert rows(words, question) == (
        [] if question == "*" else rows(words, question.replace(":", " ").strip('"-'))
    )


def test_a_folder_without_its_files_is_damage(tmp_path: Path) -> None:
    with Writer(tmp_path / "words") as writer:
        writer.add(0, None, "text")
    (tmp_path / "words" / "meta.json").write_text("{", encoding="utf-8")
    with pytest.raises(IndexDamaged, match="words is damaged"):
        Words(tmp_path / "words")
    with pytest.raises(IndexDamaged):
        Words(tmp_path / "none")


def test_a_read_only_folder_can_be_searched_by_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Writer(tmp_path / "words") as writer:
        writer.add(7, None, "text")
    assert {oct(file.stat().st_mode & 0o444) for file in (tmp_path / "words").iterdir()} == {"0o444"}
    monkeypatch.setattr("os.access", lambda _path, _mode: False)  # tests may run as root, whom nothing stops
    assert rows(Words(tmp_path / "words"), "texts") == [7]
    assert not list((tmp_path / "words").glob("*.lock"))
