"""What every system is asked to do, as a program of its own: standard library alone, for any interpreter.

``index ARTICLES STORE MODEL`` makes a store and prints the number of its passages; ``first STORE MODEL QUESTION``
prints the ranked articles of one question; ``ask STORE MODEL QUESTIONS OUT`` answers a file of questions, each timed, after some to warm up.
Articles are JSON lines with ``id``, ``title`` (text or null) and ``text``; questions have a ``question``;
``OUT`` gets one line a question: ``articles`` (ids, best first) and ``seconds``.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

TOP = 10
PASSAGES = 50
"""Asked of every system, so that ten articles are left when passages of one article are taken together."""
WARMING = 5
Search = Callable[[str], list[str]]
"""A question to the article of each passage found, best first; an article may come more than once."""


def serve(index: Callable[[Path, Path, str], int], load: Callable[[Path, str], Search]) -> None:
    """Do what the command line says with a system that can index and, once loaded, search."""
    verb, *given = sys.argv[1:]
    if verb == "index":
        articles, store, model = given
        print(index(Path(articles), Path(store), model), flush=True)
    elif verb == "first":
        store, model, question = given
        print(json.dumps(distinct(load(Path(store), model)(question))), flush=True)
    elif verb == "ask":
        store, model, questions, out = given
        _ask(load(Path(store), model), Path(questions), Path(out))
    else:
        raise SystemExit(f"{verb}: what is that? index, first or ask")


def rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def titled(article: dict[str, str]) -> str:
    """Title and text as one, for systems that keep no title apart."""
    return f"{article['title']}\n\n{article['text']}" if article["title"] else article["text"]


def distinct(found: list[str]) -> list[str]:
    """The first ten articles, each where its best passage stands."""
    return list(dict.fromkeys(found))[:TOP]


def _ask(search: Search, questions: Path, out: Path) -> None:
    asked = [row["question"] for row in rows(questions)]
    for question in asked[:WARMING]:
        search(question)
    with out.open("w", encoding="utf-8") as lines:
        for question in asked:
            begun = time.perf_counter()
            articles = distinct(search(question))
            seconds = time.perf_counter() - begun
            lines.write(json.dumps({"articles": articles, "seconds": seconds}) + "\n")
