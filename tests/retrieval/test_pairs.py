"""A tiny BERT of random weights, stored as a pair model is, and held against itself in torch."""

import json
import shutil
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.errors import ModelError
from retrieval import export
from retrieval.onnx_files import Float32, sha256
from retrieval.pairs import HEADS, OnnxPairs, PairModel, both, relevances, stances

STORED = ("neither", "relevance", "supports", "refutes")
"""The heads in another order than HEADS: a column must be found by its name."""
LIMIT = 48
CLAIM = "Did Kazakhstan say it joins parallel imports?"
PAIRS = [
    (CLAIM, "Kazakhstan does not take part in parallel imports to Russia."),
    (CLAIM, ""),
    ("", "«Мы не участвуем», — сказал он."),
    (CLAIM, "Said again and again. " * 40),
    ("A claim that never ends, " * 40, "Short."),
    ("half \ud83d", "a character"),
    *((CLAIM, "word " * n) for n in range(1, 60)),
]
"""65 pairs: three batches; some far longer than the limit, on either side."""


class Given:
    """A PairModel whose logits are given."""

    name, fingerprint = "given", "given-1"

    def __init__(self, heads: tuple[str, ...], rows: list[list[float]]) -> None:
        self.heads, self.rows, self.asked = heads, np.array(rows, dtype=np.float32), 0

    def logits(self, pairs: Sequence[tuple[str, str]]) -> Float32:
        self.asked += 1
        return self.rows[: len(pairs)]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Any:
    import torch  # noqa: PLC0415  takes seconds
    from transformers import BertConfig, BertForSequenceClassification  # noqa: PLC0415  takes seconds

    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=30522, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64
    )
    config.num_labels, config.initializer_range = 4, 0.5  # wide, so that logits differ from pair to pair
    config._attn_implementation = "eager"
    return BertForSequenceClassification(config).train(mode=False)


@pytest.fixture(scope="module")
def home(original: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch  # noqa: PLC0415  imported above

    class Logits(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.original = original

        def forward(self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> Any:
            return self.original(input_ids=ids, attention_mask=mask, token_type_ids=types).logits

    folder = tmp_path_factory.mktemp("pairs")
    names = ["input_ids", "attention_mask", "token_type_ids"]
    ones = torch.ones(2, 8, dtype=torch.int64)
    axes = {name: {0: "pairs", 1: "tokens"} for name in names} | {"logits": {0: "pairs"}}
    with warnings.catch_warnings(
        action="ignore"
    ):  # of the exporter's age; the other leaves graphs unfinished
        torch.onnx.export(
            Logits().eval(),
            (ones, ones, torch.zeros_like(ones)),
            str(folder / "model.onnx"),
            input_names=names,
            output_names=["logits"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
    shutil.copyfile(export.locate(export.DEFAULT) / "tokenizer.json", folder / "tokenizer.json")
    card = {
        "name": "tiny",
        "fingerprint": "tiny-1",
        "heads": STORED,
        "max_tokens": LIMIT,
        "pad_id": 0,
        "pad_token": "[PAD]",
        "files": {part: sha256((folder / part).read_bytes()) for part in ("model.onnx", "tokenizer.json")},
    }
    (folder / "pairs.json").write_text(json.dumps(card), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def model(home: Path) -> PairModel:
    return OnnxPairs(home)


def torch_logits(original: Any, pairs: list[tuple[str, str]]) -> Any:
    """One pair at a time, as transformers reads it: no batch, no padding."""
    import torch  # noqa: PLC0415  imported above
    from transformers import AutoTokenizer  # noqa: PLC0415  imported above

    tokenizer = AutoTokenizer.from_pretrained(export.locate(export.DEFAULT))
    cut = {"truncation": "longest_first", "max_length": LIMIT, "return_tensors": "pt"}
    with torch.no_grad():
        return np.concatenate([original(**tokenizer([pair], **cut)).logits.numpy() for pair in pairs])


def changed(home: Path, copy: Path, **values: Any) -> Path:
    shutil.copytree(home, copy)
    card = json.loads((copy / "pairs.json").read_text(encoding="utf-8")) | values
    (copy / "pairs.json").write_text(json.dumps(card), encoding="utf-8")
    return copy


def test_logits_are_those_of_the_original(model: PairModel, original: Any) -> None:
    ours = model.logits(PAIRS)
    theirs = torch_logits(original, [(a.replace("\ud83d", "?"), b) for a, b in PAIRS])
    assert (model.name, model.fingerprint, model.heads) == ("tiny", "tiny-1", STORED)
    assert ours.shape == (65, 4)
    assert ours.dtype == np.float32
    assert theirs.std(axis=0).min() > 0.1  # pairs are told apart, else agreement would say nothing
    assert np.abs(ours - theirs).max() < 1e-3
    assert model.logits([]).shape == (0, 4)


def test_a_model_may_read_the_sentence_first(home: Path, model: PairModel, tmp_path: Path) -> None:
    turned = OnnxPairs(changed(home, tmp_path / "turned", sentence_first=True))
    swapped = [(b, a) for a, b in PAIRS]
    assert np.allclose(turned.logits(PAIRS), model.logits(swapped), atol=1e-5)
    assert not np.allclose(turned.logits(PAIRS), model.logits(PAIRS), atol=1e-2)


def test_heads_are_found_by_name(model: PairModel) -> None:
    logits = model.logits(PAIRS)
    found, answers = stances(model, PAIRS), relevances(model, PAIRS)
    powers = np.exp(logits[:, [2, 3, 0]])
    assert np.allclose(found, powers / powers.sum(axis=1, keepdims=True), atol=1e-6)
    assert np.allclose(answers, 1 / (1 + np.exp(-logits[:, 1])), atol=1e-6)
    assert relevances(model, []).shape == (0,)
    assert stances(model, []).shape == (0, 3)


def test_probabilities_by_hand() -> None:
    given = Given(HEADS, [[0.0, 1.0, 2.0, 0.0], [900.0, 0.0, -900.0, -900.0]])
    pairs = [("a", "b"), ("c", "d")]
    assert stances(given, pairs)[0] == pytest.approx([0.0900306, 0.2447285, 0.6652410], abs=1e-6)
    assert stances(given, pairs)[1] == pytest.approx([1.0, 0.0, 0.0])
    assert relevances(given, pairs) == pytest.approx([0.5, 0.0])


def test_one_model_for_both_reads_once() -> None:
    given = Given(HEADS, [[0.0, 1.0, 2.0, 0.0]])
    found, answers = both(given, given, [("a", "b")])
    assert given.asked == 1
    assert np.array_equal(found, stances(given, [("a", "b")]))
    assert np.array_equal(answers, relevances(given, [("a", "b")]))
    other = Given(("relevance",), [[3.0]])
    assert both(given, other, [("a", "b")])[1] == pytest.approx([0.9525741])


def test_a_head_that_is_not_there_is_named() -> None:
    with pytest.raises(ModelError, match="the model given does not judge supports, only relevance"):
        stances(Given(("relevance",), [[1.0]]), [("a", "b")])
    with pytest.raises(ModelError, match="the model given does not judge relevance, only supports"):
        relevances(Given(("supports",), [[1.0]]), [("a", "b")])


def test_threads_may_share_it(model: PairModel) -> None:
    expected = model.logits(PAIRS)
    with ThreadPoolExecutor(8) as pool:
        for logits in pool.map(model.logits, [PAIRS] * 16):
            assert np.allclose(logits, expected, atol=1e-5)


@pytest.mark.parametrize("name", ["pairs.json", "tokenizer.json", "model.onnx"])
def test_a_changed_file_is_refused(home: Path, tmp_path: Path, name: str) -> None:
    copy = changed(home, tmp_path / "copy")
    with (copy / name).open("ab") as file:
        file.write(b"x")
    with pytest.raises(ModelError, match=str(copy)):
        OnnxPairs(copy)


def test_what_the_card_says_is_checked(home: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="heads are supports, mood, not some of supports, refutes, neither"):
        OnnxPairs(changed(home, tmp_path / "a", heads=["supports", "mood"]))
    with pytest.raises(ModelError, match="heads are supports, supports, not"):
        OnnxPairs(changed(home, tmp_path / "b", heads=["supports", "supports"]))
    card = {"files": json.loads((home / "pairs.json").read_text(encoding="utf-8"))["files"]}
    copy = changed(home, tmp_path / "c")
    (copy / "pairs.json").write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(ModelError, match=r"pairs\.json does not say name"):
        OnnxPairs(copy)


def test_what_is_no_graph_does_not_open(home: Path, tmp_path: Path) -> None:
    files = json.loads((home / "pairs.json").read_text(encoding="utf-8"))["files"]
    copy = changed(home, tmp_path / "copy", files=files | {"model.onnx": sha256(b"no graph")})
    (copy / "model.onnx").write_bytes(b"no graph")
    with pytest.raises(ModelError, match=f"the exported model in {copy} does not open: ") as caught:
        OnnxPairs(copy)
    assert "\n" not in str(caught.value)


def test_a_temperature_tempers_stance_and_leaves_relevance(home: Path, tmp_path: Path) -> None:
    warm = tmp_path / "warm"
    shutil.copytree(home, warm)
    card = json.loads((warm / "pairs.json").read_text("utf-8"))
    (warm / "pairs.json").write_text(json.dumps(card | {"temperature": 2.0}), "utf-8")
    plain, tempered = OnnxPairs(home).logits(PAIRS[:3]), OnnxPairs(warm).logits(PAIRS[:3])
    relevance = STORED.index("relevance")
    stance = [i for i in range(len(STORED)) if i != relevance]
    assert tempered[:, stance] == pytest.approx(plain[:, stance] / 2, abs=1e-6)
    assert tempered[:, relevance] == pytest.approx(plain[:, relevance])
