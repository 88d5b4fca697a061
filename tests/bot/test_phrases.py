"""What the bot says, in every language: whole catalogues, right plurals, and names that stay names."""

import ast
import string
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from bot.render.catalogues import translated
from bot.render.phrases import ENGLISH, LANGUAGES, Phrases, phrases
from bot.render.wording import name_text

ROOT = Path(__file__).resolve().parents[2]
BOT = ROOT / "bot"
KEYWORDS = {"say": None, "many": (1, 2)}
TRANSLATED = sorted(set(LANGUAGES) - {"en"})
REPORTS = ("{number} report", "{number} reports")


def in_the_source() -> set[str | tuple[str, ...]]:
    found = extract_from_dir(BOT, [("**.py", "python")], keywords=KEYWORDS)
    return {message for _, _, message, _, _ in found}


def catalogue(language: str) -> Catalog:
    lines = (BOT / "render" / "locales" / f"{language}.po").read_text(encoding="utf-8").splitlines()
    return read_po(lines, locale=language, abort_invalid=True)


def entries(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def names(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def closing(text: str) -> str:
    return text[-1] if text[-1] in ".:?" else ""


def test_every_language_has_a_catalogue_and_every_catalogue_a_language() -> None:
    assert {path.stem for path in (BOT / "render" / "locales").iterdir()} == set(TRANSLATED) == {"ru", "kk"}


def test_texts_stand_in_the_calls_themselves_and_the_calls_in_no_f_string() -> None:
    """Else Babel does not find them."""
    found = {text for message in in_the_source() for text in forms(message)}
    for path in sorted(BOT.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for text in _texts(call) if isinstance(call, ast.Call) else []:
                assert isinstance(text, ast.Constant), f"{path}:{text.lineno}"
                assert text.value in found, f"{path}:{text.lineno}"


def _texts(call: ast.Call) -> list[ast.expr]:
    match call.func:
        case ast.Name("say"):
            return call.args[:1]
        case ast.Attribute(ast.Name("say"), "many"):
            return call.args[:2]
        case ast.Call(ast.Attribute(_, "phrases" | "_phrases")):
            return call.args[:1]
    return []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_holds_what_the_bot_says_and_nothing_else(language: str) -> None:
    held = {message.id if isinstance(message.id, str) else tuple(message.id) for message in entries(language)}
    assert in_the_source() - held == set(), "to be translated"
    assert held - in_the_source() == set(), "said no more"
    assert catalogue(language).obsolete == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_phrase_is_translated_with_the_same_places_for_values(language: str) -> None:
    for message in entries(language):
        assert not message.fuzzy, message.id
        assert len(forms(message.string)) in {1, catalogue(language).num_plurals}
        for text in forms(message.string):
            assert text.strip(), message.id
            assert names(text) == names(forms(message.id)[0]), message.id
            assert closing(text) == closing(forms(message.id)[0]), message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_plural_rule_is_that_of_cldr(language: str) -> None:
    said = {number: translated(language).many(*REPORTS, number).split()[1] for number in range(200)}
    rule = Locale.parse(language).plural_form
    by_form = {(rule(number), word) for number, word in said.items()}
    assert len(by_form) == len({form for form, _ in by_form}), "one word for each form"


def test_numbers_dates_and_names_in_russian_and_kazakh() -> None:
    russian, kazakh = phrases("ru"), phrases("kk")
    assert [russian.many(*REPORTS, n) for n in (1, 3, 5, 11, 21)] == [
        "1 публикация",
        "3 публикации",
        "5 публикаций",
        "11 публикаций",
        "21 публикация",
    ]
    assert [kazakh.many(*REPORTS, n) for n in (1, 3)] == ["1 жарияланым", "3 жарияланым"]
    day = date(2024, 6, 17)
    assert [say.date(day) for say in (ENGLISH, russian, kazakh)] == [
        "17 June 2024",
        "17 июня 2024\u202fг.",
        "2024\u202fж. 17 маусым",
    ]
    assert [say.date(None) for say in (ENGLISH, russian, kazakh)] == [
        "undated",
        "без даты",
        "күні көрсетілмеген",
    ]
    assert russian("No. {name} said the opposite.", name="Aidar Bek") == "Нет. Aidar Bek утверждает обратное."


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("ru", "ru"),
        ("ru-RU", "ru"),
        ("RU", "ru"),
        ("kk_KZ", "kk"),
        ("en", "en"),
        ("pt-br", "en"),
        ("", "en"),
        (None, "en"),
        ("../ru", "en"),
    ],
)
def test_the_language_of_a_tag(tag: str | None, language: str) -> None:
    assert phrases(tag).language == language


def test_what_no_catalogue_holds_is_said_in_english() -> None:
    words = "never {name} said"
    assert translated("ru")(words, name="x") == "never x said"


@given(st.text())
def test_a_name_is_never_read_as_a_pattern(name: str) -> None:
    for say in (ENGLISH, phrases("ru"), phrases("kk")):
        assert name in say("No. {name} said the opposite.", name=name)
        hostile = f"{{number}} {{0.__class__}} %s {name}"
        assert hostile in say("No. {name} said the opposite.", name=hostile)


def test_threads_that_ask_at_once_share_one_catalogue() -> None:
    with ThreadPoolExecutor(8) as threads:
        got: list[Phrases] = list(threads.map(lambda _: phrases("kk"), range(64)))
    assert len({id(say) for say in got}) == 1


def test_english_loads_no_catalogue() -> None:
    code = "import sys; from bot.render.phrases import phrases; phrases('en').date(None); print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "bot.render.phrases" in loaded.stdout.split()
    assert not {"babel", "gettext", "bot.render.catalogues"} & set(loaded.stdout.split())


def test_a_name_from_right_to_left_keeps_to_itself() -> None:
    assert name_text("Sample Wire") == "Sample Wire"
    assert name_text("مرآة \u202e") == "\u2068مرآة\u2069"
    assert name_text("בשבת" * 40) == "\u2068" + ("בשבת" * 40)[:119] + "…\u2069"
