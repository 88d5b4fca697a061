"""Whether links open a page at the quote: ``python -m benchmarks.text_fragments [--articles FOLDER] [--save]``.

Quotes of one word to eighty, drawn from the articles, are linked as the bot links them. Each link is opened in
headless Chromium on a page of this machine that shows the article, a line a paragraph, with much room between.
"arrived": the browser went to the paragraph in which the quote begins, and marked text there. "plain": no place
could be named, and the link opens the page alone. The exit code is 1 when any was lost. Needs the Chromium of the
system, and playwright.
"""

import argparse
import html
import io
import json
import random
import re
import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from bot.answer import Quote
from bot.app import STARTER
from bot.render.fragments import source_link
from corpus.article import Article
from corpus.reading import read

RESULT = Path(__file__).parent / "results" / "text_fragments.json"
LENGTHS = (1, 2, 4, 8, 20, 80)  # words
HEIGHT = 600  # pixels
SHOWN_AFTER = 250  # ms, in which the browser searches and scrolls
MARK = (255, 0, 0)
STYLE = f"p{{margin:0 0 {HEIGHT}px}} ::target-text{{background:rgb{MARK}}}"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=Path, default=STARTER)
    parser.add_argument("--each", type=int, default=2, help="quotes of each length from each article")
    parser.add_argument("--save", action="store_true")
    given = parser.parse_args()
    texts = [article.text for article in read([given.articles]) if isinstance(article, Article)]
    with serving(texts) as site, chromium() as browser:
        counts = Counter(seen(browser, quote, texts) for quote in quotes(texts, site, given.each))
    figures = {"articles": len(texts), "quotes": counts.total(), **counts}
    print(json.dumps(figures, indent=1))
    if given.save:
        RESULT.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return int(counts["lost"] > 0)


def quotes(texts: list[str], site: str, each: int) -> Iterator[Quote]:
    chance = random.Random(1)  # noqa: S311  the same quotes each time
    for number, text in enumerate(texts):
        words = list(re.finditer(r"\S+", text))
        for length in [n for n in LENGTHS for _ in range(each) if n < len(words)]:
            first = chance.randrange(len(words) - length)
            start, end = words[first].start(), words[first + length - 1].end()
            url = f"{site}/{number}"
            yield Quote(text[start:end], str(number), None, None, None, None, url, "", start, end)


def seen(browser: Browser, quote: Quote, texts: list[str]) -> str:
    """What a reader sees who opens the link."""
    text = texts[int(quote.article_id)]
    link = source_link(quote, text)
    if link is None or ":~:" not in link:
        return "plain"
    page = browser.new_page(viewport={"width": 800, "height": HEIGHT})
    page.goto(link)
    page.wait_for_timeout(SHOWN_AFTER)
    line = text.count("\n", 0, quote.start)
    box = page.locator(f"#line{line}").bounding_box()
    marked = MARK in {colour for _, colour in _colours(page.screenshot())}
    page.close()
    if box and box["y"] < HEIGHT and box["y"] + box["height"] > 0 and marked:
        return "arrived"
    print("lost:", unquote(link))
    return "lost"


def _colours(shot: bytes) -> list[tuple[int, tuple[int, ...]]]:
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    return [(n, c) for n, c in image.getcolors(image.width * image.height) or [] if isinstance(c, tuple)]


@contextmanager
def serving(texts: list[str]) -> Iterator[str]:
    """The articles as pages ``/0``, ``/1``, …; gives the address of the site."""
    pages = {f"/{number}": _page(text) for number, text in enumerate(texts)}

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(urlsplit(self.path).path)
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def _page(text: str) -> bytes:
    lines = (f"<p id=line{n}>{html.escape(line)}</p>" for n, line in enumerate(text.split("\n")))
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{''.join(lines)}".encode()


@contextmanager
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


if __name__ == "__main__":
    raise SystemExit(main())
