"""Files and folders → articles, and an article → its sentences and passages.

What cannot be read is an ``Unreadable`` among the articles. Article ids are unique within one ``read``: a
later article whose id is taken is called by its folder too ("2023/page.txt"), else numbered ("page.txt~3").
A link inside a folder is followed only to what lies in that folder.
"""

import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus import kinds, language
from corpus.article import Article, Document, Sentence, Unreadable
from corpus.cleaning import clean
from corpus.credits import outlets
from corpus.credits.declared import ADDRESS, in_address
from corpus.credits.imprint import Imprint
from corpus.decoding import Unfit
from corpus.kinds import Flaw, Record, page
from corpus.layout import line_numbers
from corpus.passages import passages
from corpus.places import Place, places, shown
from corpus.sentences import split
from corpus.speech.attribution import attribute
from corpus.times import events

READING = 3
"""Raised whenever a file gives another article than before: its text, its body or what is known about it."""
DIGEST = 2
"""Raised whenever an article gives other sentences, speakers or passages than before."""

_PARAGRAPHS = 40
"""Blocks of a body that its language is told from."""

Make = Callable[[Record, str, str], Article]
"""Makes the article of a record: its file's name, and the path to tell."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An article as it stands in its file, its id not yet told from those of others."""

    article: Article
    raw: bytes | None
    """The page as it came, where the text was extracted from one."""


class Names:
    """Gives every article an id of its own; ``taken`` are names and ids given before."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = Counter(taken)

    def free(self, name: str, folder: str) -> str:
        """``name``, else ``folder/name``, else a numbered one: the first that no earlier article has."""
        self._taken[name] += 1
        if self._taken[name] == 1:
            return name
        numbered = (f"{name}~{number}" for number in count(self._taken[name]))
        free = next(other for other in chain([f"{folder}/{name}"], numbered) if other not in self._taken)
        self._taken[free] = 1
        return free


def find(paths: Iterable[str | Path]) -> list[Path]:
    """The files that ``read`` would read, folders searched recursively, each file once, in a stable order.

    In folders, files of other kinds and names that begin with a dot are passed over; what is named itself is
    always listed. Raises ``CorpusError`` for a path that does not exist.
    """
    return [place.path for place in places(paths)]


def read(paths: Iterable[str | Path]) -> Iterator[Article | Unreadable]:
    """Every article in ``paths``, in the order of ``find``, with the ones that cannot be read among them."""
    return _unique(places(paths), _article)


def bare(paths: Iterable[str | Path]) -> Iterator[Article | Unreadable]:
    """As ``read``, many times faster: an article has its id, text and path alone, and all of it is body."""
    return _unique(places(paths), _bare_article)


def records(place: Place) -> Iterator[Taken | Unreadable]:
    """The articles of one file. Raises ``Unfit`` or ``OSError`` where reading ends."""
    return _of_file(place, _article)


def fetched(data: bytes, ending: str, charset: str | None, address: str) -> Iterator[Taken | Unreadable]:
    """As ``records``, of what an address sent, read as a file whose name has that ending."""
    if ending == ".html":
        yield from _taken([page.record(data, charset)], address, address, _article)
        return
    with TemporaryDirectory() as folder:
        path = Path(folder, f"fetched{ending}")
        path.write_bytes(data)
        yield from _taken(kinds.records(path), address, address, _article)


def why(error: Unfit | OSError) -> str:
    """What an error of ``records`` says to a user."""
    if isinstance(error, Unfit):
        return str(error)
    return f"{(error.strerror or type(error).__name__).lower()}: check the file"


def folder_name(path: Path) -> str:
    """The name of the folder a file lies in."""
    return shown(Path(path.absolute().parent.name))


def digest(article: Article, *, words: int = 110, overlap: int = 1) -> Document:
    """The article with its sentences, each with voice and speaker, and its passages (see ``passages``)."""
    spans = split(article.text, article.body)
    marks = clean.headings(article.text, article.body, article.title_span)
    headings = _of_blocks(spans, article, marks)
    voices = attribute(article.text, spans, headings)
    times = events.days(article.text, spans, article.published)
    sentences = tuple(
        Sentence(start, end, voice, speaker, heading, when)
        for (start, end), (voice, speaker), heading, when in zip(spans, voices, headings, times, strict=True)
    )
    return Document(
        article, sentences, tuple(passages(article.text, sentences, words=words, overlap=overlap))
    )


def _of_blocks(spans: Iterable[tuple[int, int]], article: Article, marks: list[bool]) -> list[bool]:
    """The mark of the block each span lies in."""
    found = []
    block = 0
    for start, _ in spans:
        while article.body[block][1] <= start:
            block += 1
        found.append(marks[block])
    return found


def _unique(found: Iterable[Place], make: Make) -> Iterator[Article | Unreadable]:
    names = Names()
    for place in found:
        try:
            for one in _of_file(place, make):
                yield one if isinstance(one, Unreadable) else _named(one.article, names, place.path)
        except (Unfit, OSError) as exc:
            yield Unreadable(shown(place.path), why(exc))


def _named(article: Article, names: Names, path: Path) -> Article:
    return replace(article, id=names.free(article.id, folder_name(path)))


def _of_file(place: Place, make: Make) -> Iterator[Taken | Unreadable]:
    path = place.path
    if place.refusal:
        raise Unfit(place.refusal)
    if path.is_dir():
        next(path.iterdir(), None)  # listed because this fails, and the reason is in the error
    if not stat.S_ISREG(path.stat().st_mode):
        raise Unfit("not a regular file: copy what it holds into one")
    if not kinds.is_readable_name(path.name):
        raise Unfit(f"not a kind of file that can be read: these are {', '.join(kinds.SUFFIXES)}")
    yield from _taken(kinds.records(path), shown(Path(path.name)), shown(path), make)


def _taken(found: Iterable[Record | Flaw], name: str, path: str, make: Make) -> Iterator[Taken | Unreadable]:
    for record in found:
        where = "" if record.line is None else f"{record.unit} {record.line}: "
        if isinstance(record, Flaw):
            yield Unreadable(path, where + record.reason)
            continue
        article = make(record, name, path)
        if article.body:
            yield Taken(article, record.raw)
        else:
            yield Unreadable(path, f"{where}no article text, only page furniture: remove it")


def _bare_article(record: Record, name: str, path: str) -> Article:
    return Article(_id(record, name), record.text, ((0, len(record.text)),), path)


def _id(record: Record, name: str) -> str:
    return record.id or (name if record.line is None else f"{name}:{record.line}")


def _article(record: Record, name: str, path: str) -> Article:
    found = clean.clean(record.text, record.blocks, record.title, chosen=record.chosen)
    known = _given(record).otherwise(_of_address(record.url)).otherwise(found.imprint).settled()
    body = "\n".join(record.text[start:end] for start, end in found.body[:_PARAGRAPHS])
    spoken, shown_by_text = language.detect(body, record.language)
    others = (
        ("title", found.title and _origin_of_title(record, found)),
        ("language", spoken and ("the text" if shown_by_text else _origin(record, "language"))),
    )
    return Article(
        id=_id(record, name),
        text=record.text,
        body=found.body,
        path=path,
        title=found.title and " ".join(found.title.splitlines()),  # Markdown's may stand on two lines
        title_span=found.title_span,
        outlet=known.outlet,
        author=known.author,
        published=known.published,
        updated=known.updated,
        url=record.url,
        language=spoken,
        origins=(*((field, origin) for field, origin in others if origin), *known.origins),
    )


def _given(record: Record) -> Imprint:
    """What the file itself names as such."""
    outlet = record.outlet and outlets.tidy(record.outlet)
    given = Imprint(outlet, record.author, record.published, record.updated)
    return replace(given, origins=tuple((field, _origin(record, field)) for field in given.told))


def _of_address(url: str | None) -> Imprint:
    day = Imprint(published=in_address(url)).read_from(ADDRESS)
    return day.otherwise(Imprint(outlet=outlets.domain(url)).read_from("the domain"))


def _origin(record: Record, field: str) -> str:
    return dict(record.origins).get(field, record.origin)


def _origin_of_title(record: Record, found: clean.Cleaned) -> str:
    if record.title or found.title_span is None:
        return _origin(record, "title")
    return f"line {next(line_numbers(record.text, [found.title_span[0]]))}"
