"""An index that answers while builders are harmed beside it, and the judge of what is left."""

import hashlib
import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.errors import IndexUnusable
from tests.retrieval.faults import corpora
from tests.retrieval.faults.builder import KEEP, Builder, Ended
from tests.retrieval.faults.corpora import Which

NOTES = ".checked"
"""Where large builds' last checks are noted."""
OLD_STAYS = "an earlier build still answers"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one fault came to."""

    answered: str
    """"old" or "new": the build whose answers, byte for byte, the index gave; "named" where it refused damage."""
    told: str
    """How the builder ended: "built", "killed", or the line it ended with."""
    violations: tuple[str, ...]
    """Broken promises, each in a line; none is right."""
    next_build: bool = False
    """Whether another build was made afterwards, and answered, and left nothing lying about."""


@dataclass
class Site:
    """An index in ``base/index``; the build that serves and the one that is built over it change places."""

    base: Path
    builder: Builder
    expected: dict[str, bytes]
    """All that either build answers."""
    encoder: corpora.Words = field(default_factory=corpora.Words)
    serving: Which = "old"
    seconds: float = 0.0
    """Of the last build that nothing befell."""

    @classmethod
    def made(cls, base: Path, builder: Builder) -> "Site":
        """A site with one whole build, in the empty folder ``base``."""
        site = cls(base, builder, {})
        for which in ("new", "old"):
            site.clear()
            site.serving = "new" if which == "old" else "old"
            assert site.build().built
            site.expected[which] = corpora.answers(site.folder, site.encoder)
        site.serving = "old"
        return site

    @property
    def folder(self) -> Path:
        return self.base / "index"

    @property
    def other(self) -> Which:
        return "new" if self.serving == "old" else "old"

    @property
    def job(self) -> dict[str, str]:
        """A build of the other corpus."""
        return {
            "corpus": self.other,
            "folder": str(self.folder),
            "cache": str(self.base / "cache"),
            "temporary": str(self.base / "temporary"),
        }

    def build(self, **harm: Any) -> Ended:
        """Build the other corpus, with whatever harm; nothing is embedded yet."""
        shutil.rmtree(self.base / "cache", ignore_errors=True)
        return self.builder.run(**self.job, **harm)

    def clear(self) -> None:
        for name in ("index", "cache", "temporary"):
            shutil.rmtree(self.base / name, ignore_errors=True)
        (self.base / "temporary").mkdir(parents=True)

    def mend(self) -> None:
        """Begin again with one whole build of the old corpus."""
        self.clear()
        self.serving = "new"
        assert self.build().built
        self.serving = "old"

    def answering(self) -> str:
        """ "old" or "new", or what is wrong with the answers."""
        try:
            given = corpora.answers(self.folder, self.encoder)
        except IndexUnusable as exc:
            return f"refused: {exc}"
        return next((which for which, known in self.expected.items() if given == known), "a mix")

    def judged(self, ended: Ended, relieve: Callable[[], None] = lambda: None) -> Outcome:
        """Look at what a harmed build has left, ``relieve`` it, build again, and look again."""
        answered = self.answering()
        broken = self._after(ended, answered)
        relieve()
        broken_next = self.next_build()
        broken += broken_next
        named = "old" if answered == self.serving else "new" if answered == self.other else answered
        if broken:
            self.mend()
        else:
            self.serving = self.other
        told = "killed" if ended.signal else f"{ended.error}: {ended.message}" if ended.error else "built"
        return Outcome(named, told, tuple(broken), not broken_next)

    def _after(self, ended: Ended, answered: str) -> list[str]:
        broken = []
        if answered not in self.expected:
            broken.append(f"the index does not answer as one build: {answered}")
        if ended.built and answered != self.other:
            broken.append(f"told to have built, and the index gives {answered}")
        if ended.error and (not ended.ours or "\n" in ended.message):
            broken.append(f"no plain error: {ended.error}: {ended.message}")
        if OLD_STAYS in ended.message and answered != self.serving:
            broken.append(f"told that {OLD_STAYS}, and it does not: {ended.message}")
        if (self.base / "cache" / "vectors.damaged").exists():
            broken.append("the vectors that were kept are put aside, and nothing is wrong with them")
        if not ended.signal:
            broken += debris(self.base)
        return broken

    def next_build(self) -> list[str]:
        """Build the other corpus unharmed; what is wrong then, each in a line."""
        begun = time.monotonic()
        ended = self.builder.run(**self.job)
        self.seconds = time.monotonic() - begun
        if not ended.built:
            return [f"the next build fails: {ended.error} {ended.message} {ended.signal or ''}"]
        answered = self.answering()
        wrong = [] if answered == self.other else [f"the next build does not answer, but {answered}"]
        many = len(builds(self.folder)) - KEEP
        wrong += [f"{many} builds more than may be are kept"] if many > 0 else []
        return wrong + debris(self.base)


def builds(folder: Path) -> list[Path]:
    """Those that an index has kept."""
    return [path for path in (folder / "builds").iterdir() if not path.name.startswith(".")]


def debris(base: Path) -> list[str]:
    """What lies about that belongs to no whole build."""
    folder = base / "index"
    lying = [path for path in folder.iterdir() if path.name not in ("CURRENT", ".lock", "builds")]
    hidden = (path for path in (folder / "builds").glob(".*") if path.name != NOTES)
    lying += [*hidden, *(base / "temporary").iterdir()]
    found = [f"left lying: {path.relative_to(base)}" for path in lying]
    return found + [f"{build.relative_to(base)}: {why}" for build in builds(folder) if (why := flaw(build))]


def flaw(build: Path) -> str:
    """What is wrong with a build's folder by its own manifest, read without the code under test."""
    try:
        listed = json.loads((build / "manifest.json").read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError) as exc:
        return f"no manifest ({exc})"
    locks = set(build.rglob(".tantivy-*.lock"))  # empty; tantivy makes one to open its index
    there = {p.relative_to(build).as_posix() for p in {*build.rglob("*")} - locks if p.is_file()}
    if there != {*listed, "manifest.json"}:
        return f"holds other files than it lists: {sorted(there ^ {*listed, 'manifest.json'})}"
    changed = (
        n for n in listed if hashlib.sha256((build / n).read_bytes()).hexdigest() != listed[n]["sha256"]
    )
    return ", ".join(f"{name} is changed" for name in changed)
