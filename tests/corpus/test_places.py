from pathlib import Path

from corpus.article import Article, Unreadable
from corpus.places import places
from corpus.reading import Names, read

TEXT = "The minister said on Monday that the bridge would open in May."


def test_links_out_of_a_folder_are_named_and_not_followed(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    for folder in (inside / "kept", outside):
        folder.mkdir(parents=True)
        (folder / "page.txt").write_text(TEXT)
    (inside / "out").symlink_to(outside)
    (inside / "page.txt").symlink_to(outside / "page.txt")
    (inside / "within").symlink_to(inside / "kept")
    found = list(read([inside]))
    assert [one.path for one in found if isinstance(one, Article)] == [str(inside / "kept" / "page.txt")]
    refused = {one.path: one.reason for one in found if isinstance(one, Unreadable)}
    assert set(refused) == {str(inside / "out"), str(inside / "page.txt")}
    assert set(refused.values()) == {
        "a link out of the folder, which is not followed: add what it leads to by its own path"
    }
    assert [place.path.name for place in places([inside / "out"])] == ["page.txt"]  # named by the user itself


def test_names_go_on_from_those_that_are_taken() -> None:
    names = Names(["page.txt", "a/page.txt"])
    assert [names.free("page.txt", "b"), names.free("page.txt", "a"), names.free("other.txt", "a")] == [
        "b/page.txt",
        "page.txt~3",
        "other.txt",
    ]
