from pathlib import Path

import faiss
import numpy as np
import pytest

from corpus.errors import IndexDamaged
from retrieval.encoder import Float32
from retrieval.vectors import Vectors, Writer


def units(count: int, dimension: int = 8) -> Float32:
    rows = np.random.default_rng(7).standard_normal((count, dimension)).astype(np.float32)
    unit: Float32 = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


@pytest.fixture
def path(tmp_path: Path) -> Path:
    writer = Writer(tmp_path / "vectors.faiss", 8)
    writer.add(units(20)[:15])
    writer.add(units(20)[15:])
    writer.close()
    return tmp_path / "vectors.faiss"


def test_a_vector_finds_itself_with_cosine_one_and_others_in_order(path: Path) -> None:
    vectors = Vectors(path, dimension=8, count=20)
    for row, vector in enumerate(units(20)):
        found = vectors.search(vector, 20)
        assert found[0][0] == row
        assert found[0][1] == pytest.approx(1.0, abs=1e-5)
        expected = units(20) @ vector
        assert [one for one, _ in found] == np.argsort(-expected).tolist()
        assert [score for _, score in found] == pytest.approx(np.sort(expected)[::-1].tolist(), abs=1e-5)


def test_only_the_rows_asked_for_are_found(path: Path) -> None:
    vectors = Vectors(path, dimension=8, count=20)
    assert {row for row, _ in vectors.search(units(20)[0], 10, [3, 7, 19])} == {3, 7, 19}
    assert vectors.search(units(20)[0], 10, []) == []
    assert len(vectors.search(units(20)[0], 100)) == 20


def test_vectors_of_rows_are_those_written(path: Path) -> None:
    assert np.array_equal(Vectors(path, dimension=8, count=20).of([4, 0, 19]), units(20)[[4, 0, 19]])
    assert Vectors(path, dimension=8, count=20).of([]).shape == (0, 8)


@pytest.mark.parametrize("size", [0, 1, 44, 300])
def test_a_truncated_file_is_refused(path: Path, size: int) -> None:
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(IndexDamaged, match=r"vectors\.faiss.*onrecord index build"):
        Vectors(path, dimension=8, count=20)


@pytest.mark.parametrize("byte", range(45))
def test_a_flipped_bit_in_the_header_is_refused_or_harmless(path: Path, byte: int) -> None:
    content = bytearray(path.read_bytes())
    content[byte] ^= 0x40
    path.write_bytes(content)
    refused = ""
    try:
        assert len(Vectors(path, dimension=8, count=20).search(units(20)[0], 5)) == 5
    except IndexDamaged as error:
        refused = str(error)
    assert "\n" not in refused


def test_another_kind_of_index_is_refused(tmp_path: Path) -> None:
    other = faiss.IndexFlatL2(8)
    other.add(units(20))
    faiss.write_index(other, str(tmp_path / "l2.faiss"))
    with pytest.raises(IndexDamaged, match="does not hold 20 vectors of 8"):
        Vectors(tmp_path / "l2.faiss", dimension=8, count=20)


def test_a_missing_file_is_damage(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged):
        Vectors(tmp_path / "none.faiss", dimension=8, count=20)
