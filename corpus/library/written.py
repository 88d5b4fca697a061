"""Articles and digests as JSON, whatever fields they have; fields at their defaults are left out."""

import json
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256

from pydantic import TypeAdapter

from corpus.article import Article, Document, Passage, Sentence

_APART = {"id", "text", "path"}
"""Fields of an article that are kept beside the JSON."""


@dataclass(frozen=True, slots=True)
class Written:
    """One version of an article, fit to be stored."""

    text: str
    sha256: str
    """Of the text in UTF-8, in hexadecimal."""
    known: str
    """JSON: everything but id, text and path."""


def write(article: Article) -> Written:
    """Raises ValueError for text that cannot be stored: half of a character."""
    known = _articles().dump_json(article, exclude=_APART, exclude_defaults=True).decode()
    return Written(article.text, digest_of(article.text), known)


def read(id_: str, text: str, path: str, known: str) -> Article:
    return _articles().validate_python({**json.loads(known), "id": id_, "text": text, "path": path})


def digest_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def digested(document: Document) -> tuple[str, str]:
    """Its sentences and its passages."""
    return (
        _sentences().dump_json(document.sentences, exclude_defaults=True).decode(),
        _passages().dump_json(document.passages, exclude_defaults=True).decode(),
    )


def body(article: Article) -> str:
    return json.dumps(article.body, separators=(",", ":"))


def document(article: Article, body: str, sentences: str, passages: str) -> Document:
    """The article with that body, digested."""
    spans = tuple((start, end) for start, end in json.loads(body))
    digested = _sentences().validate_json(sentences), _passages().validate_json(passages)
    return Document(replace(article, body=spans), *digested)


@cache
def _articles() -> TypeAdapter[Article]:
    return TypeAdapter(Article)


@cache
def _sentences() -> TypeAdapter[tuple[Sentence, ...]]:
    return TypeAdapter(tuple[Sentence, ...])


@cache
def _passages() -> TypeAdapter[tuple[Passage, ...]]:
    return TypeAdapter(tuple[Passage, ...])
