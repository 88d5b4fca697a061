"""LlamaIndex: its FAISS store and BM25, fused.

The FAISS store as in developers.llamaindex.ai/python/examples/vector_stores/faissindexdemo; its "Basic strategies"
(docs.llamaindex.ai/en/stable/optimizing/basic_strategies) advise smaller chunks with an overlap of 20 tokens and "a local
hybrid search mechanism with BM25", made as in developers.llamaindex.ai/python/examples/retrievers/bm25_retriever and
reciprocal_rerank_fusion, without the questions that a language model would add. SentenceSplitter counts in the model's
own tokens; titles are metadata, which LlamaIndex puts before each chunk. One thing differs from those pages: the FAISS
index is of inner products, not of L2 distances, since fusion takes the larger score for the better one and would turn
the ranking of distances round.
"""

from functools import partial
from pathlib import Path

import faiss
import Stemmer
from llama_index.core import Document, StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.llms import MockLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.retrievers.bm25 import BM25Retriever
from llama_index.vector_stores.faiss import FaissVectorStore
from protocol import PASSAGES, Search, rows, serve
from transformers import AutoTokenizer

TOKENS, SHARED = 254, 20  # the model reads 256, two of them marks of beginning and end
DIMENSION = 384


def index(articles: Path, store: Path, model: str) -> int:
    tokens = partial(AutoTokenizer.from_pretrained(model).encode, add_special_tokens=False)
    splitter = SentenceSplitter(chunk_size=TOKENS, chunk_overlap=SHARED, tokenizer=tokens)
    nodes = splitter.get_nodes_from_documents([document(article) for article in rows(articles)])
    kept = StorageContext.from_defaults(
        vector_store=FaissVectorStore(faiss_index=faiss.IndexFlatIP(DIMENSION))
    )
    VectorStoreIndex(nodes, storage_context=kept, embed_model=encoder(model))
    kept.persist(persist_dir=str(store))
    words = BM25Retriever.from_defaults(
        nodes=nodes, similarity_top_k=PASSAGES, stemmer=Stemmer.Stemmer("english"), language="english"
    )
    words.persist(str(store / "bm25"))
    return len(nodes)


def document(article: dict[str, str]) -> Document:
    return Document(
        doc_id=article["id"],
        text=article["text"],
        metadata={"title": article["title"]} if article["title"] else {},
    )


def encoder(model: str) -> HuggingFaceEmbedding:
    return HuggingFaceEmbedding(model_name=model, device="cpu")


def load(store: Path, model: str) -> Search:
    kept = StorageContext.from_defaults(
        vector_store=FaissVectorStore.from_persist_dir(str(store)), persist_dir=str(store)
    )
    near = load_index_from_storage(kept, embed_model=encoder(model))
    fused = QueryFusionRetriever(
        [near.as_retriever(similarity_top_k=PASSAGES), BM25Retriever.from_persist_dir(str(store / "bm25"))],
        llm=MockLLM(),  # asked for nothing: one query, the question itself
        similarity_top_k=PASSAGES,
        num_queries=1,
        mode="reciprocal_rerank",
        use_async=False,
    )
    return lambda question: [found.node.ref_doc_id for found in fused.retrieve(question)]


if __name__ == "__main__":
    serve(index, load)
