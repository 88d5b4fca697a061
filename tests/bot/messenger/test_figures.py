"""What Prometheus reads."""

from prometheus_client.parser import text_string_to_metric_families

from bot import __version__
from bot.messenger.operations.figures import OUTCOMES, Figures


def read(figures: Figures) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Values by name and labels."""
    content, kind = figures.exposition()
    assert kind.startswith("text/plain; version=")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(content.decode())
        for sample in family.samples
    }


def test_counts_begin_at_zero_for_every_label() -> None:
    values = read(Figures())
    for outcome in OUTCOMES:
        assert values["onrecord_questions_total", (("outcome", outcome),)] == 0
    assert values["onrecord_flood_waits_total", ()] == 0
    assert values["process_resident_memory_bytes", ()] > 1e6


def test_everything_is_counted_under_names_that_are_few() -> None:
    figures = Figures()
    figures.observe(waiting=lambda: 5, lanes=lambda: 3, build=lambda: "7f3a")
    figures.update("message")
    figures.update("Did she resign?")
    figures.question("yes", 0.15)
    figures.question("no_answer", 2.0)
    figures.question("busy")
    figures.send("found")
    figures.flood()
    for verb in ("p12", "c", "u", "zzz"):
        figures.press(verb)
    for vote in (1, -1, -1, 0):
        figures.vote(vote)
    figures.told()
    values = read(figures)
    for name, labels, value in [
        ("updates_total", {"kind": "message"}, 1),
        ("updates_total", {"kind": "other"}, 1),
        ("questions_total", {"outcome": "yes"}, 1),
        ("questions_total", {"outcome": "busy"}, 1),
        ("sends_total", {"result": "found"}, 1),
        ("flood_waits_total", {}, 1),
        ("presses_total", {"verb": "page"}, 1),
        ("presses_total", {"verb": "other"}, 1),
        ("votes_total", {"vote": "up"}, 1),
        ("votes_total", {"vote": "down"}, 2),
        ("watches_told_total", {}, 1),
        ("answer_seconds_count", {}, 2),
        ("answer_seconds_sum", {}, 2.15),
        ("answer_seconds_bucket", {"le": "0.2"}, 1),
        ("answer_seconds_bucket", {"le": "3.0"}, 2),
        ("queue_length", {}, 5),
        ("lanes", {}, 3),
        ("build_info", {"version": __version__, "build": "7f3a"}, 1),
    ]:
        assert values[f"onrecord_{name}", tuple(sorted(labels.items()))] == value, name
    assert figures.questions() == 3
    assert not [labels for _, labels in values if "resign" in str(labels)]
