"""News as one message: what finds room, what is counted, and Telegram's limits for any text."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import Quote, Statement
from bot.render.digest import MOST, Section, digest
from bot.render.message import ENTITIES, UNITS, units
from bot.render.phrases import phrases
from tests.bot_api.limits import check_text


def statement(text: str, speaker: str | None = "Vera Lang", reports: int = 1) -> Statement:
    quotes = tuple(
        Quote(text, f"a{n}", None, "Daily", None, date(2024, 6, 1), "https://a.example/", "a", 0, len(text))
        for n in range(reports)
    )
    return Statement("neutral", speaker, "direct" if speaker else "narrator", quotes)


def shown(text: str, entities: tuple[tuple[str, int, int], ...], kind: str) -> list[str]:
    wide = text.encode("utf-16-le", "surrogatepass")
    return [
        wide[2 * start : 2 * (start + length)].decode("utf-16-le", "surrogatepass")
        for name, start, length in entities
        if name == kind
    ]


def test_one_topic() -> None:
    made = digest("New on “grain”", [Section("grain", (statement("No ban.", reports=3),))])
    assert made.message.text == (
        "New on “grain”\n\nNo ban.\n— Vera Lang, direct speech · Daily · 1 June 2024 · and 2 other reports"
    )
    kinds = [entity.kind for entity in made.message.entities]
    assert kinds == ["bold", "blockquote", "text_link", "date_time"]
    assert made.shown == ((statement("No ban.", reports=3),),)


def test_several_topics_take_turns_and_what_is_left_is_counted() -> None:
    grain = tuple(statement(f"Grain {n}.") for n in range(7))
    mills = (statement("Mill 0."), statement("Mill 1."))
    made = digest("News", [Section("grain", grain), Section("mills", mills)])
    assert made.shown == (grain[:3], mills)
    lines = made.message.text.split("\n\n")
    assert lines[:2] == ["News", "grain"]
    assert [line for line in lines if line.startswith("and")] == ["and 4 more: /new grain"]
    assert shown(
        made.message.text, tuple((e.kind, e.offset, e.length) for e in made.message.entities), "code"
    ) == ["/new grain"]


def test_a_topic_without_room_is_named_with_its_number() -> None:
    sections = [Section(f"topic {n}", (statement(f"Said {n}."),)) for n in range(MOST + 1)]
    made = digest("News", sections)
    assert [len(part) for part in made.shown] == [1] * MOST + [0]
    assert made.message.text.endswith("topic 5\n\n1 statement: /new topic 5")
    silent = digest("News", sections, pointing=False)
    assert "/new" not in silent.message.text


def test_a_long_quote_is_shown_to_begin_with() -> None:
    long = "word " * 400
    made = digest("News", [Section("grain", (statement(long),))])
    text = made.message.text
    assert "(the beginning of the quote)" in text
    quoted = shown(text, tuple((e.kind, e.offset, e.length) for e in made.message.entities), "blockquote")
    assert long.startswith(quoted[0])
    assert len(quoted[0]) > 700


def test_nothing_to_tell_is_the_heading_alone() -> None:
    assert digest("Nothing new", [Section("grain", ())]).message.text == "Nothing new"


texts = st.text(min_size=1, max_size=900).filter(lambda t: t.strip() != "")


@given(st.lists(st.tuples(st.text(max_size=200), st.lists(texts, max_size=6)), min_size=1, max_size=4))
def test_any_text_fits_and_is_quoted_to_the_letter(made_up: list[tuple[str, list[str]]]) -> None:
    sections = [Section(topic, tuple(statement(t) for t in said)) for topic, said in made_up]
    made = digest("News", sections)
    message = made.message
    assert units(message.text) <= UNITS
    assert len(message.entities) <= ENTITIES
    check_text(
        {
            "text": message.text,
            "entities": [{"offset": e.offset, "length": e.length} for e in message.entities],
        }
    )
    quoted = shown(message.text, tuple((e.kind, e.offset, e.length) for e in message.entities), "blockquote")
    said = [s.quotes[0].text for part in made.shown for s in part]
    assert len(quoted) == len(said)
    for shown_text, text in zip(quoted, said, strict=True):
        assert text.startswith(shown_text)


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_other_languages_have_room_too(language: str) -> None:
    made = digest("…", [Section("зерно", tuple(statement("С" * 790) for _ in range(9)))], phrases(language))
    assert units(made.message.text) <= UNITS
    assert len(made.shown[0]) == 4
