"""A builder killed or failing at any moment: the old or the new build answers, and the next build is well."""

import random
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.retrieval.faults import harms, small_disk
from tests.retrieval.faults.harms import Kind
from tests.retrieval.faults.site import Outcome, Site

Sites = tuple[Site, Site]
NAMED = (
    "build.build build.describe build.settle builds.room.require builds.writer.lock builds.writer.aside filling.fill"
    " builds.manifest.write builds.shelf.switch builds.shelf.point builds.shelf.prune"
).split()

NO_CHANGE = (Kind.SYNC, Kind.RENAME)
SAMPLED = {Kind.WRITE: 30, Kind.CREATE: 20, Kind.RESIZE: 6, Kind.MODE: 4}


def check(outcomes: Sequence[Outcome]) -> Counter[str]:
    """Asserts that no promise is broken; tells which build answered, how often."""
    broken = [(number, one.told, one.violations) for number, one in enumerate(outcomes) if one.violations]
    assert not broken, f"{len(broken)} of {len(outcomes)}, first {broken[:3]}"
    return Counter(one.answered for one in outcomes)


def test_the_two_corpora_differ_in_every_answer(sites: Sites) -> None:
    old, new = (sites[0].expected[which].split(b"\n") for which in ("old", "new"))
    assert len(old) > 20
    assert not set(old[:21]) & set(new[:21])
    assert [site.answering() for site in sites] == ["old", "old"]


def test_killed_at_200_random_moments(sites: Sites) -> None:
    answered = check(harms.at_once(sites, lambda site, seed: harms.killed_at_random(site, 100, seed)))
    assert answered["old"] > 50  # most moments lie before the switch


def test_killed_at_every_named_step(sites: Sites) -> None:
    """As each begins and as it ends; the benchmark takes every function there is."""
    named = {f"retrieval.{name}" for name in NAMED} | {"corpus.durable.sync_tree"}
    fatal = [step for step in harms.steps(sites[0]) if step.nth == 1 and step.function in named]
    assert len(fatal) == 2 * len(named)
    answered = check(harms.at_once(sites, lambda site, n: harms.killed_at(site, fatal[n::2])))
    assert min(answered["old"], answered["new"]) > 0


def test_killed_before_fsyncs_and_renames(counted: Sites) -> None:
    made = harms.calls(counted[0])
    assert made[Kind.SYNC] > 20
    for kind, every in ((Kind.SYNC, 4), (Kind.RENAME, 1)):
        numbers = range(0, made[kind], every)
        check(harms.at_once(counted, lambda site, n: harms.killed_before(site, kind, numbers[n::2])))  # noqa: B023  done with before the next


@pytest.mark.parametrize(("kind", "most"), [*SAMPLED.items(), (Kind.SYNC, 0), (Kind.RENAME, 0)])
def test_each_call_fails(counted: Sites, kind: Kind, most: int) -> None:
    """Every fsync and rename; of writes, which are some thousands, and others a sample, all in the benchmark."""
    made = harms.calls(counted[0])[kind]
    numbers = sorted(random.Random(5).sample(range(made), min(most, made))) if most else range(made)  # noqa: S311
    outcomes = harms.at_once(counted, lambda site, n: harms.failing(site, kind, numbers[n::2], seed=n))
    check(outcomes)
    assert {one.told for one in outcomes} != {"built"}


def test_everything_is_forced_to_the_disk_before_it_is_named(counted: Sites) -> None:
    """What a power cut would leave, told from the order of calls."""
    site, _ = counted
    made = harms.traced(site)
    build = site.folder / "builds" / (site.folder / "CURRENT").read_text(encoding="utf-8").strip()
    (aside,) = {path for kind, path in made if kind is Kind.CREATE and re.fullmatch(r".*/\.aside-\d+", path)}
    renamed, named = made.index((Kind.RENAME, aside)), made.index((Kind.RENAME, "/index/CURRENT.new"))
    paths = [path.relative_to(build).as_posix() for path in build.rglob("[!.]*")]
    assert {"manifest.json", "rows.sqlite", "words", "words/meta.json"} <= set(paths)
    for path in [aside, *(f"{aside}/{path}" for path in paths)]:
        changes = [at for at, (kind, where) in enumerate(made) if where == path and kind not in NO_CHANGE]
        syncs = [at for at, call in enumerate(made) if call == (Kind.SYNC, path)]
        assert max(changes, default=0) < max(syncs) < renamed, path
    assert made.index((Kind.SYNC, "/index/CURRENT.new")) < named
    assert (Kind.SYNC, "/index/builds") in made[renamed:named]
    assert (Kind.SYNC, "/index") in made[named:]


def test_no_file_may_grow(sites: Sites) -> None:
    outcomes = list(harms.without_room(sites[0], [0, 1, 4096, 20_000, 70_000, 200_000]))
    check(outcomes)
    assert outcomes[0].told.startswith("IndexUnusable: could not write the index in")


def test_a_disk_that_is_full_or_read_only(memory: Path, both: Path) -> None:
    disk = memory / "disk"
    disk.mkdir()
    outcomes = small_disk.outcomes(disk, both)
    if outcomes is None:
        pytest.skip("this user may mount no disk")
    check([outcome for _, outcome in outcomes])
    told = [outcome.told for _, outcome in outcomes]
    assert "needs" in told[0]  # found out before anything is written
    assert any("No space left on device" in line or "disk is full" in line for line in told)
    assert "built" in told
    assert "Read-only file system" in told[-1]
