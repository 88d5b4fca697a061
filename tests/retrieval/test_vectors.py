"""Vectors on disk: both ways of searching give the nearest rows with their exact cosines."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import faiss
import numpy as np
import pytest

from corpus.errors import IndexDamaged
from retrieval.encoder import Float32
from retrieval.vectors import EXACT_UP_TO, Vectors, Writer

ROOT = Path(__file__).resolve().parents[2]
MANY = 12_000


def unit(rows: Float32) -> Float32:
    made: Float32 = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return made


def units(count: int, dimension: int = 8) -> Float32:
    return unit(np.random.default_rng(7).standard_normal((count, dimension), dtype=np.float32))


def written(path: Path, vectors: Float32, *, exact_up_to: int = EXACT_UP_TO, at_once: int = 4096) -> Vectors:
    writer = Writer(path, vectors.shape[1], exact_up_to=exact_up_to)
    for begin in range(0, len(vectors), at_once):
        writer.add(vectors[begin : begin + at_once])
    writer.close()
    return Vectors(path, dimension=vectors.shape[1], count=len(vectors))


def quantized(path: Path) -> bool:
    return path.with_suffix(".faiss").exists()


@pytest.fixture(scope="module")
def news() -> Float32:
    """Like embeddings of news: some directions matter more than others, and topics gather."""
    random = np.random.default_rng(3)
    spread = np.linspace(1.0, 0.2, 64, dtype=np.float32)
    topics = random.standard_normal((200, 64), dtype=np.float32) * spread
    noise = random.standard_normal((MANY, 64), dtype=np.float32) * spread
    return unit(topics[random.integers(0, 200, MANY)] + 0.7 * noise)


@pytest.fixture(scope="module")
def questions(news: Float32) -> Float32:
    """Far from all passages, as questions are: the nearest has a cosine of about 0.7."""
    random = np.random.default_rng(4)
    return unit(news[::240] + 0.12 * random.standard_normal((50, 64), dtype=np.float32))


@pytest.fixture(scope="module")
def many(news: Float32, tmp_path_factory: pytest.TempPathFactory) -> Vectors:
    path = tmp_path_factory.mktemp("many") / "vectors"
    found = written(path, news, exact_up_to=5000)
    assert quantized(path)
    return found


@pytest.fixture(params=[EXACT_UP_TO, 0], ids=["exact", "quantized"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    written(tmp_path / "vectors", units(20), exact_up_to=request.param, at_once=15)
    return tmp_path / "vectors"


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
    assert vectors.search(units(20)[0], 0) == []
    assert len(vectors.search(units(20)[0], 100)) == 20


def test_vectors_of_rows_are_those_written(path: Path) -> None:
    assert np.array_equal(Vectors(path, dimension=8, count=20).of([4, 0, 19]), units(20)[[4, 0, 19]])
    assert Vectors(path, dimension=8, count=20).of([]).shape == (0, 8)


def test_equal_vectors_come_by_row(tmp_path: Path) -> None:
    same = np.repeat(units(1), 30, axis=0)
    assert [row for row, _ in written(tmp_path / "v", same).search(same[0], 30)] == list(range(30))


def test_many_vectors_are_quantized_and_the_nearest_still_found(
    many: Vectors, news: Float32, questions: Float32
) -> None:
    assert recall(many, news, questions, None) >= 0.98
    for question in questions:
        for row, cosine in many.search(question, 10):
            assert cosine == pytest.approx(float(news[row] @ question), abs=1e-6)


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5])
def test_among_some_of_many_the_nearest_are_found(
    many: Vectors, news: Float32, questions: Float32, share: float
) -> None:
    rows = np.sort(np.random.default_rng(2).choice(MANY, int(MANY * share), replace=False))
    assert recall(many, news, questions, rows) >= 0.98


def test_among_those_far_from_the_question_the_nearest_are_found_all_the_same(
    many: Vectors, news: Float32, questions: Float32
) -> None:
    for question in questions[:10]:
        far = np.sort(np.argsort(news @ question)[: MANY * 6 // 10])
        assert recall(many, news, question[None], far) == 1.0


def recall(vectors: Vectors, all_of: Float32, questions: Float32, rows: np.ndarray | None) -> float:
    among = np.arange(len(all_of)) if rows is None else rows
    shares = []
    for question in questions:
        nearest = among[np.argsort(-(all_of[among] @ question))[:10]]
        found = vectors.search(question, 10, None if rows is None else rows.tolist())
        assert {row for row, _ in found} <= set(among.tolist())
        shares.append(len({row for row, _ in found} & set(nearest.tolist())) / 10)
    return float(np.mean(shares))


def test_dimensions_that_no_code_divides(tmp_path: Path) -> None:
    rows = units(3000, 13)
    vectors = written(tmp_path / "v", rows, exact_up_to=100)
    assert recall(vectors, rows, units(20, 13), None) >= 0.98


def test_threads_share_it(many: Vectors, questions: Float32) -> None:
    expected = [many.search(question, 10) for question in questions]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            assert list(pool.map(lambda question: many.search(question, 10), questions)) == expected


def test_the_same_vectors_give_the_same_bytes(news: Float32, tmp_path: Path) -> None:
    written(tmp_path / "one", news, exact_up_to=5000)
    written(tmp_path / "two", news, exact_up_to=5000, at_once=999)
    for name in ("{}", "{}.faiss"):
        one, two = (tmp_path / name.format(which) for which in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()


def test_a_build_may_be_moved_and_served_read_only(
    many: Vectors, news: Float32, questions: Float32, tmp_path: Path
) -> None:
    written(tmp_path / "aside", news, exact_up_to=5000)
    (tmp_path / "builds").mkdir()
    (tmp_path / "aside.faiss").rename(tmp_path / "builds" / "vectors.faiss").chmod(0o400)
    moved = (tmp_path / "aside").rename(tmp_path / "builds" / "vectors")
    moved.chmod(0o400)
    moved.parent.chmod(0o500)
    vectors = Vectors(moved, dimension=64, count=MANY)
    moved.parent.chmod(0o700)
    moved.unlink()  # a reader keeps what it opened
    assert vectors.search(questions[0], 10) == many.search(questions[0], 10)


def test_few_vectors_do_without_faiss(tmp_path: Path) -> None:
    """It takes a tenth of a second to load, of the second that a cold answer may take."""
    code = f"""
import sys
from pathlib import Path
import numpy as np
from retrieval.vectors import Vectors, Writer
writer = Writer(Path({str(tmp_path / "v")!r}), 4)
writer.add(np.eye(4, dtype=np.float32))
writer.close()
print(Vectors(writer._path, dimension=4, count=4).search(np.eye(4, dtype=np.float32)[2], 1), "faiss" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[(2, 1.0)] False\n"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_stays_bounded_while_writing(tmp_path: Path) -> None:
    """400,000 vectors are 102 MB."""
    code = f"""
from pathlib import Path
import numpy as np
import retrieval.vectors.quantized
from retrieval.vectors import Writer
random = np.random.default_rng(0)
writer = Writer(Path({str(tmp_path / "v")!r}), 64)
def add(count):
    for _ in range(count):
        rows = random.standard_normal((4000, 64), dtype=np.float32)
        writer.add(rows / np.linalg.norm(rows, axis=1, keepdims=True))
    writer.close()
def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
add(6)
before = peak()
writer = Writer(writer._path, 64)
add(100)
print(before, peak())
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    before, after = map(int, done.stdout.split())
    assert 0 < after - before < 15_000  # kilobytes
    assert (tmp_path / "v").stat().st_size == 102_400_000


@pytest.mark.parametrize("size", [0, 1, 63, 64, 300])
@pytest.mark.parametrize("suffix", ["", ".faiss"])
def test_a_truncated_file_is_refused(tmp_path: Path, size: int, suffix: str) -> None:
    written(tmp_path / "v", units(20), exact_up_to=0)
    os.truncate(tmp_path / f"v{suffix}", size)
    with pytest.raises(IndexDamaged, match=r"/v .*onrecord index build"):
        Vectors(tmp_path / "v", dimension=8, count=20)


@pytest.fixture(scope="module")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("thousand") / "v"
    written(path, units(1000), exact_up_to=0)
    return path


@pytest.mark.parametrize("seed", range(300))
def test_flipped_bits_are_refused_or_give_wrong_rows_but_never_harm(
    thousand: Path, tmp_path: Path, seed: int
) -> None:
    """The manifest's hashes find them before this does."""
    random = np.random.default_rng(seed)
    files = {name: bytearray(thousand.with_name(name).read_bytes()) for name in ("v", "v.faiss")}
    flipped, high = [("v", 32_000), ("v.faiss", 105), ("v.faiss", len(files["v.faiss"]))][seed % 3]
    content = files[flipped]
    for _ in range(random.integers(1, 4)):
        content[random.integers(high)] ^= 1 << random.integers(8)
    if seed % 10 == 0:
        files[flipped] = content[: random.integers(len(content))]
    for name, bytes_ in files.items():
        (tmp_path / name).write_bytes(bytes_)
    refused = ""
    try:
        opened = Vectors(tmp_path / "v", dimension=8, count=1000)
        for rows in (None, list(range(950)), [3, 7, 19]):
            found = {row for row, _ in opened.search(units(20)[0], 5, rows)}
            assert len(found) == (3 if rows == [3, 7, 19] else 5)
            assert found <= set(rows or range(1000))
    except IndexDamaged as error:
        refused = str(error)
    assert "\n" not in refused
    assert refused or seed % 10
    assert not refused or str(tmp_path / "v") in refused


def test_what_the_limits_of_faiss_were_they_are_again(thousand: Path) -> None:
    before = faiss.get_deserialization_vector_byte_limit(), faiss.get_deserialization_loop_limit()
    Vectors(thousand, dimension=8, count=1000)
    assert before == (faiss.get_deserialization_vector_byte_limit(), faiss.get_deserialization_loop_limit())


def test_a_file_that_says_it_holds_more_than_it_does_takes_no_memory(thousand: Path, tmp_path: Path) -> None:
    content = thousand.with_name("v.faiss").read_bytes()
    points = (4 * 2 * 16).to_bytes(8, "little")  # how many numbers follow: four of each point of two parts
    assert content.count(points) == 1
    (tmp_path / "v").write_bytes(thousand.read_bytes())
    (tmp_path / "v.faiss").write_bytes(content.replace(points, (2**37).to_bytes(8, "little")))
    with pytest.raises(IndexDamaged, match="limit"):
        Vectors(tmp_path / "v", dimension=8, count=1000)


@pytest.mark.parametrize(("dimension", "count"), [(8, 21), (4, 20), (16, 20), (8, 2**40)])
def test_a_file_of_other_sizes_is_refused(path: Path, dimension: int, count: int) -> None:
    with pytest.raises(IndexDamaged, match=f"does not hold {count} vectors of {dimension}"):
        Vectors(path, dimension=dimension, count=count)


def test_points_that_are_no_numbers_are_refused(thousand: Path, tmp_path: Path) -> None:
    content = bytearray(thousand.with_name("v.faiss").read_bytes())
    after = content.index((4 * 2 * 16).to_bytes(8, "little")) + 8
    content[after : after + 4] = np.float32("nan").tobytes()
    (tmp_path / "v").write_bytes(thousand.read_bytes())
    (tmp_path / "v.faiss").write_bytes(content)
    with pytest.raises(IndexDamaged, match="holds codes of no unit vectors"):
        Vectors(tmp_path / "v", dimension=8, count=1000)


def test_another_kind_of_index_is_refused(tmp_path: Path) -> None:
    written(tmp_path / "v", units(20), exact_up_to=0)
    other = faiss.IndexPQFastScan(8, 2, 4, faiss.METRIC_L2, 32)
    other.pq.cp.min_points_per_centroid = 1
    other.train(units(20))
    other.add(units(20))
    faiss.write_index(other, str(tmp_path / "v.faiss"))
    with pytest.raises(IndexDamaged, match="does not hold the codes of 20 vectors of 8"):
        Vectors(tmp_path / "v", dimension=8, count=20)


def test_a_missing_file_is_damage(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged):
        Vectors(tmp_path / "none", dimension=8, count=20)


def test_a_file_whose_writer_was_cut_off_is_refused(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "v", 8)
    writer.add(units(15))
    with pytest.raises(IndexDamaged):
        Vectors(tmp_path / "v", dimension=8, count=20)
