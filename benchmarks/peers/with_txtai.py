"""txtai: hybrid search with content, over passages of its segmentation pipeline.

``hybrid`` and ``content`` as https://neuml.github.io/txtai/embeddings/configuration/general and the notebook
"Benefits of hybrid search" (github.com/neuml/txtai, examples/48) advise; passages share the id of their document,
as in "Chunking your data for RAG" (examples/73). That one cuts with Chonkie's late chunker, which runs a model of its
own and makes passages of 2,048 tokens; here Chonkie's sentence chunker cuts to what the model reads.
"""

from collections.abc import Iterator
from pathlib import Path

from protocol import PASSAGES, Search, rows, serve, titled
from transformers import AutoTokenizer
from txtai import Embeddings
from txtai.pipeline import Segmentation

TOKENS = 254  # the model reads 256, two of them marks of beginning and end


def index(articles: Path, store: Path, model: str) -> int:
    cut = Segmentation(chunker="sentence", tokenizer=AutoTokenizer.from_pretrained(model), chunk_size=TOKENS)

    def passages() -> Iterator[tuple[str, str]]:
        for article in rows(articles):
            for passage in cut(titled(article)):
                yield article["id"], passage

    with Embeddings(path=model, maxlength=True, content=True, hybrid=True) as embeddings:
        embeddings.index(passages())
        embeddings.save(str(store))
        return int(embeddings.count())


def load(store: Path, _model: str) -> Search:
    """The store names its model."""
    embeddings = Embeddings()
    embeddings.load(str(store))
    return lambda question: [found["id"] for found in embeddings.search(question, PASSAGES)]


if __name__ == "__main__":
    serve(index, load)
