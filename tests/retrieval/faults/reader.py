"""A process that opens an index and goes on asking it until the file STOP is there, then tells what it found.

python -m tests.retrieval.faults.reader FOLDER STOP
"""

import json
import sys
from itertools import cycle
from pathlib import Path

from retrieval.search import Index
from tests.retrieval.faults import corpora


def main() -> None:
    folder, stop = map(Path, sys.argv[1:])
    index = Index.open(folder, corpora.Words())
    sys.stdout.write("open\n")
    sys.stdout.flush()
    found: dict[str, set[str]] = {question: set() for question in corpora.questions()}
    asked = 0
    for question in cycle(found):
        found[question].add(corpora.found(index, question).decode())
        asked += 1
        if stop.exists() and asked >= len(found):
            break
    index.close()
    sys.stdout.write(json.dumps([asked, *map(sorted, found.values())]))


if __name__ == "__main__":
    main()
