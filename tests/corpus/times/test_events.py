"""When the things told of happened: days counted from the publication, and none where they are not clear."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Article, Days
from corpus.reading import digest
from corpus.times.events import days

SATURDAY = date(2023, 9, 30)


def when(sentence: str, published: date | None = SATURDAY) -> str | None:
    """The days as "2023-09-28" or "2023-09-25..2023-10-01"."""
    return shown(days(sentence, [(0, len(sentence))], published)[0])


def shown(found: Days | None) -> str | None:
    if found is None:
        return None
    return str(found[0]) if found[0] == found[1] else f"{found[0]}..{found[1]}"


ENGLISH = {
    # weekdays: by the tense
    "Tokayev said on Thursday that trade grew.": "2023-09-28",
    "The Pentagon said Thursday it would send help.": "2023-09-28",
    "Police said the man, 34, was arrested on Tuesday morning.": "2023-09-26",
    "The parade was held on Saturday.": "2023-09-30",
    "The talks will resume on Thursday.": "2023-10-05",
    "On Monday, the court will rule.": "2023-10-02",
    "On Monday, the court ruled against him.": "2023-09-25",
    "Ministers are expected to meet on Thursday.": "2023-10-05",
    "The vote is scheduled for Tuesday.": "2023-10-03",
    "They won't meet on Friday.": "2023-10-06",
    "He met the minister in Sochi, Russia, on Friday.": "2023-09-29",
    "The bill will be debated in Ottawa on Wednesday.": "2023-10-04",
    "The minister said that on Monday the mine will close.": "2023-10-02",
    "They met last Thursday.": "2023-09-28",
    "They met last Saturday.": "2023-09-23",
    "They will meet next Thursday.": "2023-10-05",
    "They met on Tuesday last week.": "2023-09-19",
    "They will meet on Tuesday next week.": "2023-10-03",
    "He said Friday’s vote will be close.": "2023-10-06",
    "The announcement came at 2:30 p.m. Tuesday.": "2023-09-26",
    # near the publication
    "He was arrested yesterday.": "2023-09-29",
    "The shop closed today.": "2023-09-30",
    "The final is tonight.": "2023-09-30",
    "Snow is due tomorrow.": "2023-10-01",
    "Shots were fired last night.": "2023-09-29",
    "It rained the day before yesterday.": "2023-09-28",
    # weeks, months, years
    "Last year the volume reached 25 billion.": "2022-01-01..2022-12-31",
    "The mill closed last week.": "2023-09-18..2023-09-24",
    "The mill will close next month.": "2023-10-01..2023-10-31",
    "Prices rose this week.": "2023-09-25..2023-10-01",
    "He resigned earlier this year.": "2023-01-01..2023-09-30",
    "He will resign later this year.": "2023-09-30..2023-12-31",
    "It rained over the weekend.": "2023-09-30..2023-10-01",
    "Trade grew over the past year.": "2022-09-30..2023-09-30",
    "Prices fell in the last two weeks.": "2023-09-16..2023-09-30",
    # so long ago, so far ahead
    "The firm was founded two weeks ago.": "2023-09-11..2023-09-17",
    "It happened 3 days ago.": "2023-09-27",
    "He left a month ago.": "2023-08-01..2023-08-31",
    "The war ended twenty years ago.": "2003-01-01..2003-12-31",
    "The bridge will open in two weeks.": "2023-10-09..2023-10-15",
    # months and days of the year
    "The deal was signed in March.": "2023-03-01..2023-03-31",
    "The deal was signed in December.": "2022-12-01..2022-12-31",
    "The bridge will open in March.": "2024-03-01..2024-03-31",
    "It was signed last December.": "2022-12-01..2022-12-31",
    "It was signed in March last year.": "2022-03-01..2022-03-31",
    "The bridge opened on 14 June.": "2023-06-14",
    "The bridge opened on the 14th of June.": "2023-06-14",
    "The bridge opened June 14.": "2023-06-14",
    "The bridge will open on 14 June.": "2024-06-14",
    "He resigned on Jan. 6.": "2023-01-06",
    "The fair ran Sept. 15-22.": "2023-09-15..2023-09-22",
    "The film comes out October 16.": "2023-10-16",
    "The fair starts on Tuesday, June 18.": "2024-06-18",
    # with their year
    "The bridge opened on June 14, 2018.": "2018-06-14",
    "It opened on Thursday, 14 June 2018.": "2018-06-14",
    "The war began in February 2022.": "2022-02-01..2022-02-28",
    "She was born in 1984.": "1984-01-01..1984-12-31",
    "The 1990s were hard.": "1990-01-01..1999-12-31",
    "From 2015 to 2019 he led the party.": "2015-01-01..2019-12-31",
    "Between May and July prices fell.": "2023-05-01..2023-07-31",
    "Since 2015 the firm has grown.": "2015-01-01..2023-09-30",
    "It has been closed since Tuesday.": "2023-09-26..2023-09-30",
    "“I have led it since 2015,” he said.": "2015-01-01..2023-09-30",
    # two that agree
    "They met this week, on Thursday.": "2023-09-28",
}
RUSSIAN = {
    "Президент заявил об этом в четверг.": "2023-09-28",
    "Переговоры пройдут в четверг.": "2023-10-05",
    "Они встретились в прошлый четверг.": "2023-09-28",
    "Суд завершился вчера.": "2023-09-29",
    "В прошлом году товарооборот достиг 25 млрд долларов.": "2022-01-01..2022-12-31",
    "На прошлой неделе завод закрыли.": "2023-09-18..2023-09-24",
    "Он приехал в Астану две недели назад.": "2023-09-11..2023-09-17",
    "Это случилось три дня назад.": "2023-09-27",
    "Мост открыли 14 июня.": "2023-06-14",
    "Мост откроют 14 июня 2024 года.": "2024-06-14",
    "Договор подписали в марте.": "2023-03-01..2023-03-31",
    "Война началась в феврале 2022 года.": "2022-02-01..2022-02-28",
    "Он родился в 1984 году.": "1984-01-01..1984-12-31",
}
UNCLEAR = [
    "Ministers were expected to meet on Thursday.",
    "He said he would meet her on Thursday.",
    "They agreed to meet on Thursday.",
    "Biden signs bill on Thursday",
    "In Russia today people are poorer.",
    "He reads USA Today.",
    "“I will meet him tomorrow,” he said.",
    "He said on Thursday that trade grew in 2022.",
    "Trade fell from $6.4 billion in 2019.",
    "Trade grew 5% from last year.",
    "It must be paid by Friday.",
    "He was killed before Monday's vote.",
    "The Jan. 6 hearing was long.",
    "He wrote about the January 6, 2021, attack.",
    "They looked for Paula and April in vain.",
    "In fiscal year 2020, there were 247 and 300 in 2019.",
    "They meet every Friday.",
    "It happened on a Friday.",
    "It happened on Black Friday.",
    "He left more than two years ago.",
    "He left a few days ago.",
    "It took him two years.",
    "They were married in two weeks.",
    "The class of 2019 was large.",
    "It was signed last March.",
    "They will meet next Monday.",
    "They may march in May’s cabinet.",
    "The recession of 2008 and 2009 was deep.",
    "There were 2000 guests.",
    "It happened on February 30, 2020.",
    "The dead numbered 14 in all.",
    "Он должен был приехать в четверг.",
    "",
]


@pytest.mark.parametrize("sentence", ENGLISH | RUSSIAN)
def test_days_told(sentence: str) -> None:
    assert when(sentence) == (ENGLISH | RUSSIAN)[sentence]


@pytest.mark.parametrize("sentence", UNCLEAR)
def test_unclear(sentence: str) -> None:
    assert when(sentence) is None


@pytest.mark.parametrize("sentence", ENGLISH | RUSSIAN)
def test_undated_articles_tell_only_days_with_their_year(sentence: str) -> None:
    found = when(sentence, None)
    assert found is None or (found == (ENGLISH | RUSSIAN)[sentence] and found[:4] in sentence)


def test_a_month_after_another_year_in_its_paragraph_is_open() -> None:
    first, second = "In 2019 he went abroad.", "In June he was arrested."
    spans = [(0, len(first)), (len(first) + 1, len(first) + 1 + len(second))]
    assert days(f"{first} {second}", spans, SATURDAY)[1] is None
    assert shown(days(f"{first}\n{second}", spans, SATURDAY)[1]) == "2023-06-01..2023-06-30"


def test_quotations_run_on_over_sentences() -> None:
    text = "“It rained. We went home yesterday,” he said. He left yesterday."
    spans = [(0, 11), (12, 45), (46, 64)]
    assert [shown(found) for found in days(text, spans, SATURDAY)] == [None, None, "2023-09-29"]


def test_sentences_of_a_document_have_their_days() -> None:
    text = "The mill closed on Thursday, he said. It was built in 1950."
    article = Article("a", text, ((0, len(text)),), "a.txt", published=SATURDAY)
    assert [shown(s.when) for s in digest(article).sentences] == ["2023-09-28", "1950-01-01..1950-12-31"]


PIECES = st.sampled_from(
    """on|in|since|by|from|to|and|the|last|next|this|Thursday|Monday|June|14|2019|2022|year|week|weeks|two|ago|yesterday|
    today|will|said|was|expected|,|.|“|”|Feb. 30|31|May|9999|0001-01-01|1800s|weekend|coming|999|days|years|в|во|четверг|
    прошлом|году|году|2019|года|недели|назад|две|марте|14 июня|вчера|сказал|будет""".replace("\n", "").split(
        "|"
    )
)


@given(
    text=st.lists(PIECES, max_size=14).map(" ".join) | st.text(max_size=200),
    published=st.none() | st.dates(),
)
@settings(deadline=None, max_examples=400)
def test_any_sentence(text: str, published: date | None) -> None:
    cut = len(text) // 2
    found = days(text, [(0, cut), (cut, len(text))], published)
    assert len(found) == 2
    assert all(one is None or one[0] <= one[1] for one in found)


@given(published=st.dates(date(1990, 1, 1), date(2100, 1, 1)))
@settings(deadline=None)
def test_bare_times_are_the_nearest_in_their_direction(published: date) -> None:
    sentences = [
        "He left on Thursday.",
        "He will leave on Thursday.",
        "He left in March.",
        "He will leave in March.",
    ]
    left, leaves, march, next_march = (days(text, [(0, len(text))], published)[0] for text in sentences)
    assert left
    assert leaves
    assert left[0].weekday() == leaves[0].weekday() == 3
    assert 0 <= (published - left[0]).days < 7
    assert 0 <= (leaves[0] - published).days < 7
    assert march is None or (march[0].month == 3 and march[0] <= published)
    assert next_march is None or (next_march[0].month == 3 and published <= next_march[1])
    assert (march is None) == (published.month == 2)  # eleven months back: nobody would leave out the year
    assert (next_march is None) == (published.month == 4)
