"""What /status and /audit say."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot import __version__
from bot.messenger.memory.audit import Deed
from bot.messenger.operations.figures import FIGURES
from bot.messenger.operations.jobs import Commands, run
from bot.messenger.operations.lately import LATELY
from bot.messenger.services import Services
from bot.render.message import UNITS, Message
from bot.render.phrases import Phrases
from bot.render.shield import shielded
from bot.render.splitting import beginning

_LINE = 160  # characters of one line that another wrote


async def status(services: Services, commands: Commands, say: Phrases) -> Message:
    """A line for each figure."""
    told = await index(commands)
    running = str(timedelta(seconds=int(FIGURES.uptime)))
    lines = [
        say("Onrecord {version}, build {build}", version=__version__, build=services.engine.build),
        say(
            "Articles: {articles}, passages: {passages}", articles=told("articles"), passages=told("passages")
        ),
        say("Built: {when}", when=_minute(told("created"))),
        say("Running for {time} (hours:minutes:seconds)", time=running),
        say("Questions since the start: {number}", number=FIGURES.questions()),
        say("Answers today (UTC): {number}", number=services.memory.shown.since(_midnight())),
        say("Questions under way and waiting: {number}", number=max(0, int(FIGURES.waiting) - 1)),  # but this
        say("Chats that watch topics: {number}", number=len(services.memory.watches.chats())),
        say("State: {size} MB", size=f"{_megabytes(services.memory.database.path):.1f}"),
        *_troubles(say),
    ]
    return shielded(Message(beginning("\n".join(lines), UNITS)))


def audit(deeds: Sequence[Deed], say: Phrases) -> Message:
    """The newest first."""
    lines = [
        f"{_time(deed.at)} {deed.admin} {f'{deed.action} {deed.detail[:_LINE]}'.strip()}: {deed.outcome[:_LINE]}"
        for deed in deeds
    ]
    return shielded(Message(beginning("\n".join(lines or [say("Nothing was done yet.")]), UNITS)))


async def index(commands: Commands) -> Any:
    """A lookup in what ``onrecord index info`` tells; a dash for what it does not."""
    try:
        ended = await run(commands.line("index", "info", "--json"))
        known = json.loads(ended.output) if ended.ok else {}
    except (OSError, ValueError):
        known = {}
    return lambda name: known.get(name, "–")


def _troubles(say: Phrases) -> list[str]:
    found = [f"{trouble.at:%Y-%m-%d %H:%M} UTC {trouble.text[:_LINE]}" for trouble in LATELY.troubles]
    return [say("Last errors:"), *found] if found else [say("No errors since the start.")]


def _minute(created: str) -> str:
    """Of the time in a manifest, ISO 8601."""
    return created[:16].replace("T", " ") + " UTC" if created.endswith("+00:00") else created


def _megabytes(file: Path) -> float:
    files = (file, file.with_name(f"{file.name}-wal"))
    return sum(part.stat().st_size for part in files if part.exists()) / 1e6


def _midnight() -> int:
    return int(datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0).timestamp())


def _time(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M}"
