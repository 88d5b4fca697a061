"""Polarity by rule over minimal pairs, without an index: a stub of stems stands in for the word index."""

import re

import pytest

from bot.answer import Stance
from bot.answering.evidence import FEATURES, Evidence
from bot.answering.lexicon import Lexicon
from bot.answering.polarity import negations
from bot.answering.question import read
from bot.answering.stance import LEFT_OPEN, WEAK, Judgement, RuleJudge
from corpus.article import Article, Sentence


def stems(text: str) -> list[str]:
    """Lower-case words without their commonest endings."""
    words = re.findall(r"\w+", text.lower())
    return [re.sub(r"(?<=\w{3})(?:ation|ments?|ing|ies|ed|es|s|e)$", "", w) for w in words]


def judged(question: str, sentence: str, *, content: float = 0.9, cosine: float = 0.6) -> Judgement:
    """The judgement of one sentence whose words cover the claim."""
    values = {"content": content, "object": content, "coverage_in_context": content, "cosine": cosine}
    features = tuple(values.get(name, 0.0) for name in FEATURES)
    article = Article("a", sentence, ((0, len(sentence)),), "a.txt")
    evidence = Evidence(0, 0, article, Sentence(0, len(sentence)), 0, features)
    judge = RuleJudge(Lexicon(stems), stems)
    return judge.judge(read(question), [evidence])[0]


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
        ("Did Falk plead guilty?", "Falk pleaded not guilty to charges of false accounting.", "no"),
        ("Did Krell attend the hearing?", "Neither Krell nor Sands attended the hearing.", "no"),
        ("Did the bank collapse?", "The bank almost collapsed last year.", "no"),
        ("Did Holt lie?", "It would be wrong to say Holt lied.", "no"),
        ("Did Beck form a coalition?", "Beck ruled out forming a coalition.", "no"),
        ("Is Rusk under investigation?", "Police dropped the investigation into Rusk.", "no"),
        ("Will Lind resign?", "Asked if he would resign, Lind said he would not.", "no"),
        ("Will Lind resign?", "Asked whether he would resign, Lind said: “Yes.”", "yes"),
        ("Did Dahl meet the envoy?", "Dahl rejected reports that she had met the envoy.", "no"),
        ("Will the metro open in 2028?", "The metro will open in 2031, not in 2028.", "no"),
        ("Did the council stop the works?", "The council stopped the works.", "yes"),
        ("May lorries cross the bridge?", "Lorries may cross the bridge.", "yes"),
    ],
)
def test_minimal_pairs(question: str, sentence: str, stance: Stance) -> None:
    judgement = judged(question, sentence)
    assert judgement.stance == stance
    assert judgement.strength > WEAK


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Was Falk convicted?", "If convicted, Falk could face twelve years in prison."),
        ("Did Roos bribe a judge?", "Roos is accused of bribing a judge."),
        ("Was Wiik charged with arson?", "Wiik may be charged with arson."),
        ("Was the fire arson?", "Police have not ruled out that the fire was arson."),
        ("Did Berg resign?", "Berg said he would have resigned."),
        ("Will the theatre reopen?", "The theatre will reopen only if the council pays."),
        ("Will the nurses strike?", "The nurses will strike if their pay is not raised."),
        ("Is the mill closing?", "They say that the mill is closing."),
    ],
)
def test_what_is_left_open_is_weak(question: str, sentence: str) -> None:
    assert judged(question, sentence).strength <= LEFT_OPEN


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Will the plant be sold?", "Reporters asked Hagen if the plant would be sold."),
        ("Did Norland accept a cut of 15 percent?", "Norland accepted a cut of 5 percent."),
    ],
)
def test_a_question_retold_or_another_figure_takes_no_side(question: str, sentence: str) -> None:
    assert judged(question, sentence).stance == "neutral"


def test_a_sentence_off_the_claim_takes_no_side() -> None:
    assert (
        judged("Did Freedonia join the treaty?", "The weather was fine.", content=0.1, cosine=0.1).stance
        == "neutral"
    )


def test_a_predicate_that_is_not_met_takes_no_side() -> None:
    assert judged("Did Freedonia ratify the treaty?", "Freedonia printed the treaty.").stance == "neutral"


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
