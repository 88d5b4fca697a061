"""The screens show every character and let nothing that was said become part of the page."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.screens.client import Shown, page
from bot.render.buttons import Button
from bot.render.message import Entity, Kind, Message, units

HOSTILE = "</div><script>alert(1)</script><img src=x onerror=y>&lt;&amp;\"'"
TAGS = {"html", "meta", "style", "div", "b", "span", "a", "code", "time", "i"}


class Page(HTMLParser):
    """Tags with their attributes, and the text of the bubble and the buttons."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.texts: list[str] = []
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@given(st.text(st.characters(exclude_characters="\r\x00\n", exclude_categories=["Cs"]), min_size=1))
def test_text_stays_text(text: str) -> None:
    said = f"{HOSTILE}{text}"
    kinds: tuple[Kind, ...] = ("bold", "blockquote", "text_link", "code")
    parts = [said, "\n", said, "\n", said, "\n", said]
    entities, offset = [], 0
    for number, part in enumerate(parts):
        if number % 2 == 0:
            entities.append(
                Entity(kinds[number // 2], offset, units(part), "javascript:x" if number == 4 else None)
            )
        offset += units(part)
    shown = Page(page(Shown(said, Message("".join(parts), tuple(entities)), ((Button(said, "1:x"),),)), "en"))
    assert shown.tags <= TAGS
    assert shown.attributes <= {"lang", "charset", "http-equiv", "content", "class", "dir"}
    assert "".join(shown.texts).count(said) == 7  # asked, replied to, four parts, a button


def test_entities_that_meet_are_drawn_where_they_stand() -> None:
    message = Message(
        "🚢ab\nrest", (Entity("bold", 2, 2), Entity("expandable_blockquote", 0, 4), Entity("code", 3, 1))
    )
    document = page(Shown("?", message, unfolded=True), "en")
    assert (
        '<div class="quote fold open" dir="auto"><div>🚢<b>a</b><code><b>b</b></code></div></div>rest'
        in document
    )
