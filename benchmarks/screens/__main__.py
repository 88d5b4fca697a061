"""Screens a person would see of the Telegram bot: ``python -m benchmarks.screens FOLDER [--save]``.

Answers of the real engine over the starter articles, and over a few that make trouble, through the handlers' own
view of an answer; drawn in the look of a client (``client``) and photographed in headless Chromium. Writes
FOLDER/NAME.html and NAME.png. They are there to be looked at. ``--save`` keeps those that README.md shows in
``results/screen-*.png``. Needs the Chromium of the system, and playwright. The starter articles have no addresses:
they are given made-up ones here, so that links are to be seen.
"""

import argparse
import io
import shutil
import tempfile
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from benchmarks.screens.client import WIDTH, Shown, page
from benchmarks.screens.trouble import ARTICLES
from benchmarks.text_fragments import chromium
from bot.app import STARTER, App
from bot.live import Live
from bot.messenger.handlers.asking.showing import view
from bot.messenger.memory.shown import Asking, ShownAnswer
from bot.render.digest import Section, digest
from bot.render.phrases import phrases

RESULTS = Path(__file__).parents[1] / "results"
FOUNDING = "did Kazakhstan say it joins parallel imports?"
_COLOURS = 256


@dataclass(frozen=True, slots=True)
class Screen:
    name: str
    question: str
    language: str = "en"
    page: int = 0
    context: bool = False
    newest: bool = False
    vote: int = 0
    unfolded: bool = False
    watched: bool = False
    """The question is a topic, and the message tells what is new on it."""
    kept: bool = False
    """Whether README.md shows it."""


SCREENS = (
    Screen("verdict", FOUNDING, kept=True),
    Screen("wordings", FOUNDING, unfolded=True, vote=1),
    Screen("second-page", FOUNDING, page=1),
    Screen("context", FOUNDING, context=True, kept=True),
    Screen("disputed", "Was the Tarn Bridge checkpoint closed on Saturday?"),
    Screen("newest-first", "Will Ardavia introduce an export monitoring system?", newest=True),
    Screen("open", "How long is the border between Kazakhstan and Russia?"),
    Screen("no-answer", "did Uzbekistan say it joins parallel imports?"),
    Screen("russian", "Говорил ли Казахстан, что присоединяется к параллельному импорту?", "ru", kept=True),
    Screen("russian-no-answer", "Did the minister of fishing resign?", "ru", unfolded=True),
    Screen("kazakh", "Қазақстан параллель импортқа қатысамын деп айтты ма?", "kk"),
    Screen("kazakh-disputed", "Was the Tarn Bridge checkpoint closed on Saturday?", "kk"),
    Screen("kazakh-context", FOUNDING, "kk", context=True),
    Screen("kazakh-no-answer", "did Uzbekistan say it joins parallel imports?", "kk"),
    Screen("news", "parallel imports", watched=True),
    Screen("news-russian", "parallel imports", "ru", watched=True),
    Screen("long", "Did Runa Tell say that the harbour of Velm needs a new wall?"),
    Screen("markup", "Did Otto Brann say that the archive of Pelk is open?"),
    Screen("scripts", "Did Sami Noor say that the ferry to Halm runs in winter?"),
)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--save", action="store_true")
    parser.add_argument("--only", default="", metavar="WORD")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    chosen = [screen for screen in SCREENS if options.only in screen.name]
    with (
        tempfile.TemporaryDirectory() as corpus,
        closing(_live(Path(corpus))) as live,
        chromium() as browser,
    ):
        for screen in chosen:
            written = options.folder / f"{screen.name}.html"
            written.write_text(page(_shown(live, screen), screen.language), encoding="utf-8")
            picture = _photographed(browser, written)
            written.with_suffix(".png").write_bytes(picture)
            print(
                screen.name, f"{len(picture) / 1000:.0f} kB", "kept" if options.save and screen.kept else ""
            )
            if options.save and screen.kept:
                (RESULTS / f"screen-{screen.name}.png").write_bytes(picture)


def _live(folder: Path) -> Live:
    articles = folder / "articles"
    shutil.copytree(STARTER, articles)
    for path in articles.glob("*.md"):
        outlet = path.stem.split("-")[3]
        address = f"url: https://{outlet}.example/{path.stem[:10].replace('-', '/')}/{path.stem[11:]}"
        path.write_text(
            path.read_text(encoding="utf-8").replace("---\n", f"---\n{address}\n", 1), encoding="utf-8"
        )
    for name, text in ARTICLES.items():
        (articles / f"{name}.md").write_text(text, encoding="utf-8")
    app = App.of((articles,), folder / "index", None)
    app.build(_quiet)
    return app.live(_quiet, print)


def _shown(live: Live, screen: Screen) -> Shown:
    say = phrases(screen.language)
    if screen.watched:
        statements = live.on_topic(screen.question).statements
        told = digest(say("New on “{topic}”", topic=screen.question), [Section("", statements)], say)
        return Shown(f"/new {screen.question}", told.message)
    asking = Asking("1:0", 7, None, 1, 7, screen.question, None)
    answer = replace(live.answer(screen.question), took_ms=0.0)
    kept = ShownAnswer(
        "screen", asking, answer, 0, None, screen.page, screen.newest, screen.context, screen.vote
    )
    message, rows = view(live, kept, say)
    return Shown(screen.question, message, rows, screen.unfolded)


def _photographed(browser: Browser, file: Path) -> bytes:
    tab = browser.new_page(viewport={"width": WIDTH, "height": 200}, device_scale_factor=1.5)
    tab.goto(file.as_uri())
    picture = Image.open(io.BytesIO(tab.screenshot(full_page=True)))
    tab.close()
    small = io.BytesIO()
    picture.convert("RGB").quantize(_COLOURS).save(small, "PNG", optimize=True)
    return small.getvalue()


def _quiet(_stage: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


main()
