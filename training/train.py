"""The training loop: stages of batches in a seeded order, saved often, taken up again where it stopped."""

import json
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tokenizers
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from training.model import EvidenceModel, loss
from training.sources import STANCES, Pair

MAX_TOKENS = 128
BATCH_TOKENS = 3000
"""Padded tokens in a batch; about 60 pairs."""
SAVE_EVERY = 300  # steps
_POOL = 4000


@dataclass(frozen=True, slots=True)
class Stage:
    """Pairs, once through in a seeded order, with a learning rate that falls linearly from first to last."""

    name: str
    pairs: Sequence[Pair]
    first_rate: float
    last_rate: float


@dataclass(frozen=True, slots=True)
class Batch:
    """One step's tensors: int64 tokens, float labels (see ``model.loss``)."""

    ids: torch.Tensor
    mask: torch.Tensor
    types: torch.Tensor
    possible: torch.Tensor
    relevant: torch.Tensor


def tokenizer(base: Path) -> tokenizers.Tokenizer:
    """The base model's tokenizer, cutting pairs at ``MAX_TOKENS``, the longer text first."""
    made = tokenizers.Tokenizer.from_file(str(base / "tokenizer.json"))
    made.enable_truncation(max_length=MAX_TOKENS, strategy="longest_first")
    made.enable_padding(pad_id=0, pad_token="[PAD]")  # noqa: S106  a token of text, no secret
    return made


def train(base: Path, stages: Sequence[Stage], out: Path, seed: int) -> EvidenceModel:
    """Train through all stages, saving to ``out`` (weights, optimizer and place) every ``SAVE_EVERY`` steps.

    Called again with the same arguments it goes on from the last save. Prints a line every 50 steps.
    """
    torch.manual_seed(seed)
    torch.set_num_threads(os.cpu_count() or 1)
    model = EvidenceModel(base)
    body = [p for p in model.encoder.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(
        [{"params": body, "scale": 1.0}, {"params": list(model.head.parameters()), "scale": 5.0}],
        lr=0.0,
        weight_decay=0.01,
    )
    encode = tokenizer(base)
    done = _resume(model, optimizer, out)
    for number, stage in enumerate(stages):
        if number < done[0]:
            continue
        plan = plan_batches(stage.pairs, encode, seed + number)
        began, kept = time.monotonic(), []
        for step, chosen in enumerate(plan):
            if (number, step) < done:
                continue
            rate = stage.first_rate + (stage.last_rate - stage.first_rate) * step / len(plan)
            warm = min(1.0, (step + 1) / (0.06 * len(plan)))
            torch.manual_seed(seed + 1000 * number + step)  # dropout is the same after a stop
            kept.append(
                _step(model, optimizer, _batch([stage.pairs[i] for i in chosen], encode), rate * warm)
            )
            if step % 50 == 49:
                mean, spent = sum(kept[-50:]) / len(kept[-50:]), time.monotonic() - began
                print(f"{stage.name}: {step + 1}/{len(plan)} loss {mean:.3f} {spent:.0f} s", flush=True)
            if step % SAVE_EVERY == SAVE_EVERY - 1:
                _save(model, optimizer, out, (number, step + 1))
        _save(model, optimizer, out, (number + 1, 0))
        save_file(model.state_dict(), out / f"after-{stage.name}.safetensors")
    return model


def plan_batches(pairs: Sequence[Pair], encode: tokenizers.Tokenizer, seed: int) -> list[list[int]]:
    """Rows of each batch, every row once: shuffled, sorted by length within pools, batches shuffled again."""
    order = random.Random(seed)  # noqa: S311  a shuffle, no secret
    rows = list(range(len(pairs)))
    order.shuffle(rows)
    batches: list[list[int]] = []
    for begin in range(0, len(rows), _POOL):
        pool = rows[begin : begin + _POOL]
        lengths = _lengths([pairs[i] for i in pool], encode)
        batches.extend(_cut([(n, i) for n, i in zip(lengths, pool, strict=True)]))
    order.shuffle(batches)
    return batches


def _lengths(pairs: Sequence[Pair], encode: tokenizers.Tokenizer) -> list[int]:
    encoded = encode.encode_batch([(p.claim, p.evidence) for p in pairs])
    return [sum(e.attention_mask) for e in encoded]


def _cut(measured: list[tuple[int, int]]) -> Iterator[list[int]]:
    batch: list[int] = []
    for length, row in sorted(measured):
        if batch and (len(batch) + 1) * length > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def _batch(pairs: Sequence[Pair], encode: tokenizers.Tokenizer) -> Batch:
    encoded = encode.encode_batch([(p.claim, p.evidence) for p in pairs])
    possible = np.array([[float(not p.stances or s in p.stances) for s in STANCES] for p in pairs])
    relevant = np.array([-1.0 if p.relevant is None else float(p.relevant) for p in pairs])
    return Batch(
        torch.tensor([e.ids for e in encoded]),
        torch.tensor([e.attention_mask for e in encoded]),
        torch.tensor([e.type_ids for e in encoded]),
        torch.tensor(possible, dtype=torch.float32),
        torch.tensor(relevant, dtype=torch.float32),
    )


def _step(model: EvidenceModel, optimizer: torch.optim.Optimizer, batch: Batch, rate: float) -> float:
    model.train()
    for group in optimizer.param_groups:
        group["lr"] = rate * group["scale"]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(batch.ids, batch.mask, batch.types)
    value = loss(logits.float(), batch.possible, batch.relevant)
    value.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return float(value.detach())


def _save(model: EvidenceModel, optimizer: torch.optim.Optimizer, out: Path, place: tuple[int, int]) -> None:
    """Weights and the optimizer's moments in one file, replaced whole."""
    out.mkdir(parents=True, exist_ok=True)
    state = {f"model.{k}": v for k, v in model.state_dict().items()}
    for i, moments in optimizer.state_dict()["state"].items():
        state |= {f"optimizer.{i}.{k}": torch.as_tensor(v) for k, v in moments.items()}
    new = out / "checkpoint.new"
    save_file(state, new, metadata={"place": json.dumps(place)})
    new.replace(out / "checkpoint.safetensors")


def _resume(model: EvidenceModel, optimizer: torch.optim.Optimizer, out: Path) -> tuple[int, int]:
    """The stage and step to go on from; (0, 0) at the start."""
    path = out / "checkpoint.safetensors"
    if not path.exists():
        return (0, 0)
    with safe_open(path, "pt") as opened:
        stage, step = json.loads(opened.metadata()["place"])
    state = load_file(path)
    model.load_state_dict({k.removeprefix("model."): v for k, v in state.items() if k.startswith("model.")})
    moments: dict[int, dict[str, torch.Tensor]] = {}
    for name, value in state.items():
        if name.startswith("optimizer."):
            _, row, field = name.split(".")
            moments.setdefault(int(row), {})[field] = value
    whole = optimizer.state_dict()
    whole["state"] = moments
    optimizer.load_state_dict(whole)
    print(f"going on from stage {stage + 1}, step {step}", file=sys.stderr)
    return (stage, step)
