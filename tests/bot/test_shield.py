"""Covers against Telegram's own library: it finds nothing beside them, in any text."""

from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.render.message import ENTITIES, Message, join, run, within
from bot.render.shield import runs, shielded, unshown
from tests.bot.tdlib import arrived, cleaned, found, unguarded

PIECES = """@ # $ / . : :// http https tg ton ftp www com kz рф Рф COM coM xn--p1ai москва भारत 中国 a b Ab USD 1INCH 1
    12 10:35 4111111111111111 - ~ ? = ( ) ' ’ “ « » < > é Ω я ش 中 。 ． ＠ ＃ ／ • · — 🙂 👨‍👩‍👧 ١ ② + 7 916 mailto:
    user durov gif start @bot 1.2.3.4 255 , ; ! & % ſ İ K telegram.org a@b.co""".split()
HIDDEN = list(
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2066\u2069\u00ad\ufeff\u030a\u0333\r\t\xa0\u2028\n \x00\x1f"
)
texts = st.lists(
    st.one_of(st.sampled_from(PIECES + HIDDEN), st.characters(exclude_categories=["Cs"])),
    min_size=1,
    max_size=14,
).map("".join)


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("Ask @durov or mail a.b@example.com today", ["@durov", "a.b@example.com"]),
        (
            "See tengrinews.kz, https://x.example/a?b=1 and 10.0.0.1.",
            ["tengrinews.kz", "https://x.example/a?b=1", "10.0.0.1"],
        ),
        (
            "/start now #news $USD at 10:35 +7 916 123-45-67",
            ["/start", "#news", "$USD", "10:35", "+7 916 123-45-67"],
        ),
        ("4111 1111 1111 1111 is a card", ["4111 1111 1111 1111"]),
        ("пишите на почта.рф или t.me/abc", ["почта.рф", "t.me/abc"]),
        ("hidden @\u202edu\u200drov", ["@\u202edu"]),
        (
            "The U.S. said at 9 p.m. imports.The ratio 3:1, No. 1, his/her, 2.5 million, e.g. $5, 1 000 000.",
            [],
        ),
        ("США, т.е. импорт.Это 17.06.2024 и/или", []),
    ],
)
def test_what_is_covered(text: str, covered: list[str]) -> None:
    assert [text[a:b] for a, b in runs(text)] == covered


SAMPLES = """@gif a@b.The a.b+c@d-e.com mailto:a@b.co #1а #_ʼa #a@chat $1INCH $USD /x /x@durov_bot tg://a TON://a-b http://a.bc
    ftp://a.bc/d hTTps://é.рф x.xn--p1ai x.CoM X.COM x_a.b.kz пример.рф почта.РФ x.中国 x.भारत 1.2.3.4 a:b@c.kz ~.kz
    1:02:03 1234:56 4111-1111-1111-1111 4111111111111111 —.kz 🙂.kz x.kz:80 x.kz?y #\u0d85 $A @\u202edurov
    @\u202edu\u202erov #\u030aabc a\u0333.k\u0333z \u200e\u200f#abc e\u0301/abc 🙂/abc #\u0558"""


@pytest.mark.parametrize("text", [*SAMPLES.split(), "x.\u2028kz", "4111 1111 1111 1111"])
def test_each_kind_that_the_library_finds_is_covered(text: str) -> None:
    sent = f"See {text} now"
    assert found(cleaned(sent)), "the library finds it, else this shows nothing"
    came, kept = arrived(shielded(Message(sent)))
    assert came == cleaned(sent)
    assert unguarded(came, kept) == []


def test_characters_that_do_not_arrive_are_counted() -> None:
    assert unshown("plain — “text” 👨‍👩‍👧 \u2066x\u2069\n") == 0
    assert unshown("a\tb\r\nc\u202ed\u030a\u2028 \u200e\u200f\u200e") == 5
    assert unshown("a\rb") == 1


@settings(max_examples=400, deadline=None)
@given(texts)
def test_unshown_is_what_the_library_drops_or_changes(text: str) -> None:
    sent = f"x{text}x"
    came, sent = cleaned(sent), sent.replace("\r\n", "\n").replace("\t", " ")
    assert (came == sent) == (unshown(text) == 0)


@settings(max_examples=1500, deadline=None)
@given(texts)
def test_the_library_finds_nothing_beside_the_covers(text: str) -> None:
    message = shielded(
        join((run("Head", "bold"), Message("\n"), run(text, "blockquote"), Message("\n— End")))
    )
    came, kept = arrived(message)
    assume(came == cleaned(message.text))  # else it read marks of Markdown in the text
    assert unguarded(came, kept) == []


@settings(max_examples=400, deadline=None)
@given(texts, st.sampled_from(["bold", "blockquote", "expandable_blockquote", "text_link"]), texts)
def test_all_that_is_given_is_kept(text: str, kind: str, other: str) -> None:
    """Valid as it stands: the library mends, parts and drops none of it."""
    assume(
        unshown(text + "\n" + other) == 0
        and text.strip("\n ")
        and text == text.strip()
        and other == other.strip()
    )
    url = "https://a.example/" if kind == "text_link" else None
    inner = run(text, kind, url)  # type: ignore[arg-type]  # a Kind
    message = shielded(
        within("blockquote", join((inner, Message("\n" + other))))
        if kind == "text_link"
        else join((inner, Message("\n— " + other)))
    )
    came, kept = arrived(message)
    assume(came == message.text)
    assert kept == [(e.kind, e.offset, e.offset + e.length) for e in message.entities]
    assert unguarded(came, kept) == []


def test_many_covers_become_fewer() -> None:
    text = " ".join(f"@name{n:03}" for n in range(300))
    message = shielded(join((run("Head @lines", "bold"), Message("\n"), run(text, "blockquote"))))
    assert len(message.entities) == ENTITIES
    came, kept = arrived(message)
    assert came == message.text
    assert kept == [(e.kind, e.offset, e.offset + e.length) for e in message.entities]
    assert len(found(came)) == 301
    assert unguarded(came, kept) == []


def test_starter_articles_are_hardly_touched(starter: Path) -> None:
    """All that the library finds is covered, and next to nothing that it does not find."""
    covers, needless, missed = _measured(
        [path.read_text(encoding="utf-8") for path in sorted(starter.glob("*.*"))]
    )
    assert missed == 0
    assert needless <= 1 + covers // 10


def test_scraped_articles_are_hardly_touched(seeds: Path) -> None:
    covers, needless, missed = _measured(
        [path.read_text(encoding="utf-8") for path in sorted(seeds.glob("*.*"))]
    )
    assert missed == 0
    assert needless <= 1 + covers // 10


def _measured(given_texts: list[str]) -> tuple[int, int, int]:
    """Covers, covers where the library finds nothing, and finds without a cover."""
    covers = needless = missed = 0
    for text in given_texts:
        places = [
            (len(text[:a].encode("utf-16-le")) // 2, len(text[:b].encode("utf-16-le")) // 2)
            for a, b in runs(text)
        ]
        finds = [(a, b) for _, a, b in found(text)]
        covers += len(places)
        needless += sum(not any(a < d and c < b for c, d in finds) for a, b in places)
        missed += sum(not any(a < d and c < b for c, d in places) for a, b in finds)
    return covers, needless, missed
