"""The attribution benchmark counts right: a small file in the form of PolNeAR, written for this test."""

import gzip
import json
from pathlib import Path

import pytest

from benchmarks.attribution import measure
from benchmarks.polnear import Source, is_source, load

TEXT = (
    "Mayor Anna Dahl closed the mine on Monday after a long dispute with its owners.\n\n"
    "“We had no other choice left,” Dahl said.\n\n"
    "“I have thought about it for a year,” she added.\n\n"
    "“It is a mistake,” a miner said.\n\n"
    "“The wall said this by itself.”\n\n"
    "Owner Karl Weiss said that the mine was safe."
)


def _attribution(content: str, source: str, cue: str) -> dict[str, object]:
    at = TEXT.index(content)
    by = TEXT.index(f"{source} {cue}")
    return {
        "label": "Attribution",
        "source": [{"spans": [[by, by + len(source)]], "text": source}],
        "cue": [],
        "content": [{"spans": [[at, at + len(content)]], "text": content}],
    }


@pytest.fixture
def file(tmp_path: Path) -> Path:
    wrong = _attribution("“The wall said this by itself.”", "Karl Weiss", "said")
    annotations = [
        _attribution("“We had no other choice left,”", "Dahl", "said"),
        _attribution("“I have thought about it for a year,”", "she", "added"),
        _attribution("“It is a mistake,”", "a miner", "said"),
        wrong,
        _attribution("that the mine was safe", "Karl Weiss", "said"),
    ]
    path = tmp_path / "dev.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.write(json.dumps({"id": "mine", "text": TEXT, "annotations": {"x": annotations}}) + "\n")
    return path


def test_figures(file: Path) -> None:
    result, judged = measure(file)
    quoted = result["quoted"]
    assert [quoted[kind]["n"] for kind in ("all", "named", "pronouns", "descriptions")] == [4, 2, 1, 1]
    assert quoted["all"]["recall"][0] == 0.75
    assert quoted["pronouns"]["f1"] == [1.0, 1.0, 1.0]
    assert [j.right for j in judged if j.attribution.quoted] == [True, True, True, False]
    assert result["reported"]["all"]["precision"][0] == 1.0
    assert result["voice"]["quoted"] == {"direct": 4}


def test_a_pronoun_of_the_gold_stands_for_a_person_named_as_source(file: Path) -> None:
    pronoun = load(file)[0].attributions[1].source
    assert pronoun == Source("she", "pronoun", (("Dahl",),))


@pytest.mark.parametrize(
    ("speaker", "right"),
    [("Anna Dahl", True), ("Dahl", True), ("Karl Dahl", False), ("Karl Weiss", False), ("the mayor", False)],
)
def test_a_name_is_right_up_to_its_given_name(speaker: str, *, right: bool) -> None:
    assert is_source(speaker, Source("Mayor Anna Dahl", "name", (("Mayor", "Anna", "Dahl"),)), TEXT) == right


def test_a_description_is_right_by_its_noun_or_by_the_name_beside_it() -> None:
    mayor = Source("the mayor", "description", ())
    assert is_source("the mayor", mayor, TEXT)
    assert is_source("Anna Dahl", mayor, TEXT)
    assert not is_source("Karl Weiss", mayor, TEXT)
