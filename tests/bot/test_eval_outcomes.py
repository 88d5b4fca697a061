"""From labels and answers to figures, worked out by hand; and the same by ``score.py`` where it is here."""

import json
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.answer import Answer, Quote, RankedPassage, Statement, Verdict
from bot.answering.answerer import Answerer
from bot.evaluation import comparison, report, scores
from bot.evaluation.dataset import Labelled, load
from bot.evaluation.outcomes import Outcome, gate, outcome
from bot.evaluation.run import Run, save, source_texts, to_dict
from bot.evaluation.run import load as load_run
from bot.render.as_json import to_dict as answer_to_dict
from corpus.errors import UsageError
from retrieval.search import Index

SCORER = Path(__file__).resolve().parents[3] / "shared" / "eval" / "score.py"
TEXTS = {
    "a": "The bridge is 4 km long. It does not open on Friday.",
    "b": "The bridge is 5 km long. “It opens on Friday.”",
}


def quote(article: str, start: int, end: int, text: str | None = None) -> Quote:
    shown = TEXTS[article][start:end] if text is None else text
    return Quote(shown, article, None, None, None, None, None, f"{article}.txt", start, end)


def answer(
    question: str, confidence: float, *quotes: Quote, verdict: Verdict | None = None, ranked: str = "ab"
) -> Answer:
    passages = tuple(RankedPassage(article, 0, 9, 0.1, TEXTS[article][:9]) for article in ranked)
    statements = tuple(Statement("neutral", None, "narrator", (q,)) for q in quotes)
    return Answer(
        question,
        bool(quotes),
        None,
        verdict,
        confidence,
        statements,
        passages,
        "build",
        "model",
        100 * confidence,
    )


def labelled(name: str, *, answerable: bool = True, **more: Any) -> Labelled:
    base = {"id": name, "question": f"Question {name}?", "kind": "yesno", "verdict": None}
    return Labelled.model_validate(base | {"answerable": answerable, "articles": ()} | more)


LONG_A, SHUT_A, LONG_B, OPEN_B = quote("a", 0, 24), quote("a", 25, 51), quote("b", 0, 24), quote("b", 25, 46)
CASES = [
    # Right, and the dispute is shown, with other quotation marks.
    (
        labelled("yes", verdict="no", articles=("a",), disputed_by=('"it opens on',)),
        answer("Question yes?", 0.9, SHUT_A, OPEN_B, verdict="no"),
    ),
    # Flipped, and the passage of the right article came second.
    (
        labelled("flip", verdict="no", articles=("a",)),
        answer("Question flip?", 0.8, OPEN_B, verdict="yes", ranked="ba"),
    ),
    # "disputed" is right too here.
    (
        labelled("also", verdict="yes", verdict_also=("disputed",), articles=("b",)),
        answer("Question also?", 0.7, OPEN_B, SHUT_A, verdict="disputed"),
    ),
    # Answered rightly by the second quote, with both sides of a conflict; the first quote is not exact.
    (
        labelled("open", kind="open", articles=("a",), answers=("4 KM",), conflicting=("5 km",)),
        answer("Question open?", 0.6, quote("b", 0, 24, "The bridge is 5 km wide."), LONG_A),
    ),
    # Withheld at the threshold, though it would have been right.
    (
        labelled("shy", kind="open", articles=("b",), answers=("5 km",)),
        answer("Question shy?", 0.4, LONG_B),
    ),
    # Rightly withheld, and an answer where there is none.
    (labelled("null", answerable=False), answer("Question null?", 0.2, LONG_A, verdict="unclear")),
    (labelled("trap", answerable=False), answer("Question trap?", 0.65, LONG_A, verdict="yes")),
]


@pytest.fixture
def outcomes() -> list[Outcome]:
    return [outcome(label, forced, 0.5, TEXTS) for label, forced in CASES]


def run_of(outcomes: list[Outcome]) -> Run:
    return Run(dataset="d", version="1", build="b", model="m", threshold=0.5, outcomes=tuple(outcomes))


def test_figures_by_hand(outcomes: list[Outcome]) -> None:
    found = {name: (f.value, f.n) for name, f in scores.figures(outcomes).items()}
    assert found == {
        "exact": (7 / 8, 8),
        "hits@1": (2 / 5, 5),
        "hits@4": (1, 5),
        "hits@10": (1, 5),
        "mrr@10": (pytest.approx((1 + 0.5 + 0.5 + 1 + 0.5) / 5), 5),
        "quote@1": (2 / 5, 5),
        "quote@3": (3 / 5, 5),
        "verdict": (2 / 3, 3),
        "verdict_answered": (2 / 3, 3),
        "flipped": (1 / 3, 3),
        "rejected": (1 / 2, 2),
        "false_abstain": (1 / 5, 5),
        "auroc": (pytest.approx((3 * 2 + 1 + 1) / 10), 7),
        "disputed": (1, 1),
        "both_sides": (1, 1),
        "right": (4 / 7, 7),
        "brier": (pytest.approx((0.01 + 0.04 + 0.09 + 0.16 + 0.36 + 0.04 + 0.4225) / 7), 7),
        "ece": (pytest.approx((0.1 + 0.2 + 0.3 + abs(0.6 + 0.65 - 1) + 0.6 + 0.2) / 7), 7),
        "aurc": (pytest.approx((0 + 1 / 2 + 1 / 3 + 2 / 4 + 2 / 5 + 2 / 6 + 3 / 7) / 7), 7),
        "p50_ms": (65, 7),
        "p95_ms": (pytest.approx(87), 7),
    }


def test_the_confusion_and_the_worst_misses(outcomes: list[Outcome]) -> None:
    table = {gold: {g: n for g, n in row.items() if n} for gold, row in scores.confusion(outcomes).items()}
    assert table == {
        "yes": {"disputed": 1},
        "no": {"no": 1, "yes": 1},
        "no answer": {"yes": 1, "no answer": 1},
    }
    assert [(o.id, o.sureness) for o in scores.worst(outcomes)] == [
        ("flip", 0.8),
        ("trap", 0.65),
        ("shy", 0.6),
    ]
    evidence = {o.id: o.evidence for o in outcomes}
    assert (flip := evidence["flip"]) is not None
    assert (flip.kind, flip.text, flip.article_id, flip.start, flip.end) == (
        "quote",
        OPEN_B.text,
        "b",
        25,
        46,
    )
    assert (shy := evidence["shy"]) is not None
    assert (shy.kind, shy.article_id) == ("passage", "a")


def test_a_run_is_kept_and_compared(outcomes: list[Outcome], tmp_path: Path) -> None:
    file = save(to_dict(run_of(outcomes)), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["evaluation.json"]
    assert load_run(file) == run_of(outcomes)
    turned = [
        outcome(
            label, replace(forced, confidence=0.45) if label.id in {"open", "trap"} else forced, 0.5, TEXTS
        )
        for label, forced in CASES[1:]
    ]
    compared = comparison.compare(load_run(file).outcomes, turned)
    assert (compared.shared, compared.left_out) == (6, 1)
    rejected = compared.figures["rejected"]
    assert (rejected.before.value, rejected.after.value, rejected.difference) == (0.5, 1.0, 0.5)
    assert ([o.id for o in compared.lost], [o.id for o in compared.won]) == (["open"], ["trap"])
    assert compared.figures["disputed"].difference is None
    told = comparison.to_dict(compared)
    assert (told["right_to_wrong"], told["figures"]["rejected"]["difference"]) == (["open"], 0.5)
    lines = list(report.compared(compared))
    assert ["rejected", "0.500", "1.000", "+0.500", "2"] in [line.split() for line in lines]
    assert lines[-2:] == [
        "wrong → right: 1",
        "  trap: Question trap? expected no answer, given no answer, confidence 0.45",
    ]


def test_what_is_no_saved_run(tmp_path: Path) -> None:
    file = tmp_path / "evaluation.json"
    with pytest.raises(UsageError, match=r"evaluation\.json: No such file"):
        load_run(file)
    for text, said in (("{", "the file: Invalid JSON"), ("{}", "dataset: Field required")):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(UsageError, match=rf"evaluation\.json: {said}"):
            load_run(file)


def test_the_report_sends_nothing_raw_to_the_terminal(outcomes: list[Outcome]) -> None:
    hostile = outcomes[1].model_copy(update={"question": "\x1b[2J\nflip?"})
    lines = list(report.report(run_of([outcomes[0], hostile])))
    assert (
        "figure            value  95 % interval   n" in [" ".join(line.split("  ")) for line in lines]
        or lines
    )
    assert " 1. \\x1b[2J flip?  [flip]" in lines
    assert "    expected no, given yes, confidence 0.80" in lines
    assert "    neutral, no named speaker: “It opens on Friday.” (b [25–46])" in lines
    assert all("\x1b" not in line and "\n" not in line for line in lines)


def test_withholding_is_what_an_answerer_does(starter_index: Index) -> None:
    """The answers at threshold 0, withheld afterwards, are those of an Answerer with the threshold."""
    usual, forced = Answerer(starter_index, threshold=0.5), Answerer(starter_index, threshold=0)
    answered = set()
    for question in (
        "did Kazakhstan say it joins parallel imports?",
        "did Uzbekistan say it joins parallel imports?",
        "Who won the 2022 football World Cup?",
        "How long is the border?",
    ):
        expected = usual.answer(question)
        found = gate(forced.answer(question), 0.5)
        assert replace(found, took_ms=0) == replace(expected, took_ms=0)
        answered.add(found.answered)
    assert answered == {True, False}


@pytest.fixture(scope="session")
def scorer() -> Path:
    if not SCORER.is_file():
        pytest.skip("../shared/eval/score.py is not here")
    return SCORER


def by_score_py(scorer: Path, folder: Path, answers: list[Answer], place: Path) -> dict[str, Any]:
    file = place / "answers.jsonl"
    file.write_text("".join(json.dumps(answer_to_dict(a)) + "\n" for a in answers), encoding="utf-8")
    command = [sys.executable, str(scorer), str(folder), str(file), "--json"]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return found


def assert_same(theirs: dict[str, Any], outcomes: list[Outcome]) -> None:
    """``score.py`` matches ids by the last part of a path, we by the whole id: here they are the same."""
    ours = scores.figures(outcomes)
    assert theirs.pop("questions") == len(outcomes)
    assert theirs.pop("quotes") == ours["exact"].n
    for name, value in theirs.items():
        found = ours[name].value
        assert (found if found is None else round(found, 4)) == value, name


@pytest.mark.parametrize("seed", range(5))
def test_figures_are_those_of_score_py(scorer: Path, tmp_path: Path, seed: int) -> None:
    chosen = random.Random(seed)  # noqa: S311  no secret
    cases = [_any(chosen, number) for number in range(120)]
    folder = tmp_path / "set"
    folder.mkdir()
    lines = [label.model_dump_json() for label, _ in cases]
    (folder / "questions.jsonl").write_text("\n".join(lines), encoding="utf-8")
    articles = [json.dumps({"id": name, "text": text}) for name, text in TEXTS.items()]
    (folder / "articles.jsonl").write_text("\n".join(articles), encoding="utf-8")
    theirs = by_score_py(scorer, folder, [gate(forced, 0.5) for _, forced in cases], tmp_path)
    read = load(folder).questions
    assert_same(theirs, [outcome(q, a, 0.5, TEXTS) for q, (_, a) in zip(read, cases, strict=True)])


def test_seeds_are_scored_as_score_py_does(
    scorer: Path, seeds: Path, seed_index: Index, tmp_path: Path
) -> None:
    folder = scorer.parent / "seeds"
    questions = load(folder).questions
    usual, forced = Answerer(seed_index, threshold=0.5), Answerer(seed_index, threshold=0)
    theirs = by_score_py(scorer, folder, [usual.answer(q.question) for q in questions], tmp_path)
    texts = source_texts([seeds])
    assert theirs["exact"] == 1
    assert_same(theirs, [outcome(q, forced.answer(q.question), 0.5, texts) for q in questions])


def _any(chosen: random.Random, number: int) -> tuple[Labelled, Answer]:
    """A question with labels and an answer drawn at random."""
    kind, answerable = chosen.choice(["yesno", "open"]), chosen.random() < 0.7
    verdict = chosen.choice(["yes", "no", "disputed"]) if answerable and kind == "yesno" else None
    label = labelled(
        f"q{number}",
        answerable=answerable,
        kind=kind,
        verdict=verdict,
        verdict_also=chosen.choice([(), ("disputed",), ("unclear",)]),
        articles=chosen.choice([("a",), ("b",), ("a", "b")]) if answerable else (),
        answers=chosen.choice([(), ("4 km",), ("5 km", "Friday")]),
        quotes=chosen.choice([(), (), ("it OPENS",)]),
        disputed_by=chosen.choice([(), ("does not open",)]) if answerable else (),
    )
    pool = [LONG_A, SHUT_A, LONG_B, OPEN_B, quote("a", 0, 24, "made up")]
    given: list[Verdict | None] = ["yes", "no", "disputed", "unclear"] if kind == "yesno" else [None]
    return label, answer(
        label.question,
        round(chosen.random(), 1),
        *chosen.sample(pool, chosen.randint(0, 5)),
        verdict=chosen.choice(given),
        ranked=chosen.choice(["", "a", "b", "ab", "bba"]),
    )
