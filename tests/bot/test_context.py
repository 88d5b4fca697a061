"""A quote of two sentences: only where one alone does not tell."""

import pytest

from bot.answering.context import with_context
from bot.answering.question import read
from corpus.article import Article, Sentence
from corpus.sentences import split

_TEXT = (
    "Houston told its residents to boil water. The notice came on Sunday after a power cut. It covers 2 million people.\n\n"
    "“We are sorry,” Ann Lee said. The mayor will speak today."
)


@pytest.mark.parametrize(
    ("question", "position", "quoted"),
    [
        ("Which city asked people to boil water?", 0, "Houston told its residents to boil water."),
        (
            "How many people are told to boil water?",
            1,
            "The notice came on Sunday after a power cut. It covers 2 million people.",
        ),
        (
            "What does the notice cover?",
            2,
            "The notice came on Sunday after a power cut. It covers 2 million people.",
        ),
        ("Did the notice come on Sunday?", 2, "It covers 2 million people."),
        ("Why did the notice come?", 2, "It covers 2 million people."),
        ("Who will speak today?", 4, "The mayor will speak today."),  # the sentence before is somebody else's
    ],
)
def test_the_neighbour_is_quoted_where_the_sentence_only_points(
    question: str, position: int, quoted: str
) -> None:
    spans = split(_TEXT, [(0, _TEXT.index("\n")), (_TEXT.index("“"), len(_TEXT))])
    sentences = [Sentence(a, b) for a, b in spans]
    sentences[3] = Sentence(*spans[3], "direct", "Ann Lee")
    article = Article("a", _TEXT, ((0, len(_TEXT)),), "a.txt")
    start, end = with_context(read(question), article, sentences, position)
    assert _TEXT[start:end] == quoted


def test_what_stands_between_two_sentences_is_never_quoted() -> None:
    text = "Houston told people to boil water. Share this! It covers 2 million people."
    sentences = [Sentence(0, 34), Sentence(47, len(text))]
    article = Article("a", text, ((0, 34), (47, len(text))), "a.txt")
    span = with_context(read("What does the notice cover?"), article, sentences, 1)
    assert text[slice(*span)] == "It covers 2 million people."
