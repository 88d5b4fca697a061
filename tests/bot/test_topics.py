"""What was said on a topic: the starter articles under the real models."""

import pytest

from bot.answer import Answer
from bot.answering.answerer import Answerer
from corpus.errors import UsageError
from retrieval.search import Index


@pytest.fixture(scope="module")
def answerer(starter_index: Index) -> Answerer:
    return Answerer(starter_index)


def speakers(answer: Answer) -> list[str | None]:
    return [statement.speaker for statement in answer.statements]


def articles(answer: Answer) -> set[str]:
    return {quote.article_id for statement in answer.statements for quote in statement.quotes}


def test_a_statement_with_its_reports_and_who_contradicts_it(answerer: Answerer) -> None:
    answer = answerer.on_topic("parallel imports")
    assert (answer.answered, answer.verdict, answer.confidence) == (True, None, 1.0)
    assert speakers(answer) == ["Kassym-Jomart Tokayev", None]
    denied, claimed = answer.statements
    assert denied.quotes[0].text == "Kazakhstan does not take part in parallel imports to Russia."
    assert len(denied.quotes) == 4
    assert claimed.voice == "narrator"


@pytest.mark.parametrize(
    ("topic", "least", "held"),
    [
        ("Tokayev sanctions", 8, "2023-09-28-wire-berlin-sanctions-regime.md"),
        ("grain exports", 1, "2023-09-14-daily-grain-harvest.md"),
        ("export monitoring", 2, "2023-10-18-business-export-monitoring-from-january.md"),
        ("the mill closure", 4, "2023-08-22-evening-mill-to-close.md"),
        ("interest rates", 2, "2023-10-06-business-base-rate.md"),  # they print "base rate"
        ("re-export of sanctioned goods", 1, "2023-09-29-wire-no-parallel-imports.md"),  # in other words
        ("russia", 8, "2023-09-30-evening-moscow-statement.md"),
        ("Did Kazakhstan say it joins parallel imports?", 2, "2023-10-02-courier-steppe-road.md"),
        ("What did Tokayev say about sanctions?", 8, "2023-09-28-wire-berlin-sanctions-regime.md"),
    ],
)
def test_what_comes_near_a_topic_is_shown(answerer: Answerer, topic: str, least: int, held: str) -> None:
    answer = answerer.on_topic(topic)
    assert len(answer.statements) >= least
    assert held in articles(answer)
    for statement in answer.statements:
        for quote in statement.quotes:
            text = next(
                a.text for row in range(18) for a in [answerer.index.article(row)] if a.id == quote.article_id
            )
            assert text[quote.start : quote.end] == quote.text


@pytest.mark.parametrize(
    "topic", ["quantum computing", "Taylor Swift", "Mars rover", "elections in Brazil", "climate change"]
)
def test_what_is_not_in_the_articles_gives_nothing(answerer: Answerer, topic: str) -> None:
    answer = answerer.on_topic(topic)
    assert (answer.answered, answer.statements, answer.reason) == (False, (), "not_in_corpus")
    assert answer.passages


def test_statements_do_not_repeat_each_others_words(answerer: Answerer) -> None:
    for topic in ("interest rates", "Kazakhstan", "the mill closure"):
        firsts = [statement.quotes[0] for statement in answerer.on_topic(topic).statements]
        assert len(firsts) > 2
        for i, one in enumerate(firsts):
            for other in firsts[:i]:
                apart = one.end <= other.start or other.end <= one.start
                assert one.article_id != other.article_id or apart


def test_at_most_so_many_quotes(answerer: Answerer) -> None:
    assert sum(len(s.quotes) for s in answerer.on_topic("russia", k=3).statements) == 3


def test_no_words_are_no_topic(answerer: Answerer) -> None:
    with pytest.raises(UsageError):
        answerer.on_topic("?!")
