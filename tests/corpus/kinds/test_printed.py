"""PDFs: written by hand here, so that each line stands where a test wants it."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, StreamObject

from corpus import kinds
from corpus.decoding import Unfit
from corpus.kinds import Flaw, Record
from corpus.kinds.printed import PAGES, paragraphs

LINES = [
    "The minister said on Monday that the old bridge would open in May,",
    "after years in which nobody could cross the river here. It has been",
    "closed since the flood, and nobody misses it more than the bakers.",
    "No more was said.",
    "Prices",
    "Tickets will be sold from April on, the mayor said, and the price of",
    "one is not yet known, though it will be more than it was before.",
]
TEXT = [
    f"{LINES[0]} {LINES[1]} {LINES[2]} {LINES[3]}",
    "Prices",
    f"{LINES[5]} {LINES[6]}",
]


def pdf(
    *pages: list[str], title: str | None = None, compress: bool = True, password: str | None = None
) -> bytes:
    writer = PdfWriter()
    for lines in pages:
        shown = "".join(f"({line}) Tj T*\n" for line in lines)
        page = writer.add_blank_page(595, 842)
        stream: StreamObject = DecodedStreamObject()
        stream.set_data(f"BT /F1 11 Tf 50 800 Td 14 TL\n{shown}ET".encode("latin-1"))
        stream = stream.flate_encode() if compress else stream
        font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
        fonts = DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
        page[NameObject("/Contents")] = writer._add_object(stream)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): fonts})}
        )
    if title:
        writer.add_metadata({"/Title": title, "/Author": "Ann Lee", "/CreationDate": "D:20240506070809Z"})
    if password is not None:
        writer.encrypt(password, "owner", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def read(folder: Path, data: bytes) -> list[Record | Flaw]:
    (folder / "a.pdf").write_bytes(data)
    return list(kinds.records(folder / "a.pdf"))


def only(folder: Path, data: bytes) -> Record:
    (found,) = read(folder, data)
    assert isinstance(found, Record)
    return found


def test_lines_become_paragraphs(tmp_path: Path) -> None:
    found = only(tmp_path, pdf(LINES, title="Bridge to open"))
    assert found.text.split("\n\n") == TEXT
    assert [found.text[block.start : block.end] for block in found.blocks] == TEXT
    assert (found.title, found.author) == ("Bridge to open", "Ann Lee")
    assert (found.published, found.updated, found.outlet) == (None, None, None)


@pytest.mark.parametrize("title", ["Microsoft Word - bridge.doc", "untitled", "bridge_final.indd", None])
def test_a_title_that_is_a_file_name_is_none(tmp_path: Path, title: str | None) -> None:
    assert only(tmp_path, pdf(LINES, title=title)).title is None


def test_paragraphs_go_on_over_pages_past_what_runs_at_their_edges() -> None:
    pages = [
        f"The Daily, 2 May 2023\n{line}\nPage {number} of 7" for number, line in enumerate(LINES, start=1)
    ]
    assert paragraphs([text.replace("Page 3 of 7", "- 3 -") for text in pages]).split("\n\n") == TEXT


def test_words_broken_at_the_end_of_a_line() -> None:
    assert paragraphs(["The whole govern-\nment met in Paris-\nEst and spoke of\u00ad\nten of it."]) == (
        "The whole government met in Paris-Est and spoke often of it."
    )


def test_lists_keep_their_items() -> None:
    assert (
        paragraphs(["1. The first of the items\n2. The second of the items\n• A third one, at last"]).count(
            "\n\n"
        )
        == 2
    )


def test_one_damaged_page_leaves_the_others(tmp_path: Path) -> None:
    data = pdf(LINES, ["SPOIL ME"], compress=False).replace(
        b"/F1 11 Tf 50 800 Td 14 TL\n(SPOIL ME) Tj", b"<" * 39
    )
    found = read(tmp_path, data)
    assert [item.text.split("\n\n") for item in found if isinstance(item, Record)] == [TEXT]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"no PDF at all", "damaged, or not what its name says"),
        (pdf([]), "no text in the PDF"),
        (pdf(LINES, password="secret"), "locked with a password"),  # noqa: S106  of a test
        (pdf(LINES)[:500], "damaged, or not what its name says"),
        (pdf(*[["A line."]] * (PAGES + 1)), "more than 500 pages"),
    ],
    ids=["noise", "blank", "locked", "cut", "long"],
)
def test_one_reason_each(tmp_path: Path, data: bytes, expected: str) -> None:
    with pytest.raises(Unfit, match=expected):
        read(tmp_path, data)


def test_an_empty_password_is_no_lock(tmp_path: Path) -> None:
    assert only(tmp_path, pdf(LINES, password="")).text.split("\n\n") == TEXT


def test_pages_that_contain_each_other_end_somewhere(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(LINES))))
    root = writer._root_object["/Pages"].get_object()
    assert isinstance(root, DictionaryObject)
    root["/Kids"].append(root.indirect_reference)  # type: ignore[attr-defined]
    file = io.BytesIO()
    writer.write(file)
    with pytest.raises(Unfit, match="damaged, or not what its name says"):
        read(tmp_path, file.getvalue())
