"""The wheel alone, in an environment of its own, answers the founding question."""

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from retrieval.encoder import Encoder

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("bot", "retrieval", "corpus", "config")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = out.glob("*.whl")
    return built


def test_the_wheel_holds_the_packages_and_their_data(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names} == {*PACKAGES, "onrecord-0.1.0.dist-info"}
    assert {"config/default.toml", "bot/render/locales/ru.po", "bot/render/locales/kk.po"} <= set(names)
    starter = {f"corpus/articles/{path.name}" for path in (ROOT / "corpus" / "articles").glob("*.md")}
    assert starter
    assert starter <= set(names)


def test_the_founding_question_from_the_wheel(
    wheel: Path, encoder: Encoder, models: Path, tmp_path: Path
) -> None:
    assert encoder.dimension == 384  # exported: the export has a test of its own
    python = _installed(wheel, tmp_path / "venv")
    where = [f"__import__({package!r}).__file__" for package in PACKAGES]
    files = json.loads(
        _run(python, "-c", f"import json; print(json.dumps([{', '.join(where)}]))", cwd=tmp_path)
    )
    assert all(Path(file).is_relative_to(tmp_path / "venv") for file in files)

    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "models").symlink_to(models)
    question = "did Kazakhstan say it joins parallel imports?"
    answer = json.loads(_run(python.with_name("onrecord"), "ask", question, "--json", cwd=tmp_path))
    assert (answer["answered"], answer["verdict"]) == (True, "no")


def _installed(wheel: Path, venv: Path) -> Path:
    """The interpreter of a fresh environment that holds the wheel.

    What the wheel depends on comes from this environment by a .pth line, which reads none of its .pth files:
    the checkout that is installed here in place stays out of sight.
    """
    _run(Path(sys.executable), "-m", "venv", "--without-pip", str(venv), cwd=ROOT)
    python = venv / "bin" / "python"
    pip = ("-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", "--quiet")
    _run(Path(sys.executable), *pip, str(wheel), cwd=venv)
    purelib = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(_run(python, "-c", purelib, cwd=venv).strip())
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python


def _run(program: Path, *arguments: str, cwd: Path) -> str:
    names = {name for name in os.environ if name.startswith(("ONRECORD_", "PYTHON"))}
    environment = {name: value for name, value in os.environ.items() if name not in names}
    done = subprocess.run(
        [str(program), *arguments],
        cwd=cwd,
        env=environment | {"ONRECORD_DATA": str(cwd / "data")},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
