"""The log of a process of its own, as whoever runs the bot reads it."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.messenger.operations.logs import code
from tests.bot_api import RESET, SERVER_ERROR, BotApi, flood
from tests.bot_api import TOKEN as API_TOKEN

ROOT = Path(__file__).parents[3]
TOKEN = "AAFtokenTokenToken_0123456"  # noqa: S105  opens nothing
PROGRAM = f"""
import asyncio, logging, threading
import structlog
from bot.messenger.operations import logs
from bot.messenger.operations.lately import LATELY
from bot.messenger.operations.redaction import redacted

def fail(question):
    try:
        int(question)
    except ValueError as error:
        raise LookupError(f"https://x/bot42:{TOKEN}/getMe for {{question}}") from error

async def forgotten():
    asyncio.create_task(asyncio.to_thread(fail, "Did she resign?"))
    await asyncio.sleep(0.2)

with redacted("{TOKEN}"):
    logs.configure("debug", STYLE, key="{TOKEN}")
    logging.getLogger().setLevel("DEBUG")
    with logs.about(update=31, lane="-100123"):
        logging.getLogger("bot.messenger.x").debug("taken, %s", "message")
        structlog.get_logger("bot.messenger.y").info("sent", chat=-100123, to="{TOKEN}")
        try:
            fail("Did she resign?")
        except LookupError as error:
            logging.getLogger("bot.messenger.x").error("an update failed", exc_info=error)
    logging.getLogger("telegram.Bot").debug("Calling Bot API endpoint `%s` with parameters `%s`", "x", "Did she")
    logging.getLogger("httpx").info('HTTP Request: %s %s', "POST", "https://x/bot42:{TOKEN}/getMe")
    logging.getLogger("library").warning("%d", "Did she resign?")
    asyncio.run(forgotten())
    thread = threading.Thread(target=fail, args=("Did she resign?",))
    thread.start()
    thread.join()
    print([trouble.text for trouble in LATELY.troubles])
    fail("Did she resign?")
"""


def logged(style: str) -> tuple[str, str]:
    """What a process writes to its two outputs."""
    code = PROGRAM.replace("STYLE", repr(style))
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr  # it ends by an error
    return done.stdout, done.stderr


def test_json_lines_hold_every_record_and_nothing_that_people_wrote() -> None:
    output, errors = logged("json")
    assert TOKEN not in output + errors
    assert "she" not in output + errors
    records = [json.loads(line) for line in errors.splitlines()]
    for record in records:
        assert {"event", "level", "logger", "time"} <= record.keys()
        assert record["time"].endswith("Z")
        at = datetime.fromisoformat(record["time"])
        assert abs((datetime.now(UTC) - at).total_seconds()) < 600
    lane = code("-100123", TOKEN)
    taken, sent, failed = (r for r in records if r.get("update") == 31)
    assert (taken["event"], taken["level"], taken["logger"]) == ("taken, message", "debug", "bot.messenger.x")
    assert (sent["event"], sent["chat"], sent["lane"], sent["to"]) == ("sent", lane, lane, "[secret]")
    assert failed["error"] == "LookupError at <string>:12"
    assert failed["causes"] == ["ValueError at <string>:10"]
    by_logger = {record["logger"]: record for record in records}
    assert by_logger["telegram.Bot"]["event"] == "Calling Bot API endpoint `%s` with parameters `%s`"
    assert by_logger["httpx"]["event"] == "HTTP Request: %s %s"
    assert by_logger["library"]["event"] == "%d"
    assert by_logger["asyncio"]["event"] == "Task exception was never retrieved"
    ended = [(r["event"], r["error"]) for r in records if r["logger"] == "bot.messenger.operations.logs"]
    place = "LookupError at <string>:12"
    assert ended == [("a thread ended by an error", place), ("ended by an error", place)]
    assert f"an update failed: {place}" in output
    assert f"a thread ended by an error: {place}" in output


def test_readable_lines_say_the_same() -> None:
    _, errors = logged("lines")
    assert TOKEN not in errors
    assert "she" not in errors
    sent = next(line for line in errors.splitlines() if "] sent [" in line)
    assert "[info] sent [bot.messenger.y] chat=" in sent
    assert f"chat={code(-100123, TOKEN)}" in sent


def test_a_code_tells_nothing_without_the_key() -> None:
    assert code(7, "a") == code("7", "a")
    assert len({code(7, "a"), code(8, "a"), code(7, "b")}) == 3
    assert all(len(code(number, "a")) == 8 for number in range(50))


LOUD = """
import logging, sys
from bot.messenger.operations import logs
from tests import run_bot

quiet = logs.configure

def loud(*args, **kwargs):
    quiet(*args, **kwargs)
    logging.getLogger().setLevel("DEBUG")
    for name in ("telegram", "httpx", "httpcore", "tornado", "asyncio"):
        logging.getLogger(name).setLevel("DEBUG")

logs.configure = loud
run_bot.main()
"""


def test_a_bot_with_every_library_at_debug(tmp_path: Path) -> None:
    """Questions, errors that repeat them, faults of Telegram, commands, presses: no word and no token in the log."""
    log, secret = tmp_path / "log", API_TOKEN.partition(":")[2]
    with BotApi() as api, log.open("wb") as output:
        arguments = [api.url, "--token", API_TOKEN, "--state", str(tmp_path / "state"), "--poll", "1"]
        command = [sys.executable, "-c", LOUD, *arguments]
        api.faults["sendMessage"].extend([flood(1), SERVER_ERROR, RESET])
        with subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output) as process:
            try:
                api.say("Xylophone alpha?", 7)
                api.say("fail Xylophone beta", 8)
                api.say("/start Xylophone", 9)
                api.inline("Xylophone delta", by=10)
                api.push(message={"message_id": "Xylophone"})
                answered = api.wait_sent(1, 7, 60)[0]
                api.press(7, answered.message_id, "👍")
                api.wait_sent(1, 8, 60)
                api.wait_sent(1, 9, 60)
            finally:
                process.terminate()
                assert process.wait(60) == 0
    text = log.read_text(encoding="utf-8")
    assert "Calling Bot API endpoint `%s` with parameters `%s`" in text  # the libraries were heard
    assert "[debug]" in text
    assert "ValueError at run_bot.py:" in text
    for word in (secret, "Xylophone", "xylophone"):
        assert word not in text
