"""The figures of a run, each from the outcomes alone."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from bot.evaluation import curves
from bot.evaluation.intervals import Figure, Floats, bootstrapped, share
from bot.evaluation.outcomes import Outcome

_SIDES = {"yes", "no"}
VERDICTS = ("yes", "no", "disputed", "unclear")


def figures(outcomes: Sequence[Outcome]) -> dict[str, Figure]:
    """Every figure by its name, in 0..1, times in milliseconds.

    exact              quotes that are the very characters of the article they name
    hits@k, mrr@10     rank of the first right article among the passages
    quote@1, quote@3   answerable questions with a right quote among the first (three)
    verdict            right verdicts among answerable yes/no questions, silence counting as wrong
    verdict_answered   the same among those answered with a side or rightly otherwise
    flipped            yes for no or no for yes, among answerable yes/no questions
    rejected           unanswerable questions that were not answered
    false_abstain      answerable questions that were not answered
    auroc              how well confidence tells answerable from unanswerable questions
    disputed           questions with a disputing source that it is quoted for
    both_sides         questions with a conflict whose quotes hold an answer of either side
    right              questions handled as they should be (``Outcome.right``)
    brier, ece         of confidence as the probability that the articles answer
    aurc               mean over all coverages of the share of wrong answers, if every question were answered
    p50_ms, p95_ms     time per question
    """
    answerable = [o for o in outcomes if o.answerable]
    nulls = [o for o in outcomes if not o.answerable]
    yesno = [o for o in answerable if o.gold]
    said = [o for o in yesno if o.verdict_right or o.verdict in _SIDES]
    times = [o.took_ms for o in outcomes]
    return {
        "exact": share(sum(o.exact for o in outcomes), sum(o.quotes for o in outcomes)),
        **{f"hits@{k}": _within(k, [o.rank for o in answerable]) for k in (1, 4, 10)},
        "mrr@10": bootstrapped(np.mean, [0.0 if o.rank is None else 1 / (o.rank + 1) for o in answerable]),
        **{f"quote@{k}": _within(k, [o.quote_rank for o in answerable]) for k in (1, 3)},
        "verdict": _among(yesno, lambda o: o.verdict_right),
        "verdict_answered": _among(said, lambda o: o.verdict_right),
        "flipped": _among(yesno, lambda o: o.verdict in _SIDES and o.verdict != o.gold),
        "rejected": _among(nulls, lambda o: not o.answered),
        "false_abstain": _among(answerable, lambda o: not o.answered),
        "auroc": bootstrapped(
            curves.auroc, [o.confidence for o in answerable], [o.confidence for o in nulls]
        ),
        "disputed": _told(o.dispute_shown for o in outcomes),
        "both_sides": _told(o.both_sides for o in outcomes),
        "right": _among(outcomes, lambda o: o.right),
        "brier": bootstrapped(curves.brier, truth(outcomes)),
        "ece": bootstrapped(curves.expected_calibration_error, truth(outcomes)),
        "aurc": bootstrapped(curves.area_under_risk_coverage, wrongness(outcomes)),
        "p50_ms": bootstrapped(np.median, times),
        "p95_ms": bootstrapped(lambda drawn: float(np.percentile(drawn, 95)), times),
    }


def truth(outcomes: Sequence[Outcome]) -> Floats:
    """``(n, 2)`` rows: confidence, and 1 where the articles answer the question."""
    return np.array([(o.confidence, o.answerable) for o in outcomes], dtype=np.float64)


def wrongness(outcomes: Sequence[Outcome]) -> Floats:
    """``(n, 2)`` rows: confidence, and 1 where the answer that would be given is wrong."""
    return np.array([(o.confidence, not o.forced_right) for o in outcomes], dtype=np.float64)


def confusion(outcomes: Iterable[Outcome]) -> dict[str, dict[str, int]]:
    """Questions by the right verdict ("no answer" where nothing answers), then by what was given.

    Open questions that the articles answer are left out: they have no verdict.
    """
    counted = Counter((o.gold or "no answer", o.given) for o in outcomes if o.gold or not o.answerable)
    given = (*VERDICTS, "an answer", "no answer")
    rows = {gold: {g: counted[gold, g] for g in given} for gold in (*VERDICTS, "no answer")}
    return {gold: row for gold, row in rows.items() if any(row.values())}


def worst(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """What was handled wrongly, surest first."""
    return sorted((o for o in outcomes if not o.right), key=lambda o: -o.sureness)


def _among(outcomes: Sequence[Outcome], hit: Callable[[Outcome], bool]) -> Figure:
    return share(sum(map(hit, outcomes)), len(outcomes))


def _told(marks: Iterable[bool | None]) -> Figure:
    known = [mark for mark in marks if mark is not None]
    return share(sum(known), len(known))


def _within(k: int, ranks: Sequence[int | None]) -> Figure:
    return share(sum(rank is not None and rank < k for rank in ranks), len(ranks))
