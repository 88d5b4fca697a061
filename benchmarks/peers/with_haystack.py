"""Haystack: its in-memory store, BM25 and embeddings joined.

The pipelines of https://haystack.deepset.ai/tutorials/33_hybrid_retrieval: split by words with an overlap of 32,
``split_length`` "according to your model's token limit" (180 words are some 240 of MiniLM's 256 tokens). Its last step, a
second model that ranks anew, is left out, since no other system gets one; without it docs.haystack.deepset.ai/docs/documentjoiner
offers reciprocal rank fusion. The store lives in memory: it is written to a file and read back by its own methods.
"""

from pathlib import Path

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import ComponentDevice
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from protocol import PASSAGES, Search, rows, serve, titled

WORDS, SHARED = 180, 32
KEPT = "documents.json"


def index(articles: Path, store: Path, model: str) -> int:
    documents = InMemoryDocumentStore()
    pipeline = Pipeline()
    pipeline.add_component(
        "splitter", DocumentSplitter(split_by="word", split_length=WORDS, split_overlap=SHARED)
    )
    pipeline.add_component(
        "embedder",
        SentenceTransformersDocumentEmbedder(
            model=model, device=ComponentDevice.from_str("cpu"), progress_bar=False
        ),
    )
    pipeline.add_component("writer", DocumentWriter(documents))
    pipeline.connect("splitter", "embedder")
    pipeline.connect("embedder", "writer")
    read = [Document(content=titled(article), meta={"article": article["id"]}) for article in rows(articles)]
    pipeline.run({"splitter": {"documents": read}})
    documents.save_to_disk(str(store / KEPT))
    return documents.count_documents()


def load(store: Path, model: str) -> Search:
    documents = InMemoryDocumentStore.load_from_disk(str(store / KEPT))
    pipeline = Pipeline()
    pipeline.add_component(
        "embedder",
        SentenceTransformersTextEmbedder(
            model=model, device=ComponentDevice.from_str("cpu"), progress_bar=False
        ),
    )
    pipeline.add_component("near", InMemoryEmbeddingRetriever(documents, top_k=PASSAGES))
    pipeline.add_component("worded", InMemoryBM25Retriever(documents, top_k=PASSAGES))
    pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=PASSAGES))
    pipeline.connect("embedder", "near")
    pipeline.connect("near", "joiner")
    pipeline.connect("worded", "joiner")

    def search(question: str) -> list[str]:
        made = pipeline.run({"embedder": {"text": question}, "worded": {"query": question}})
        return [document.meta["article"] for document in made["joiner"]["documents"]]

    return search


if __name__ == "__main__":
    serve(index, load)
