"""Telegram messages: whole outputs, and what must hold for any answer."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answer import Answer, Quote, RankedPassage, Statement, Verdict
from bot.render.message import ENTITIES, UNITS, Entity, Message, render, units


def quote(
    text: str,
    outlet: str = "Steppe Agency",
    day: int | None = 29,
    url: str | None = "https://steppe.example/1",
) -> Quote:
    return Quote(
        text=text,
        article_id=f"{outlet}.txt",
        title="Exports rise",
        outlet=outlet,
        author=None,
        published=date(2023, 9, day) if day else None,
        url=url,
        path=f"articles/{outlet}.txt",
        start=10,
        end=10 + len(text),
    )


def answer(
    *statements: Statement,
    verdict: Verdict | None = None,
    passages: tuple[RankedPassage, ...] = (),
    **changes: Any,
) -> Answer:
    base = Answer(
        question="Did Orlan say it joins the customs pact?",
        answered=bool(statements),
        reason=None if statements else "not_in_corpus",
        verdict=verdict,
        confidence=0.93,
        statements=statements,
        passages=passages,
        build="7f3a",
        model="test",
        took_ms=12.0,
    )
    return replace(base, **changes)


DENIAL = Statement(
    "no",
    "Aida Serik",
    "direct",
    (
        quote("Orlan does not join the customs pact."),
        quote("“We stay out of the pact,” Serik said.", "Daily Line", 30, "https://daily.example/2"),
        quote("Orlan is not taking part 🙂 in the pact.", "Orlan Herald", None, None),
    ),
)
DISPUTE = Statement(
    "yes", None, "narrator", (quote("Orlan has long been part of the pact.", "Baku Wire", 25, None),)
)


def shown(message: Message) -> list[tuple[str, str, str | None]]:
    """Each entity with the text it covers, read the way Telegram does: in UTF-16 code units."""
    wide = message.text.encode("utf-16-le")
    return [
        (e.kind, wide[2 * e.offset : 2 * (e.offset + e.length)].decode("utf-16-le"), e.url)
        for e in message.entities
    ]


def test_no_with_three_reports_and_a_dispute() -> None:
    (message,) = render(answer(DENIAL, DISPUTE, verdict="no", said=True, opposite=True))
    assert message.text == (
        "No. It said the opposite.\n"
        "1 statement, 3 reports · 1 outlet disputes · answered: 93 % sure\n"
        "\n"
        "Orlan does not join the customs pact.\n"
        "— Aida Serik, direct speech · Steppe Agency · 29 September 2023\n"
        "\n"
        "Other wordings:\n"
        "“We stay out of the pact,” Serik said.\n"
        "— Aida Serik, direct speech · Daily Line · 30 September 2023\n"
        "\n"
        "Orlan is not taking part 🙂 in the pact.\n"
        "— Aida Serik, direct speech · Orlan Herald · undated\n"
        "\n"
        "Disputed by Baku Wire: the outlet's own words\n"
        "Orlan has long been part of the pact.\n"
        "— the outlet's own words · Baku Wire · 25 September 2023"
    )
    assert shown(message) == [
        ("bold", "No. It said the opposite.", None),
        ("blockquote", "Orlan does not join the customs pact.", None),
        ("text_link", "Steppe Agency", "https://steppe.example/1"),
        (
            "expandable_blockquote",
            message.text.partition("Other wordings:\n")[2].partition("\n\nDisputed")[0],
            None,
        ),
        ("text_link", "Daily Line", "https://daily.example/2"),
        ("bold", "Disputed by Baku Wire: the outlet's own words", None),
        ("blockquote", "Orlan has long been part of the pact.", None),
    ]


def test_open_answer() -> None:
    statement = Statement("neutral", "Aida Serik", "reported", (quote("Serik flies to Berlin on Monday."),))
    (message,) = render(answer(statement))
    assert message == Message(
        "1 statement, 1 report · answered: 93 % sure\n\n"
        "Serik flies to Berlin on Monday.\n"
        "— Aida Serik, reported · Steppe Agency · 29 September 2023",
        (Entity("blockquote", 45, 32), Entity("text_link", 103, 13, "https://steppe.example/1")),
    )


def test_no_answer_shows_the_closest_passages_as_no_answer() -> None:
    passages = (
        RankedPassage("a.txt", 0, 30, 0.03, "Orlan exports wheat to Berlin.", None, "Daily Line", None),
        RankedPassage("b.txt", 5, 905, 0.02, "wheat " * 150, None, None, date(2024, 6, 1)),
    )
    (message,) = render(answer(passages=passages, confidence=0.04))
    cut = ("wheat " * 46).rstrip() + " …"
    assert message.text == (
        "No answer: nothing in these articles answers this question.\n"
        "\n"
        "Not an answer, only the closest passages:\n"
        "Orlan exports wheat to Berlin.\n"
        "— Daily Line · undated\n"
        "\n"
        f"{cut}\n"
        "— b.txt · 1 June 2024"
    )
    assert shown(message) == [
        ("bold", "No answer: nothing in these articles answers this question.", None),
        ("expandable_blockquote", message.text.partition("passages:\n")[2], None),
    ]


def test_disputed_verdict_shows_both_sides() -> None:
    (message,) = render(answer(DENIAL, DISPUTE, verdict="disputed"))
    assert message.text == (
        "Disputed.\n"
        "2 statements, 4 reports · answered: 93 % sure\n"
        "\n"
        "No:\n"
        "Orlan does not join the customs pact.\n"
        "— Aida Serik, direct speech · Steppe Agency · 29 September 2023\n"
        "\n"
        "Other wordings:\n"
        "“We stay out of the pact,” Serik said.\n"
        "— Aida Serik, direct speech · Daily Line · 30 September 2023\n"
        "\n"
        "Orlan is not taking part 🙂 in the pact.\n"
        "— Aida Serik, direct speech · Orlan Herald · undated\n"
        "\n"
        "Yes:\n"
        "Orlan has long been part of the pact.\n"
        "— the outlet's own words · Baku Wire · 25 September 2023"
    )
    bold = [text for kind, text, _ in shown(message) if kind == "bold"]
    assert bold == ["Disputed.", "No:", "Yes:"]


def test_only_web_addresses_become_links() -> None:
    for url in (
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "https://[",
        "tg://user?id=1",
        "",
        None,
    ):
        (message,) = render(answer(Statement("neutral", None, "narrator", (quote("Rain.", url=url),))))
        assert [e.kind for e in message.entities] == ["blockquote"]


def test_markup_and_hostile_names_stay_plain_text() -> None:
    name = "<b>x</b>\n*_`[y](tg://z)\u202e" + "n" * 5000
    statement = Statement("neutral", name, "direct", (quote("<script>&amp;</script>", outlet=name),))
    (message,) = render(answer(statement))
    assert "<script>&amp;</script>\n— <b>x</b> *_`[y](tg://z) nnn" in message.text
    assert message.text.count("\n") == 3
    assert units(message.text) < 400


def test_messages_part_between_quotes() -> None:
    statements = [
        Statement(
            "neutral", "Aida Serik", "direct", tuple(quote(f"{n}{m} " + "word " * 150) for m in range(3))
        )
        for n in range(4)
    ]
    messages = render(answer(*statements))
    assert len(messages) > 2
    for message in messages[1:]:
        assert message.entities[0].kind in {"blockquote", "expandable_blockquote"}
    for message in messages:
        assert message.text.endswith("— Aida Serik, direct speech · Steppe Agency · 29 September 2023")


texts = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("🙂𝕬 \n")), min_size=1, max_size=60
)
long_texts = st.one_of(texts, st.builds(lambda t, n: t * n, texts, st.integers(1, 400)))
quotes = st.builds(
    quote,
    long_texts,
    outlet=texts,
    day=st.sampled_from([None, 3]),
    url=st.sampled_from([None, "https://a.example/"]),
)
statements = st.builds(
    Statement,
    stance=st.sampled_from(["yes", "no", "neutral"]),
    speaker=st.one_of(st.none(), texts),
    voice=st.sampled_from(["direct", "reported", "narrator"]),
    quotes=st.lists(quotes, min_size=1, max_size=8).map(tuple),
)
answers = st.builds(
    lambda given, verdict: answer(*given, verdict=verdict),
    st.lists(statements, min_size=1, max_size=4),
    st.sampled_from([None, "yes", "no", "disputed", "unclear"]),
)


@settings(max_examples=60, deadline=None)
@given(answers)
def test_limits_and_entities_hold_for_any_answer(given_answer: Answer) -> None:
    for message in render(given_answer):
        length = len(message.text.encode("utf-16-le")) // 2
        assert 0 < length == units(message.text) <= UNITS
        assert len(message.entities) <= ENTITIES
        for entity in message.entities:
            assert entity.offset >= 0
            assert entity.length > 0
            assert entity.offset + entity.length <= length
        shown(message)  # decodes only when no entity cuts a character in two


@settings(max_examples=60, deadline=None)
@given(st.lists(quotes, min_size=1, max_size=6))
def test_no_character_of_a_quote_is_lost(given_quotes: list[Quote]) -> None:
    statement_list = [Statement("neutral", None, "direct", (one,)) for one in given_quotes]
    parts = [t for m in render(answer(*statement_list)) for kind, t, _ in shown(m) if kind == "blockquote"]
    assert "".join(parts) == "".join(one.text for one in given_quotes)


@settings(max_examples=40, deadline=None)
@given(st.lists(quotes, min_size=2, max_size=12))
def test_every_wording_keeps_its_source_line(given_quotes: list[Quote]) -> None:
    messages = render(answer(Statement("neutral", None, "direct", tuple(given_quotes))))
    for message in messages:
        quoted = [t for kind, t, _ in shown(message) if kind == "expandable_blockquote"]
        for text in quoted:
            last = text.rsplit("\n", 1)[1]
            assert last.startswith("— direct speech, unnamed speaker · ")
            assert last.endswith(("undated", "3 September 2023"))


def test_many_links_stay_under_the_entity_limit() -> None:
    short = quote("w", outlet="o", day=None, url="https://a.example/")
    messages = render(answer(*[Statement("yes", None, "narrator", (short,))] * 60, verdict="disputed"))
    assert [len(m.entities) for m in messages] == [ENTITIES, 1 + 60 * 3 - ENTITIES]
    assert sum(m.text.count("— the outlet's own words") for m in messages) == 60
