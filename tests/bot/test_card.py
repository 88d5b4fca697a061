"""Cards: whole outputs, and what must hold for any answer, by Telegram's own library."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import regex
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.answer import Answer, Quote, RankedPassage, Statement, Verdict
from bot.render.buttons import Button
from bot.render.card import Card, Page, card, context_page, keyboard
from bot.render.message import ENTITIES, UNITS, Message, units
from bot.render.phrases import ENGLISH
from bot.render.shield import unshown
from bot.render.splitting import beginning, ending, parts
from tests.bot.tdlib import arrived, cleaned, unguarded


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
DENIED = answer(DENIAL, DISPUTE, verdict="no", said=True, opposite=True)


def shown(message: Message) -> list[tuple[str, str]]:
    """Each entity with the text it covers, read the way Telegram does: in UTF-16 code units."""
    wide = message.text.encode("utf-16-le")
    return [
        (e.kind, wide[2 * e.offset : 2 * (e.offset + e.length)].decode("utf-16-le")) for e in message.entities
    ]


def messages(given_answer: Answer, **options: Any) -> list[Message]:
    return [page.message for page in card(given_answer, **options).pages]


def test_the_first_page_shows_verdict_quote_wordings_and_dispute() -> None:
    first, second = card(DENIED).pages
    assert first.message.text == (
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
        "— Baku Wire · 25 September 2023"
    )
    assert shown(first.message) == [
        ("bold", "No. It said the opposite."),
        ("blockquote", "Orlan does not join the customs pact."),
        ("text_link", "Steppe Agency"),
        ("date_time", "29 September 2023"),
        ("expandable_blockquote", first.message.text.split("wordings:\n")[1].split("\n\nDisputed")[0]),
        ("text_link", "Daily Line"),
        ("date_time", "30 September 2023"),
        ("bold", "Disputed by Baku Wire: the outlet's own words"),
        ("blockquote", "Orlan has long been part of the pact."),
        ("date_time", "25 September 2023"),
    ]
    assert (first.quote, first.statement) == (DENIAL.quotes[0], DENIAL)
    assert second.message.text == (
        "No. 2 of 2\n"
        "\n"
        "Disputed by Baku Wire: the outlet's own words\n"
        "Orlan has long been part of the pact.\n"
        "— Baku Wire · 25 September 2023"
    )
    assert (second.quote, second.statement) == (DISPUTE.quotes[0], DISPUTE)


def test_copies_fold_apart_from_other_wordings() -> None:
    copied = replace(DENIAL, copies=1)
    (message,) = messages(answer(copied))
    folds = [text for kind, text in shown(message) if kind == "expandable_blockquote"]
    assert [fold.partition("\n")[0] for fold in folds] == [
        "“We stay out of the pact,” Serik said.",
        "Orlan is not taking part 🙂 in the pact.",
    ]
    assert "\n\nCopies of the same text:\nOrlan is not" in message.text


def test_no_answer_says_so_and_how_to_ask() -> None:
    passages = (
        RankedPassage("a.txt", 0, 30, 0.03, "Orlan exports wheat to Berlin.", None, "Daily Line", None),
        RankedPassage("b.txt", 5, 905, 0.02, "wheat " * 150, None, None, date(2024, 6, 1)),
    )
    (page,) = card(answer(passages=passages, confidence=0.04)).pages
    cut = ("wheat " * 46).rstrip() + " …"
    assert page.message.text == (
        "No answer: nothing in these articles answers this question.\n"
        "\n"
        "Not an answer, only the closest passages:\n"
        "Orlan exports wheat to Berlin.\n"
        "— Daily Line · undated\n"
        "\n"
        f"{cut}\n"
        "— b.txt · 1 June 2024\n"
        "\n"
        "A narrower question may help: name who said it, what it was, and when."
    )
    assert [kind for kind, _ in shown(page.message)] == [
        "bold",
        "expandable_blockquote",
        "code",  # b.txt might be taken for an address
        "date_time",
    ]
    assert (page.quote, page.statement) == (None, None)


def test_newest_first_goes_by_the_newest_report() -> None:
    old = Statement("neutral", None, "narrator", (quote("Old.", day=1), quote("Newer.", day=28)))
    undated = Statement("neutral", None, "narrator", (quote("Undated.", day=None),))
    new = Statement("neutral", None, "narrator", (quote("New.", day=29),))
    given_answer = answer(undated, old, new)
    assert [page.statement for page in card(given_answer).pages] == [undated, old, new]
    assert [page.statement for page in card(given_answer, newest_first=True).pages] == [new, old, undated]


def test_a_dispute_that_is_newest_leads_and_what_it_disputes_follows() -> None:
    late = replace(DISPUTE, quotes=(replace(DISPUTE.quotes[0], published=date(2024, 1, 1)),))
    first, second = messages(answer(DENIAL, late, verdict="no"), newest_first=True)
    assert first.text.startswith("No.\n1 statement, 3 reports")
    assert first.text.index("Disputed by Baku Wire") < first.text.index("Orlan does not join")
    assert second.text.startswith("No. 2 of 2\n\nOrlan does not join")


def test_both_sides_of_a_disputed_verdict_are_on_the_first_page() -> None:
    first, second = messages(answer(DENIAL, DISPUTE, verdict="disputed"))
    assert [text for kind, text in shown(first) if kind == "bold"] == ["Disputed.", "No:", "Yes:"]
    assert second.text.startswith("Disputed. 2 of 2\n\nYes:\nOrlan has long")


def test_a_long_quote_takes_several_pages_each_with_its_source() -> None:
    text = "".join(f"Sentence {n} has a 🙂 in it. " for n in range(600))
    pages = messages(answer(Statement("neutral", "Aida Serik", "direct", (quote(text),)), DISPUTE))
    assert [message.text.partition("\n")[0] for message in pages] == [
        "2 statements, 2 reports · answered: 93 % sure",
        *["1 of 2, continued"] * (len(pages) - 2),
        "2 of 2",
    ]
    quoted = [text for message in pages for kind, text in shown(message) if kind == "blockquote"]
    assert len(pages) == len(quoted) == 6
    assert "".join(quoted[:-1]) == text
    for message in pages[:-1]:
        assert message.text.endswith("\n— Aida Serik, direct speech · Steppe Agency · 29 September 2023")


def test_a_dispute_that_does_not_fit_the_first_page_keeps_its_own() -> None:
    first, second = messages(answer(replace(DENIAL, quotes=(quote("word " * 780),)), DISPUTE, verdict="no"))
    assert "Disputed by" not in first.text
    assert second.text.startswith("No. 2 of 2\n\nDisputed by Baku Wire")


def test_wordings_that_do_not_fit_go_on_and_the_dispute_stays() -> None:
    many = replace(DENIAL, quotes=tuple(quote(f"Wording {n}. " + "word " * 60) for n in range(30)))
    pages = card(answer(many, DISPUTE, verdict="no")).pages
    assert pages[0].message.text.endswith("Baku Wire · 25 September 2023")
    assert pages[1].message.text.startswith("No. 1 of 2, continued\n\nOther wordings:\nWording ")
    assert pages[1].quote is not None
    assert pages[1].message.text.split("\n")[3] == pages[1].quote.text
    told = "".join(page.message.text for page in pages)
    assert all(told.count(f"Wording {n}. ") == 1 for n in range(30))


@pytest.mark.parametrize(
    "zone", ["Pacific/Honolulu", "America/Lima", "Asia/Almaty", "Pacific/Auckland", "Pacific/Chatham"]
)
@pytest.mark.parametrize("day", [date(1970, 1, 2), date(2023, 1, 15), date(2023, 7, 15), date(2038, 1, 18)])
def test_a_day_is_the_same_day_everywhere(zone: str, day: date) -> None:
    said = replace(quote("Rain."), published=day)
    (message,) = messages(answer(Statement("neutral", None, "narrator", (said,))))
    (entity,) = [e for e in message.entities if e.kind == "date_time"]
    assert entity.date_time_format == "D"
    assert entity.unix_time is not None
    assert datetime.fromtimestamp(entity.unix_time, ZoneInfo(zone)).date() == day


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1969, 12, 31), date(2038, 1, 20), date.max, None])
def test_days_that_telegram_cannot_hold_are_text(day: date | None) -> None:
    said = replace(quote("Rain."), published=day)
    (message,) = messages(answer(Statement("neutral", None, "narrator", (said,))))
    assert "date_time" not in [e.kind for e in message.entities]
    assert message.text.endswith(ENGLISH.date(day))


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "https://[",
        "https://a",
        "https://a b.example/",
        "https://me@a.example/",
        "https://a.example:0/",
        "https://a.example:99999/",
        "tg://user?id=1",
        "",
        None,
        "https://a.example/ b",
        "https://a.example/\u202e",
        "https://-a.example/",
        "https://a.example/" + "x" * 2048,
    ],
)
def test_only_addresses_that_telegram_takes_become_links(url: str | None) -> None:
    (message,) = messages(answer(Statement("neutral", None, "narrator", (quote("Rain.", url=url),))))
    assert [e.kind for e in message.entities] == ["blockquote", "date_time"]


def test_hostile_names_stay_one_line_of_plain_text() -> None:
    name = "<b>x</b>\n*_`[y](tg://z)\u202e\u2066 @durov " + "n" * 5000
    statement = Statement("no", name, "direct", (quote("<script>&amp;</script>", outlet=name),))
    (message,) = messages(answer(statement, asked=name, verdict="no", opposite=True))
    assert message.text.count("\n") == 4
    assert message.text.startswith("No. <b>x</b> *_`[y](tg://z) @durov nnn")
    assert ("code", "@durov") in shown(message)
    assert units(message.text) < 600


def test_what_cannot_arrive_is_told_below_the_quote() -> None:
    exact, altered = quote("“Plain” words."), quote("It rose\u202e by 5\t%\u202c.")
    pages = messages(answer(*(Statement("neutral", None, "narrator", (q,)) for q in (exact, altered))))
    assert "Telegram cannot" not in pages[0].text
    assert pages[1].text.endswith("29 September 2023\nTelegram cannot show 2 characters of this quote.")


def test_context_shows_the_quote_in_bold_in_its_surroundings() -> None:
    message = context_page(DENIAL.quotes[0], DENIAL, "It was Monday. ", " That is all.\n")
    assert message.text == (
        "In context\nIt was Monday. Orlan does not join the customs pact. That is all.\n\n"
        "— Aida Serik, direct speech · Steppe Agency · 29 September 2023"
    )
    assert shown(message)[:3] == [
        ("bold", "In context"),
        ("blockquote", "It was Monday. Orlan does not join the customs pact. That is all.\n"),
        ("bold", "Orlan does not join the customs pact."),
    ]


@pytest.mark.parametrize("length", [100, 3000, 9000])
def test_context_is_one_message(length: int) -> None:
    said = quote("word " * (length // 5))
    message = context_page(said, DENIAL, "before 🙂 " * 900, " after 🙂" * 900)
    assert units(message.text) <= UNITS
    assert message.text.endswith(
        "Steppe Agency · 29 September 2023" + ("\n(the beginning of the quote)" if length > UNITS else "")
    )
    assert any(text == said.text for kind, text in shown(message) if kind == "bold") == (length < UNITS)


def test_keyboard_of_the_first_page() -> None:
    rows = keys(card(DENIED), 0)
    assert rows == (
        (Button("1/2", "ab12:p0"), Button("›", "ab12:p1")),
        (
            Button("Context", "ab12:c"),
            Button("Source", url="https://a.example/"),
            Button("Newest first", "ab12:n"),
        ),
        (Button("👍", "ab12:u"), Button("👎", "ab12:d"), Button("Share", share="Who said so?")),
    )


def test_keyboard_elsewhere() -> None:
    rows = keys(card(DENIED), 1, source=None, newest_first=True, vote=-1)
    assert rows == (
        (Button("‹", "ab12:p0"), Button("2/2", "ab12:p1")),
        (Button("Context", "ab12:c"), Button("Best first", "ab12:o")),
        (Button("👍", "ab12:u"), Button("👎 ✓", "ab12:d"), Button("Share", share="Who said so?")),
    )
    assert keys(card(DENIED), 0, shows_context=True, vote=1) == (
        (Button("Back", "ab12:b"), Button("Source", url="https://a.example/")),
        (Button("👍 ✓", "ab12:u"), Button("👎", "ab12:d"), Button("Share", share="Who said so?")),
    )


def test_keyboard_without_an_answer_has_votes_alone() -> None:
    rows = keys(card(answer()), 0, source=None, question="q " * 200)
    assert rows == ((Button("👍", "ab12:u"), Button("👎", "ab12:d")),)


def keys(given_card: Card, page: int, **changes: Any) -> tuple[tuple[Button, ...], ...]:
    options: dict[str, Any] = {
        "question": " Who\nsaid so?",
        "source": "https://a.example/",
        "newest_first": False,
    }
    return keyboard("ab12", given_card, page, say=ENGLISH, **(options | changes))


texts = st.lists(
    st.one_of(
        st.sampled_from(
            "@durov /start #news $USD telegram.org 10:35 🙂 👨‍👩‍👧 🇰🇿 e\u0301 ** __ ` \u202e \u2066 \u200d \u0627\u0644 न्\u200dदि".split(
                " "
            )
        ),
        st.sampled_from(" \n\t\r"),
        st.characters(exclude_categories=["Cs"]),
    ),
    min_size=1,
    max_size=30,
).map("".join)
long_texts = st.one_of(texts, st.builds(lambda t, n: t * n, texts, st.integers(1, 300)))
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
    quotes=st.lists(quotes, min_size=1, max_size=6).map(tuple),
    copies=st.integers(0, 0),
)
answers = st.builds(
    lambda said, verdict, asked: answer(*said, verdict=verdict, asked=asked, opposite=True),
    st.lists(statements, min_size=1, max_size=4),
    st.sampled_from([None, "yes", "no", "disputed", "unclear"]),
    st.one_of(st.none(), texts),
)


LASTING = {"text_link", "code", "date_time"}


@settings(max_examples=120, deadline=None)
@given(answers, st.booleans())
def test_any_answer_keeps_to_the_limits_and_makes_nothing_of_its_own(
    given_answer: Answer,
    newest: bool,  # noqa: FBT001  from Hypothesis
) -> None:
    for page in card(given_answer, newest_first=newest).pages:
        text, entities = page.message.text, page.message.entities
        assert 0 < units(text) == len(text.encode("utf-16-le")) // 2 <= UNITS
        assert 0 < len(entities) <= ENTITIES
        assert all(e.offset >= 0 < e.length and e.offset + e.length <= units(text) for e in entities)
        shown(page.message)  # decodes only when no entity cuts a character in two
        kept = [(e.kind, e.offset, e.offset + e.length) for e in entities]
        if not unshown(text):
            alike = text.replace("\r\n", "\n").replace("\t", " ")
            assert cleaned(text) == alike
            assert alike != text or unguarded(text, kept) == []
        came, mended = arrived(page.message)
        if came == cleaned(text):
            assert unguarded(came, mended) == []
            assert [kind for kind, _, _ in mended if kind in LASTING] == [
                e.kind for e in entities if e.kind in LASTING
            ]


@settings(max_examples=120, deadline=None)
@given(st.lists(quotes, min_size=1, max_size=4))
def test_no_character_of_any_quote_is_lost_nor_any_part_without_its_source(given_quotes: list[Quote]) -> None:
    said = [Statement("neutral", None, "narrator", (one,)) for one in given_quotes]
    for statement, pages in _by_statement(card(answer(*said)).pages):
        whole = statement.quotes[0]
        quoted = [text for page in pages for kind, text in shown(page.message) if kind == "blockquote"]
        assert "".join(quoted) == whole.text
        assert len(quoted) == len(pages)
        for page, part in zip(pages, quoted, strict=True):
            below = page.message.text.rpartition(part + "\n")[2]
            assert below.startswith("— the outlet's own words · ")
            assert ("Telegram cannot show" in below) == (unshown(part) > 0)


@settings(max_examples=80, deadline=None)
@given(st.lists(quotes, min_size=2, max_size=8))
def test_every_wording_is_told_whole_with_its_source(given_quotes: list[Quote]) -> None:
    pages = card(answer(Statement("neutral", None, "direct", tuple(given_quotes)))).pages
    told = "\n\n".join(
        text for page in pages for kind, text in shown(page.message) if kind == "expandable_blockquote"
    )
    line = r"\n— direct speech, unnamed speaker · .*? · (?:undated|3 September 2023)(?:\nTelegram cannot show \d+ \w+ of this quote\.)?(?:\n\n)?"
    wanted = "".join(one.text for one in given_quotes[1:])
    assume("— direct speech" not in wanted)
    assert regex.sub(line, "", told).replace("\n", "") == wanted.replace("\n", "")


def _by_statement(pages: Sequence[Page]) -> list[tuple[Statement, list[Page]]]:
    grouped: list[tuple[Statement, list[Page]]] = []
    for page in pages:
        assert page.statement is not None
        if not grouped or grouped[-1][0] is not page.statement:
            grouped.append((page.statement, []))
        grouped[-1][1].append(page)
    return grouped


@settings(max_examples=300, deadline=None)
@given(long_texts, st.integers(2, 60))
def test_parts_join_to_the_text_and_cut_no_visible_character(text: str, room: int) -> None:
    cut = list(parts(text, room))
    assert "".join(cut) == text
    assert all(units(part) <= room for part in cut)
    clusters = regex.findall(r"\X", text)
    edges = {0}
    for cluster in clusters:
        edges.add(max(edges) + len(cluster))
    if all(units(cluster) <= room for cluster in clusters):
        place = 0
        for part in cut:
            place += len(part)
            assert place in edges
    assert text.startswith(beginning(text, room))
    assert text.endswith(ending(text, room))
    assert units(ending(text, room)) <= room


def test_flags_families_and_letters_with_marks_stay_whole() -> None:
    text = "🇰🇿👨‍👩‍👧e\u0301한👍🏽"
    assert list(parts(text, 8)) == ["🇰🇿", "👨‍👩‍👧", "e\u0301한👍🏽"]
    assert ending(text, 8) == "e\u0301한👍🏽"
    assert beginning(text, 11) == "🇰🇿"


def test_a_letter_with_marks_beyond_a_message_is_cut_all_the_same() -> None:
    marked = "e" + "\u0301" * 25
    assert list(parts(marked, 10)) == ["e" + "\u0301" * 9, "\u0301" * 10, "\u0301" * 6]
