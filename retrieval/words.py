"""Passages or articles by their words: BM25 over title and text, stemmed; the only importer of tantivy.

Questions are not trusted, so the query language of tantivy is never used: queries are built from terms.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import Filter, Occur, Query

from corpus.errors import IndexDamaged

FEW = 4096  # rows that are named in a query; beyond, the rows that are found are looked up among them
TITLE_BOOST = 0.5  # a title is repeated for every passage of its article, so it counts for less
ENGLISH = """
a about all also am an and any are aren't as at be been before but by can can't could couldn't did
didn't do does doesn't don't for from get had has have he her him his how i if in into is isn't it
its just many may me might more most much must my no nor not of on or our shall she should so some
such than that the their them then there these they this those through to too was wasn't we were
weren't what when where whether which while who whom whose why will with won't would wouldn't you
your
"""  # words that ask or join; not "us", which is also a country, nor "said", which is rare enough to tell
WORD = r"[\p{L}\p{N}]+(?:['’][\p{L}]+)*(?:[.,]\p{N}+)*"  # O'Brien and 7,591 stay whole; the stemmer drops 's
OVERSTEMMED = re.compile(r"\bimportan(?=t|ce)", re.IGNORECASE)
"""Snowball's English stemmer makes "important" the same as "import": it is given a stem of its own."""
INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")  # U.S. is the same word as US
INITIAL = re.compile(r"\.[^\W\d_]\.")
"""Stands in all initials, and is looked for ten times as fast."""


def _schema() -> tantivy.Schema:
    fields = tantivy.SchemaBuilder().add_integer_field("row", indexed=True, fast=True)
    fields.add_text_field("title", tokenizer_name="english", index_option="freq")
    return fields.add_text_field("text", tokenizer_name="english", index_option="freq").build()


def _analyzer() -> tantivy.TextAnalyzer:
    plain = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(WORD)).filter(Filter.lowercase())
    return plain.filter(Filter.ascii_fold()).filter(Filter.stemmer("english")).build()


STOP = frozenset(_analyzer().analyze(ENGLISH))


def _prepared(text: str) -> str:
    text = text.encode("utf-8", "replace").decode("utf-8")  # Rust takes no lone surrogates
    if "mportan" in text.lower():  # the "i" may be a dotless one
        text = OVERSTEMMED.sub("weightyimportan", text)
    if INITIAL.search(text):
        text = INITIALS.sub(lambda match: match[0].replace(".", ""), text)
    return text


class Writer:
    """Fills a new folder, as a context; rows are numbered by the caller. Raises OSError if that fails."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._title: tuple[str | None, str] = None, ""
        with self._writing():
            index = tantivy.Index(_schema(), path=str(folder))
            index.register_tokenizer("english", _analyzer())
            self._writer = index.writer(heap_size=64_000_000, num_threads=1)  # one: rows keep their order

    def add(self, row: int, title: str | None, text: str) -> None:
        if title != self._title[0]:  # once an article
            self._title = title, _prepared(title or "")
        with self._writing():
            self._writer.add_document(tantivy.Document(row=row, title=self._title[1], text=_prepared(text)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        """Commit unless something failed; either way no thread writes to the folder afterwards."""
        with self._writing():
            if not failed:
                self._writer.commit()
            self._writer.wait_merging_threads()
        for lock in self._folder.glob(".*.lock"):
            lock.unlink()
        for file in self._folder.iterdir():
            file.chmod(self._folder.stat().st_mode & 0o666)  # tantivy makes two for their owner's eyes alone

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except ValueError as exc:
            raise OSError(f"could not write {self._folder}: {exc}") from exc


class Words:
    """A finished folder, read-only; threads may share it."""

    def __init__(self, folder: Path) -> None:
        """Raises IndexDamaged."""
        self._folder, self._analyzer, self._schema = folder, _analyzer(), _schema()
        with self._reading(), _openable(folder) as there:
            index = tantivy.Index.open(str(there))
            index.register_tokenizer("english", self._analyzer)
            self._searcher = index.searcher()

    @property
    def count(self) -> int:
        return self._searcher.num_docs

    def terms(self, text: str) -> list[str]:
        """The terms of ``text`` in order, with repeats and stop words: lower-cased, folded, stemmed."""
        return self._analyzer.analyze(_prepared(text))

    def document_frequency(self, term: str) -> int:
        """Rows whose text holds the (already analysed) term; titles do not count."""
        with self._reading():
            return self._searcher.doc_freq("text", term)

    def search(self, question: str, k: int, rows: NDArray[np.int64] | None = None) -> list[tuple[int, float]]:
        """At most ``k`` pairs (row, BM25), best first, among ``rows``, which ascend, or among all."""
        terms = list(dict.fromkeys(self.terms(question)))
        asked = [term for term in terms if term not in STOP] or terms
        if not k or not asked or (rows is not None and not rows.size):
            return []
        query = self._query(asked)
        if rows is None:
            return self._found(query, k)
        if rows.size <= FEW:
            only = Query.const_score_query(Query.term_set_query(self._schema, "row", rows.tolist()), 0.0)
            return self._found(Query.boolean_query([(Occur.Must, query), (Occur.Must, only)]), k)
        return self._among(query, k, rows)

    def _among(self, query: Query, k: int, rows: NDArray[np.int64]) -> list[tuple[int, float]]:
        """Look through a longer and longer list of all until ``k`` of ``rows`` stand in it, or it ends.

        To name thousands of rows in the query takes longer.
        """
        length = 2 * k * self.count // rows.size
        while True:
            found = self._found(query, length)
            named = np.array([row for row, _ in found], np.int64)
            places = np.searchsorted(rows, named).clip(max=rows.size - 1)
            kept = np.flatnonzero(rows[places] == named)[:k]
            if len(kept) == k or len(found) < length:
                return [found[place] for place in kept]
            length *= 4

    def _found(self, query: Query, k: int) -> list[tuple[int, float]]:
        with self._reading():
            hits = self._searcher.search(query, k, count=False).hits
            rows = self._searcher.fast_field_values("row", [address for _, address in hits])
        found = [(int(row or 0), score) for row, (score, _) in zip(rows, hits, strict=True)]
        return sorted(found, key=lambda one: (-one[1], one[0]))  # not by how parts were merged

    def _query(self, terms: list[str]) -> Query:
        title = [Query.term_query(self._schema, "title", term, "freq") for term in terms]
        text = [Query.term_query(self._schema, "text", term, "freq") for term in terms]
        boosted = [Query.boost_query(query, TITLE_BOOST) for query in title]
        return Query.boolean_query([(Occur.Should, query) for query in (*text, *boosted)])

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except BaseException as exc:
            # A damaged file can make the library panic, and its PanicException is not an Exception.
            if not isinstance(exc, ValueError | OSError) and type(exc).__name__ != "PanicException":
                raise
            message = f'{self._folder} is damaged ({exc}): run "onrecord index build"'
            raise IndexDamaged(message) from exc


@contextmanager
def _openable(folder: Path) -> Iterator[Path]:
    """The folder, or links to its files where it is read-only: tantivy makes a lock file to open an index."""
    if os.access(folder, os.W_OK):
        yield folder
        return
    with TemporaryDirectory(prefix="onrecord-") as links:  # once open, the files are mapped and links can go
        for file in folder.glob("[!.]*"):
            (Path(links) / file.name).symlink_to(file.resolve())
        (Path(links) / ".managed.json").symlink_to((folder / ".managed.json").resolve())
        yield Path(links)
