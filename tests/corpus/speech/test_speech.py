"""Attribution by rule: voice and speaker of sentences, on texts of our own and on the seeds."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Voice
from corpus.speech.attribution import attribute
from corpus.speech.cast import Cast
from corpus.speech.names import same_person, strip_titles
from corpus.speech.quotation import quotations


def said(text: str) -> list[tuple[Voice, str | None]]:
    """Attribution with a sentence a line, no headline."""
    spans = [m.span() for m in re.finditer(r"[^\n]+", text)]
    return attribute(text, spans, [False] * len(spans))


def spoken(sentence: str, before: str = "") -> tuple[Voice, str | None]:
    return said(before + "\n" + sentence if before else sentence)[-1]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("“We will not sell,” said Ann Lee, the owner of the mill.", ("direct", "Ann Lee")),
        ("“We will not sell our part of the mill,” the mayor said on Monday.", ("direct", "the mayor")),
        ("Mayor Ann Lee said that the mill will not be sold.", ("reported", "Ann Lee")),
        ("According to the Trade Ministry, exports grew.", ("reported", "Trade Ministry")),
        ("Exports grew, the Trade Ministry said in a statement.", ("reported", "Trade Ministry")),
        ("US Ambassador to Freedonia Ann Lee hailed the agreement.", ("reported", "Ann Lee")),
        ("The mill “closed” last year and nobody knows why.", ("narrator", None)),
        ("It is widely known that traders use local firms.", ("narrator", None)),
        ("The report covers three years.", ("narrator", None)),
        ("Colonel Ann Lee, who commands the guard, said the opposite.", ("reported", "Ann Lee")),
        ("Some people say nothing.", ("narrator", None)),
    ],
)
def test_one_sentence(sentence: str, expected: tuple[str, str | None]) -> None:
    assert spoken(sentence) == expected


def test_a_pronoun_is_the_last_named_speaker() -> None:
    before = "Chancellor Olga Brandt said the talks went well."
    assert spoken("“There is more to be done in the weeks to come,” she added.", before) == (
        "direct",
        "Olga Brandt",
    )
    assert spoken("The chancellor denied that there was a plan.", before) == ("reported", "Olga Brandt")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We have been sold out,” its president, Gustav Lind, said.", ("direct", "Gustav Lind")),
        ("His lawyer, Nora Blum, said the charges were political.", ("reported", "Nora Blum")),
        ("A spokeswoman, Anna Dahl, said a third man was sought.", ("reported", "Anna Dahl")),
        ("“We regret this,” Blum’s colleague Otto Frey said.", ("direct", "Otto Frey")),
        ("“We will not sign it,” said Estia's fisheries minister, Olga Reen.", ("direct", "Olga Reen")),
        ("Speaking in Brel, Sands, 54, said: “I will not stand.”", ("direct", "Sands")),
        (
            "Health minister Jonas Krell on Monday denied that the school will close.",
            ("reported", "Jonas Krell"),
        ),
        ("Opposition leader Maria Sands said she did not believe him.", ("reported", "Maria Sands")),
        ("“No,” countered Ulf Berg.", ("direct", "Ulf Berg")),
        ("“It was dark,” a witness told the court.", ("direct", "a witness")),
        ("Mayor Jonas Krell spoke first.", ("narrator", None)),
        ("The company reacted to reports that the plant would close.", ("narrator", None)),
    ],
)
def test_where_the_name_of_the_speaker_stands(text: str, expected: tuple[str, str | None]) -> None:
    assert spoken(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hana Vogt said: “I signed it.”\n“Nobody asked us,” said one of them.", ("direct", None)),
        (
            "“It is safe,” said Petra Nilsen.\nAnton Weiss disputed it.\n“I doubt it,” he said.",
            ("direct", "Anton Weiss"),
        ),
        (
            "“No,” Jonas Krell said.\nMaria Sands said that he lied.\n“He signed it,” she said.",
            ("direct", "Maria Sands"),
        ),
        ("“He did it,” Maria Sands said.\n“I saw it,” she said.\n“I did not,” he said.", ("direct", None)),
        (
            "Reporters asked Kurt Hagen if it would be sold.\nKurt Hagen said no.\n“Never,” he said.",
            ("direct", "Kurt Hagen"),
        ),
    ],
)
def test_whose_words_a_pronoun_or_nobody_speaks(text: str, expected: tuple[str, str | None]) -> None:
    assert said(text)[-1] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The verb beside the quotation, not the first of the sentence.
        ("When Olga Reen claimed victory, Ulf Berg fired back: “You lost.”", ("direct", "Ulf Berg")),
        (
            "Jonas Krell praised the mill and called it “the pride of the whole valley of Sarn.”",
            ("direct", "Jonas Krell"),
        ),
        ("Maria Sands went on to say, “We will come back in spring.”", ("direct", "Maria Sands")),
        (
            "Critics stayed away, with Petra Nilsen promising to “close the mine at once.”",
            ("reported", "Petra Nilsen"),
        ),
        ("“It is theirs,” Anna Dahl said of the plan of Kurt Hagen.", ("direct", "Anna Dahl")),
        ("As Gustav Lind put it, “the door is closed.”", ("reported", "Gustav Lind")),
        # A verb that says nothing by itself says something with a quotation right behind it.
        ("Hana Vogt thundered: “Get out of my office.”", ("direct", "Hana Vogt")),
        ("“Be quiet for once,” Ulf Berg shot back with a laugh.", ("direct", "Ulf Berg")),
        # Titles, initials, places and affiliations belong to the name or go.
        ("“We must debate it,” said Sen. Otto Frey of Brel.", ("direct", "Otto Frey")),
        ("“We must debate it,” said Nora K. Blum of the University of Sarn.", ("direct", "Nora K. Blum")),
        ("“We must debate it,” state Rep. Olga Reen (D) said.", ("direct", "Olga Reen")),
        (
            "At a rally in Brel, Estia, on Sunday, Anna Dahl called the tax “a plain theft.”",
            ("reported", "Anna Dahl"),
        ),
        (
            "BREL — Mayor Anna Dahl on Monday refused the offer and called it “a plain theft.”",
            ("reported", "Anna Dahl"),
        ),
        (
            "Ines Calder, chair of the workers’ council, said that people felt deceived.",
            ("reported", "Ines Calder"),
        ),
        (
            "Republican presidential candidate Otto Frey took to the radio, saying “it is not over.”",
            ("reported", "Otto Frey"),
        ),
        # Somebody else asked, said or reported.
        ("Coach Irene Moss was asked whether she would leave.", ("narrator", None)),
        ("Irene Moss was there on a visit, as reported by a website.", ("narrator", None)),
        (
            "The tone was new to Kurt Hagen, who accused them of lying, but Anna Dahl rejected it.",
            ("reported", "Anna Dahl"),
        ),
        ("Otto Frey delivered a blunt message to the owners: “Time is up.”", ("direct", "Otto Frey")),
        # Whom a sentence is about speaks its quoted words, if it is a person; a country, a mill or a vote does not.
        ("Mrs. Dahl has a plan for the “forgotten” villages.", ("reported", "Dahl")),
        ("Estia has regions near the border which Brel regards as “donated.”", ("narrator", None)),
    ],
)
def test_the_cue_beside_a_quotation(text: str, expected: tuple[str, str | None]) -> None:
    assert spoken(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Otto Frey and Hillary Blum met.\nBlum spoke after Otto Frey said no.\n“I stay,” she said.",
            "Hillary Blum",
        ),
        ("Mr. Frey met Ms. Blum.\n“I stay,” she said.", "Blum"),
        ("Mr. Frey met Ms. Blum.\n“I stay,” he said.", "Frey"),
        ("The Brel Times wrote that Otto Frey lost.\n“I won,” he said.", "Otto Frey"),
        (
            "Otto Frey never spoke of Karl Weiss.\nHe nodded towards Karl Weiss.\n“We learned a lot,” he said.",
            "Otto Frey",
        ),
        ("Anna Dahl met Otto Frey. When Otto Frey sat down, he said that it was late.", "Otto Frey"),
        ("Anna Frey and Karl Frey run it.\nMrs. Frey said that it pays.", "Anna Frey"),
    ],
)
def test_who_a_pronoun_or_a_shared_surname_means(text: str, expected: str) -> None:
    assert said(text)[-1][1] == expected


@pytest.mark.parametrize("text", ["Someone called it “a quiet revolution.”", "“I saw it,” one of them said."])
def test_nobody_in_particular_stays_nobody(text: str) -> None:
    assert spoken(text)[1] is None


def test_a_cue_after_an_abbreviation_is_still_beyond_the_quotation() -> None:
    text = "“It is true. I said so at the time,” tweeted Sen. Olga Reen on Monday."
    assert attribute(text, [(0, 12), (13, len(text))], [False] * 2) == [("direct", "Olga Reen")] * 2


def test_a_surname_is_completed_from_elsewhere_in_the_article() -> None:
    assert spoken("Brandt: no new taxes.", "") == ("narrator", None)
    first = said("Brandt said no.\nChancellor Olga Brandt spoke in Berlin.")[0]
    assert first == ("reported", "Olga Brandt")


def test_a_quotation_of_several_sentences_has_one_speaker() -> None:
    text = "“We met twice. We will meet again. There is no plan,” Ann Lee said."
    spans = [(0, 14), (15, 34), (35, len(text))]
    assert attribute(text, spans, [False] * 3) == [("direct", "Ann Lee")] * 3


def test_a_quotation_over_two_paragraphs_takes_the_speaker_of_its_end() -> None:
    text = "“We met twice in spring.\n“We will meet again in autumn,” Ann Lee said."
    voices = said(text)
    assert [v for v, _ in voices] == ["direct", "direct"]
    assert voices[1][1] == "Ann Lee"


def test_a_lost_opening_mark_is_still_direct_speech() -> None:
    text = "“It is a delicate matter,” Ann Lee said. We are working on it every day. “"
    spans = [(0, 40), (41, len(text) - 2)]
    assert attribute(text, spans, [False] * 2) == [("direct", "Ann Lee")] * 2


def test_a_headline_with_a_colon_names_its_speaker() -> None:
    text = "Lee: the mill is not for sale\nThe owner Ann Lee said so on Monday."
    spans = [(0, 29), (30, len(text))]
    assert attribute(text, spans, [True, False])[0] == ("reported", "Ann Lee")


def test_this_is_what_x_said_reaches_back() -> None:
    assert said("Talks are useless.\nThis is what Minister Ann Lee said in Berlin.")[0] == (
        "reported",
        "Ann Lee",
    )


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("He said “no” twice.", ["no"]),
        ("“We are not “against” it; we never were,” he said.", ["We are not “against” it; we never were,"]),
        (
            'denied that it is “anti-X" and said “it keeps to its course.”',
            ["anti-X", "it keeps to its course."],
        ),
        ('“We are not "against," we stand firm,” he said.', ['We are not "against," we stand firm,']),
        ("No marks here.", []),
        ("“An open one runs on\n“and closes here.”", ["An open one runs on", "and closes here."]),
    ],
)
def test_quotations(text: str, inside: list[str]) -> None:
    assert [text[a:b] for a, b in quotations(text)] == inside


@given(st.text(alphabet=st.sampled_from("ab. ,“”\"«»\n'’"), max_size=80))
def test_quotations_are_ordered_disjoint_and_within_a_line(text: str) -> None:
    spans = quotations(text)
    assert all(0 <= a < b <= len(text) and "\n" not in text[a:b] for a, b in spans)
    assert all(spans[i][1] <= spans[i + 1][0] for i in range(len(spans) - 1))


@given(st.text(max_size=200))
def test_any_text_gets_one_attribution_a_sentence(text: str) -> None:
    spans = [m.span() for m in re.finditer(r"[^\n]+", text)]
    assert len(attribute(text, spans, [False] * len(spans))) == len(spans)


def test_titles_are_not_names() -> None:
    assert strip_titles("the President of the Republic Ann-Mary Lee") == ["Ann-Mary", "Lee"]
    assert strip_titles("the minister of trade") == []
    assert Cast().resolve("he") is None


def test_same_person() -> None:
    assert same_person("Kasym-Zomart Tokayev", "Kassym-Jomart Tokayev")
    assert same_person("Lee", "Ann Lee")
    assert not same_person("Ann Lee", "Bob Lee")
    assert not same_person(None, "Ann Lee")
