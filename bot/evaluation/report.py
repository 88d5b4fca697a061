"""A run, and two side by side, as plain lines. Text of articles and questions is made safe to print."""

from collections.abc import Iterable, Iterator, Sequence
from textwrap import shorten

from bot.evaluation import curves, scores
from bot.evaluation.comparison import Comparison
from bot.evaluation.intervals import Figure
from bot.evaluation.outcomes import Evidence, Outcome
from bot.evaluation.run import Run
from bot.render.terminal import visible

WORST = 10
_GLIMPSE = 280  # characters
_COVERAGES = (0.25, 0.5, 0.75, 0.9, 1.0)


def report(run: Run) -> Iterator[str]:
    """Everything that is told about one run."""
    nulls = sum(not o.answerable for o in run.outcomes)
    yield f"{visible(run.dataset)}: {len(run.outcomes)} questions, {nulls} of them without an answer"
    yield f"build {run.build}, model {visible(run.model)}, threshold {run.threshold:g}"
    yield ""
    yield from _columns(
        ("figure", "value", "95 % interval", "n"),
        ((name, _number(f.value), _interval(f), str(f.n)) for name, f in run.figures.items()),
    )
    yield from _verdicts(run.outcomes)
    yield from _reliability(run.outcomes)
    yield from _risk(run.outcomes)
    yield from _misses(scores.worst(run.outcomes))


def compared(comparison: Comparison) -> Iterator[str]:
    """Figures before and after, then the questions that changed sides."""
    yield ""
    yield f"compared over {comparison.shared} questions that both runs asked ({comparison.left_out} left out)"
    yield from _columns(
        ("figure", "before", "after", "difference", "n"),
        (
            (
                name,
                _number(c.before.value),
                _number(c.after.value),
                _number(c.difference, signed=True),
                _counts(c.before.n, c.after.n),
            )
            for name, c in comparison.figures.items()
        ),
    )
    for heading, changed in (("right → wrong", comparison.lost), ("wrong → right", comparison.won)):
        yield ""
        yield f"{heading}: {len(changed)}"
        for o in changed:
            yield f"  {visible(o.id)}: {visible(o.question)} {_given(o)}"


def _verdicts(outcomes: Sequence[Outcome]) -> Iterator[str]:
    rows = scores.confusion(outcomes)
    if not rows:
        return
    given = [g for g in next(iter(rows.values())) if any(row[g] for row in rows.values())]
    yield ""
    yield "verdicts: a row for each that is right, a column for each that was given"
    yield from _columns(("", *given), ((gold, *(str(row[g]) for g in given)) for gold, row in rows.items()))


def _reliability(outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield ""
    yield "reliability: of the questions given this confidence, the share that the articles answer"
    yield from _columns(
        ("confidence", "mean", "answered by them", "95 % interval", "n"),
        (
            (
                f"{b.low:.1f}-{b.high:.1f}",
                _number(b.confidence),
                _number(b.observed.value),
                _interval(b.observed),
                str(b.observed.n),
            )
            for b in curves.reliability(scores.truth(outcomes))
        ),
    )


def _risk(outcomes: Sequence[Outcome]) -> Iterator[str]:
    points = curves.risk_coverage(scores.wrongness(outcomes))
    shown = [next(p for p in points if p.coverage >= coverage) for coverage in _COVERAGES]
    yield ""
    yield "risk–coverage: if every question of at least this confidence were answered"
    yield from _columns(
        ("confidence", "answered", "wrong among them"),
        (
            (_number(p.threshold), _number(p.coverage), _number(p.risk))
            for p in sorted(set(shown), key=lambda p: p.coverage)
        ),
    )


def _misses(missed: Sequence[Outcome]) -> Iterator[str]:
    yield ""
    yield f"worst misses, surest first: {min(WORST, len(missed))} of {len(missed)}"
    for number, o in enumerate(missed[:WORST], start=1):
        yield f"{number:>2}. {visible(o.question)}  [{visible(o.id)}]"
        yield f"    {_given(o)}"
        yield f"    {_evidence(o.evidence)}"


def _given(o: Outcome) -> str:
    return f"expected {visible(_glimpse(o.expected))}, given {o.given}, confidence {o.confidence:.2f}"


def _evidence(evidence: Evidence | None) -> str:
    if evidence is None:
        return "no passage was found"
    place = f"{visible(evidence.article_id)} [{evidence.start}–{evidence.end}]"
    text = visible(_glimpse(evidence.text))
    if evidence.kind == "passage":
        return f"closest passage: {text} ({place})"
    return f"{evidence.stance}, {visible(evidence.speaker or 'no named speaker')}: {text} ({place})"


def _glimpse(text: str) -> str:
    return shorten(text, _GLIMPSE, placeholder=" …")


def _number(value: float | None, *, signed: bool = False) -> str:
    if value is None:
        return "-"
    digits = 1 if abs(value) >= 10 else 3
    return f"{value:+.{digits}f}" if signed else f"{value:.{digits}f}"


def _interval(figure: Figure) -> str:
    return "-" if figure.low is None else f"{_number(figure.low)} to {_number(figure.high)}"


def _counts(before: int, after: int) -> str:
    return str(after) if before == after else f"{before}, {after}"


def _columns(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The first column to the left, the others to the right."""
    table = [heading, *rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = [row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))]
        yield "  ".join(cells).rstrip()
