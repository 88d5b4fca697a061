"""Questions in another script, with a dictionary in place of the multilingual vectors."""

import pytest

from bot.answering.translation import gloss, is_foreign

_DICTIONARY = {
    "фридония": "freedonia",
    "заявляла": "stated",
    "вступает": "joins",
    "таможенный": "customs",
    "союз": "union",
    "солдат": "soldiers",
    "погибло": "died",
}


def nearest(words: list[str]) -> list[list[tuple[str, float]]]:
    return [[(_DICTIONARY[w], 0.6)] if w in _DICTIONARY else [] for w in words]


def test_only_other_scripts_are_foreign() -> None:
    assert is_foreign("Кто победил?")
    assert not is_foreign("Who won in Čečensko?")
    assert not is_foreign("12345?")


@pytest.mark.parametrize(
    ("question", "english"),
    [
        (
            "Заявляла ли Фридония, что вступает в таможенный союз?",
            "Did Freedonia say that Freedonia joins customs union?",
        ),
        ("Сколько солдат погибло?", "how many soldiers died?"),
        ("Вступает ли Фридония в союз?", "Does Freedonia union joins?"),
        ("Не вступает ли Фридония в союз?", "Does Freedonia union not joins?"),
    ],
)
def test_gloss(question: str, english: str) -> None:
    assert gloss(question, nearest) == english


def test_an_unknown_word_stays_so_that_nothing_covers_it() -> None:
    assert "жираф" in gloss("Где спит жираф?", nearest)


def test_numbers_stay() -> None:
    assert "2023" in gloss("Сколько солдат погибло в 2023?", nearest)


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("Вступает ли Узбекистан в союз?", True),
        ("Узбекистан вступает в союз?", True),
        ("Узбекистаном правят солдаты?", False),
    ],
)
def test_a_name_is_never_taken_for_its_neighbour(question: str, kept: bool) -> None:  # noqa: FBT001
    near = {"узбекистан": [("kazakhstan", 0.39)], "узбекистаном": [("kazakhstan", 0.69)]}
    english = gloss(question, lambda words: [near.get(w, []) for w in words], {"kazakhstan"}.__contains__)
    assert ("Узбекистан" in english) == kept
    assert ("Kazakhstan" in english) != kept


def test_what_begins_a_question_with_a_capital_is_no_name_for_that() -> None:
    def near(words: list[str]) -> list[list[tuple[str, float]]]:
        return [[("introduce", 0.42)] if w == "вступает" else [] for w in words]

    assert "introduce" in gloss("Вступает ли он?", near, lambda _: False)


def names(words: list[str]) -> list[list[tuple[str, float]]]:
    known = {"токаев": "tokayev", "тоқаев": "tokayev", "шольц": "scholz", "санкциях": "sanctions"}
    known |= {"санкциялар": "sanctions", "германия": "germany", "ставка": "rate", "өсті": "grew"}
    return [[(known[w], 0.8)] if w in known else [] for w in words]


@pytest.mark.parametrize(
    ("question", "english"),
    [
        ("Что сказал Токаев о санкциях?", "What did Tokayev say about sanctions?"),
        ("Что Токаев сказал о санкциях?", "What did Tokayev say about sanctions?"),
        ("Что сказал Путин о санкциях?", "What did Путин say about sanctions?"),
        ("А что сказал Шольц?", "What did Scholz say?"),
        ("Что сказали о санкциях?", "that сказали sanctions?"),
        ("Тоқаев санкциялар туралы не айтты?", "What did Tokayev say about sanctions?"),
        ("Санкциялар туралы Тоқаев не айтты?", "What did Tokayev say about Sanctions?"),
        ("Санкциялар туралы не айтты?", "Sanctions what said?"),
        ("Ал Германия не деді?", "What did Germany say?"),
        ("Тоқаев ставка өсті деп айтты ма?", "Did Tokayev say that Tokayev rate grew?"),
    ],
)
def test_who_is_asked_for_is_the_speaker(question: str, english: str) -> None:
    assert gloss(question, names) == english


def test_a_name_without_its_capital_is_not_taken_for_its_neighbour_either() -> None:
    english = gloss("а узбекистан?", lambda words: [[("kazakhstan", 0.39)] for _ in words], lambda _: True)
    assert english == "Узбекистан?"
    assert "Китай" in gloss("участвует ли китай в союзе?", nearest)


@pytest.mark.parametrize(
    ("name", "near", "english"),
    [
        ("Мичиган", [("missouri", 0.36), ("michigan", 0.36)], "Michigan"),
        ("Пруссия", [("russia", 0.45)], "Пруссия"),
        ("Нигер", [("nigeria", 0.45)], "Нигер"),
        ("Узбекистан", [("kazakhstan", 0.39)], "Узбекистан"),
    ],
)
def test_a_name_is_found_by_its_letters_too(name: str, near: list[tuple[str, float]], english: str) -> None:
    known = {name.lower(): near}
    asked = f"Где {name}?"
    assert english in gloss(asked, lambda words: [known.get(w, []) for w in words], lambda _: True)
