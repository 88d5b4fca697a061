"""The article on its page, against bodies a person marked: ``python -m benchmarks.extraction EVAL_FOLDER [--save FILE]``.

``EVAL_FOLDER`` is ``extraction`` (or the folder above it) with ``ground-truth.json`` and ``html/*.html.gz``, the 181
pages of the article extraction benchmark by Zyte. Three readings of every page:

- ``pages``: the page as ``onrecord corpus show`` reads its file (``corpus.reading.read``): the body without the headline,
  which is a field of its own here and no part of the marked bodies;
- ``flattened``: the same from a text file that holds what a browser would show of the page (``flatten``), so that the
  cleaning of scraped text is measured: no tags are left to go by;
- ``trafilatura``: ``trafilatura.extract`` with its own defaults, of the same decoded page.

``flattened_with_headline`` counts the headline, where one was found, as body too.

**The figure.** Precision and recall of word 4-grams, counted with repetitions, averaged over pages; F1 is of the two
averages. ``kept`` is the F1 of ``flattened`` over that of ``pages``. Intervals: 95 %, percentiles of 2,000 bootstrap
samples of pages, seed 0. ``development`` pages (even CRC-32 of the file's name) were looked at while the rules were
made; ``held_out`` pages were only counted.
"""

import argparse
import gzip
import json
import random
import re
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lxml import etree

from corpus.article import Article
from corpus.decoding import decode
from corpus.reading import read

SAMPLES, SEED = 2000, 0
Pair = tuple[float, float]
"""Precision and recall of one page."""

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre search"
    " section summary table tbody tfoot thead tr ul".split()
)
_UNSEEN = frozenset(
    "area audio canvas datalist embed head iframe img input map math noembed noframes noscript object select script"
    " style svg template textarea title video".split()
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def flatten(page: str) -> str:
    """The text of a page as ``innerText`` gives it, but for style sheets, which are not read.

    Lines end at block elements and ``br``, a blank line stands around ``p``, a tab between cells; scripts, styles,
    form fields, embedded media and what is hidden by its own attributes are not shown; other white space is one space.
    """
    parser = etree.HTMLParser(
        no_network=True, remove_comments=True, remove_pis=True, huge_tree=True, encoding="utf-8"
    )
    root = etree.fromstring(page.encode("utf-8", "replace"), parser)
    pieces: list[str] = []
    breaks, hidden = 0, None
    for event, element in etree.iterwalk(root, ("start", "end")):
        if event == "start" and hidden is None and _is_hidden(element):
            hidden = element
        if hidden is None:
            breaks = max(breaks, (element.tag in _BLOCKS) + (element.tag == "p"))
            if element.tag == "br" and event == "start":
                pieces.append("\n")
            elif element.tag in ("td", "th") and event == "end" and element.getnext() is not None:
                pieces.append("\t")
        elif hidden is element and event == "end":
            hidden = None
        piece = element.text if event == "start" else element.tail
        if hidden is not None or not piece:
            continue
        shown = piece if element.tag == "pre" and event == "start" else re.sub(r"\s+", " ", piece)
        if shown.strip() or not breaks:
            pieces += ["\n" * breaks, shown]
            breaks = 0
    return re.sub(r" +", " ", re.sub(r" *\n *", "\n", "".join(pieces))).strip() + "\n"


def _is_hidden(element: Any) -> bool:
    return (
        element.tag in _UNSEEN
        or "hidden" in element.attrib
        or bool(_HIDDEN.search(element.get("style") or ""))
    )


def four_grams(text: str) -> Counter[tuple[str, ...]]:
    """The word 4-grams of ``text``, or all of a shorter one, with how often each occurs."""
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3))) if words else Counter()


def judge(read_text: str, marked: str) -> Pair:
    got, want = four_grams(read_text), four_grams(marked)
    both = (got & want).total()
    return (
        both / got.total() if got else float(not want),
        both / want.total() if want else 1.0,
    )


def figures(pairs: Sequence[Pair]) -> dict[str, float]:
    precision = sum(p for p, _ in pairs) / len(pairs)
    recall = sum(r for _, r in pairs) / len(pairs)
    both = precision + recall
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / both if both else 0.0}


def with_intervals(pairs: Sequence[Pair]) -> dict[str, Any]:
    draw = random.Random(SEED)  # noqa: S311  a bootstrap, not a secret
    samples = [figures(draw.choices(pairs, k=len(pairs))) for _ in range(SAMPLES)]
    found: dict[str, Any] = {"n": len(pairs)}
    for name, value in figures(pairs).items():
        found[name] = [round(x, 4) for x in (value, *_middle([sample[name] for sample in samples]))]
    return found


def kept(flat: Sequence[Pair], whole: Sequence[Pair]) -> list[float]:
    """F1 of the one over F1 of the other, and its interval over samples of the same pages."""

    def ratio(chosen: Sequence[int]) -> float:
        return figures([flat[i] for i in chosen])["f1"] / figures([whole[i] for i in chosen])["f1"]

    draw = random.Random(SEED)  # noqa: S311  as above
    every = range(len(flat))
    samples = [ratio(draw.choices(every, k=len(flat))) for _ in range(SAMPLES)]
    return [round(x, 4) for x in (ratio(every), *_middle(samples))]


def _middle(values: list[float]) -> tuple[float, float]:
    values.sort()
    return values[int(0.025 * len(values))], values[int(0.975 * len(values)) - 1]


def readings(folder: Path) -> dict[str, dict[str, str]]:
    """For each kind of reading, the body of each page by its name."""
    import trafilatura  # noqa: PLC0415  slow to import; the tests of this module's figures do without

    files = sorted((folder / "html").glob("*.html.gz"))
    decoded = {_name(file): decode(gzip.decompress(file.read_bytes())) for file in files}
    with TemporaryDirectory() as scratch:
        for name, page in decoded.items():
            Path(scratch, f"{name}.txt").write_text(flatten(page), encoding="utf-8")
        return {
            "pages": _bodies(files),
            "flattened": _bodies([Path(scratch)]),
            "flattened_with_headline": _bodies([Path(scratch)], headline=True),
            "trafilatura": {name: trafilatura.extract(page) or "" for name, page in decoded.items()},
        }


def _bodies(paths: Sequence[Path], *, headline: bool = False) -> dict[str, str]:
    return {
        _name(Path(found.path)): "\n".join(
            found.text[start:end] for start, end in found.body if headline or (start, end) != found.title_span
        )
        for found in read(paths)
        if isinstance(found, Article)
    }


def _name(file: Path) -> str:
    return file.name.split(".", maxsplit=1)[0]


def _is_held_out(name: str) -> bool:
    return zlib.crc32(f"{name}.html.gz".encode()) % 2 == 1


def report(marked: Mapping[str, str], texts: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    parts: dict[str, Callable[[str], bool]] = {
        "all": lambda _: True,
        "development": lambda name: not _is_held_out(name),
        "held_out": _is_held_out,
    }
    found: dict[str, Any] = {}
    for part, belongs in parts.items():
        names = [name for name in marked if belongs(name)]
        pairs = {
            kind: [judge(read_texts.get(name, ""), marked[name]) for name in names]
            for kind, read_texts in texts.items()
        }
        found[part] = {kind: with_intervals(of_kind) for kind, of_kind in pairs.items()}
        found[part]["kept"] = kept(pairs["flattened"], pairs["pages"])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.extraction", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--save", type=Path)
    options = parser.parse_args()
    nested = options.folder / "extraction"
    folder = nested if nested.is_dir() else options.folder
    gold = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    found = report({name: page["articleBody"] for name, page in gold.items()}, readings(folder))
    text = json.dumps(found, indent=1)
    print(text)
    if options.save:
        options.save.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
