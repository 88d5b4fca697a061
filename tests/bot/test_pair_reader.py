"""The evidence model that ships, on minimal pairs of our own, and the weighing of its word against the rules'."""

import shutil
from pathlib import Path

import pytest

from bot.answering.evidence import Weights
from bot.answering.pair_reader import SHIPPED, PairReader, Reading
from bot.answering.question import read
from bot.answering.stance import LEFT_OPEN, WITNESSES, Judgement, Witnesses, heard
from corpus.article import Sentence, Voice
from corpus.errors import ModelError
from retrieval.pairs import OnnxPairs


@pytest.fixture(scope="module")
def reader() -> PairReader:
    return PairReader.shipped()


def reading(
    reader: PairReader, question: str, text: str, voice: Voice = "narrator", speaker: str | None = None
) -> Reading:
    found = reader.read(read(question), [(Sentence(0, len(text), voice, speaker), text)])
    assert found is not None
    return found[0]


@pytest.mark.parametrize(
    ("question", "supports", "refutes"),
    [
        (
            "Did Norland join the pact?",
            "Norland joined the pact on Monday.",
            "Norland stayed out of the pact.",
        ),
        ("Did Norland join the pact?", "Norland entered the pact.", "Norland has not joined the pact."),
        ("Did the bank raise the rate?", "The bank put the rate up.", "The bank cut the rate."),
        (
            "Did the mayor resign?",
            "The mayor stepped down.",
            "The mayor stayed in office.",
        ),
        (
            "Did Norland say it adheres to the sanctions?",
            "Norland complies with the sanctions.",
            "Norland violates the sanctions.",
        ),
    ],
)
def test_minimal_pairs_flip(reader: PairReader, question: str, supports: str, refutes: str) -> None:
    yes, no = reading(reader, question, supports), reading(reader, question, refutes)
    assert yes.supports > 0.5 > yes.refutes
    assert no.refutes > 0.5 > no.supports


def test_a_question_about_a_denial_turns_the_reading(reader: PairReader) -> None:
    text = "Norland did not join the pact."
    assert reading(reader, "Did Norland deny that it joined the pact?", text).supports > 0.5
    assert reading(reader, "Did Norland say that it joined the pact?", text).refutes > 0.5


def test_we_is_read_with_its_speaker(reader: PairReader) -> None:
    asked, text = "Did Norland join the pact?", "“We did not join the pact.”"
    named = reading(reader, asked, text, "direct", "Norland")
    assert named.refutes > reading(reader, asked, text).refutes - 0.05
    assert named.refutes > 0.5


def test_what_answers_is_told_from_what_looks_like_it(reader: PairReader) -> None:
    asked = "How long is the bridge over the Ila?"
    right = reading(reader, asked, "The bridge over the Ila is 480 metres long.")
    wrong = reading(reader, asked, "The bridge over the Ila was painted green.")
    assert right.relevance > 0.5 > wrong.relevance


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    copy = tmp_path / "weights"
    shutil.copytree(SHIPPED, copy)
    graph = copy / "model.onnx"
    graph.write_bytes(graph.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelError, match=r"model\.onnx is not what pairs\.json says"):
        OnnxPairs(copy)


def test_the_weights_stay_small() -> None:
    assert sum(file.stat().st_size for file in SHIPPED.iterdir()) < 30_000_000


@pytest.mark.parametrize(
    ("ruled", "read_", "row"),
    [
        (Judgement("yes", 0.6), Reading(0.9, 0.1, 0.5), (0.6, 0.8, 0.6)),
        (Judgement("no", 0.6), Reading(0.1, 0.5, 0.5), (-0.6, -0.4, -0.4)),
        (Judgement("yes", 0.6), Reading(0.1, 0.5, 0.5), (0.6, -0.4, 0.0)),
        (Judgement("neutral", 0.6), None, (0.0, 0.0, 0.0)),
    ],
)
def test_testimony(ruled: Judgement, read_: Reading | None, row: tuple[float, ...]) -> None:
    assert heard(ruled, read_) == pytest.approx(row)


def test_witnesses_that_disagree_take_no_side() -> None:
    class Rules:
        def judge(self, _claim: object, evidence: list[object]) -> list[Judgement]:
            return [Judgement("yes", 0.6) for _ in evidence]

    class Seen:
        def __init__(self, reading: Reading) -> None:
            self.reading = reading

    weights = Weights(0.0, tuple({"rules": 2.0, "model": 2.0, "agree": 2.0}[name] for name in WITNESSES))
    judge = Witnesses(Rules(), weights)  # type: ignore[arg-type]
    seen = [Seen(Reading(0.1, 0.7, 0.5)), Seen(Reading(0.9, 0.0, 0.5)), Seen(Reading(0.0, 1.0, 0.5))]
    made = judge.judge(read("Did Norland join?"), seen)  # type: ignore[arg-type]
    assert [j.stance for j in made] == ["neutral", "yes", "no"]
    assert made[1].strength > 0.8
    assert LEFT_OPEN < made[2].strength < 0.5
