"""Files and folders → articles, and an article → its sentences and passages.

What cannot be read is an ``Unreadable`` among the articles. Article ids are unique within one ``read``: a
later article whose id is taken is called by its folder too ("2023/page.txt"), else numbered ("page.txt~3").
"""

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain, count
from pathlib import Path

from corpus import clean, formats
from corpus.article import Article, Document, Sentence, Unreadable
from corpus.decoding import Unfit
from corpus.errors import CorpusError
from corpus.formats import Flaw, Record
from corpus.imprint import Imprint
from corpus.passages import passages
from corpus.sentences import split
from corpus.speech import attribute

Make = Callable[[Record, Path], Article]
"""Makes the article of a record in that file."""


def find(paths: Iterable[str | Path]) -> list[Path]:
    """The files that ``read`` would read, folders searched recursively, each file once, in a stable order.

    In folders, files of other kinds and names that begin with a dot are passed over; what is named itself is
    always listed. Raises ``CorpusError`` for a path that does not exist.
    """
    found: list[Path] = []
    seen: set[tuple[int, int]] = set()
    for path in map(Path, paths):
        if not os.path.lexists(path):
            raise CorpusError(f"no such file or folder: {shown(path)}: check the path given as corpus")
        found += _walk(path, seen)
    return found


def read(paths: Iterable[str | Path]) -> Iterator[Article | Unreadable]:
    """Every article in ``paths``, in the order of ``find``, with the ones that cannot be read among them."""
    return _unique(find(paths), _article)


def bare(paths: Iterable[str | Path]) -> Iterator[Article | Unreadable]:
    """As ``read``, many times faster: an article has its id, text and path alone, and all of it is body."""
    return _unique(find(paths), _bare_article)


def digest(article: Article, *, words: int = 110, overlap: int = 1) -> Document:
    """The article with its sentences, each with voice and speaker, and its passages (see ``passages``)."""
    spans = split(article.text, article.body)
    marks = clean.headings(article.text, article.body, article.title_span)
    headings = _of_blocks(spans, article, marks)
    voices = attribute(article.text, spans, headings)
    sentences = tuple(
        Sentence(start, end, voice, speaker, heading)
        for (start, end), (voice, speaker), heading in zip(spans, voices, headings, strict=True)
    )
    return Document(
        article, sentences, tuple(passages(article.text, sentences, words=words, overlap=overlap))
    )


def shown(path: Path) -> str:
    """``path`` on one line, in characters that can be stored and printed."""
    name = os.fsencode(path).decode("utf-8", "replace")
    return "".join(character if character.isprintable() else "\ufffd" for character in name)


def _of_blocks(spans: Iterable[tuple[int, int]], article: Article, marks: list[bool]) -> list[bool]:
    """The mark of the block each span lies in."""
    found = []
    block = 0
    for start, _ in spans:
        while article.body[block][1] <= start:
            block += 1
        found.append(marks[block])
    return found


def _walk(path: Path, seen: set[tuple[int, int]]) -> Iterator[Path]:
    if not _is_new(path, seen):
        return
    if not path.is_dir():
        yield path
        return
    refused: list[Path] = []
    for folder, folders, names in os.walk(
        path, followlinks=True, onerror=lambda e: refused.append(Path(e.filename))
    ):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and _is_new(Path(folder, name), seen)
        )
        yield from (
            Path(folder, name)
            for name in sorted(names)
            if (formats.is_readable_name(name) or formats.is_article_like(name))
            and not name.startswith(".")
            and _is_new(Path(folder, name), seen)
        )
    yield from refused


def _is_new(path: Path, seen: set[tuple[int, int]]) -> bool:
    """Not met before, by whatever name; what cannot be looked at is always new, so that it is reported."""
    try:
        status = path.stat()
    except OSError:
        return True
    key = (status.st_dev, status.st_ino)
    new = key not in seen
    seen.add(key)
    return new


def _unique(files: Iterable[Path], make: Make) -> Iterator[Article | Unreadable]:
    taken: Counter[str] = Counter()
    for file in files:
        for found in _file(file, make):
            yield replace(found, id=_free(found.id, file, taken)) if isinstance(found, Article) else found


def _free(name: str, file: Path, taken: Counter[str]) -> str:
    """``name``, else a longer one that no earlier article has."""
    taken[name] += 1
    if taken[name] == 1:
        return name
    longer = f"{shown(Path(file.absolute().parent.name))}/{name}"
    numbered = (f"{name}~{number}" for number in count(taken[name]))
    free = next(other for other in chain([longer], numbered) if other not in taken)
    taken[free] = 1
    return free


def _file(path: Path, make: Make) -> Iterator[Article | Unreadable]:
    try:
        yield from _articles(path, make)
    except Unfit as exc:
        yield Unreadable(shown(path), str(exc))
    except OSError as exc:
        yield Unreadable(shown(path), f"{(exc.strerror or type(exc).__name__).lower()}: check the file")


def _articles(path: Path, make: Make) -> Iterator[Article | Unreadable]:
    if path.is_dir():
        next(path.iterdir(), None)  # listed by ``find`` because this fails, and the reason is in the error
    if not stat.S_ISREG(path.stat().st_mode):
        raise Unfit("not a regular file: copy what it holds into one")
    if not formats.is_readable_name(path.name):
        raise Unfit(f"not a kind of file that can be read: these are {', '.join(formats.SUFFIXES)}")
    for record in formats.records(path):
        article = make(record, path) if isinstance(record, Record) else None
        if article is not None and article.body:
            yield article
        else:
            reason = (
                record.reason
                if isinstance(record, Flaw)
                else "no article text, only page furniture: remove it"
            )
            yield Unreadable(shown(path), reason if record.line is None else f"line {record.line}: {reason}")


def _bare_article(record: Record, path: Path) -> Article:
    return Article(_id(record, path), record.text, ((0, len(record.text)),), shown(path))


def _id(record: Record, path: Path) -> str:
    name = shown(Path(path.name))
    return record.id or (name if record.line is None else f"{name}:{record.line}")


def _article(record: Record, path: Path) -> Article:
    found = clean.clean(record.text, record.blocks, record.title)
    given = Imprint(record.outlet, record.author, record.published, record.updated)
    known = given.otherwise(found.imprint)
    return Article(
        id=_id(record, path),
        text=record.text,
        body=found.body,
        path=shown(path),
        title=found.title,
        title_span=found.title_span,
        outlet=known.outlet,
        author=known.author,
        published=known.published,
        updated=known.updated,
        url=record.url,
    )
