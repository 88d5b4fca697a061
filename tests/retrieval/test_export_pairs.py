"""Small CrossEncoders of random weights, exported by the child process and held against sentence-transformers."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.errors import ModelError
from retrieval import export
from retrieval.export_pairs import heads_of, labels_of
from retrieval.exported import slug
from retrieval.pairs import OnnxPairs, load, relevances, stances

CLAIM = "Did Kazakhstan say it joins parallel imports?"
PAIRS = [
    (CLAIM, "Kazakhstan does not take part in parallel imports to Russia."),
    (CLAIM, ""),
    (CLAIM, "«Мы не участвуем», — сказал он."),
    (CLAIM, "Said again and again. " * 40),
    ("A claim that never ends, " * 40, "Short."),
    *((CLAIM, "word " * n) for n in range(1, 40)),
]
"""44 pairs: two batches; some longer than the 64 tokens that the models read."""

Make = Callable[..., Path]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """``make(*labels)``: the folder of a CrossEncoder with these labels."""
    import torch  # noqa: PLC0415  takes seconds
    from sentence_transformers import CrossEncoder  # noqa: PLC0415  takes some 10 s
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification  # noqa: PLC0415

    def made(*labels: str) -> Path:
        torch.manual_seed(7)
        base, folder = tmp_path_factory.mktemp("bert"), tmp_path_factory.mktemp("pairs") / "mine"
        config = BertConfig(
            vocab_size=30522,
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=4,
            intermediate_size=64,
            max_position_embeddings=64,
            initializer_range=0.5,  # wide, so that logits differ from pair to pair
            id2label=dict(enumerate(labels)),
            label2id={label: column for column, label in enumerate(labels)},
        )
        BertForSequenceClassification(config).save_pretrained(base)
        tokenizer = AutoTokenizer.from_pretrained(export.locate(export.DEFAULT))
        tokenizer.model_max_length = 64
        tokenizer.save_pretrained(base)
        CrossEncoder(str(base), device="cpu").save_pretrained(str(folder))
        return folder

    return made


def original_logits(folder: Path, pairs: list[tuple[str, str]]) -> Any:
    from sentence_transformers import CrossEncoder  # noqa: PLC0415  imported above

    model = CrossEncoder(str(folder), device="cpu")
    return model.predict(pairs, activation_fn=lambda logits: logits, show_progress_bar=False)


def test_a_model_of_inference_judges_stances(make: Make, tmp_path: Path) -> None:
    folder = make("Neutral", "ENTAILMENT", "contradiction")
    told: list[str] = []
    model = load(
        str(folder), tmp_path, task="stance", progress=lambda stage, _done, _total: told.append(stage)
    )
    theirs = original_logits(folder, [(sentence, claim) for claim, sentence in PAIRS])  # premise, hypothesis
    assert (model.name, model.heads) == (str(folder), ("neither", "supports", "refutes"))
    assert theirs.std(axis=0).min() > 0.1  # pairs are told apart, else agreement would say nothing
    assert np.abs(model.logits(PAIRS) - theirs).max() < 1e-3
    powers = np.exp(theirs[:, [1, 2, 0]])
    assert np.allclose(stances(model, PAIRS), powers / powers.sum(axis=1, keepdims=True), atol=1e-3)
    assert len(told) == 4
    assert [path.name for path in tmp_path.iterdir()] == [slug(str(folder), "stance")]


def test_a_reranker_judges_relevance_and_is_exported_once(make: Make, tmp_path: Path) -> None:
    folder = make("LABEL_0")
    told: list[str] = []

    def loaded() -> OnnxPairs:
        return load(
            str(folder), tmp_path, task="relevance", progress=lambda stage, *_counts: told.append(stage)
        )

    home = tmp_path / slug(str(folder), "relevance")
    home.mkdir()
    (home / "pairs.json").write_text("{", encoding="utf-8")  # a damaged copy is made anew
    first, model = loaded(), loaded()
    theirs = original_logits(folder, PAIRS)
    assert (len(told), first.fingerprint, model.heads) == (4, model.fingerprint, ("relevance",))
    assert theirs.std() > 0.1
    assert np.abs(model.logits(PAIRS)[:, 0] - theirs).max() < 1e-3
    assert np.allclose(relevances(model, PAIRS), 1 / (1 + np.exp(-theirs)), atol=1e-3)


def test_labels_stand_in_the_order_of_their_columns(tmp_path: Path) -> None:
    config = {"id2label": {"10": "k", "2": "c", "0": "a"}}
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    assert labels_of(tmp_path) == ["a", "c", "k"]
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    assert labels_of(tmp_path) == ["LABEL_0", "LABEL_1"]


@pytest.mark.parametrize(
    ("labels", "heads"),
    [
        (["entailment", "neutral", "contradiction"], ["supports", "neither", "refutes"]),
        (["CONTRADICTION", "Entailment", "neutral"], ["refutes", "supports", "neither"]),
        (["refutes", "neither", "SUPPORTS"], ["refutes", "neither", "supports"]),
    ],
)
def test_labels_in_any_order(labels: list[str], heads: list[str]) -> None:
    assert heads_of(labels, "stance") == heads


@pytest.mark.parametrize(
    "labels",
    [
        ["entailment", "not_entailment"],
        ["entailment", "supports", "neutral"],
        ["entailment", "neutral", "contradiction", "other"],
        ["LABEL_0"],
        [],
    ],
)
def test_other_labels_are_refused(labels: list[str]) -> None:
    with pytest.raises(ModelError, match=f"they are {', '.join(labels)}"):
        heads_of(labels, "stance")


def test_a_reranker_has_one_label() -> None:
    with pytest.raises(ModelError, match="one label, and it has entailment, neutral"):
        heads_of(["entailment", "neutral"], "relevance")


def test_what_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "pytorch_model.bin").write_bytes(b"pickle")
    config = {"model_type": "bert", "id2label": {"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"}}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    assert refused(folder).endswith("holds no model.safetensors: other weight formats are not opened")
    (folder / "model.safetensors").write_bytes(b"no weights")
    assert "they are LABEL_0, LABEL_1, LABEL_2: name them in id2label" in refused(folder)
    config["id2label"] = {"0": "neutral", "1": "entailment", "2": "contradiction"}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    assert refused(folder)
    assert refused(tmp_path / "none").endswith(f"there is no folder {tmp_path / 'none'}")
    assert not (tmp_path / "models").exists()


def refused(folder: Path) -> str:
    with pytest.raises(ModelError) as caught:
        load(str(folder), folder.parent / "models", task="stance")
    said = str(caught.value)
    assert said.startswith(f"cannot use the model {folder}: ")
    assert "\n" not in said
    return said
