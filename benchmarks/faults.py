"""What harm does to an index: every fault many times over, what answered afterwards, and what was promised and broken.

    python -m benchmarks.faults [--only WORD] [--save]

The harness is that of ``tests/retrieval/faults``, at full counts: a quarter of an hour on two idle cores. After
each fault the answers to 20 questions, every stored article, sentence and vector are compared, byte for byte, with
those of the whole old and the whole new build; then the next build must succeed and leave nothing lying about. For
damage to finished files, they must be refused, by name, before a library is let open any of them. ``--save`` writes
results/faults.json, which also counts the lines that builders ended with.
"""

import argparse
import json
import os
import platform
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from retrieval.search import Index
from tests.retrieval.faults import corpora, damage, harms, readers, small_disk
from tests.retrieval.faults.builder import Builder, Step
from tests.retrieval.faults.harms import Kind
from tests.retrieval.faults.site import Outcome, Site

RESULT = Path(__file__).parent / "results" / "faults.json"
SEED = 5
RANDOM_MOMENTS = 200
FLIPS = 1000
WRITES = 200
"""Of each kind of harm to writes, of which a build makes some thousand, evenly spread; of other calls all."""
SIZES = (0, *(2**power for power in range(10, 21)))
NAMES = {
    Kind.WRITE: "write",
    Kind.SYNC: "fsync",
    Kind.RENAME: "rename",
    Kind.CREATE: "creation",
    Kind.RESIZE: "resizing",
    Kind.MODE: "change of mode",
}
DAMAGE = {"flip": "has a bit flipped", "cut": "is cut short"}

Row = dict[str, Any]


def builders(
    site: Site, second: Builder, base: Path
) -> Iterator[tuple[str, Callable[[], Iterable[Outcome]]]]:
    """Every fault that befalls a builder, by name."""
    at_random = partial(harms.killed_at_random, site, RANDOM_MOMENTS, SEED)
    yield "builder killed (SIGKILL) at a random moment", at_random
    yield "builder killed as a function begins or ends", lambda: harms.killed_at(site, _steps(site))
    for kind, name in NAMES.items():
        yield f"builder killed before its nth {name}", partial(_killed_before, site, kind)
    for kind, name in NAMES.items():
        yield f"nth {name} of the builder fails, once or from then on", partial(_failing, site, kind)
    yield "no file may grow beyond a size (EFBIG)", lambda: harms.without_room(site, SIZES)
    yield "disk fills up, or is read-only", lambda: _disk(base)
    yield "built over a build with a damaged file", lambda: damage.built_over(site, SEED)
    yield "asked while it is built anew 20 times over", lambda: readers.asked_during_rebuilds(site, 1000, 20)
    yield "two builders at once, one killed now and then", lambda: harms.two_at_once(site, second, 100, SEED)


def _killed_before(site: Site, kind: Kind) -> Iterator[Outcome]:
    return harms.killed_before(site, kind, _numbers(site, kind))


def _failing(site: Site, kind: Kind) -> Iterator[Outcome]:
    return harms.failing(site, kind, _numbers(site, kind), SEED)


def _steps(site: Site) -> list[Step]:
    return [step for step in harms.steps(site) if step.nth == 1 and "<" not in step.function]


def _numbers(site: Site, kind: Kind) -> list[int]:
    if not site.builder.preloaded:
        return []
    made = harms.calls(site)[kind]
    every = max(1, made // WRITES)
    return [min(n + random.Random(n).randrange(every), made - 1) for n in range(0, made, every)]  # noqa: S311


def _disk(base: Path) -> list[Outcome]:
    (base / "disk").mkdir()
    return [outcome for _, outcome in small_disk.outcomes(base / "disk", base) or []]


def row(fault: str, outcomes: Iterable[Outcome]) -> Row:
    """One line of the table."""
    begun = time.monotonic()
    seen = []
    for outcome in outcomes:
        seen.append(outcome)
        _tell(fault, len(seen), outcome.violations)
    answered = Counter(one.answered for one in seen)
    broken = [{"told": one.told, "violations": one.violations} for one in seen if one.violations]
    return {
        "fault": fault,
        "tried": len(seen),
        "old build answers": answered["old"],
        "new build answers": answered["new"],
        "refused and named": answered["named"],
        "next build succeeded": sum(one.next_build for one in seen),
        "violations": len(broken),
        "broken": broken[:20],
        "builders ended": dict(Counter(_ending(one.told) for one in seen).most_common()),
        "seconds": round(time.monotonic() - begun, 1),
    }


def _ending(told: str) -> str:
    """A line without what differs from one run to the next."""
    shorter = re.sub(r"/\S*/(?=\S)|\d{4,}[\d-]*|\.tmp\w+", "", told)
    return re.sub(r"process \d+", "process", shorter)[:160]


def damaged(site: Site, times: int) -> Iterator[Row]:
    """Bits flipped, files cut and files mixed: each must be refused by name, or change no answer."""
    expected = site.expected[site.serving]
    for change in damage.CHANGES:
        harmed = (one.path.name for one in damage.harmed(site.folder, times, SEED, (change,)))
        yield _refusals(
            f"a file of a finished build {DAMAGE[change]}",
            site,
            ((name, site.folder) for name in harmed),
            expected,
        )
    other = site.base / "other"
    if not site.builder.run(**site.job | {"folder": str(other)}).built:
        raise SystemExit("no second build to mix files with")
    yield _refusals(
        "a file of another build in its place", site, damage.mixtures(site.folder, other), expected
    )


def _refusals(fault: str, site: Site, harmed: Iterable[tuple[str, Path]], expected: bytes) -> Row:
    begun = time.monotonic()
    seen: Counter[str] = Counter()
    broken = []
    for number, (name, folder) in enumerate(harmed, start=1):
        with damage.libraries() as opened:
            line = damage.refusal(lambda at=folder: Index.open(at, site.encoder).close())  # type: ignore[misc]
        if not line:
            same = corpora.answers(folder, site.encoder) == expected
            seen["old" if same else "wrong"] += 1
            broken += [] if same else [f"{name}: other answers"]
        elif opened or (Path(name).name not in line and "another build" not in fault):
            broken.append(f"{name}: {line}; opened before: {opened}")
        else:
            seen["named"] += 1
        _tell(fault, number, ())
    whole = site.build().built and site.answering() == site.other
    site.mend()
    return {
        "fault": fault,
        "tried": number,
        "old build answers": seen["old"],
        "new build answers": 0,
        "refused and named": seen["named"],
        "next build succeeded": int(whole),
        "violations": len(broken) + (not whole),
        "broken": broken[:20],
        "seconds": round(time.monotonic() - begun, 1),
    }


def _tell(fault: str, number: int, violations: Iterable[str]) -> None:
    if number % 50 == 0 and number < FLIPS:
        print(f"{fault}: {number} tried", file=sys.stderr, flush=True)
    for line in violations:
        print(f"{fault}: {line}", file=sys.stderr, flush=True)


def measure(only: str) -> Iterator[Row]:
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108  a kill leaves the same there
    with ExitStack() as stack:
        base = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="onrecord-faults-", dir=place)))
        corpora.write(base)
        first = stack.enter_context(closing(Builder(base, harms.compiled(base))))
        second = stack.enter_context(closing(Builder(base)))
        (base / "site").mkdir()
        site = Site.made(base / "site", first)
        for fault, harm in builders(site, second, base):
            if only in fault:
                yield row(fault, harm())
        site.mend()
        if only in "damaged files":
            yield from damaged(site, FLIPS)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only", default="", metavar="WORD", help='faults whose names hold it, or "damaged files"'
    )
    parser.add_argument("--save", action="store_true", help=f"write {RESULT.name} too")
    chosen = parser.parse_args()
    rows = []
    for found in measure(chosen.only):
        rows.append(found)
        counts = ", ".join(f"{name} {value}" for name, value in found.items() if isinstance(value, int))
        print(f"{found['fault']}: {counts}", flush=True)
    figures = {
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "system": platform.platform(),
        "tried": sum(one["tried"] for one in rows),
        "violations": sum(one["violations"] for one in rows),
        "faults": rows,
    }
    if chosen.save:
        RESULT.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    raise SystemExit(bool(figures["violations"]))


if __name__ == "__main__":
    main()
