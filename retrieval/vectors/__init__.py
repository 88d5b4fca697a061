"""Unit vectors on disk, and the nearest of them to a question: exact while there are few, quantized first beyond.

One file, memory-mapped: a header, the float32 vectors as they were added and, in a build of more than
``EXACT_UP_TO``, four bits for every four components of each, which are scanned whole before the best are scored
on the vectors themselves. Everything has its place by (dimension, count) alone, and FAISS parses no file.
"""

from retrieval.vectors.layout import EXACT_UP_TO
from retrieval.vectors.searching import Vectors
from retrieval.vectors.writing import Writer

__all__ = ["EXACT_UP_TO", "Vectors", "Writer"]
