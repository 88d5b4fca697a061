"""Whatever lies in a folder: one clear reason for each thing that cannot be read, and the rest is read."""

import gzip
import json
import os
import time
from pathlib import Path

import pytest

from corpus import decoding
from corpus.article import Article, Unreadable
from corpus.errors import CorpusError
from corpus.reading import digest, find, read

GOOD = "The minister said on Monday that the bridge would open in May."
RUSSIAN = "Президент заявил в пятницу, что страна не участвует в параллельном импорте."


def only(path: Path) -> Article | Unreadable:
    (found,) = read([path])
    return found


def reason(path: Path) -> str:
    found = only(path)
    assert isinstance(found, Unreadable)
    assert found.path == str(path)
    assert "\n" not in found.reason
    return found.reason


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("empty.txt", b"", "the file is empty"),
        ("blank.txt", b" \n\n\t", "the file is empty"),
        ("empty.jsonl", b"", "the file is empty"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0" * 50, "binary data"),
        ("noise.txt", bytes(range(1, 256)) * 20, "binary data"),
        ("cut.txt", RUSSIAN.encode()[:-1] + b"\xd0 and more", "damaged UTF-8 at byte"),
        ("front.md", b"---\ntitle: Bridge\n\nThe bridge is open.\n", 'no closing "---"'),
        ("yaml.md", b"---\ntitle: Bridge: open\n---\nThe bridge is open.\n", "not valid YAML at line 2"),
        ("deep.md", b"---\na: " + b"[" * 5000 + b"\n---\nThe bridge is open.\n", "not valid YAML"),
        ("list.md", b"---\n- title\n---\nThe bridge is open.\n", "not a list of fields"),
        ("half.html.gz", gzip.compress(b"<p>The bridge is open.</p>" * 9)[:-9], "gzip data is broken"),
        ("not.jsonl.gz", b"plainly not gzip", "gzip data is broken"),
        ("bare.html", b"<html><body></body></html>", "no article text found"),
        ("form.txt", b"Leave a Reply\n\nBack to top", "only page furniture"),
        ("report.docx", b"PK", "these are .txt, .md, .jsonl"),
    ],
)
def test_one_reason_each(tmp_path: Path, name: str, data: bytes, expected: str) -> None:
    assert expected in reason(written(tmp_path, name, data))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b'{"text": "cut off', "line 2: not valid JSON"),
        (b'{"title": "no text"}', 'line 2: no "text"'),
        (b'{"text": 7}', 'line 2: no "text"'),
        (b'["text"]', 'line 2: no "text"'),
        (b'{"text": "half \\ud83d"}', "line 2: half of a character (a lone surrogate) at character 5"),
        (b'{"text": "nul \\u0000"}', "line 2: the text holds NUL"),
        (b'{"text": "caf\xe9"}', "line 2: not UTF-8"),
        (b"[" * 100_000, "line 2: not valid JSON"),
    ],
)
def test_a_bad_line_leaves_the_others(tmp_path: Path, line: bytes, expected: str) -> None:
    good = json.dumps({"text": GOOD}).encode()
    found = list(read([written(tmp_path, "a.jsonl", b"\n".join([good, line, b"", good]))]))
    assert [item.id for item in found if isinstance(item, Article)] == ["a.jsonl:1", "a.jsonl:4"]
    assert [item.reason[: len(expected)] for item in found if isinstance(item, Unreadable)] == [expected]


def test_a_file_that_is_no_jsonl_is_given_up(tmp_path: Path) -> None:
    found = list(read([written(tmp_path, "a.jsonl", b"no json\n" * 5000)]))
    assert len(found) == 21
    assert isinstance(found[-1], Unreadable)
    assert "20 bad lines in a row" in found[-1].reason


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", GOOD),
        ("utf-8-sig", GOOD),
        ("utf-16", RUSSIAN),
        ("utf-16-le", GOOD),
        ("utf-16-be", RUSSIAN),
        ("cp1251", RUSSIAN),
        ("koi8-r", RUSSIAN),
        ("cp1252", "“The café is closed – for good,” the owner’s son said on Monday."),
    ],
)
def test_encodings(tmp_path: Path, encoding: str, text: str) -> None:
    found = only(written(tmp_path, "a.txt", text.encode(encoding)))
    assert isinstance(found, Article)
    assert found.text == text


def test_windows_newlines_are_kept(tmp_path: Path) -> None:
    text = f"A bridge for everybody\r\n\r\n{GOOD}\r\n"
    found = only(written(tmp_path, "a.txt", text.encode()))
    assert isinstance(found, Article)
    assert found.text == text
    assert [text[start:end] for start, end in found.body] == ["A bridge for everybody", GOOD]


def test_an_article_above_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "LIMIT", 2_000_000)
    assert reason(written(tmp_path, "a.txt", b"word " * 500_000)).startswith("larger than 2 MB")
    assert reason(written(tmp_path, "a.html.gz", gzip.compress(b"word " * 500_000))).startswith(
        "larger than 2 MB"
    )


def test_one_very_long_line_is_cut_into_sentences_that_can_be_shown(tmp_path: Path) -> None:
    began = time.monotonic()
    found = only(written(tmp_path, "a.txt", b"no end of words " * 60_000 + b"x" * 50_000 + b"."))
    assert isinstance(found, Article)
    document = digest(found)
    assert max(s.end - s.start for s in document.sentences) <= 1500
    assert sum(s.end - s.start for s in document.sentences) > 900_000
    assert time.monotonic() - began < 20


def test_a_named_pipe_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert "not a regular file" in reason(tmp_path / "pipe.txt")


def test_links_that_lead_nowhere_or_in_circles(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GOOD)
    (tmp_path / "again").symlink_to(tmp_path)
    (tmp_path / "same.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "lost.txt").symlink_to(tmp_path / "nowhere.txt")
    (tmp_path / "ring.txt").symlink_to(tmp_path / "ring.txt")
    found = list(read([tmp_path]))
    assert [item.id for item in found if isinstance(item, Article)] == ["a.txt"]
    reasons = {Path(item.path).name: item.reason for item in found if isinstance(item, Unreadable)}
    assert reasons == {
        "lost.txt": "no such file or directory: check the file",
        "ring.txt": "too many levels of symbolic links: check the file",
    }


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", GOOD.encode())
    path.chmod(0)
    assert "permission denied" in reason(path)
    shut = tmp_path / "shut"
    shut.mkdir(mode=0)
    assert [item.reason for item in read([tmp_path]) if isinstance(item, Unreadable)] == [
        "permission denied: check the file"
    ] * 2


@pytest.mark.parametrize("name", [b"a\nb", b"\xff\xfe", "новости — 2023".encode(), b"<b>", b"-rf", b"%s{0}"])
def test_odd_names(tmp_path: Path, name: bytes) -> None:
    folder = os.fsencode(tmp_path) + b"/" + name
    Path(os.fsdecode(folder)).mkdir()
    path = Path(os.fsdecode(folder + b"/" + name + b".txt"))
    path.write_text(GOOD)
    (found,) = read([tmp_path])
    assert isinstance(found, Article)
    assert found.path.isprintable()
    assert found.path.encode().decode() == found.path
    assert found.text == GOOD


def test_other_files_in_folders_are_passed_over(tmp_path: Path) -> None:
    for name in ("a.TXT", "notes.png", ".hidden.txt", "b.md"):
        (tmp_path / name).write_text(GOOD)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "c.txt").write_text(GOOD)
    assert [path.name for path in find([tmp_path])] == ["a.TXT", "b.md"]


def test_files_that_may_hold_articles_but_are_not_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "report.docx").write_bytes(b"PK")
    (tmp_path / "a.txt").write_text(GOOD)
    article, passed = read([tmp_path])
    assert isinstance(article, Article)
    assert isinstance(passed, Unreadable)
    assert passed.path.endswith("report.docx")
    assert "not a kind of file that can be read" in passed.reason


def test_an_empty_folder_holds_nothing(tmp_path: Path) -> None:
    assert list(read([tmp_path])) == []


def test_a_path_that_does_not_exist_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"no such file or folder: .*nowhere: check the path"):
        read([tmp_path / "nowhere"])


def test_ids_are_unique(tmp_path: Path) -> None:
    for folder in ("2022", "2023", "2023/2023"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "page.txt").write_text(GOOD)
    (tmp_path / "rows.jsonl").write_text("\n".join([json.dumps({"id": 7, "text": GOOD})] * 3))
    found = [item.id for item in read([tmp_path]) if isinstance(item, Article)]
    assert len(set(found)) == 6
    assert found[:4] == ["7", f"{tmp_path.name}/7", "7~3", "page.txt"]
    assert found[4] == "2023/page.txt"


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GOOD)
    assert len(list(read([tmp_path, tmp_path / "a.txt", tmp_path]))) == 1
