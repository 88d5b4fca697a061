"""Inline queries and guest messages over the starter articles, to the bot as a process."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messenger.handlers.elsewhere.articles import articles
from bot.render.phrases import ENGLISH
from retrieval.encoder import Encoder
from tests.bot.messenger.library import Library
from tests.bot.messenger.process import logged, running
from tests.bot_api import ME, BotApi
from tests.bot_api.limits import buttons_of, check_results
from tests.run_bot import Literal

FOUNDING = "Did Kazakhstan say it joins parallel imports?"
NAME = f"@{ME['username']}"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def api(
    tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, starter: Path, models: Path
) -> Iterator[BotApi]:
    library = Library(tmp_path_factory.mktemp("library"), encoder, starter, models)
    library.build()
    with BotApi() as server, library.bot(server, per_user=6):
        yield server
        assert server.refused == []
    assert "Traceback" not in library.log
    assert FOUNDING not in library.log


def results(api: BotApi, query: str) -> list[Json]:
    return list(api.wait_answer(query)["results"])


def text(result: Json) -> str:
    return str(result["input_message_content"]["message_text"])


def test_one_result_a_statement(api: BotApi) -> None:
    query = api.inline(FOUNDING)
    first, second = results(api, query)
    assert first["title"] == "No. It said the opposite. Kassym-Jomart Tokayev, direct speech"
    assert first["description"] == "Kazakhstan does not take part in parallel imports to Russia."
    assert text(first).startswith(f"{FOUNDING}\n\nNo. It said the opposite.\n1 statement, 4 reports")
    assert second["title"] == "Disputed by Sample Courier: the outlet's own words"
    assert text(second).startswith(f"{FOUNDING}\n\nNo.")
    assert "Kazakh companies are routinely used for parallel imports" in text(second)
    answered = api.queries.known[query].answers[0]
    assert answered["is_personal"] is True
    assert answered["cache_time"] <= 60
    for result in (first, second):
        assert [button for button in buttons_of(result) if "callback_data" in button] == []
        assert result["input_message_content"]["link_preview_options"] == {"is_disabled": True}


def test_a_result_keeps_its_id(api: BotApi) -> None:
    again = [[r["id"] for r in results(api, api.inline(FOUNDING, by=20 + n))] for n in range(2)]
    assert again[0] == again[1]
    assert len(set(again[0])) == 2


def test_both_sides_of_a_disputed_verdict_are_told_apart(api: BotApi) -> None:
    titles = [r["title"] for r in results(api, api.inline("Will the Brindle mill close?", by=21))]
    assert titles[0].startswith("Disputed. Yes: ")
    assert any(title.startswith("Disputed. No: ") for title in titles)


def test_no_answer_is_a_result_too(api: BotApi) -> None:
    (result,) = results(api, api.inline("Is there a quantum computer on Mars?", by=22))
    assert result["title"] == "No answer: nothing in these articles answers this question."
    assert "Not an answer, only the closest passages:" in text(result)


@pytest.mark.parametrize("typed", ["", "Kazakhstan", "did Kazakhstan", "? ! …", "w" * 250])
def test_too_little_to_answer_leads_to_the_private_chat(api: BotApi, typed: str) -> None:
    answer = api.wait_answer(api.inline(typed, by=23))
    assert answer["results"] == []
    assert answer["button"] == {"text": "Ask in a sentence", "start_parameter": "inline"}


def test_whoever_types_on_is_answered_once(api: BotApi) -> None:
    typed = [api.inline(FOUNDING[:n], by=24) for n in (20, 25, 30, 35, len(FOUNDING))]
    assert len(results(api, typed[-1])) == 2
    answered = [query for query in typed if api.queries.known[query].answers]
    assert answered[-1] == typed[-1]
    assert len(answered) <= 2


def test_too_many_in_a_minute_are_refused(api: BotApi) -> None:
    answers = [api.wait_answer(api.inline(FOUNDING, by=25)) for _ in range(8)]
    assert [len(answer["results"]) for answer in answers[:6]] == [2] * 6
    assert answers[-1]["results"] == []  # the seventh passes where a minute of the clock ends meanwhile
    assert answers[-1]["button"]["text"].startswith("Many questions in a minute")


@pytest.mark.parametrize("beside", ["", "is this true?", "🙂"])
def test_a_guest_checks_the_claim_it_is_mentioned_under(api: BotApi, beside: str) -> None:
    query = api.guest(f"{NAME} {beside}".strip(), by=30, under="Kazakhstan joined parallel imports.")
    result = api.wait_answer(query)["result"]
    assert text(result).startswith("No.\n1 statement, 4 reports")
    assert "Disputed by Sample Courier" in text(result)


@pytest.mark.parametrize("under", [None, "Did you see the news from Lower Sarvan?"])
def test_a_guest_answers_what_stands_beside_its_name(api: BotApi, under: str | None) -> None:
    query = api.guest(f"how many people does the mill employ {NAME}?", by=31, under=under)
    assert "The mill employs 340 people" in text(api.wait_answer(query)["result"])


def test_a_guest_called_for_nothing_says_how_to_ask(api: BotApi) -> None:
    answer = api.wait_answer(api.guest(NAME, by=32))["result"]
    assert text(answer) == "Mention me under a claim and I check it, or beside a question and I answer it."


def test_a_guest_answers_each_call_once(api: BotApi) -> None:
    query = api.guest(f"{NAME} did the Brindle mill close?", by=33)
    api.wait_answer(query)
    api.updates.repeat(api.queries.known[query].update_id)
    time.sleep(0.5)
    assert len(api.queries.known[query].answers) == 1


def test_guests_are_limited_too(api: BotApi) -> None:
    answers = (text(api.wait_answer(api.guest(f"{NAME} is it raining?", by=34))["result"]) for _ in range(8))
    told = "That was a lot of questions for one minute."
    assert next(n for n, answer in enumerate(answers) if answer.startswith(told)) in {6, 7}  # 7: as above


def test_what_fails_is_told(tmp_path: Path) -> None:
    with BotApi() as server, running(server.url, tmp_path):
        answer = server.wait_answer(server.inline("fail this question please", by=40), 60)
        assert answer["results"] == []
        assert answer["button"]["text"] == "Something went wrong here: please ask again"
        guest = server.wait_answer(server.guest(f"{NAME} fail this question please", by=41))
        assert text(guest["result"]).startswith(
            "Something went wrong here and your question was not answered."
        )
    assert "this question please" not in logged(tmp_path)


@settings(max_examples=60)
@given(st.text(min_size=1, max_size=2000).filter(lambda t: t.strip() != ""))
def test_results_are_within_the_limits_whatever_is_quoted(words: str) -> None:
    engine = Literal()
    for asked in ("", words[:256]):
        made = articles(engine, engine.answer(f"said {words}"), ENGLISH, asked=asked)
        check_results([result.to_dict() for result in made])
        assert all(len(r.title) <= 100 and len(r.description or "") <= 200 for r in made)
