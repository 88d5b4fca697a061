"""The command line as a process: what it prints where, and its exit codes."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from corpus.article import Document
from corpus.library.library import Library
from retrieval.builds import manifest
from retrieval.encoder import Encoder

ROOT = Path(__file__).resolve().parents[2]
FOUNDING = "did Kazakhstan say it joins parallel imports?"
ARTICLE = """---
title: Bridge opens
outlet: Sample Post
published: 2024-05-02
---

The bridge over the Sarn opens on Friday, mayor Dana Ohl said. “Lorries may cross it from Monday,” Ohl said.
"""


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        return json.loads(self.out)


def environment(data: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
    return kept | {"ONRECORD_DATA": str(data), "PYTHONPATH": str(ROOT)} | more


def onrecord(*arguments: str | bytes, data: Path, cwd: Path, given: bytes = b"", **more: str) -> Done:
    command = [sys.executable, "-m", "bot", *arguments]
    done = subprocess.run(
        command,
        cwd=cwd,
        env=environment(data, **more),
        input=given,
        capture_output=True,
        check=False,
        timeout=120,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture(scope="session")
def data(encoder: Encoder, models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the model ready and the starter articles indexed by a first question."""
    assert encoder.dimension == 384
    folder = tmp_path_factory.mktemp("data")
    (folder / "models").symlink_to(models)
    first = onrecord("ask", FOUNDING, "--json", data=folder, cwd=folder)
    assert first.answer["question"] == FOUNDING
    assert first.err.startswith("reading ...\ndigesting: 18 of 18\nembedding: 0 of ")
    assert ": 18 articles, " in first.err.splitlines()[-1]
    return folder


@pytest.fixture
def run(data: Path, tmp_path: Path) -> Callable[..., Done]:
    """``onrecord`` in an empty folder, over that data folder."""
    return lambda *arguments, **more: onrecord(*arguments, **({"data": data, "cwd": tmp_path} | more))


Run = Callable[..., Done]


def test_the_founding_question(run: Run) -> None:
    done = run("ask", FOUNDING, "--json")
    answer = done.answer
    assert (done.code, done.err) == (0, "")
    assert (answer["question"], answer["answered"], answer["verdict"]) == (FOUNDING, True, "no")
    for statement in answer["statements"]:
        for quote in statement["quotes"]:
            source = Path(quote["path"]).read_text(encoding="utf-8")
            assert source[quote["start"] : quote["end"]] == quote["text"]


def test_answering_loads_neither_torch_nor_a_reader(run: Run) -> None:
    """Read from the interpreter itself, for a whole question."""
    done = run("ask", FOUNDING, PYTHONPROFILEIMPORTTIME="1")
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.err.splitlines()}
    assert {"onnxruntime", "tokenizers", "tantivy"} <= loaded
    slow = {
        "torch",
        "sentence_transformers",
        "transformers",
        "trafilatura",
        "dateparser",
        "nupunkt",
        "telegram",
        "rensa",
    }
    assert loaded & slow == set()


def test_text_for_people(run: Run) -> None:
    done = run("ask", FOUNDING)
    assert done.code == 0
    assert done.out.startswith("No. It said the opposite.\n")
    assert "\x1b" not in done.out


def test_no_answer_is_exit_code_1(run: Run) -> None:
    done = run("ask", "who won the 1930 world cup?")
    assert (done.code, done.err) == (1, "")
    assert done.out.startswith("No answer")


def test_filters_and_limit(run: Run) -> None:
    wire = run(
        "ask", FOUNDING, "--json", "--outlet", "sample wire", "--since", "2023-09-01", "-k", "1"
    ).answer
    assert {p["article_id"].split("-")[3] for p in wire["passages"]} == {"wire"}
    assert all(p["article_id"] >= "2023-09-01" for p in wire["passages"])
    assert sum(len(s["quotes"]) for s in wire["statements"] if s["stance"] == "no") <= 1
    none = run("ask", FOUNDING, "--json", "--until", "1999-12-31")
    assert (none.code, none.answer["passages"]) == (1, [])


def test_a_batch_answers_in_order_and_passes_bad_lines_over(run: Run, tmp_path: Path) -> None:
    lines = [
        '{"question": "who spoke of mills?"}',
        "",
        "{oops",
        '{"id": 3}',
        "[" * 100_000,
        '{"question": " "}',
    ]
    lines += ["\udcff", json.dumps({"question": FOUNDING, "id": 7})]
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8", errors="surrogateescape")
    from_file = run("ask", "--batch", str(file), "--json")
    from_input = run("ask", "--batch", "-", "--json", given=file.read_bytes())
    for done in (from_file, from_input):
        asked = [json.loads(line)["question"] for line in done.out.splitlines()]
        assert (done.code, asked) == (0, ["who spoke of mills?", FOUNDING])
        assert [line.split(":")[0] for line in done.err.splitlines()] == [
            f"line {n}" for n in (3, 4, 5, 6, 7)
        ]


def test_a_conversation(run: Run) -> None:
    done = run("chat", given=f"{FOUNDING}\n:sources\n\n:nonsense\n:help\nexit\nnot read\n".encode())
    assert (done.code, done.err) == (0, "")
    assert "No. It said the opposite." in done.out
    assert "Sample Wire: 2" in done.out
    assert "No such command: :nonsense" in done.out
    assert done.out.count(">") == 6


def test_index_commands(run: Run) -> None:
    facts = run("index", "info", "--json").answer
    assert (facts["articles"], facts["dimension"], facts["unreadable"]) == (18, 384, 0)
    assert facts["build"] in run("index", "info").out
    verified = run("index", "verify")
    assert (verified.code, verified.err) == (0, "")
    assert verified.out.startswith(facts["build"])


def test_the_articles_of_the_index(run: Run) -> None:
    listed = run("corpus", "list")
    assert listed.code == 0
    assert len(listed.out.splitlines()) == 18
    assert "2023-09-29-wire-no-parallel-imports.md\tSample Wire\t2023-09-29\t" in listed.out


def test_show_leaves_out_the_lines_that_pages_share_as_the_index_does(run: Run, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(4):
        text = (
            f"Mayor {number} opened bridge {number} in town {number} on Monday, and very many people came.\n"
        )
        (pages / f"{number}.md").write_text(
            f"---\noutlet: Daily\n---\n{text}\nFree weather widget\n\nAt {number + 5} they went home.\n"
        )
    done = run("corpus", "show", str(pages), "--json")
    shown = [[s["text"] for s in json.loads(line)["sentences"]] for line in done.out.splitlines()]
    with Library.open(tmp_path / "library") as library:
        library.configure([pages], [])
        library.update(words=110, overlap=1)
        documents = [one for one in library.documents() if isinstance(one, Document)]
    assert shown == [[one.article.text[s.start : s.end] for s in one.sentences] for one in documents]
    assert shown[0][-1] == "At 5 they went home."
    assert "widget" not in str(shown)


def test_show_tells_what_was_read_and_goes_on_after_a_bad_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "c.jsonl").write_text(
        '{"id": "half", "text": "A half \\ud83d stands here."}', encoding="utf-8"
    )
    done = run("corpus", "show", str(tmp_path), "--json")
    shown = json.loads(done.out.splitlines()[0])
    assert done.code == 0
    assert done.err.startswith(f"not read: {tmp_path / 'b.txt'}: ")
    assert (shown["id"], shown["outlet"], shown["published"]) == ("a.md", "Sample Post", "2024-05-02")
    assert (shown["language"], shown["origins"]["published"]) == ("en", "front matter")
    assert shown["text"] == ARTICLE
    assert shown["body"].endswith(ARTICLE.splitlines()[-1])
    last = shown["sentences"][-1]
    assert (
        ARTICLE[last["start"] : last["end"]]
        == last["text"]
        == "“Lorries may cross it from Monday,” Ohl said."
    )
    assert last["voice"] == "direct"
    assert run("corpus", "show", str(tmp_path / "a.md")).out.startswith("id         a.md\n")


def test_own_articles_beside_a_binary_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(bytes(range(256)) * 9)
    question = "when may lorries cross the bridge?"
    done = run("ask", question, "--corpus", str(tmp_path), "--json")
    assert done.answer["passages"][0]["article_id"] == "a.md"
    assert [line for line in done.err.splitlines() if line.startswith("not read: ")]
    (tmp_path / "a.md").unlink()
    after = run("ask", question, "--corpus", str(tmp_path), "--json")
    assert after.answer["statements"] == done.answer["statements"]


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (["ask", ""], 2, "the question is empty"),
        (["ask", "😀" * 4096], 2, "the question is empty"),
        (["ask"], 2, "nothing or too much to answer"),
        (["ask", "x", "--batch", "-"], 2, "nothing or too much to answer"),
        (["ask", "--batch", "none.jsonl"], 2, "none.jsonl: No such file or directory"),
        (["ask", "--corpus", "none", "x"], 2, "no such file or folder: none"),
        (["ask", "--corpus", ".", "x"], 2, "no articles in ."),
        (["ask", "--config", "none.toml", "x"], 2, "none.toml: cannot be read"),
        (["corpus", "show", "none"], 2, "no such file or folder: none"),
        (["index", "info", "--index", "none"], 3, "there is no index in none"),
        (["index", "verify", "--index", "none"], 3, "there is no index in none"),
        (["corpus", "list", "--index", "none"], 3, "there is no index in none"),
        (["bot"], 2, "the Telegram token is missing"),
    ],
)
def test_one_line_and_an_exit_code(run: Run, arguments: list[str], code: int, line: str) -> None:
    done = run(*arguments)
    assert (done.code, done.out) == (code, "")
    assert done.err.startswith(f"onrecord: {line}")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("option", [["-k", "0"], ["--since", "2023-13-01"], ["--nonsense"]])
def test_a_bad_option_is_exit_code_2(run: Run, option: list[str]) -> None:
    done = run("ask", FOUNDING, *option)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("Usage: onrecord ask ")


def test_html_in_a_question_is_text(run: Run) -> None:
    question = "<b>Did</b> [red]Kazakhstan[/red] <script>alert(1)</script> join parallel imports?"
    done = run("ask", question, "--json")
    assert done.code in {0, 1}
    assert done.answer["question"] == question


def test_a_question_that_is_not_utf8(run: Run) -> None:
    done = run("ask", b"\xff\xfe did Kazakhstan join parallel imports?", "--json")
    assert done.answer["question"].startswith("\udcff\udcfe did")


def test_output_that_is_not_utf8(run: Run) -> None:
    shown = run("ask", FOUNDING, "--json", PYTHONIOENCODING="ascii")
    assert shown.out.isascii()
    assert shown.answer["statements"][0]["quotes"][0]["text"]
    assert run("ask", FOUNDING, PYTHONIOENCODING="ascii").code == 0


def test_a_damaged_index(run: Run, data: Path, tmp_path: Path) -> None:
    folder = _copy_of_the_index(data, tmp_path)
    vectors = manifest.current(folder) / manifest.VECTORS
    vectors.write_bytes(vectors.read_bytes()[:-100])
    for command in (["ask", FOUNDING], ["index", "verify"]):
        done = run(*command, "--index", str(folder))
        assert (done.code, done.out) == (3, "")
        assert str(vectors) in done.err
        assert done.err.endswith('run "onrecord index build"\n')


def test_an_index_of_another_model(run: Run, data: Path, tmp_path: Path) -> None:
    folder = _copy_of_the_index(data, tmp_path)
    build = manifest.current(folder)
    manifest.write(replace(manifest.read(build), model="another-model", fingerprint="0"), build)
    done = run("ask", FOUNDING, "--index", str(folder))
    assert (done.code, done.out, done.err.count("\n")) == (3, "", 1)
    assert "was made with another-model (384), the settings name all-MiniLM-L6-v2 (384)" in done.err


def _copy_of_the_index(data: Path, tmp_path: Path) -> Path:
    (first,) = (f for f in (data / "indexes").iterdir() if manifest.read(manifest.current(f)).articles == 18)
    return Path(shutil.copytree(first, tmp_path / "index"))


def test_a_reader_that_goes_away(run: Run, data: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot", "corpus", "list", "--json"]
    env = environment(data)
    with subprocess.Popen(
        command, cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 141


@pytest.mark.parametrize(
    ("redirection", "code", "said"), [(">/dev/full", 2, "No space left"), (">&-", 0, "")]
)
def test_an_output_that_takes_nothing(
    data: Path, tmp_path: Path, redirection: str, code: int, said: str
) -> None:
    shell = ["sh", "-c", f'"{sys.executable}" -m bot corpus list {redirection}']
    done = subprocess.run(
        shell, cwd=tmp_path, env=environment(data), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.count("\n")) == (code, bool(said))
    assert said in done.stderr


def test_ctrl_c(data: Path, tmp_path: Path) -> None:
    # A test run in the background ignores SIGINT, and so would its children: this one listens again.
    listening = "import signal, runpy; signal.signal(signal.SIGINT, signal.default_int_handler)"
    program = f"{listening}; runpy.run_module('bot', run_name='__main__', alter_sys=True)"
    command = [sys.executable, "-c", program, "ask", "--batch", "-", "--json"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(data), stdin=pipe, stdout=pipe, stderr=pipe
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps({"question": FOUNDING}).encode() + b"\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["question"] == FOUNDING
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (130, b"")


def test_version(run: Run) -> None:
    assert run("--version").out == "onrecord 0.1.0\n"
