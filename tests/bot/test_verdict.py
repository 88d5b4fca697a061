"""Statements and the verdict over them."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from bot.answer import Stance
from bot.answering.evidence import FEATURES, Evidence
from bot.answering.speakers import Speakers
from bot.answering.stance import Judgement
from bot.answering.statements import credits_among, group, primary_first
from bot.answering.verdict import Decision, decide
from corpus.article import Article, Sentence, Voice

_ROWS: dict[str, int] = {}


def said(
    stance: Stance,
    speaker: str | None = None,
    *,
    article: str,
    day: date | None = None,
    outlet: str | None = None,
    voice: Voice = "reported",
    strength: float = 0.9,
    relevance: float = 0.9,
    text: str | None = None,
    original: int | None = None,
) -> tuple[Evidence, Judgement]:
    text = text or f"{speaker} of {article} says {stance}."
    source = Article(article, text, ((0, len(text)),), article, outlet=outlet, published=day)
    sentence = Sentence(0, len(text), voice, speaker)
    row = _ROWS.setdefault(article, len(_ROWS))
    features = (0.0,) * len(FEATURES)
    found = Evidence(row, 0, source, sentence, 0, features, original=original, relevance=relevance)
    return found, Judgement(stance, strength)


def verdict(
    judged: Sequence[tuple[Evidence, Judgement]], asked: str | None = None, texts: Sequence[str] = ()
) -> Decision | None:
    return decide(group(judged), asked, Speakers(texts))


def test_three_reports_of_one_speaker_are_one_statement() -> None:
    reports = [said("no", name, article=a) for name, a in (("Ann Lee", "a"), ("Lee", "b"), ("Ann Lee", "c"))]
    statements = group(reports)
    assert len(statements) == 1
    assert statements[0].speaker == "Ann Lee"
    assert len(statements[0].reports) == 3


def test_a_later_statement_is_another_one() -> None:
    early = said("no", "Ann Lee", article="a", day=date(2023, 3, 1))
    late = said("no", "Ann Lee", article="b", day=date(2023, 9, 1))
    assert len(group([early, late])) == 2


def test_copies_do_not_outvote_one_contradiction() -> None:
    copies = [said("yes", "Ann Lee", article=f"copy{i}") for i in range(9)]
    decision = verdict([*copies, said("no", "Bob Ray", article="other")])
    assert decision is not None
    assert decision.verdict == "disputed"


def test_one_text_in_many_outlets_is_one_statement_and_two_texts_are_two() -> None:
    text = "The mayor never visited the plant, according to its log book."
    copies = [said("no", article=f"copy{i}", outlet=f"Paper {i}", text=text) for i in range(5)]
    edited = said("no", article="edit", outlet="Late", text=text.replace("its log", "the log"))
    other = said("no", article="own", outlet="Own", text="No visit of the mayor is in the records we saw.")
    statements = group([*copies, edited, other])
    assert [len(s.reports) for s in statements] == [6, 1]


def test_the_words_of_copies_are_one_voice_however_each_was_edited() -> None:
    texts = ["The plant was closed.", "Nobody works at the plant any more, as it shut its gates on Monday."]
    copies = [
        said("yes", article=f"wire{i}", outlet=f"W{i}", text=t, original=0) for i, t in enumerate(texts)
    ]
    apart = [said("yes", article=f"own{i}", outlet=f"O{i}", text=t) for i, t in enumerate(texts)]
    assert [len(s.reports) for s in group(copies)] == [2]
    assert [len(s.reports) for s in group(apart)] == [1, 1]


def test_a_copy_that_lost_the_speaker_reports_the_same_statement() -> None:
    text = "The plant is closed for the rest of the year."
    full = said("yes", "Ann Lee", article="full", text=text, original=0)
    cut = said("yes", article="cut", text=text, original=0)
    later = said("yes", "Lee", article="later")
    for order in ([full, cut, later], [cut, full, later]):
        statements = group(order)
        assert [(s.speaker, len(s.reports)) for s in statements] == [("Ann Lee", 3)]


def test_two_readings_of_one_copied_text_are_no_dispute() -> None:
    yes = said("yes", article="one", outlet="One", voice="narrator", original=0)
    no = said("no", article="two", outlet="Two", voice="narrator", original=0)
    other = said("no", article="three", outlet="Three", voice="narrator")
    within, against = verdict([yes, no]), verdict([yes, other])
    assert within is not None
    assert against is not None
    assert (within.verdict, against.verdict) == ("yes", "disputed")


def test_of_copies_the_earliest_comes_first_and_the_others_last() -> None:
    days = {"late": 3, "first": 1, "second": 2, "own": 4}
    reports = [
        said(
            "no",
            "Ann Lee",
            article=name,
            outlet=name.title(),
            day=date(2023, 9, day),
            original=None if name == "own" else 0,
        )
        for name, day in days.items()
    ]
    (statement,) = group(reports)
    credited = Counter({"late": 2})
    for credit in (credited, Counter[str]()):
        ordered = [e.article.id for e, _ in primary_first(statement, credit)]
        assert ordered == ["first", "own", "second", "late"]
    assert [e.article.id for e, _ in primary_first(statement, Counter({"own": 1}))][:2] == ["own", "first"]


def test_only_the_one_asked_about_decides_and_others_dispute() -> None:
    own = said("no", "Ann Lee", article="a")
    outlet = said("yes", None, article="b", voice="narrator", strength=1.0)
    decision = verdict([own, outlet], asked="Lee")
    assert decision is not None
    assert decision.verdict == "no"
    assert [s.speaker for s in decision.backing] == ["Ann Lee"]
    assert [s.speaker for s in decision.disputing] == [None]


def test_nobody_else_can_answer_for_the_one_asked_about() -> None:
    assert verdict([said("yes", "Ann Lee", article="a")], asked="Bob Ray") is None


def test_a_president_speaks_for_the_country_and_an_ambassador_to_it_does_not() -> None:
    texts = ["The Freedonian President Ann Lee met US Ambassador to Freedonia Bob Ray."]
    speakers = Speakers(texts)
    assert speakers.speaks_for("Ann Lee", "Freedonia")
    assert speakers.speaks_for("Bob Ray", "the US ambassador")
    assert not speakers.speaks_for("Bob Ray", "Freedonia")
    assert not speakers.speaks_for(None, "Freedonia")


def test_an_outlet_is_asked_for_its_own_words() -> None:
    own = said("yes", None, article="a", outlet="Sample Courier", voice="narrator", strength=1.0)
    quoted = said("no", "Ann Lee", article="b", outlet="Sample Courier")
    decision = verdict([own, quoted], asked="the Sample Courier article")
    assert decision is not None
    assert decision.verdict == "yes"
    assert [s.speaker for s in decision.disputing] == ["Ann Lee"]


def test_the_last_position_of_a_speaker_stands() -> None:
    early = said("no", "Ann Lee", article="a", day=date(2023, 3, 1))
    late = said("yes", "Ann Lee", article="b", day=date(2023, 9, 1), strength=0.7)
    decision = verdict([early, late])
    assert decision is not None
    assert decision.verdict == "yes"
    assert [s.latest for s in decision.disputing] == [date(2023, 3, 1)]


def test_nobody_contradicts_themselves_in_one_breath() -> None:
    strong = said("no", "Kassym-Jomart Tokayev", article="a", day=date(2023, 9, 1))
    weak = said("yes", "Kasym-Zomart Tokayev", article="b", day=date(2023, 9, 1), strength=0.7)
    decision = verdict([strong, weak])
    assert decision is not None
    assert decision.verdict == "no"
    assert decision.disputing == ()


def test_weak_evidence_leaves_the_verdict_unclear() -> None:
    decision = verdict([said("yes", "Ann Lee", article="a", strength=0.4)])
    assert decision is not None
    assert decision.verdict == "unclear"


def test_the_report_others_credit_comes_first() -> None:
    agency = said("no", "Ann Lee", article="a", outlet="Sample Wire", day=date(2023, 9, 2))
    paper = said("no", "Ann Lee", article="b", outlet="Sample Daily", day=date(2023, 9, 1))
    statement = group([paper, agency])[0]
    text = "Lee told Sample Wire so."
    crediting = Article("c", text, ((0, len(text)),), "c", outlet="Sample Daily")
    credited = credits_among([agency[0].article, paper[0].article, crediting])
    assert [e.article.id for e, _ in primary_first(statement, credited)] == ["a", "b"]
    assert [e.article.id for e, _ in primary_first(statement, credits_among([]))] == ["b", "a"]
