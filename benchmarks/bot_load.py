"""Turn times of the Telegram bot under a burst: 200 questions from 50 chats at once.

    python -m benchmarks.bot_load [--questions FILE.jsonl] -- onrecord bot --corpus DIR

The bot runs as the process given and talks to a Bot API server on loopback. A question's turn ends with the
first message that replies to it. The bot paces itself to Telegram's 30 messages a second, so the last answer
of the burst cannot come before about 5.7 s. Prints the figures as JSON and keeps them in benchmarks/results.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from bot.messenger.replies import BUSY, FAILED
from tests.bot_api import TOKEN, BotApi, Call, wait_for

RESULT = Path(__file__).parent / "results" / "bot_load.json"
WARM_UP_CHAT = 1
QUESTIONS = ["Did the president say the country joins the pact?", "How many tonnes were exported in June?"]


def main() -> None:
    options = _options()
    questions = _questions(options.questions)
    with BotApi() as api, _bot(options.command, api.url) as process:
        _warm_up(api, process, questions[0], options.start_seconds)
        began = time.monotonic()
        asked = _burst(api, questions, options.number, options.chats)
        complete = _settled(api, asked, options.seconds)
        figures = _figures(api, asked, began)
        process.send_signal(signal.SIGTERM)
        figures["exit_code"] = process.wait(60)
    figures |= {"chats": options.chats, "cores": os.cpu_count(), "command": " ".join(options.command)}
    text = json.dumps(figures, indent=2)
    print(text)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(text + "\n")
    sys.exit(0 if complete and figures["answered_once"] == options.number else 1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--number", type=int, default=200)
    parser.add_argument("--chats", type=int, default=50)
    parser.add_argument("--questions", type=Path, help='JSONL with a "question" a line, asked in turn')
    parser.add_argument("--seconds", type=float, default=300, help="give up after")
    parser.add_argument(
        "--start-seconds", type=float, default=300, help="for the bot to start and build an index"
    )
    parser.add_argument("command", nargs="+")
    return parser.parse_args()


def _questions(file: Path | None) -> list[str]:
    if file is None:
        return QUESTIONS
    return [json.loads(line)["question"] for line in file.read_text().splitlines() if line.strip()]


def _bot(command: list[str], url: str) -> subprocess.Popen[bytes]:
    settings = {"TOKEN": TOKEN, "API_URL": url, "QUEUE": "1000"}
    return subprocess.Popen(
        command, env=os.environ | {f"ONRECORD_TELEGRAM_{k}": v for k, v in settings.items()}
    )


def _warm_up(api: BotApi, process: subprocess.Popen[bytes], question: str, seconds: float) -> None:
    api.say(question, chat=WARM_UP_CHAT)
    wait_for(
        lambda: bool(api.sent(WARM_UP_CHAT)) or process.poll() is not None,
        seconds,
        lambda: "the bot does not answer",
    )
    if process.poll() is not None:
        sys.exit(f"the bot ended with exit code {process.returncode}")


def _burst(api: BotApi, questions: list[str], number: int, chats: int) -> dict[int, float]:
    """When each message was put on its way, by its id."""
    asked = {}
    for n in range(number):
        chat = WARM_UP_CHAT + 1 + n % chats
        asked[api.say(questions[n % len(questions)], chat=chat)] = time.monotonic()
    return asked


def _replies(api: BotApi, asked: dict[int, float]) -> dict[int, list[Call]]:
    replies = defaultdict(list)
    for call in api.sent():
        number = call.data["reply_parameters"]["message_id"]
        if number in asked:
            replies[number].append(call)
    return replies


def _settled(api: BotApi, asked: dict[int, float], seconds: float) -> bool:
    """Whether every question got a reply in time; then a little longer, for what should not come."""
    try:
        wait_for(lambda: len(_replies(api, asked)) == len(asked), seconds, lambda: "")
    except TimeoutError:
        return False
    time.sleep(2)
    return True


def _figures(api: BotApi, asked: dict[int, float], began: float) -> dict[str, Any]:
    replies = _replies(api, asked)
    turns = sorted(calls[0].at - asked[number] for number, calls in replies.items()) or [0.0]
    once = [
        c for c in replies.values() if len({m.text for m in c}) == len(c) and c[0].text not in {BUSY, FAILED}
    ]
    return {
        "questions": len(asked),
        "answered_once": len(once),
        "not_answered": len(asked) - len(replies),
        "messages_refused": len(api.refused),
        "median_seconds": round(statistics.median(turns), 3),
        "p95_seconds": round(turns[int(0.95 * (len(turns) - 1))], 3),
        "slowest_seconds": round(turns[-1], 3),
        "first_seconds": round(turns[0], 3),
        "whole_burst_seconds": round(max((c[0].at for c in replies.values()), default=began) - began, 3),
    }


if __name__ == "__main__":
    main()
