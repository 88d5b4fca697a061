"""kill -9: what Telegram was told we have is answered by the process that comes next, and answered once."""

import resource
from pathlib import Path

from tests.bot.messenger.process import clean, logged, ready, running, terminated
from tests.bot_api import BotApi, wait_for

CHATS = range(1, 7)


def taken(api: BotApi) -> None:
    wait_for(lambda: api.updates.pending == 0, 20, lambda: f"{api.updates.pending} updates are not taken")


def answered(api: BotApi, chat: int) -> list[str]:
    return [message.shown("blockquote")[0] for message in api.sent(chat)]


def test_a_kill_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    with BotApi() as api:
        with running(api.url, tmp_path, "--poll", "0.2") as process:
            ready(api)
            for chat in CHATS:
                api.say(f"sleep 0.3 seconds, {chat}", chat=chat)
                api.say(f"Did rain fall, {chat}?", chat=chat)
            taken(api)
            api.wait_sent(3)
            process.kill()
            process.wait()
        assert len(api.sent()) < 2 * len(CHATS)
        with running(api.url, tmp_path, "--poll", "0.2") as process:
            api.wait_sent(2 * len(CHATS))
            terminated(process)
        for chat in CHATS:
            assert answered(api, chat) == [f"sleep 0.3 seconds, {chat}", f"Did rain fall, {chat}?"]
    clean(tmp_path)


def test_what_was_done_is_not_taken_again_after_a_restart(tmp_path: Path) -> None:
    with BotApi() as api:
        with running(api.url, tmp_path, "--poll", "0.2") as process:
            message = api.say("Did rain fall?", chat=1)
            api.wait_sent(1, chat=1)
            terminated(process)
        with running(api.url, tmp_path, "--poll", "0.2") as process:
            api.updates.repeat(api.heard[1, message])
            api.say("Did snow fall?", chat=1)
            api.wait_sent(2, chat=1)
            terminated(process)
        assert answered(api, 1) == ["Did rain fall?", "Did snow fall?"]


def test_a_question_that_kills_the_process_is_given_up(tmp_path: Path) -> None:
    with BotApi() as api:
        api.say("die of this", chat=1)
        api.say("Did rain fall?", chat=1)
        for _ in range(3):
            with running(api.url, tmp_path, "--poll", "0.2") as process:
                process.wait(60)
        with running(api.url, tmp_path, "--poll", "0.2") as process:
            api.wait_sent(2, chat=1)
            terminated(process)
        told = "Something went wrong here and your question was not answered. Please ask again."
        texts = {message.text for message in api.sent(1)}
        assert len(texts) == 2
        assert told in texts
        assert any("Did rain fall?" in text for text in texts)
    assert "given up after several tries" in logged(tmp_path)
    clean(tmp_path)


def test_what_was_taken_before_the_disk_was_full_is_answered_when_there_is_room(tmp_path: Path) -> None:
    full, roomy = (4096, resource.RLIM_INFINITY), (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    with BotApi() as api, running(api.url, tmp_path, "--poll", "0.2") as process:
        ready(api)
        api.say("sleep 1 second", chat=1)
        api.say("Did rain fall?", chat=1)
        ready(api, "sendChatAction")
        taken(api)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, full)
        wait_for(lambda: "nothing can be written down" in logged(tmp_path), 20, lambda: logged(tmp_path))
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, roomy)
        api.wait_sent(2, chat=1)
        terminated(process)
        assert answered(api, 1) == ["sleep 1 second", "Did rain fall?"]
    clean(tmp_path)


def test_what_does_not_fit_on_the_disk_stays_with_telegram(tmp_path: Path) -> None:
    full, roomy = (4096, resource.RLIM_INFINITY), (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    with BotApi() as api, running(api.url, tmp_path, "--poll", "0.2") as process:
        ready(api)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, full)  # further than this no file may reach
        api.say("Did rain fall?", chat=1)
        wait_for(lambda: "the journal cannot be written" in logged(tmp_path), 20, lambda: logged(tmp_path))
        assert (api.updates.pending, api.sent()) == (1, [])
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, roomy)
        api.wait_sent(1, chat=1)
        terminated(process)
    clean(tmp_path)
