"""Unit vectors on disk, and the nearest of them to a question: exact while there are few, quantized first beyond.

The vectors lie in one file as they were added, float32 and memory-mapped. A build of more than ``EXACT_UP_TO`` has a
FAISS file beside it, four bits for every four components: it is scanned whole, and the best are scored on the vectors
themselves.
"""

from retrieval.vectors.searching import Vectors
from retrieval.vectors.writing import EXACT_UP_TO, Writer

__all__ = ["EXACT_UP_TO", "Vectors", "Writer"]
