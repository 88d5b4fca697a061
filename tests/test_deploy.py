"""deploy/ says what is so: its commands and settings are there, its unit is one, its image holds what it needs."""

import asyncio
import contextlib
import fnmatch
import json
import re
import shutil
import socket
import subprocess
import sys
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot.cli.main import UNUSABLE, USAGE, exit_code
from bot.messenger.incoming.listening import Health, Servers
from config.settings import PREFIX, Settings
from corpus.errors import Unreachable

ROOT = Path(__file__).resolve().parents[1]
UNIT = ROOT / "deploy" / "onrecord.service"
IMAGE = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd-analyze")


def unit() -> dict[str, list[str]]:
    """The values of each key, in order."""
    values = defaultdict(list)
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            values[key].append(value)
    return values


def is_setting(variable: str) -> bool:
    section, _, key = variable.removeprefix(PREFIX).lower().partition("_")
    field = Settings.model_fields.get(section)
    if not key or field is None:
        return field is not None
    kind = field.annotation
    return isinstance(kind, type) and issubclass(kind, BaseModel) and key in kind.model_fields


@pytest.mark.parametrize(
    "file", ["README.md", ".env.example", "deploy/onrecord.service", "deploy/Containerfile"]
)
def test_every_variable_is_a_setting(file: str) -> None:
    variables = set(re.findall(rf"{PREFIX}[A-Z_]+", (ROOT / file).read_text(encoding="utf-8")))
    assert "ONRECORD_DATA" in variables
    assert [name for name in sorted(variables) if not is_setting(name)] == []
    assert not is_setting("ONRECORD_TELEGRAM_TOKENS")


def test_the_unit_starts_the_bot_that_the_readme_installs() -> None:
    program, command = unit()["ExecStart"][0].split()
    assert command == "bot"
    assert f"{program.removesuffix('/onrecord')}/pip install" in README
    assert f"{program} bot --check" in README
    assert unit()["EnvironmentFile"][0] in README
    assert f"sudo cp deploy/{UNIT.name} /etc/systemd/system/" in README


def test_the_unit_does_not_start_again_what_cannot_mend_itself() -> None:
    assert unit()["Restart"] == ["on-failure"]
    assert unit()["RestartPreventExitStatus"] == [f"{USAGE} {UNUSABLE}"]


def test_the_unit_waits_for_a_network_that_is_away() -> None:
    assert exit_code(Unreachable("Telegram cannot be reached")) not in {USAGE, UNUSABLE}
    assert unit()["StartLimitIntervalSec"] == ["0"]  # systemd.unit: no limit to starts


def test_the_unit_writes_to_its_state_alone() -> None:
    (folder,) = unit()["StateDirectory"]
    assert unit()["Environment"] == [f"ONRECORD_DATA=/var/lib/{folder}"]
    assert unit()["ProtectSystem"] == ["strict"]
    assert "ReadWritePaths" not in unit()


@needs_systemd
def test_systemd_takes_the_unit_and_finds_little_open(tmp_path: Path) -> None:
    """With a program and a user that this machine has."""
    text = UNIT.read_text(encoding="utf-8").replace("/opt/onrecord/bin/onrecord", sys.executable)
    here = tmp_path / UNIT.name
    here.write_text(text.replace("User=onrecord", "User=daemon"), encoding="utf-8")
    for check in (["verify"], ["security", "--offline=true", "--threshold=20", "--no-pager"]):
        done = subprocess.run(
            ["systemd-analyze", *check, str(here)], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_the_image_is_made_of_what_the_wheel_is_made_of() -> None:
    copied = [
        line.split()[1:-1] for line in IMAGE.splitlines() if line.startswith("COPY ") and "--from" not in line
    ]
    files = {name for names in copied for name in names}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert files >= {*project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"], "constraints.txt"}
    assert files >= {"pyproject.toml", project["project"]["readme"], *project["project"]["license-files"]}
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert lines[1] == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == files
    assert not any(fnmatch.fnmatch(".env", line[1:]) for line in lines if line.startswith("!"))


def test_the_image_runs_a_supported_python_as_nobody_special() -> None:
    (version,) = set(re.findall(r"^FROM docker\.io/library/python:(\d\.\d+)-slim", IMAGE, re.MULTILINE))
    assert f'requires-python = ">={version}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert re.findall(r"^(?:USER|ENTRYPOINT|CMD) .*", IMAGE, re.MULTILINE) == [
        "USER onrecord",
        'ENTRYPOINT ["onrecord"]',
        'CMD ["bot"]',
    ]


@pytest.mark.parametrize(("ok", "code"), [(True, 0), (False, 1)])
def test_the_image_is_healthy_when_the_bot_says_so(ok: bool, code: int) -> None:  # noqa: FBT001  a case
    found = re.search(r"^HEALTHCHECK [^[]*(\[.*\])$", IMAGE, re.MULTILINE)
    port = re.search(rf"{PREFIX}TELEGRAM_STATUS_PORT=(\d+)", IMAGE)
    assert found
    assert port
    python, *arguments = json.loads(found[1].replace("\\\n", ""))
    assert python == "python"
    assert port[1] in arguments[-1]
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as free:
        here = free.getsockname()[1]
    assert (
        asyncio.run(_checked(here, [part.replace(port[1], str(here)) for part in arguments], ok=ok)) == code
    )


async def _checked(port: int, arguments: list[str], *, ok: bool) -> int:
    servers = Servers()
    servers.status("127.0.0.1", port, lambda: Health(ok, "7f3a", 0), lambda: (b"", "text/plain"))
    try:
        check = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, stderr=asyncio.subprocess.DEVNULL
        )
        return await check.wait()
    finally:
        await servers.close()
