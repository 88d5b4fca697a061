"""/health and /metrics, as the runner's tools see them."""

import asyncio
import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from telegram import Bot

from bot.messenger.incoming import polling
from bot.messenger.incoming.inbox import Raw
from bot.messenger.incoming.polling import Poller
from tests.bot.messenger.process import accepts, free_port, logged, ready, running
from tests.bot_api import SERVER_ERROR, TOKEN, BotApi, wait_for


@contextmanager
def watched(api: BotApi, folder: Path, *options: str) -> Iterator[str]:
    port = free_port()
    with running(api.url, folder, "--status-port", str(port), *options):
        wait_for(lambda: accepts(port), 60, lambda: logged(folder))
        yield f"http://127.0.0.1:{port}"


def test_health_and_figures(tmp_path: Path) -> None:
    with BotApi() as api, watched(api, tmp_path) as url:
        ready(api)
        api.say("Did rain fall?", chat=1)
        api.wait_sent(1, chat=1)
        health = httpx.get(f"{url}/health")
        assert (health.status_code, health.json()) == (200, {"ok": True, "build": "7f3a", "queue": 0})
        figures = httpx.get(f"{url}/metrics")
        assert figures.headers["content-type"].startswith("text/plain; version=")
        values = {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(figures.text)
            for sample in family.samples
        }
        assert values["onrecord_updates_total", "message"] == 1
        assert values["onrecord_questions_total", "yes"] == 1
        for other in ("/", "/health/", "/metrics?a", "/x"):
            assert httpx.get(url + other).status_code == (200 if "?" in other else 404)
        assert httpx.post(f"{url}/health").status_code == 405
        api.say("sleep 5 seconds", chat=2)
        wait_for(lambda: httpx.get(f"{url}/health").json()["queue"] == 1, 10, lambda: "no queue")


def test_it_is_not_well_before_it_can_reach_telegram(tmp_path: Path) -> None:
    with BotApi() as api:
        api.faults["getMe"].extend(itertools.repeat(SERVER_ERROR, 2))
        with watched(api, tmp_path) as url:
            statuses = [httpx.get(f"{url}/health").status_code]
            ready(api)
            statuses.append(httpx.get(f"{url}/health").status_code)
    assert statuses == [503, 200]


@pytest.mark.filterwarnings("ignore:Please use 'Bot.getUpdates'")
def test_it_is_not_well_when_polls_fail_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "_SLACK", 0.1)

    async def polled(api: BotApi) -> tuple[bool, bool]:
        """Whether it is silent: after a while of failures, and once polls succeed again."""
        heard = asyncio.Event()

        def take(updates: Sequence[Raw]) -> None:
            if updates:
                heard.set()

        async with Bot(TOKEN, base_url=f"{api.url}/bot") as bot:
            poller = Poller(bot, take, seconds=0.1)
            polls = asyncio.create_task(poller.run())
            await asyncio.sleep(0.4)
            failing = poller.silent > 0
            await asyncio.wait_for(heard.wait(), 30)
            polls.cancel()
            return failing, poller.silent > 0

    with BotApi() as api:
        api.say("Did rain fall?")
        api.faults["getUpdates"].extend(itertools.repeat(SERVER_ERROR, 2))
        assert asyncio.run(polled(api)) == (True, False)
