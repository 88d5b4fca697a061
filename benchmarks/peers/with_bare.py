"""The script many write first: sentence-transformers and FAISS, nothing else.

Exact inner product of normalized vectors, as https://sbert.net/examples/sentence_transformer/applications/semantic-search/README.html
advises below a million entries. The model's card says "input text longer than 256 word pieces is truncated", so
articles are cut into windows of 150 words, some 200 word pieces, of which 30 are shared.
"""

import json
from pathlib import Path

import faiss
import numpy as np
from protocol import PASSAGES, Search, rows, serve, titled
from sentence_transformers import SentenceTransformer

WORDS, SHARED = 150, 30


def index(articles: Path, store: Path, model: str) -> int:
    ids, passages = [], []
    for article in rows(articles):
        for passage in windows(titled(article).split()):
            ids.append(article["id"])
            passages.append(passage)
    encoder = SentenceTransformer(model, device="cpu")
    vectors = encoder.encode_document(passages, normalize_embeddings=True, show_progress_bar=False)
    found = faiss.IndexFlatIP(vectors.shape[1])
    found.add(vectors)
    faiss.write_index(found, str(store / "vectors.faiss"))
    kept = [{"id": one, "text": passage} for one, passage in zip(ids, passages, strict=True)]
    (store / "passages.json").write_text(json.dumps(kept), encoding="utf-8")
    return len(passages)


def windows(words: list[str]) -> list[str]:
    starts = range(0, max(len(words) - SHARED, 1), WORDS - SHARED)
    return [" ".join(words[start : start + WORDS]) for start in starts]


def load(store: Path, model: str) -> Search:
    encoder = SentenceTransformer(model, device="cpu")
    vectors = faiss.read_index(str(store / "vectors.faiss"))
    passages = json.loads((store / "passages.json").read_text(encoding="utf-8"))

    def search(question: str) -> list[str]:
        asked = encoder.encode_query([question], normalize_embeddings=True, show_progress_bar=False)
        _, near = vectors.search(np.asarray(asked), PASSAGES)
        return [passages[row]["id"] for row in near[0] if row >= 0]

    return search


if __name__ == "__main__":
    serve(index, load)
