"""Votes as the labelled questions that ``onrecord eval`` reads."""

import json
from pathlib import Path

from bot.evaluation.dataset import load
from bot.messenger.memory.feedback import Vote
from bot.messenger.operations.export import QUESTIONS, TO_LABEL, files


def vote(
    short: str,
    question: str,
    *,
    up: bool,
    answered: bool = True,
    verdict: str | None = "no",
    topic: str | None = None,
) -> Vote:
    said = ((("a.txt", 0, 9, "We do not"), ("b.txt", 4, 9, "“not”")), (("a.txt", 20, 25, "never"),))
    quotes = said if answered else ()
    return Vote(short, question, topic, answered, verdict, "7f3a", quotes, 1 if up else -1, 1_700_000_000)


VOTES = [
    vote("one", "Did she say no?", up=True),
    vote("two", "Who is it?\u2028“x”", up=True, verdict=None),
    vote("three", "Did he resign?", up=True, answered=False, verdict=None),
    vote("four", "Did they join?", up=False),
    vote("five", "And Germany?", up=True, topic="Did they join?"),
]


def test_answers_voted_up_are_a_labelled_set(tmp_path: Path) -> None:
    written = files(VOTES)
    (tmp_path / QUESTIONS).write_bytes(written[QUESTIONS])
    one, two, three = load(tmp_path).questions
    assert (one.id, one.question, one.kind, one.verdict, one.answerable) == (
        "one",
        "Did she say no?",
        "yesno",
        "no",
        True,
    )
    assert one.articles == ("a.txt", "b.txt")
    assert one.quotes == ("We do not", "“not”", "never")
    assert (two.question, two.kind, two.verdict) == ("Who is it?\u2028“x”", "open", None)
    assert (three.kind, three.answerable, three.articles, three.quotes) == ("yesno", False, (), ())


def test_the_others_wait_for_a_person() -> None:
    four, five = (json.loads(line) for line in files(VOTES)[TO_LABEL].splitlines())
    assert (four["id"], four["verdict"], four["answerable"], four["vote"]) == ("four", None, None, -1)
    assert four["said"]["verdict"] == "no"
    assert four["said"]["articles"] == ["a.txt", "b.txt"]
    assert (five["topic"], five["vote"]) == ("Did they join?", 1)


def test_no_votes_no_files() -> None:
    assert files([]) == {}
    assert files(VOTES[:1]).keys() == {QUESTIONS}
