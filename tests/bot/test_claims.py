"""A claim put as a question, and what stands beside one."""

import pytest

from bot.answering.answerer import Answerer
from bot.answering.claims import points_at, to_check
from retrieval.search import Index


@pytest.mark.parametrize(
    ("claim", "question"),
    [
        ("Kazakhstan joins parallel imports.", "Is it true that Kazakhstan joins parallel imports?"),
        ("  The mill\ncloses!!! ", "Is it true that The mill closes?"),
        ("Did the minister resign?", "Did the minister resign?"),
        (
            "Казахстан участвует в параллельном импорте",
            "Правда ли, что Казахстан участвует в параллельном импорте?",
        ),
        ("BREAKING! Fares rise in July. Passengers are furious.", "Is it true that Fares rise in July?"),
        (f"The mill closes. {'It said so long ago. ' * 30}", "Is it true that The mill closes."),
    ],
)
def test_a_claim_becomes_a_question(claim: str, question: str) -> None:
    assert to_check(claim).startswith(question.rstrip("?."))
    assert len(to_check(claim)) < 440


@pytest.mark.parametrize(
    ("words", "points"),
    [
        ("", True),
        ("is this true?", True),
        ("это правда?", True),
        ("nonsense, look at this", False),
        ("nonsense", True),
        ("who said that?", False),
        ("did Germany lift all the sanctions?", False),
    ],
)
def test_what_stands_beside_a_claim(words: str, points: bool) -> None:  # noqa: FBT001  a table
    assert points_at(words) is points


@pytest.mark.parametrize(
    "claim",
    [
        "Kazakhstan has joined parallel imports to Russia.",
        "Shocking! Kazakhstan joins parallel imports to Russia. Nobody knew. Share this with your friends.",
        "Казахстан участвует в параллельном импорте",
    ],
)
def test_a_false_claim_is_denied(starter_index: Index, claim: str) -> None:
    answer = Answerer(starter_index).answer(to_check(claim))
    assert answer.verdict == "no"
    assert answer.statements[0].speaker == "Kassym-Jomart Tokayev"
