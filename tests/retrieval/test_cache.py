from pathlib import Path
from typing import Any

import numpy as np

from corpus.database import Database
from retrieval.cache import SAVED_EVERY, SCHEMA, Cache

TEXTS = ["one text", "another", "one text", "третий \ud800"]


def encode(folder: Path, encoder: Any, texts: list[str]) -> tuple[Any, int, list[int]]:
    told: list[int] = []
    cache = Cache(folder, encoder)
    vectors, new = cache.encode(texts, told.append)
    cache.close()
    return vectors, new, told


def test_only_new_texts_are_embedded_and_each_once(tmp_path: Path, fake_encoder: Any) -> None:
    vectors, new, told = encode(tmp_path, fake_encoder, TEXTS)
    assert (new, told[-1]) == (3, 4)
    assert sorted(fake_encoder.seen) == sorted(set(TEXTS))
    again, new, _ = encode(tmp_path, fake_encoder, [*TEXTS, "fresh"])
    assert new == 1
    assert np.array_equal(again[:4], vectors)
    assert np.allclose(vectors, fake_encoder.encode(TEXTS))


def test_encoders_do_not_share_vectors(tmp_path: Path, fake_encoder: Any) -> None:
    encode(tmp_path, fake_encoder, TEXTS)
    fake_encoder.fingerprint = "fake-2"
    assert encode(tmp_path, fake_encoder, TEXTS)[1] == 3


def test_nothing_to_embed(tmp_path: Path, fake_encoder: Any) -> None:
    vectors, new, _ = encode(tmp_path, fake_encoder, [])
    assert (vectors.shape, new) == ((0, 64), 0)


def test_what_was_embedded_before_a_crash_is_kept(tmp_path: Path, fake_encoder: Any) -> None:
    texts = [f"text number {i}" for i in range(SAVED_EVERY + 10)]
    whole = fake_encoder.encode

    def failing(part: list[str]) -> Any:
        if len(part) < SAVED_EVERY:
            raise KeyboardInterrupt
        return whole(part)

    fake_encoder.encode = failing
    cache = Cache(tmp_path, fake_encoder)
    try:
        cache.encode(texts, lambda _done: None)
    except KeyboardInterrupt:
        cache.close()
    fake_encoder.encode = whole
    assert encode(tmp_path, fake_encoder, texts)[1] == 10


def test_a_damaged_cache_is_put_aside_and_begun_again(tmp_path: Path, fake_encoder: Any) -> None:
    encode(tmp_path, fake_encoder, TEXTS)
    (tmp_path / "vectors.sqlite").write_bytes(b"this is no database, " * 500)
    assert encode(tmp_path, fake_encoder, TEXTS)[1] == 3
    assert encode(tmp_path, fake_encoder, TEXTS)[1] == 0
    assert (tmp_path / "vectors.damaged").exists()


def test_a_flipped_bit_is_never_a_vector(tmp_path: Path, fake_encoder: Any) -> None:
    texts = [f"text number {i}" for i in range(300)]
    vectors, _, _ = encode(tmp_path, fake_encoder, texts)
    path = tmp_path / "vectors.sqlite"
    content = path.read_bytes()
    made = 0
    for number in range(200):
        at = number * len(content) // 200
        path.write_bytes(content[:at] + bytes([content[at] ^ 1 << number % 8]) + content[at + 1 :])
        again, new, _ = encode(tmp_path, fake_encoder, texts)
        assert np.array_equal(again, vectors)
        made += new
    assert made > 100  # most bits are those of vectors


def test_a_cache_that_lost_its_middle_is_begun_again(tmp_path: Path, fake_encoder: Any) -> None:
    texts = [f"text number {i}" for i in range(600)]
    vectors, _, _ = encode(tmp_path, fake_encoder, texts)
    path = tmp_path / "vectors.sqlite"
    content = path.read_bytes()
    path.write_bytes(content[:8192] + b"\xff" * (len(content) - 16384) + content[-8192:])
    for wanted in (texts, [*texts, "fresh"]):
        assert np.array_equal(encode(tmp_path, fake_encoder, wanted)[0][:600], vectors)
    assert (tmp_path / "vectors.damaged").exists()


def test_vectors_without_a_checksum_are_those_of_earlier_versions(tmp_path: Path, fake_encoder: Any) -> None:
    encode(tmp_path, fake_encoder, TEXTS)
    held = Database(tmp_path / "vectors.sqlite", SCHEMA)
    held.write("UPDATE vectors SET vector = substr(vector, 1, ?)", [(4 * 64,)])
    held.commit()
    held.close()
    assert encode(tmp_path, fake_encoder, TEXTS)[1] == 0
