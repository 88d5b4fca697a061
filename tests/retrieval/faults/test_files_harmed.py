"""Damage to a finished build is named before anything is loaded from it, and never answered from."""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.builds import manifest, opening
from retrieval.search import Index
from tests.retrieval.faults import corpora, damage
from tests.retrieval.faults.site import Site


@pytest.fixture
def loaded() -> Iterator[list[str]]:
    """The files that a library was let open."""
    with damage.libraries() as opened:
        yield opened


@pytest.fixture
def old(site: Site, tmp_path: Path) -> Path:
    """A copy of the site's index, which holds the old corpus."""
    assert site.answering() == "old"
    return Path(shutil.copytree(site.folder, tmp_path / "old"))


@pytest.fixture
def new(site: Site, tmp_path: Path) -> Path:
    """An index of the new corpus, in a folder of its own."""
    folder = tmp_path / "new"
    assert site.builder.run(**site.job | {"folder": str(folder)}).built
    return folder


def test_nothing_is_loaded_unnoticed(old: Path, site: Site, loaded: list[str]) -> None:
    Index.open(old, site.encoder).close()
    assert {"rows.sqlite", "words", "articles"} <= set(loaded)


def test_1000_flips_and_cuts_are_named_before_anything_is_loaded(
    old: Path, site: Site, loaded: list[str]
) -> None:
    seen: Counter[str] = Counter()
    for harm in damage.harmed(old, 1000, seed=5):
        line = damage.refusal(lambda: Index.open(old, site.encoder))
        if not line and harm.path.name == "CURRENT":  # the end of its line alone, which means nothing
            assert corpora.answers(old, site.encoder) == site.expected["old"]
        else:
            assert harm.path.name in line, harm
            assert not loaded, harm
            assert 'run "onrecord index build"' in line
            assert "\n" not in line
            assert damage.refusal(lambda: manifest.verify(old)) == line
        loaded.clear()
        seen[f"{harm.path.name} {harm.change}"] += 1
    assert {"manifest.json flip", "rows.sqlite cut", "meta.json flip", "CURRENT cut"} <= set(seen)
    assert corpora.answers(old, site.encoder) == site.expected["old"]


def test_a_large_build_is_looked_through_when_its_stamps_changed(
    old: Path, site: Site, loaded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large ones are not hashed at every opening, but for what has been written since."""
    monkeypatch.setattr(opening, "HASHED", 0)
    Index.open(old, site.encoder).close()
    for harm in damage.harmed(old, 100, seed=6):
        loaded.clear()
        if harm.path.name != "CURRENT":
            assert harm.path.name in damage.refusal(lambda: Index.open(old, site.encoder)), harm
            assert not loaded, harm
    assert corpora.answers(old, site.encoder) == site.expected["old"]


def test_files_of_two_builds_do_not_mix(old: Path, new: Path, site: Site, loaded: list[str]) -> None:
    refused = 0
    for name, mixed in damage.mixtures(old, new):
        line = damage.refusal(lambda at=mixed: Index.open(at, site.encoder))  # type: ignore[misc]
        if line:
            assert not loaded, name
            refused += 1
        else:  # tantivy names its files anew for each build: one more beside them is not read
            assert corpora.answers(mixed, site.encoder) == site.expected["old"], name
        loaded.clear()
    assert refused > 5


def test_current_may_not_name_a_build_that_is_gone(old: Path, new: Path, site: Site) -> None:
    shutil.copy(new / "CURRENT", old / "CURRENT")
    assert "CURRENT" in damage.refusal(lambda: Index.open(old, site.encoder))


def test_a_build_over_a_damaged_one(site: Site) -> None:
    outcomes = list(damage.built_over(site, 5, ["cut"]))
    assert not [one.violations for one in outcomes if one.violations]
