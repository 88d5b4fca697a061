"""Questions read as claims."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.question import read, with_names
from corpus.errors import UsageError


def test_did_x_say() -> None:
    claim = read("Did Freedonia say it joins the customs union?")
    assert (claim.kind, claim.speaker, claim.said, claim.negated) == ("yesno", "Freedonia", True, False)
    assert claim.text == "Freedonia joins the customs union"
    assert claim.words == ("Freedonia", "joins", "customs", "union")
    assert claim.names == ("Freedonia",)


@pytest.mark.parametrize(
    ("when", "days"),
    [
        ("in April 2023", (date(2023, 4, 1), date(2023, 4, 30))),
        ("in 2023", (date(2023, 1, 1), date(2023, 12, 31))),
        ("on 5 April 2023", (date(2023, 4, 5), date(2023, 4, 5))),
    ],
)
def test_when_it_must_have_been_said(when: str, days: tuple[date, date]) -> None:
    claim = read(f"Did Lee say {when} that the mill would close?")
    assert (claim.when, claim.text, claim.speaker) == (days, "the mill would close", "Lee")


def test_a_plain_yes_no_question_asks_nobody_in_particular() -> None:
    claim = read("does Freedonia take part in the union?")
    assert (claim.kind, claim.speaker, claim.said) == ("yesno", None, False)


def test_a_speech_act_can_only_be_done_by_its_subject() -> None:
    claim = read("Did the US ambassador praise Freedonia's export controls?")
    assert (claim.speaker, claim.said) == ("the US ambassador", False)
    assert "praise" in claim.words


@pytest.mark.parametrize(
    "question",
    [
        "Is it true that Lee does not resign?",
        "Did Lee say she will not resign?",
        "Did Lee deny that she resigned?",
    ],
)
def test_negated_claims(question: str) -> None:
    assert read(question).negated


@pytest.mark.parametrize(
    ("question", "asked", "inverted"),
    [
        ("Did Lee resign?", "Did Lee resign?", False),
        ("Didn't Lee resign?", "Didn't Lee resign?", False),  # "yes" means that she did
        ("Did Lee say that she resigned?", "Lee resigned.", False),
        ("Did Lee deny that she resigned?", "Lee resigned.", True),
        ("Is it true that Lee does not resign?", "Lee does not resign.", False),
        ("who resigned", "who resigned?", False),
    ],
)
def test_what_a_model_reads(question: str, asked: str, inverted: bool) -> None:  # noqa: FBT001
    claim = read(question)
    assert (claim.asked, claim.inverted) == (asked, inverted)
    assert not read("Didn't Lee resign?").negated


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("How many troops were sent?", "number"),
        ("When did the mill close?", "date"),
        ("Who led the delegation?", "person"),
        ("Where was the treaty signed?", "place"),
        ("Why did the bridge close?", "reason"),
        ("What is the purpose of the fund?", "thing"),
    ],
)
def test_open_questions_know_what_they_want(question: str, wanted: str) -> None:
    claim = read(question)
    assert (claim.kind, claim.wanted) == ("open", wanted)


def test_did_x_deny_asks_for_the_contrary() -> None:
    claim = read("Did Freedonia deny that it joins the union?")
    assert (claim.speaker, claim.said, claim.negated) == ("Freedonia", True, True)
    assert claim.text == "Freedonia joins the union"


def test_names_of_a_question_without_capitals_come_from_the_articles() -> None:
    texts = ["The talks in Freedonia ended.", "The union met in Freedonia. Union leaders left the union."]
    claim = with_names(read("did freedonia join the union?"), texts)
    assert claim.names == ("freedonia",)
    assert with_names(read("Did Lee join the union?"), texts).names == ("Lee",)


def test_what_did_x_say_asks_x() -> None:
    assert read("What did Lee say about the mill?").speaker == "Lee"
    assert read("What did Lee do about the mill?").speaker is None


@pytest.mark.parametrize("question", ["", "   ", "?!", "🎉" * 4096, "..."])
def test_a_question_without_words_is_refused(question: str) -> None:
    with pytest.raises(UsageError, match="empty"):
        read(question)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(question: str) -> None:
    try:
        claim = read(question)
    except UsageError:
        return
    assert claim.text
    assert set(claim.names) <= set(claim.words)


@pytest.mark.parametrize(
    ("question", "sources"),
    [
        ("Did the ferry sink?", ()),
        ("According to The Harbour Post, did the ferry sink?", ("Harbour Post",)),
        (
            "Does an article from Sample Wire and another by Sample Daily name the captain?",
            ("Sample Wire", "Sample Daily"),
        ),
        ("Which ship did the Sample Courier report name, published on 3 May?", ("Sample Courier",)),
        ("Who sank, as reported by 'Sample Wire' on the ferry?", ("Sample Wire",)),
    ],
)
def test_outlets_a_question_names(question: str, sources: tuple[str, ...]) -> None:
    assert set(read(question).sources) == set(sources)
