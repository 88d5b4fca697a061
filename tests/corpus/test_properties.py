"""What holds for every text: slices are exact, in order and free of furniture, and nothing raises."""

import json
import re
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus import layout
from corpus.article import Article, Document, Unreadable
from corpus.cleaning import clean
from corpus.reading import digest, find, read

STARTER = Path(__file__).resolve().parents[2] / "corpus" / "articles"
SEEDS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "seeds"

LINES = st.sampled_from(
    """Home » News|Leave a Reply|By Ann Lee May 2, 2023|None|The Daily|Bridge to open in the spring|Read more:
    “We stay,” he said.|Gen. Lee met U.S. officials.|He left. “|“|– Ann Lee|Он сказал: «Нет».|Да.|date 2023-05-02 Now it is.|
    # Heading|- item|> quoted|```|---|Share|Source: The Daily|This is the end of it, he said. Read more here.""".split(
        "|"
    )
)
TEXTS = st.one_of(
    st.text(max_size=400),
    st.lists(LINES | st.text(max_size=60), max_size=25).map("\n\n".join),
    st.lists(LINES, max_size=25).map("\n".join),
    st.text(alphabet="aB .!?\n\r“”\"'«»-—:|/#_1", max_size=300),
)


def check(document: Document) -> None:
    text, body = document.article.text, document.article.body
    assert all(0 <= start < end <= len(text) for start, end in body)
    assert all(left[1] <= right[0] for left, right in pairwise(body))
    for sentence in document.sentences:
        said = text[sentence.start : sentence.end]
        assert said
        assert said == said.strip()
        assert any(start <= sentence.start and sentence.end <= end for start, end in body)
        assert re.search(r"\w", said)
    assert all(left.end <= right.start for left, right in pairwise(document.sentences))
    check_passages(document)


def check_passages(document: Document) -> None:
    text, sentences = document.article.text, document.sentences
    for passage in document.passages:
        inside = sentences[passage.first : passage.last]
        assert (passage.start, passage.end) == (inside[0].start, inside[-1].end)
        for left, right in pairwise(inside):
            assert not re.search(r"[^\W\d_]", text[left.end : right.start])
    assert all(a.first < b.first and a.last < b.last for a, b in pairwise(document.passages))
    covered = {i for passage in document.passages for i in range(passage.first, passage.last)}
    assert all(i in covered or sentence.heading for i, sentence in enumerate(sentences))
    assert bool(document.passages) == bool(sentences)


@pytest.mark.parametrize("markdown", [False, True])
@given(text=TEXTS, words=st.integers(1, 130), overlap=st.integers(0, 3))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text(markdown: bool, text: str, words: int, overlap: int) -> None:  # noqa: FBT001
    blocks = layout.markdown(text, 0) if markdown else layout.plain(text)
    found = clean.clean(text, blocks)
    article = Article("a", text, found.body, "a.txt", found.title, found.title_span)
    check(digest(article, words=words, overlap=overlap))
    assert found.title_span is None or text[slice(*found.title_span)] == found.title


@given(text=st.text(max_size=200), title=st.none() | st.text(max_size=30), body=st.data())
@settings(deadline=None)
def test_any_body(text: str, title: str | None, body: st.DataObject) -> None:
    cuts = sorted(body.draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = tuple(zip(cuts[::2], cuts[1::2], strict=False))
    check(digest(Article("a", text, spans, "a.txt", title)))


@given(
    data=st.binary(max_size=300) | TEXTS.map(str.encode),
    suffix=st.sampled_from([".txt", ".md", ".jsonl", ".jsonl.gz"]),
)
@settings(deadline=None, max_examples=200)
def test_any_bytes(data: bytes, suffix: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"a{suffix}")
        path.write_bytes(data)
        for found in read([path]):
            if isinstance(found, Unreadable):
                assert found.reason.isprintable()
            else:
                check(digest(found))


@given(text=TEXTS)
@settings(deadline=None)
def test_jsonl_keeps_the_text(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.jsonl")
        path.write_text(json.dumps({"text": text}), encoding="utf-8")
        assert all(isinstance(found, Unreadable) or found.text == text for found in read([path]))


@pytest.mark.parametrize("folder", [STARTER, SEEDS], ids=["starter", "seeds"])
def test_real_articles(folder: Path) -> None:
    if not folder.is_dir() or not find([folder]):
        pytest.skip(f"no articles in {folder.name}")
    for found in read([folder]):
        assert isinstance(found, Article)
        document = digest(found)
        check(document)
        assert document.passages
