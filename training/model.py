"""The evidence model: one small cross-encoder that reads a claim and a sentence and has two heads.

[CLS] joined with the mean of the tokens goes through one linear layer to three stance logits (supports, refutes,
neither) and one relevance logit. The encoder starts from the sentence encoder's own weights; its word embeddings
stay frozen, so that words the training never met keep their place.
"""

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModel

HEADS = ("supports", "refutes", "neither", "relevance")
"""The four logits, in order."""


class EvidenceModel(nn.Module):
    """Token ids → logits ``(batch, 4)``."""

    def __init__(self, base: Path) -> None:
        """``base``: a folder with a BERT-like encoder (safetensors)."""
        super().__init__()
        self.encoder = AutoModel.from_pretrained(
            base,
            attn_implementation="eager",  # the fastest in bfloat16 on two cores, and it exports
            use_safetensors=True,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            add_pooling_layer=False,
        )
        self.encoder.embeddings.word_embeddings.requires_grad_(requires_grad=False)
        self.dropout = nn.Dropout(0.1)
        self.head = nn.Linear(2 * self.encoder.config.hidden_size, len(HEADS))

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """Float logits ``(batch, 4)`` for int64 inputs ``(batch, tokens)``."""
        hidden = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * mask).sum(1) / mask.sum(1)
        return self.head(self.dropout(torch.cat([hidden[:, 0], mean], dim=1)))  # type: ignore[no-any-return]


def loss(logits: Tensor, possible: Tensor, relevant: Tensor) -> Tensor:
    """Mean loss over a batch.

    ``possible`` ``(batch, 3)`` marks the stances a label leaves open (all of them: no stance label); a pair pays the
    negative log of their summed probability. ``relevant`` ``(batch,)`` is 0, 1, or -1 for no label.
    """
    log_p = logits[:, :3].log_softmax(1)
    stance = -torch.logsumexp(log_p.masked_fill(possible < 0.5, -1e4), dim=1)
    asked = relevant >= 0
    target = relevant.clamp(min=0)
    relevance = nn.functional.binary_cross_entropy_with_logits(logits[:, 3], target, reduction="none")
    return (stance + relevance * asked).mean()
