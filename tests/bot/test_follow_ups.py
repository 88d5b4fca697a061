"""Which questions lean on the one before, and what such a question is read as; and on the starter articles."""

import pytest

from bot.answer import Answer
from bot.answering.answerer import Answerer
from bot.answering.follow_ups import is_courtesy, is_follow_up, readings
from retrieval.search import Index

IMPORTS = "Did Kazakhstan say it joins parallel imports?"


@pytest.mark.parametrize(
    "question",
    [
        "and what did Germany say?",
        "But why?",
        "What about Moscow?",
        "why?",
        "When was that?",
        "is that true?",
        "How long is it?",
        "Did Germany confirm it?",
        "What did Scholz say about that?",
        "Is it true that he resigned?",
        "how many people work there?",
        "а Германия?",
        "И когда?",
        "когда это было?",
        "кто об этом сказал?",
        "who disagrees?",
        "А кто не согласен?",
        "Ал Ресей ше?",
        "Қашан?",
        "Кім келіспейді?",
        "Бұл рас па?",
    ],
)
def test_what_leans_on_the_question_before(question: str) -> None:
    assert is_follow_up(question)


@pytest.mark.parametrize(
    "question",
    [
        IMPORTS,
        "did the minister say that exports rose?",
        "did kazakhstan say it joins parallel imports?",
        "Is it true that the mill will close?",
        "Did Tokayev meet Scholz when he visited Berlin?",
        "Andorra joined?",
        "The volcano is erupting. Where is it?",
        "Which airline announced it is suspending service?",
        "How long does it take for oil to form?",
        "How many extended areas are there?",
        "What is the base rate?",
        "Who opened the bridge?",
        "Казахстан заявил, что участвует в параллельном импорте?",
    ],
)
def test_what_stands_on_its_own(question: str) -> None:
    assert not is_follow_up(question)


@pytest.mark.parametrize(
    ("words", "is_one"),
    [
        ("Thanks!", True),
        ("спасибо", True),
        ("Сәлем!", True),
        ("Thanks to whom did the mill close?", False),
        ("привет из Астаны", False),
        ("ok?", True),
    ],
)
def test_courtesies_ask_nothing(words: str, is_one: bool) -> None:  # noqa: FBT001  a table
    assert is_courtesy(words) is is_one


@pytest.mark.parametrize(
    "question", ["is that true?", "And who disagrees?", "Это правда?", "А кто против?", "Бұл рас па?"]
)
def test_what_the_answer_before_tells_is_answered_with_it(question: str) -> None:
    ((text, claim),) = readings(question, IMPORTS)
    assert (text, claim.kind, claim.said) == (IMPORTS, "yesno", True)


def test_a_bare_name_takes_the_place_of_the_speaker() -> None:
    ((text, claim),) = readings("and Germany?", IMPORTS)
    assert text == "Did Germany say it joins parallel imports?"
    assert (claim.speaker, claim.said) == ("Germany", True)
    assert (
        readings("and Russia?", "What is the base rate in Kazakhstan?")[0][0]
        == "What is the base rate in Russia?"
    )


def test_another_speaker_is_asked_about_the_same() -> None:
    ((text, claim),) = readings("and what did Germany say?", IMPORTS)
    assert text == f"{IMPORTS} what did Germany say?"
    assert claim.speaker == "Germany"
    assert "imports" in claim.words
    assert "Kazakhstan" not in claim.words


def test_it_is_who_spoke_before() -> None:
    ((_, claim),) = readings("what did it say about sanctions?", IMPORTS)
    assert claim.speaker == "Kazakhstan"


def test_is_that_true_asks_the_same_again() -> None:
    ((text, claim),) = readings("is that true?", "The mill in Sarvan will close.")
    assert text == "The mill in Sarvan will close."
    assert claim.wanted == "thing"


@pytest.fixture(scope="module")
def answerer(starter_index: Index) -> Answerer:
    return Answerer(starter_index)


def speakers(answer: Answer) -> set[str | None]:
    return {statement.speaker for statement in answer.statements}


@pytest.mark.parametrize(
    "question", ["when was that?", "when was that said?", "and who said that?", "когда это было?"]
)
def test_when_and_who(answerer: Answerer, question: str) -> None:
    answer = answerer.answer(question, topic=IMPORTS)
    assert answer.answered
    assert answer.verdict is None
    assert speakers(answer) == {"Kassym-Jomart Tokayev"}
    assert answer.statements[0].quotes[0].published is not None


@pytest.mark.parametrize("question", ["and what did Germany say?", "and Germany?", "а Германия?"])
def test_another_who_said_nothing_of_it(answerer: Answerer, question: str) -> None:
    assert not answerer.answer(question, topic=IMPORTS).answered


def test_a_number_that_the_topic_decides(answerer: Answerer) -> None:
    answer = answerer.answer("how many people work there?", topic="Will the mill close?")
    assert "340 people" in answer.statements[0].quotes[0].text


def test_a_question_of_its_own_forgets_the_topic(answerer: Answerer) -> None:
    alone = answerer.answer(IMPORTS)
    after = answerer.answer(IMPORTS, topic="What is the base rate?")
    assert (after.verdict, after.confidence, after.statements) == (
        alone.verdict,
        alone.confidence,
        alone.statements,
    )
