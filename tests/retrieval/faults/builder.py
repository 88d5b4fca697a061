"""A process that has read both corpora and forks a builder for every job it is sent.

No library that builds has started a thread there, and a fork costs no import: a build is as long as its own work. Jobs are
JSON lines on standard input; every fork is told on standard output by its process id, and by how it ended.
"""

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

from corpus.article import Document
from corpus.errors import OnrecordError
from retrieval import build as building
from retrieval import glossary
from retrieval.filling import embedded_text
from tests.retrieval.faults import corpora

ROOT = Path(__file__).resolve().parents[3]
STEPS_OF = ("retrieval.build", "retrieval.builds.", "retrieval.filling", "corpus.durable")
"""Modules whose functions are the steps of a build."""
KEEP = 2
"""Builds that stay."""


class Step(NamedTuple):
    """A moment of a build: a function is entered or left for the nth time, from 1."""

    event: str
    """"call" or "return"."""
    function: str
    nth: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How a builder ended."""

    signal: int = 0
    """That killed it."""
    error: str = ""
    """Name of the exception, if one was raised."""
    message: str = ""
    ours: bool = True
    """Whether it is an OnrecordError."""
    steps: tuple[Step, ...] = ()
    """All of them, if they were asked for."""

    @property
    def built(self) -> bool:
        return not self.signal and not self.error


class Builder:
    """The harness's end: one builder at a time."""

    def __init__(self, base: Path, preload: Path | None = None) -> None:
        """``base`` holds the corpora; ``preload`` is the compiled failing_calls.c."""
        self.preloaded = bool(preload)
        known = {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        if preload:
            known["LD_PRELOAD"] = str(preload)
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(base)],
            env=os.environ | known,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, **job: Any) -> int:
        """The process id of a builder that begins now. For a job's keys see ``_work``."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return int(self._line()["started"])

    def wait(self) -> Ended:
        known = self._line()
        known["steps"] = tuple(Step(*step) for step in known.get("steps", ()))
        return Ended(**known)

    def run(self, **job: Any) -> Ended:
        self.start(**job)
        return self.wait()

    def close(self) -> None:
        with self._process:
            assert self._process.stdin
            self._process.stdin.close()

    def _line(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "the process that forks builders has ended"
        known: dict[str, Any] = json.loads(line)
        return known


def main() -> None:
    base = Path(sys.argv[1])
    known = {which: corpora.documents(base / which) for which in ("old", "new")}
    encoder = corpora.Words()
    texts = [
        embedded_text(d.article.title, d.article.text[p.start : p.end])
        for d in (*known["old"], *known["new"])
        if isinstance(d, Document)
        for p in d.passages
    ]
    encoder.encode(texts)  # worked out here, every fork has them
    glossary.WordEncoder = corpora.Vocabulary  # type: ignore[misc]
    for line in sys.stdin:
        job = json.loads(line)
        receiving, sending = os.pipe()
        child = os.fork()
        if not child:
            os.close(receiving)
            os.write(sending, json.dumps(_work(job, known[job["corpus"]], encoder)).encode())
            os._exit(0)
        os.close(sending)
        _tell(json.dumps({"started": child}))
        with os.fdopen(receiving) as told:
            text = told.read()
        _, status = os.waitpid(child, 0)
        _tell(text or json.dumps({"signal": os.WTERMSIG(status)}))


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _work(job: dict[str, Any], documents: list[Any], encoder: corpora.Words) -> dict[str, Any]:
    """One build, in the fork. ``job`` names the corpus, folder, cache and temporary folder, and may hold

    call    [kind, n, error, lasting]: as ``arm`` of failing_calls.c, with the folder that both lie in
    trace   a file for the calls there were
    size    bytes that no file may exceed
    step    the step before or after which the process kills itself
    listing whether to tell of all steps
    keep    builds that stay
    """
    os.environ["TMPDIR"] = job["temporary"]
    listed: dict[Step, None] = {}
    try:
        _arm(job)
        if "step" in job or "listing" in job:
            sys.setprofile(_Profile(Step(*job["step"]) if "step" in job else None, listed))
        building.build(
            documents,
            Path(job["folder"]),
            encoder,
            sources=[job["corpus"]],
            cache=Path(job["cache"]),
            keep=job.get("keep", KEEP),
        )
        told: dict[str, Any] = {"steps": list(listed) if "listing" in job else []}
    except BaseException as exc:  # noqa: BLE001  told to who asked, whatever it is
        told = {"error": type(exc).__name__, "message": str(exc), "ours": isinstance(exc, OnrecordError)}
    sys.setprofile(None)
    return told


def _arm(job: dict[str, Any]) -> None:
    if "size" in job:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (job["size"], resource.RLIM_INFINITY))
    if "call" in job or "trace" in job:
        kind, number, error, lasting = job.get("call", (-1, 0, 0, 0))
        trace = os.open(job["trace"], os.O_WRONLY | os.O_CREAT) if "trace" in job else -1
        root = str(Path(job["folder"]).parent).encode()
        ctypes.CDLL(None).arm(root, kind, ctypes.c_long(number), error, lasting, trace)


class _Profile:
    """Kills the process at one step, and lists them all."""

    def __init__(self, fatal: Step | None, listed: dict[Step, None]) -> None:
        self._fatal, self._listed = fatal, listed
        self._counts: dict[tuple[str, str], int] = {}

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        module = frame.f_globals.get("__name__", "")
        if event not in ("call", "return") or not module.startswith(STEPS_OF):
            return
        name = f"{module}.{frame.f_code.co_qualname}"
        nth = self._counts[event, name] = self._counts.get((event, name), 0) + 1
        step = Step(event, name, nth)
        if step == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        self._listed[step] = None


if __name__ == "__main__":
    main()
