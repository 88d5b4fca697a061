"""Documents to the files of one build, in a folder of their own: rows, words, vectors, glossary.

Passages stream: at most a chunk of texts and vectors is held at once, whatever the corpus size.
"""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from math import ceil
from pathlib import Path

from corpus.article import Document, Unreadable
from corpus.duplicates import Finder
from retrieval import glossary, store, storing, vectors, words
from retrieval.builds import manifest
from retrieval.cache import Cache
from retrieval.encoder import Encoder, Progress

CHUNK = 4096  # passages held in memory at once while embedding, some 6 MB of vectors and 3 MB of text
COUNTED = 100_000  # passages whose words are counted for the glossary, evenly spread


@dataclass(frozen=True, slots=True)
class Filled:
    """What the files of a build hold."""

    articles: int
    sentences: int
    passages: int
    embedded: int
    """Passages that the cache had no vector for."""
    unreadable: tuple[Unreadable, ...]


def fill(
    documents: Iterable[Document | Unreadable], folder: Path, encoder: Encoder, *, cache: Path, told: Progress
) -> Filled:
    """Write all files but the manifest into the empty ``folder``; with no passage there are no vectors.

    ``told`` hears of "reading" (total unknown), "embedding" (passages) and "learning words". Raises OSError.
    """
    rows, unreadable = _write_documents(documents, folder, told)
    new = 0
    if rows.passages:
        new = _write_vectors(rows.passages, folder, encoder, cache, told)
        _write_glossary(rows.passages, folder, cache, told)
    return Filled(rows.articles, rows.sentences, rows.passages, new, tuple(unreadable))


def embedded_text(title: str | None, text: str) -> str:
    """What is embedded for a passage: its text, under its article's title unless that stands in it."""
    return f"{title}. {text}" if title and title not in text else text


def _write_documents(
    documents: Iterable[Document | Unreadable], aside: Path, told: Progress
) -> tuple[storing.Writer, list[Unreadable]]:
    unreadable: list[Unreadable] = []
    places: dict[str, int] = {}
    with (
        Finder(aside) as finder,
        words.Writer(aside / manifest.WORDS) as terms,
        words.Writer(aside / manifest.ARTICLES) as wholes,
        closing(storing.Writer(aside / manifest.ROWS)) as rows,
    ):
        for document in documents:
            if isinstance(document, Unreadable):
                unreadable.append(document)
            elif _encodable(document):
                finder.add(document.article)
                places[document.article.id] = rows.articles
                _add(document, rows, terms, wholes)
            else:
                unreadable.append(
                    Unreadable(document.article.path, "it holds lone surrogates, halves of characters")
                )
            told("reading", rows.articles + len(unreadable), 0)
        for group in finder.groups():
            rows.mark_copies([places[name] for name in group])
    return rows, unreadable


def _encodable(document: Document) -> bool:
    article = document.article
    named = (
        article.id,
        article.text,
        article.path,
        article.title,
        article.outlet,
        article.author,
        article.url,
    )
    try:
        "".join(filter(None, named)).encode()
    except UnicodeEncodeError:
        return False
    return True


def _add(document: Document, rows: storing.Writer, terms: words.Writer, wholes: words.Writer) -> None:
    title, text = document.article.title, document.article.text
    for row, passage in enumerate(document.passages, start=rows.passages):
        terms.add(row, title, text[passage.start : passage.end])
    if document.passages:
        body = (text[start:end] for start, end in document.article.body)
        wholes.add(rows.articles, None, "\n".join([title or "", *body]))  # once among so many words
    rows.add(document)


def _write_vectors(count: int, aside: Path, encoder: Encoder, cache: Path, told: Progress) -> int:
    """Embed all passages into a file; returns how many the cache did not have."""
    writer = vectors.Writer(aside / manifest.VECTORS, encoder.dimension)
    new = 0
    with closing(store.Store(aside / manifest.ROWS)) as rows, closing(Cache(cache, encoder)) as kept:
        for begin in range(0, count, CHUNK):
            texts = [embedded_text(title, text) for title, text in rows.texts(begin, begin + CHUNK)]
            made, fresh = kept.encode(texts, partial(_tell, told, begin, count))
            writer.add(made)
            new += fresh
    writer.close()
    return new


def _write_glossary(count: int, aside: Path, cache: Path, told: Progress) -> None:
    """The words of the passages, of a part of them if they are very many, for questions in other languages."""
    part = min(CHUNK, ceil(CHUNK * COUNTED / count))
    with closing(store.Store(aside / manifest.ROWS)) as rows:
        texts = (
            f"{title or ''} {text}"
            for begin in range(0, count, CHUNK)
            for title, text in rows.texts(begin, begin + part)
        )
        glossary.write(aside, texts, cache, partial(told, "learning words"))


def _tell(told: Progress, begin: int, count: int, done: int) -> None:
    told("embedding", begin + done, count)
