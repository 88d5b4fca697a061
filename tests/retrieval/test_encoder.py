"""The exported encoder held against sentence-transformers itself, which is imported here and nowhere else in tests."""

import hashlib
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.errors import ModelError
from retrieval import export
from retrieval.encoder import Encoder, OnnxEncoder, load
from retrieval.exported import slug
from retrieval.onnx_files import A_RUN, BATCH, batches

SENTENCE = (
    "Kazakhstan does not participate in so-called parallel imports to Russia, the president said in Berlin. "
)
TEXTS = [
    "",
    "a",
    "?!",
    "Did Kazakhstan say it joins parallel imports?",
    "“As for sanctions,” he said — naïve café, O’Brien’s 7,591 km.",
    "Путин заявил об этом в понедельник.",
    "🙂 👩‍👩‍👧 emoji",
    "UPPER CASE AND lower case",
    *(SENTENCE * n for n in (1, 2, 3, 5, 8, 13, 40)),
    *(" ".join(f"word{i} number {i * 7}" for i in range(n)) for n in range(1, 60, 4)),
]
"""30 texts, from nothing to far more than 256 tokens."""


@pytest.fixture(scope="module")
def original() -> Any:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  takes some 10 s

    return SentenceTransformer(str(export.locate(export.DEFAULT)), device="cpu", local_files_only=True)


@pytest.fixture(scope="module")
def tiny(original: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's own model: two layers of random weights, pooled at [CLS], not normalised, with prefixes."""
    from sentence_transformers import SentenceTransformer, models  # type: ignore[attr-defined]  # noqa: PLC0415
    from transformers import BertConfig, BertModel  # noqa: PLC0415  imported above

    base, folder = tmp_path_factory.mktemp("bert"), tmp_path_factory.mktemp("tiny") / "model"
    size = len(original.tokenizer)
    config = BertConfig(
        vocab_size=size, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64
    )
    BertModel(config).save_pretrained(base)
    original.tokenizer.save_pretrained(base)
    parts = [models.Transformer(str(base), max_seq_length=64), models.Pooling(32, pooling_mode="cls")]
    prompts = {"query": "query: ", "passage": "passage: "}
    SentenceTransformer(modules=parts, prompts=prompts, device="cpu").save(str(folder))
    return folder


def test_vectors_are_those_of_sentence_transformers(encoder: Encoder, original: Any) -> None:
    ours, theirs = encoder.encode(TEXTS), original.encode(TEXTS, show_progress_bar=False)
    assert ours.shape == (30, 384)
    assert ours.dtype == np.float32
    assert (ours * theirs).sum(axis=1).min() >= 0.9999
    assert np.linalg.norm(ours, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_the_weights_are_the_published_ones() -> None:
    weights = export.locate(export.DEFAULT) / "model.safetensors"
    published = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    assert hashlib.sha256(weights.read_bytes()).hexdigest() == published == export.WEIGHTS


def test_a_text_has_one_vector_whatever_stands_beside_it(encoder: Encoder) -> None:
    together = encoder.encode(TEXTS)
    for row, text in enumerate(TEXTS):
        assert float(encoder.encode([text])[0] @ together[row]) == pytest.approx(1.0, abs=1e-5)
    assert encoder.encode([]).shape == (0, 384)


def test_batches_are_cut_where_padding_costs_more_than_a_run() -> None:
    short, long = [5] * 4, [40] * 3
    assert list(batches(short + long)) == [slice(0, 4), slice(4, 7)]  # 4 texts padded by 35 tokens each
    assert list(batches([5, 5 + A_RUN])) == [slice(0, 2)]
    assert list(batches([5, 6 + A_RUN])) == [slice(0, 1), slice(1, 2)]
    assert list(batches([9] * (BATCH + 1))) == [slice(0, BATCH), slice(BATCH, BATCH + 1)]
    assert list(batches([])) == []


def test_progress_counts_up_to_all_texts(encoder: Encoder) -> None:
    told: list[int] = []
    encoder.encode(["a"] * 70, progress=told.append)
    assert told == [32, 64, 70]


def test_long_texts_are_cut_at_256_tokens(encoder: Encoder) -> None:
    long, longer = encoder.encode(["word " * 254, "word " * 254 + "something else entirely"])
    assert float(long @ longer) == pytest.approx(1.0, abs=1e-5)


def test_half_characters_do_not_break_it(encoder: Encoder) -> None:
    assert np.array_equal(encoder.encode(["half \ud83d"]), encoder.encode(["half ?"]))


def test_threads_may_share_it(encoder: Encoder) -> None:
    expected = encoder.encode(["one question"])
    with ThreadPoolExecutor(8) as pool:
        for vectors in pool.map(encoder.encode, [["one question"]] * 40):
            assert np.allclose(vectors, expected, atol=1e-6)


def test_the_model_is_named_and_described(encoder: Encoder, models: Path) -> None:
    card = json.loads((models / slug(export.DEFAULT) / "encoder.json").read_text(encoding="utf-8"))
    assert (card["name"], card["dimension"], card["max_tokens"]) == ("all-MiniLM-L6-v2", 384, 256)
    assert card["weights_sha256"] == export.WEIGHTS
    assert (encoder.name, encoder.fingerprint, encoder.dimension) == (card["name"], card["fingerprint"], 384)


@pytest.mark.parametrize("name", ["encoder.json", "tokenizer.json", "model.onnx", "weights.bin"])
def test_a_changed_file_is_refused(encoder: Encoder, models: Path, tmp_path: Path, name: str) -> None:
    home = Path(shutil.copytree(models / slug(export.DEFAULT), tmp_path / "copy"))
    with (home / name).open("ab") as file:
        file.write(b"x")
    with pytest.raises(ModelError, match=str(home)):
        OnnxEncoder(home)


def test_a_model_of_ones_own_is_exported_over_a_damaged_copy(tiny: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  imported above

    home = tmp_path / slug(str(tiny))
    home.mkdir()
    (home / "encoder.json").write_text("{", encoding="utf-8")
    told: list[str] = []
    ours = load(str(tiny), tmp_path, lambda stage, _done, _total: told.append(stage))
    theirs = SentenceTransformer(str(tiny), device="cpu")
    for kind in ("query", "passage"):
        expected = theirs.encode(TEXTS, prompt_name=kind, normalize_embeddings=True, show_progress_bar=False)
        assert (ours.encode(TEXTS, kind=kind) * expected).sum(axis=1).min() >= 0.9999
    assert (ours.dimension, len(told)) == (32, 4)
    assert [path.name for path in tmp_path.iterdir()] == [home.name]


def test_other_weights_under_the_name_of_the_default_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "locate", lambda _model: tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"other")
    with pytest.raises(ModelError, match="are not those of all-MiniLM-L6-v2"):
        export.export(export.DEFAULT, tmp_path / "home")


def test_pickled_weights_are_not_opened(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(ModelError, match=r"cannot use the model .*mine: .*holds no model\.safetensors"):
        load(str(tmp_path / "mine"), tmp_path / "models")
    assert not (tmp_path / "models").exists()
