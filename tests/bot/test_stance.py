"""Polarity by rule over minimal pairs, without an index: a stub of stems stands in for the word index."""

import re

import pytest

from bot.answer import Stance
from bot.answering.evidence import FEATURES, Evidence
from bot.answering.lexicon import Lexicon
from bot.answering.question import read
from bot.answering.stance import RuleJudge, negations
from corpus.article import Article, Sentence


def stems(text: str) -> list[str]:
    """Lower-case words without their commonest endings."""
    words = re.findall(r"\w+", text.lower())
    return [re.sub(r"(?<=\w{3})(?:ation|ments?|ing|ies|ed|es|s|e)$", "", w) for w in words]


def judged(question: str, sentence: str, *, content: float = 0.9, cosine: float = 0.6) -> Stance:
    """The stance of one sentence whose words cover the claim."""
    values = {"content": content, "object": content, "coverage_in_context": content, "cosine": cosine}
    features = tuple(values.get(name, 0.0) for name in FEATURES)
    article = Article("a", sentence, ((0, len(sentence)),), "a.txt")
    evidence = Evidence(0, 0, article, Sentence(0, len(sentence)), 0, features)
    judge = RuleJudge(Lexicon(stems), stems)
    return judge.judge(read(question), [evidence])[0].stance


@pytest.mark.parametrize(
    ("question", "sentence", "stance"),
    [
        ("Did Freedonia join the treaty?", "Freedonia joined the treaty.", "yes"),
        ("Did Freedonia join the treaty?", "Freedonia did not join the treaty.", "no"),
        ("Did Freedonia join the treaty?", "Freedonia never joined the treaty.", "no"),
        ("Did Freedonia join the treaty?", "Freedonia left the treaty.", "no"),
        ("Did Freedonia join the treaty?", "Freedonia did not leave the treaty.", "yes"),
        ("Did Freedonia join the treaty?", "Freedonia denied that it had joined the treaty.", "no"),
        (
            "Did Freedonia join the treaty?",
            "Freedonia took part in the treaty, and did not sell grain.",
            "yes",
        ),
        ("Is it true that Freedonia does not join the treaty?", "Freedonia will not join the treaty.", "yes"),
        ("Did Freedonia violate the treaty?", "Freedonia adheres to the treaty.", "no"),
        ("Did Freedonia support the treaty?", "Freedonia opposed the treaty.", "no"),
        (
            "Did Freedonia support the treaty?",
            "Freedonia not only supported the treaty but paid for it.",
            "yes",
        ),
        ("Will Freedonia comply with it?", "Claims that Freedonia complies with it are unfounded.", "no"),
        ("Will Freedonia comply with it?", "Doubts that Freedonia complies with it are unfounded.", "yes"),
    ],
)
def test_minimal_pairs(question: str, sentence: str, stance: Stance) -> None:
    assert judged(question, sentence) == stance


def test_a_sentence_off_the_claim_takes_no_side() -> None:
    assert (
        judged("Did Freedonia join the treaty?", "The weather was fine.", content=0.1, cosine=0.1)
        == "neutral"
    )


def test_a_predicate_that_is_not_met_takes_no_side() -> None:
    assert judged("Did Freedonia ratify the treaty?", "Freedonia printed the treaty.") == "neutral"


@pytest.mark.parametrize(
    ("clause", "count"),
    [
        ("he did not go", 1),
        ("he didn’t go", 1),
        ("he not only went", 0),
        ("nobody never went", 2),
        ("he went", 0),
    ],
)
def test_negations(clause: str, count: int) -> None:
    assert negations(clause, len(clause)) == count
